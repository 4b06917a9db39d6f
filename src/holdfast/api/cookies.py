"""The session cookie of the page, and what protects a browser that sends it along without being asked."""

from urllib.parse import urlsplit

from fastapi import Request, Response

from holdfast.access.caller import NotAllowedError
from holdfast.access.sessions import is_csrf_token
from holdfast.settings import Settings

SESSION_COOKIE = "holdfast_session"
CSRF_HEADER = "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


def set_session_cookie(request: Request, response: Response, token: str, settings: Settings) -> None:
    """Let the browser keep a session: unreadable for scripts, and sent over TLS only, except on this very machine."""
    bare = request.url.scheme == "http" and request.url.hostname in LOOPBACK_NAMES
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=settings.session_hours * 3600,
        path="/",
        secure=not bare,
        httponly=True,
        samesite="lax",
    )


def check_change(request: Request, token: str, settings: Settings) -> None:
    """NotAllowedError for a change that another site's page may have sent with our cookie."""
    if request.method in SAFE_METHODS:
        return
    check_origin(request, settings)
    if not is_csrf_token(token, request.headers.get(CSRF_HEADER, "")):
        raise NotAllowedError(
            "The change does not come from our page.",
            seen=f"{CSRF_HEADER} was missing or wrong.",
            todo=f"Send `csrf_token` of GET /api/v1/session as {CSRF_HEADER}; a key needs none.",
        )


def check_origin(request: Request, settings: Settings) -> None:
    """NotAllowedError where the browser says that a page of another site is asking.

    Browsers say so in Sec-Fetch-Site, older ones in Origin alone; programs send neither. A proxy may end TLS before us,
    so the scheme is not compared.
    """
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "none")
    if origin in settings.cors_origins:
        return
    elsewhere = origin is not None and urlsplit(origin).netloc != request.headers.get("Host")
    if elsewhere or site not in ("none", "same-origin"):
        raise NotAllowedError(
            "A page of another site may not do this.",
            seen=f"Origin was {(origin or 'not given')[:200]!r}, Sec-Fetch-Site {site[:20]!r}.",
            todo="Use our own page, a key, or name the page's address in HOLDFAST_CORS_ORIGINS.",
        )
