"""Answers that are kept: in memory, or in a Redis that several servers share.

An answer is bytes, kept under a name made of the tenant, the edition of its shop, the address and the arguments. Since
an edition never changes, nothing kept is ever stale; it goes when its hour is over, or when there is no more room.
"""

import time
from collections.abc import Awaitable
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

import structlog
from cashews import Cache
from cashews.exceptions import CacheError
from cashews.picklers import PicklerType

from holdfast.settings import Settings

T = TypeVar("T")

log = structlog.get_logger(__name__)

MOST_ANSWERS = 1_000
LARGEST_ANSWER = 128 * 1024
"""In bytes, so that memory never holds more than 128 MB of answers; what is larger is computed again."""

SWEEP_SECONDS = 60

PAUSE_SECONDS = 30.0
"""How long Redis is left alone after it failed: answers are computed in the meantime, and nobody waits for it."""


@dataclass(slots=True)
class Stats:
    """How often an answer was found, and how often not, since the process began."""

    hits: int = 0
    misses: int = 0

    @property
    def ratio(self) -> float | None:
        """The share that was found; None before the first question."""
        asked = self.hits + self.misses
        return self.hits / asked if asked else None


_stats = Stats()


def stats() -> Stats:
    """The counts of this process."""
    return _stats


class AnswerCache:
    """Answers by name, for `cache_seconds`; nothing is kept where that is 0, nor while Redis cannot be reached."""

    def __init__(self, settings: Settings) -> None:
        self._seconds = settings.cache_seconds
        self._quiet_until = 0.0
        self._cache = Cache()
        if settings.redis_url:
            self._cache.setup(settings.redis_url, pickle_type=PicklerType.NULL, suppress=False)
        else:
            self._cache.setup("mem://", size=MOST_ANSWERS, check_interval=SWEEP_SECONDS)

    async def get(self, name: str) -> bytes | None:
        """The answer kept under a name."""
        found: bytes | None = await self._try(self._cache.get(name)) if self._works else None
        if found is None:
            _stats.misses += 1
        else:
            _stats.hits += 1
        return found

    async def put(self, name: str, answer: bytes) -> None:
        """Keep an answer, unless it is large."""
        if self._works and len(answer) <= LARGEST_ANSWER:
            await self._try(self._cache.set(name, answer, expire=self._seconds))

    async def forget(self, tenant: str) -> None:
        """Delete what is kept of a tenant, such as when one of its customers is erased."""
        await self._try(self._cache.delete_match(f"{_beginning(tenant)}*"))

    async def close(self) -> None:
        """Give connections back."""
        await self._cache.close()

    @property
    def _works(self) -> bool:
        return bool(self._seconds) and time.monotonic() >= self._quiet_until

    async def _try(self, asked: Awaitable[T]) -> T | None:
        try:
            return await asked
        except CacheError as error:
            self._quiet_until = time.monotonic() + PAUSE_SECONDS
            log.warning("the cache cannot be reached", reason=str(error.__cause__ or error), pause=PAUSE_SECONDS)
            return None


def name_of(tenant: str, edition: str, address: str, *arguments: str) -> str:
    """The name of an answer; the tenant stays readable in it, so that all of one can be found."""
    asked = sha256("\0".join([edition, address, *arguments]).encode()).hexdigest()
    return f"{_beginning(tenant)}{asked}"


def _beginning(tenant: str) -> str:
    return f"holdfast:{tenant}:"
