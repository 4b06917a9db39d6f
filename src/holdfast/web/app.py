"""The application with its page: the API, and beside it the built files. Any other address is the page's own affair."""

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from tempfile import gettempdir

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from holdfast.api.app import create_app as create_api
from holdfast.settings import Settings
from holdfast.web.built import INDEX, BuiltFile, built_files, why_not_built

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Nothing from elsewhere, and no script or style in the text of the page: what got into it stays text."""

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"

NOT_OURS = ("api/", "docs", "metrics", "health", "assets/")
"""Addresses that belong to the API, or name a file: unknown ones are 404 there, not the page."""

WITHOUT_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Holdfast</title>
<link rel="icon" href="data:,"></head>
<body>
<h1>Holdfast runs, but its page is not built</h1>
<p>{reason}</p>
<p>Build it with <code>make demo</code> in the checkout, or install the wheel, which brings it along.
The <a href="/docs">API</a> works without it.</p>
</body>
</html>
"""


def create_app(settings: Settings) -> FastAPI:
    """The API and the page under some settings."""
    app = create_api(settings)
    serve_page(app, built_files())
    return app


def description() -> str:
    """The OpenAPI document that the page is written against, as `dashboard/openapi.json` keeps it: any version's."""
    document = create_api(Settings(home=Path(gettempdir()))).openapi()
    return _in_lines({**document, "info": {**document["info"], "version": ""}}, depth=3) + "\n"


def _in_lines(value: object, *, depth: int) -> str:
    """JSON with a line for each method of an address and for each schema, so that a change shows as what it is."""
    if depth == 0 or not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    entries = (f"{json.dumps(name)}:{_in_lines(each, depth=depth - 1)}" for name, each in value.items())
    return "{\n" + ",\n".join(entries) + "\n}"


def serve_page(app: FastAPI, built: Mapping[str, BuiltFile]) -> None:
    """Answer every address that is nobody else's with a file of the page, or with the page itself."""

    @app.get("/{path:path}", include_in_schema=False)
    def read_page(path: str, request: Request) -> Response:
        file = built.get(path)
        if file is None and path.startswith(NOT_OURS):
            raise HTTPException(404, "There is nothing at this address.")
        if file is None and INDEX not in built:
            return HTMLResponse(WITHOUT_PAGE.format(reason=escape(why_not_built())), 503)
        return _sent(file or built[INDEX], request)


def _sent(file: BuiltFile, request: Request) -> Response:
    headers = {
        "Cache-Control": FOR_EVER if file.is_hashed else ASK_AGAIN,
        "ETag": file.etag,
        "Vary": "Accept-Encoding",
    }
    if file.name == INDEX:
        headers["Content-Security-Policy"] = PAGE_POLICY
    if file.etag in (each.strip() for each in request.headers.get("If-None-Match", "").split(",")):
        return Response(status_code=304, headers=headers)
    path, encoding = file.accepted(request.headers.get("Accept-Encoding", ""))
    if encoding is not None:
        headers["Content-Encoding"] = encoding
    return Response(path.read_bytes(), media_type=file.media_type, headers=headers)
