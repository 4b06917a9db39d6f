"""What every route that reads has in common: the shop in its present edition, an ETag, and the cache.

An answer follows from the edition of the shop, the address and the arguments, so that is what its ETag is made of. Who
sends it back in `If-None-Match` is told 304 before anything is computed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Any

from anyio import from_thread
from fastapi import Depends, Request, Response
from pydantic import BaseModel

from holdfast.access.caller import Caller
from holdfast.api.callers import InService, Viewer
from holdfast.workflows.caching import AnswerCache, name_of
from holdfast.workflows.editions import Edition, needed_edition
from holdfast.workflows.opened_views import View
from holdfast.workflows.reading import shop_of
from holdfast.workflows.service import Service
from holdfast.workflows.shop import Shop
from holdfast.workflows.views import needed_view

UNCHANGED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Nothing has changed since the answer whose ETag came in `If-None-Match`."}
}
"""For the OpenAPI entry of every route that reads."""


@dataclass(frozen=True)
class Reading:
    """A request that reads a shop."""

    request: Request
    caller: Caller
    service: Service
    marks: tuple[str, ...] = ()
    version: str | None = None

    def depending_on(self, *marks: str) -> "Reading":
        """The same, for an answer that follows from more than edition and address: a short name for each such thing."""
        return replace(self, marks=marks)

    def of_version(self, version: str) -> "Reading":
        """The same, for an answer that follows not from the edition but from something with versions of its own."""
        return replace(self, version=version)

    @cached_property
    def shop(self) -> Shop:
        """The shop of the caller."""
        return shop_of(self.service, self.caller.tenant)

    @cached_property
    def edition(self) -> Edition:
        """Its present edition; NotFoundError where it has no orders."""
        return needed_edition(self.shop)

    def view(self, as_of: str | None = None) -> View:
        """The customers as of a day."""
        return needed_view(self.shop, as_of=as_of, edition=self.edition)

    @property
    def etag(self) -> str:
        """Weak, since the same answer may be written with other spaces."""
        asked = "\0".join([self.caller.tenant, self._version, *self._asked])
        return f'W/"{sha256(asked.encode()).hexdigest()[:24]}"'

    @property
    def is_known(self) -> bool:
        """Whether the asker has the answer already."""
        known = self.request.headers.get("If-None-Match", "")
        return self.etag in (each.strip() for each in known.split(","))

    def unchanged(self) -> Response:
        """Say so."""
        return Response(status_code=304, headers={"ETag": self.etag})

    def answer(self, made: Callable[[], BaseModel], *, keep: bool = True) -> Response:
        """The answer that `made` makes, unless it is known to the asker, or kept; `keep` says whether to keep it."""
        if self.is_known:
            return self.unchanged()
        if not keep:
            return self._response(made().model_dump_json().encode())
        cache = cache_of(self.request, self.service)
        name = name_of(self.caller.tenant, self._version, *self._asked)
        body = from_thread.run(cache.get, name)
        if body is None:
            body = made().model_dump_json().encode()
            from_thread.run(cache.put, name, body)
        return self._response(body)

    @property
    def _version(self) -> str:
        return self.version or self.edition.tag

    @property
    def _asked(self) -> tuple[str, ...]:
        """Address, arguments, the wanted form and the marks: all that tells one answer from another."""
        url = self.request.url
        return url.path, url.query, self.request.headers.get("Accept", ""), *self.marks

    def _response(self, body: bytes) -> Response:
        return Response(body, media_type="application/json", headers={"ETag": self.etag, "Vary": "Accept"})


async def reading_of(request: Request, caller: Viewer, service: InService) -> Reading:
    """What reads; it looks at the shop when it is asked to, in the thread of the route."""
    return Reading(request, caller, service)


InReading = Annotated[Reading, Depends(reading_of)]


def cache_of(request: Request, service: Service) -> AnswerCache:
    """The cache of this application, opened when it is first asked."""
    state = request.app.state
    if not hasattr(state, "answers"):
        state.answers = AnswerCache(service.settings)
    found: AnswerCache = state.answers
    return found
