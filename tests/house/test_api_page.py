"""docs/api.md: every line of its walk-through runs against a real server, in its order."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from tests.api.small_shop import orders
from tests.conftest import skip

PAGE = Path(__file__).parents[2] / "docs" / "api.md"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_walk_through_runs(tmp_path: Path) -> None:
    for tool in ("curl", "jq", "bash"):
        if shutil.which(tool) is None:
            skip(f"{tool} is not installed")
    (tmp_path / "orders.csv").write_bytes(orders())
    port = free_port()
    steps = re.findall(r"```bash\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(steps) > 8
    started, *others = [step.replace("8000", str(port)) for step in steps]
    ready = f"until curl --silent --fail http://127.0.0.1:{port}/readyz; do sleep 0.2; done\n"
    begin = started.replace("&\n", "&\nSERVER=$!\n" + ready, 1)
    script = "\n".join(["set -euo pipefail", "trap 'kill $SERVER; wait $SERVER || true' EXIT", begin, *others])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
    environment |= {
        "HOLDFAST_HOME": str(tmp_path / "home"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    ran = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    for expected in ('"state": "succeeded"', '"lines_kept"', '"rfm_group"', '"grade"', '"p_buy"', '"request_id"'):
        assert expected in ran.stdout
    assert (tmp_path / "forecasts.csv").read_text(encoding="utf-8").startswith("customer_id,p_buy")
