"""Whether the server in this container answers: the health check of the image."""

import os
import urllib.request

port = os.environ.get("HOLDFAST_PORT") or os.environ.get("PORT") or "8000"
host = (os.environ.get("HOLDFAST_ALLOWED_HOSTS") or "127.0.0.1").split(",")[0].strip().replace("*", "check")
request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": host})
urllib.request.urlopen(request, timeout=4).close()  # noqa: S310 - it is http
