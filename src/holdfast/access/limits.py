"""How often somebody may do something: so many at once, and one more after every so many seconds.

The generic cell rate algorithm: of every name only the moment is kept at which it would have used up all it took. In
the memory of this process, or in a Redis that several servers share.
"""

import time
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

import redis
import structlog

from holdfast.errors import HoldfastError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` at once, and one more after every `seconds_each`."""

    burst: int
    seconds_each: float

    @classmethod
    def a_minute(cls, requests: int) -> "Limit":
        """So many in a minute, at once or spread."""
        return cls(requests, 60 / requests)


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether it was granted, how many are left, and in how many seconds all are back, or the next one is."""

    granted: bool
    limit: int
    remaining: int
    full_in: float
    next_in: float

    def headers(self) -> dict[str, str]:
        """For the answer; whole seconds, rounded up, so that waiting as long is enough."""
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(_up(self.full_in)),
        }
        return told if self.granted else told | {"Retry-After": str(_up(self.next_in))}


class TooManyRequestsError(HoldfastError):
    """Somebody asks more often than they may."""

    code = "too_many_requests"
    status = 429

    @classmethod
    def of(cls, taken: Taken) -> "TooManyRequestsError":
        """The refusal."""
        return cls(
            "You ask too often.",
            seen=f"{taken.limit} are granted at once.",
            todo=f"Try again in {_up(taken.next_in)} seconds.",
            details={"retry_after_seconds": _up(taken.next_in)},
        )


class Buckets(Protocol):
    """Something that remembers how often each name took."""

    def take(self, name: str, limit: Limit) -> Taken:
        """Take one, if one is left."""


class MemoryBuckets:
    """For a single server."""

    def __init__(self) -> None:
        self._used_up_at: dict[str, float] = {}
        self._lock = Lock()
        self._sweep_at = 10_000

    def take(self, name: str, limit: Limit) -> Taken:
        """Take one, if one is left."""
        now = time.monotonic()
        with self._lock:
            begun = max(self._used_up_at.get(name, now), now)
            granted = begun + limit.seconds_each - now <= limit.burst * limit.seconds_each + _ROUNDING
            if granted:
                begun += limit.seconds_each
                self._used_up_at[name] = begun
                if len(self._used_up_at) >= self._sweep_at:
                    self._sweep(now)
        return _taken(limit, granted=granted, full_in=begun - now)

    def _sweep(self, now: float) -> None:
        """Forget who has everything back; twice as many may come before the next time, so that it stays cheap."""
        self._used_up_at = {name: at for name, at in self._used_up_at.items() if at > now}
        self._sweep_at = max(10_000, 2 * len(self._used_up_at))


class RedisBuckets:
    """For several servers. While Redis cannot be reached, each of them counts for itself."""

    def __init__(self, url: str) -> None:
        client = redis.Redis.from_url(url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)
        self._script = client.register_script(_SCRIPT)
        self._own = MemoryBuckets()
        self._down_until = 0.0

    def take(self, name: str, limit: Limit) -> Taken:
        """Take one, if one is left."""
        if time.monotonic() < self._down_until:
            return self._own.take(name, limit)
        microseconds = round(limit.seconds_each * 1e6)
        try:
            granted, full_in = self._script(keys=[f"holdfast:limit:{name}"], args=[microseconds, limit.burst])
        except redis.RedisError as error:
            log.warning("redis cannot be reached, limits are counted in this process", error=str(error))
            self._down_until = time.monotonic() + _WAIT_AFTER_FAILURE
            return self._own.take(name, limit)
        return _taken(limit, granted=bool(granted), full_in=full_in / 1e6)


def buckets_of(redis_url: str | None) -> Buckets:
    """In Redis where there is one, else in memory."""
    return RedisBuckets(redis_url) if redis_url is not None else MemoryBuckets()


def _taken(limit: Limit, *, granted: bool, full_in: float) -> Taken:
    """`full_in` seconds all are back; from that follows how many are left now, and when the next one is."""
    left = limit.burst - full_in / limit.seconds_each
    next_in = 0.0 if left >= 1 else (1 - left) * limit.seconds_each
    return Taken(granted, limit.burst, max(0, int(left + _ROUNDING)), full_in, next_in)


def _up(seconds: float) -> int:
    return max(0, int(seconds) + (seconds > int(seconds)))


_ROUNDING = 1e-6
"""Differences of clock readings are floats; a millionth of a request is none."""

_PATIENCE = 0.25
"""Seconds. A limit that makes everybody wait is worse than one that is counted in each server."""

_WAIT_AFTER_FAILURE = 5.0

_SCRIPT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local each, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local used_up_at = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local granted = used_up_at + each - now <= each * burst
if granted then
  used_up_at = used_up_at + each
  redis.call('SET', KEYS[1], string.format('%.0f', used_up_at), 'PX', math.ceil((used_up_at - now) / 1000) + 1000)
end
return {granted and 1 or 0, used_up_at - now}
"""
