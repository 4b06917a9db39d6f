"""Server-sent events: what changes among some things, as it changes. Polls the records, so any server may be asked."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Hashable, Mapping
from threading import Event
from typing import Any, NamedTuple

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_OF_SILENCE = 15.0
"""After which a comment is sent: proxies close connections on which nothing happens, usually after 30 seconds or 60."""

LONGEST_SECONDS = 600.0
"""After which the stream ends and the browser comes back by itself, with a key or session that is checked again."""

EVENT_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events `change`, each with one thing as JSON; then `end` if there will be no more.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}
"""For the OpenAPI entries of such routes."""

Look = Callable[[], tuple[Mapping[str, "Thing"], bool]]
"""Reads the things by id as they are now, and whether nothing can change any more."""


class Thing(NamedTuple):
    """A thing as JSON, and what makes it another one than before: an estimate that drifts does not."""

    text: str
    mark: Hashable


def changes(request: Request, look: Look) -> StreamingResponse:
    """The things as they are, then each again when it changes."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx would wait for the end of it
    return StreamingResponse(
        _changes(look, request.app.state.stopping), media_type="text/event-stream", headers=headers
    )


async def _changes(look: Look, stopping: Event) -> AsyncIterator[str]:
    seen: dict[str, Hashable] = {}
    begun = spoken = time.monotonic()
    yield "retry: 1000\n\n"
    while not stopping.is_set() and time.monotonic() - begun < LONGEST_SECONDS:
        things, over = await run_in_threadpool(look)
        for name, thing in things.items():
            if seen.get(name) != thing.mark:
                seen[name], spoken = thing.mark, time.monotonic()
                yield f"event: change\ndata: {thing.text}\n\n"
        if over:
            yield "event: end\ndata: {}\n\n"
            return
        if time.monotonic() - spoken > SECONDS_OF_SILENCE:
            spoken = time.monotonic()
            yield ": still here\n\n"
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
