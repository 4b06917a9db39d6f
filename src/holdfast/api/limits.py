"""What is refused whatever it says: requests for another host, bodies that are too large, values no database holds."""

import re
from collections.abc import Sequence

from fastapi import Request, Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from holdfast.api.problems import TooLargeError, problem

JSON_LIMIT = 10_000_000
"""Bytes of a body that is no upload. It is read into memory as a whole; a thousand customers need a twentieth of it."""

_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^:\[\]]+)(:\d*)?")
"""A name or an address, an IPv6 one in brackets since it has colons of its own; and a port."""


class HostCheck:
    """Refuses a request that was meant for another host.

    A page of another site can let its own name point to this machine; the name is then still in the request.
    """

    def __init__(self, app: ASGIApp, allowed: Sequence[str]) -> None:
        self.app = app
        self.names = {name.lower() for name in allowed if not name.startswith("*")}
        self.endings = tuple(name[1:].lower() for name in allowed if name.startswith("*."))
        self.any = "*" in allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        given = Headers(scope=scope).get("host", "") if scope["type"] == "http" else ""
        if scope["type"] != "http" or self._is_ours(given):
            await self.app(scope, receive, send)
            return
        refusal = problem(
            Request(scope),
            400,
            code="wrong_host",
            what="This server is not known under that name.",
            seen=f"The request was for {given[:200]!r}.",
            todo="Use a name that HOLDFAST_ALLOWED_HOSTS lists, or add this one.",
        )
        await refusal(scope, receive, send)

    def _is_ours(self, given: str) -> bool:
        found = _HOST.fullmatch(given.lower())
        name = found["name"] if found else ""
        return self.any or name in self.names or name.endswith(self.endings)


class BodyLimit:
    """Counts the bytes of a body as they come; what the sender says of its length is believed only if it is too much.

    An upload (multipart) may have `upload_bytes`, everything else `JSON_LIMIT`.
    """

    def __init__(self, app: ASGIApp, upload_bytes: int) -> None:
        self.app = app
        self.upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as long as it is small enough."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        most = self.upload_bytes if headers.get("content-type", "").startswith("multipart/") else JSON_LIMIT
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > most:
            await _refusal(scope, receive, send, most)
            return
        came, refused = 0, False

        async def counted() -> Message:
            nonlocal came, refused
            message = await receive()
            came += len(message.get("body", b""))
            if came > most:
                refused = True
                raise _too_large(most)
            return message

        async def send_unless_refused(message: Message) -> None:
            """Whatever the application makes of a body that broke off, the answer is ours."""
            if not refused:
                await send(message)
            elif message["type"] == "http.response.start":
                await _refusal(scope, receive, send, most)

        await self.app(scope, counted, send_unless_refused)


def refuse_value(request: Request, _error: Exception) -> Response:
    """The answer where a value fits its description and yet not the database: PostgreSQL has no NUL in a text."""
    return problem(
        request,
        422,
        code="bad_value",
        what="A value cannot be kept.",
        seen="The database refuses a text with a NUL character in it, or a number that is far too large.",
        todo="Send it without.",
    )


def _too_large(most: int) -> TooLargeError:
    return TooLargeError(
        "The request is too large.",
        seen=f"It has more than {most / 1e6:,.0f} MB.",
        todo="Send less at once, or in files; HOLDFAST_UPLOAD_LIMIT_MB is the limit of uploads.",
    )


async def _refusal(scope: Scope, receive: Receive, send: Send, most: int) -> None:
    error = _too_large(most)
    refusal = problem(Request(scope), error.status, code=error.code, what=error.what, seen=error.seen, todo=error.todo)
    refusal.headers["Connection"] = "close"  # the rest of the body is not read
    await refusal(scope, receive, send)
