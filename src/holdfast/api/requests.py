"""What holds for every request: an id that the log and the answer share, security headers, one log line, a count."""

import re
import secrets
import time

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from holdfast.access.limits import Taken
from holdfast.api.metrics import observe, template_of

log = structlog.get_logger("holdfast.requests")

REQUEST_ID = "X-Request-Id"
_ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

PAGE_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""Of HTML: scripts from our own files alone, so that text which got into a page stays text."""

NO_POLICY_NEEDED = "default-src 'none'; frame-ancestors 'none'"
"""Of everything else: a browser that shows it does nothing with it."""


class RequestContext:
    """Outermost of all: also a request that is refused further in gets its id, its headers and its line."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID, "")
        request_id = given if _ACCEPTED_ID.fullmatch(given) else secrets.token_hex(8)
        state = scope.setdefault("state", {})
        state["request_id"] = request_id
        begun, status = time.perf_counter(), 500

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _complete(MutableHeaders(scope=message), scope)
            await send(message)

        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self.app(scope, receive, send_on)
        finally:
            seconds = time.perf_counter() - begun
            observe(scope["method"], template_of(scope), status, seconds)
            _log(scope, status, seconds)
            structlog.contextvars.unbind_contextvars("request_id")


def _complete(headers: MutableHeaders, scope: Scope) -> None:
    """Add what every answer has; what a route has set itself stays."""
    headers[REQUEST_ID] = scope["state"]["request_id"]
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)
    is_page = headers.get("content-type", "").startswith("text/html")
    headers.setdefault("Content-Security-Policy", PAGE_POLICY if is_page else NO_POLICY_NEEDED)
    if scope["path"].startswith("/api/"):
        headers.setdefault("Cache-Control", "private, no-cache")
    taken: Taken | None = scope["state"].get("taken")
    if taken is not None:
        headers.update(taken.headers())


def _log(scope: Scope, status: int, seconds: float) -> None:
    """The line of a request: its path without the query, in which a token may be."""
    caller = scope["state"].get("caller")
    log.info(
        "request",
        method=scope["method"],
        path=scope["path"],
        status=status,
        ms=round(1000 * seconds, 1),
        tenant=caller.tenant if caller else None,
        actor=caller.actor if caller else None,
    )
