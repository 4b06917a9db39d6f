"""Idempotency keys: a request that is sent twice, because its answer got lost, is done once and answered twice.

`recall` runs once it is known who asks and that they may: it takes the key, or raises `Recalled`. `Answers` stands
around the application and keeps what is sent.
"""

import asyncio
import json
from hashlib import sha256
from typing import Any

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from holdfast.access.caller import Caller
from holdfast.api.answered import LEASE, Reservation, keep, release, renew, take_or_recall
from holdfast.api.problems import ConflictError
from holdfast.errors import InputError
from holdfast.store.database import Database
from holdfast.store.records import Answered
from holdfast.workflows.clock import now
from holdfast.workflows.service import Service

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 255
KEPT_HEADERS = ("content-type", "location", "etag")
LARGEST_KEPT = 1_000_000
"""Bytes of an answer; what creates something answers with less, and downloads are no POST."""


class Recalled(Exception):  # noqa: N818 - no error: the answer is there already
    """Ends a request early, with the answer that was given before."""

    def __init__(self, answered: Answered) -> None:
        super().__init__(answered.key)
        self.answered = answered


async def recall(request: Request, database: Database, caller: Caller) -> None:
    """Take the idempotency key of a POST request, if it carries one.

    Raises Recalled if the same request was answered before, ConflictError while it is being worked on, InputError if
    the key was used for another one.
    """
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST" or hasattr(request.state, "reservation"):
        return
    if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
        raise InputError(
            f"This is no {HEADER}.",
            seen=f"It has {len(key)} letters.",
            todo=f"Send 1 to {LONGEST_KEY}, such as a UUID.",
        )
    wanted = Reservation(caller.tenant, key, await _fingerprint(request, caller))
    found = await run_in_threadpool(take_or_recall, database, wanted, now=now())
    if found is None:
        request.state.reservation = wanted
    elif found.body is None or found.body["text"] is None:
        raise ConflictError(
            "This was done already, and its answer is not kept.",
            seen="It held something that is shown once, such as a key, or was too large.",
            todo="List what there is; if the answer got lost, revoke what it made and begin anew with another key.",
        )
    else:
        raise Recalled(found)


def answer_again(_request: Request, recalled: Exception) -> Response:
    """The answer that was given before."""
    assert isinstance(recalled, Recalled)  # noqa: S101 - registered for nothing else
    body = recalled.answered.body or {}
    return Response(body["text"], recalled.answered.status, headers={**body["headers"], REPLAYED: "true"})


async def _fingerprint(request: Request, caller: Caller) -> str:
    """What was asked, and by whom. Of an upload the fields, and the names and sizes of its files, not their bytes."""
    asked = [caller.actor, request.method, request.url.path, request.url.query]
    if request.headers.get("content-type", "").startswith("multipart/"):
        for name, value in (await request.form()).multi_items():
            asked.append(f"{name}={value if isinstance(value, str) else (value.filename, value.size)}")
    else:
        asked.append(sha256(await request.body()).hexdigest())
    return sha256(json.dumps(asked).encode()).hexdigest()


class Answers:
    """Keeps the answer to a request that took an idempotency key, before it is sent.

    Only what succeeded is kept. A refusal, or an error of ours, gives the key back: nothing was done.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or scope["method"] != "POST" or HEADER not in Headers(scope=scope):
            await self.app(scope, receive, send)
            return
        exchange = _Exchange(scope, send)
        renewing = asyncio.create_task(exchange.renew())
        try:
            await self.app(scope, receive, exchange.send)
        finally:
            renewing.cancel()
            await exchange.end()


class _Exchange:
    """One request and its answer, held back until it is kept, as far as it is short."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope = scope
        self.send_on = send
        self.held_back: list[Message] = []
        self.size = 0
        self.succeeded = False

    @property
    def reservation(self) -> Reservation | None:
        """The key that was taken, once it is."""
        found: Reservation | None = self.scope["state"].get("reservation")
        return found

    @property
    def database(self) -> Database:
        """Where answers are kept."""
        service: Service = self.scope["app"].state.service
        return service.database

    async def send(self, message: Message) -> None:
        """Hold a message of the answer back if it is to be kept, else send it."""
        if message["type"] == "http.response.start":
            self.succeeded = self.reservation is not None and message["status"] < 400
        self.size += len(message.get("body", b""))
        if not self.succeeded or self.size > LARGEST_KEPT:
            await self._flush()
            await self.send_on(message)
            return
        self.held_back.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            await self._keep()
            await self._flush()

    async def renew(self) -> None:
        """Say from time to time that the work goes on."""
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            if self.reservation is not None:
                await run_in_threadpool(renew, self.database, self.reservation, now=now())

    async def end(self) -> None:
        """Give the key back if nothing was done; note what was done and is not kept."""
        if self.reservation is None:
            return
        if self.succeeded:
            await self._keep()
        else:
            await run_in_threadpool(release, self.database, self.reservation)

    async def _keep(self) -> None:
        """The first call counts; afterwards the key is no longer in flight."""
        assert self.reservation is not None  # noqa: S101 - the callers looked
        status, body = _kept(self.held_back)
        await run_in_threadpool(keep, self.database, self.reservation, status=status, body=body, now=now())

    async def _flush(self) -> None:
        for message in self.held_back:
            await self.send_on(message)
        self.held_back = []


def _kept(messages: list[Message]) -> tuple[int, dict[str, Any]]:
    """Status and body of an answer as they are kept; without its text if it must not, or cannot, be kept."""
    if not messages:
        return 200, {"headers": {}, "text": None}
    headers = Headers(raw=messages[0]["headers"])
    content = b"".join(message.get("body", b"") for message in messages[1:])
    is_text = headers.get("content-type", "application/json").startswith(("application/json", "text/"))
    keeps = is_text and "no-store" not in headers.get("cache-control", "")
    told = {name: headers[name] for name in KEPT_HEADERS if name in headers}
    return messages[0]["status"], {"headers": told, "text": content.decode() if keeps else None}
