"""/docs: the API to read and to try out in a browser. All its files are our own, so it works without a network."""

from importlib.resources import files

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

router = APIRouter(include_in_schema=False)

# Of the package we take the files only, which are those that Swagger UI itself publishes. FastAPI's own page would
# load them from a foreign server, and has a script in its text, which our policy for pages does not let run.
_SWAGGER_UI = files("fastapi_swagger") / "resources"
_A_DAY = {"Cache-Control": "public, max-age=86400"}

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Holdfast API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<noscript>This page needs JavaScript; <a href="/api/v1/openapi.json">openapi.json</a> says the same.</noscript>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""

START = """"use strict";
// Who is signed in on the page may try out changes too: they carry the token of the session.
(async () => {
  const answer = await fetch("/api/v1/session");
  const token = answer.ok ? (await answer.json()).csrf_token : null;
  SwaggerUIBundle({
    url: "/api/v1/openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    filter: true,
    docExpansion: "none",
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
    requestInterceptor: (request) => {
      if (token !== null && request.headers.Authorization === undefined) request.headers["X-CSRF-Token"] = token;
      return request;
    },
  });
})();
"""


@router.get("/docs", response_class=HTMLResponse)
def read_docs() -> str:
    """The page."""
    return PAGE


@router.get("/docs/start.js")
def read_start() -> Response:
    """What makes the page show our API."""
    return Response(START, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@router.get("/docs/swagger-ui-bundle.js")
def read_script() -> Response:
    """Swagger UI."""
    content = (_SWAGGER_UI / "swagger-ui-bundle.js").read_bytes()
    return Response(content, media_type="text/javascript", headers=_A_DAY)


@router.get("/docs/swagger-ui.css")
def read_style() -> Response:
    """Its looks."""
    return Response((_SWAGGER_UI / "swagger-ui.css").read_bytes(), media_type="text/css", headers=_A_DAY)
