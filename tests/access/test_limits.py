"""Limits: so many at once and one more after a while, in memory and in Redis alike."""

import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from holdfast.access.limits import Buckets, Limit, MemoryBuckets, RedisBuckets, TooManyRequestsError, buckets_of
from tests.conftest import skip

REDIS = "redis://127.0.0.1:6379/0"
SLOW = Limit(burst=3, seconds_each=1000)


@pytest.fixture(params=["memory", "redis"])
def buckets(request: pytest.FixtureRequest) -> Buckets:
    if request.param == "memory":
        return MemoryBuckets()
    try:
        redis.Redis.from_url(REDIS, socket_connect_timeout=1).ping()
    except redis.RedisError:
        skip("there is no Redis at 127.0.0.1:6379")
    return RedisBuckets(REDIS)


@pytest.fixture
def name() -> Iterator[str]:
    """A name that no other test counts under."""
    chosen = f"test-{secrets.token_hex(6)}"
    yield chosen
    try:
        redis.Redis.from_url(REDIS, socket_connect_timeout=1).delete(f"holdfast:limit:{chosen}")
    except redis.RedisError:
        return


def test_so_many_at_once_and_not_one_more(buckets: Buckets, name: str) -> None:
    taken = [buckets.take(name, SLOW) for _ in range(5)]
    assert [each.granted for each in taken] == [True, True, True, False, False]
    assert [each.remaining for each in taken] == [2, 1, 0, 0, 0]
    assert all(each.limit == 3 for each in taken)
    assert taken[0].full_in == pytest.approx(1000, abs=1)
    assert taken[-1].full_in == pytest.approx(3000, abs=3)
    assert taken[-1].next_in == pytest.approx(1000, abs=3)


def test_one_more_after_a_while(buckets: Buckets, name: str) -> None:
    limit = Limit(burst=2, seconds_each=0.5)
    assert [buckets.take(name, limit).granted for _ in range(3)] == [True, True, False]
    time.sleep(0.6)
    assert [buckets.take(name, limit).granted for _ in range(2)] == [True, False]


def test_everybody_has_their_own(buckets: Buckets, name: str) -> None:
    one = Limit(burst=1, seconds_each=1000)
    assert buckets.take(name, one).granted
    assert buckets.take(f"{name}-other", one).granted
    assert not buckets.take(name, one).granted


def test_at_the_same_time_no_more_are_granted(buckets: Buckets, name: str) -> None:
    limit = Limit(burst=20, seconds_each=1000)
    with ThreadPoolExecutor(8) as pool:
        granted = list(pool.map(lambda _: buckets.take(name, limit).granted, range(100)))
    assert sum(granted) == 20


def test_servers_that_share_a_redis_share_the_count(name: str) -> None:
    here, there = buckets_of(REDIS), buckets_of(REDIS)
    assert [each.take(name, SLOW).granted for each in (here, there, here, there)] == [True, True, True, False]


def test_without_redis_each_server_counts_for_itself_and_nobody_waits(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = RedisBuckets("redis://127.0.0.1:1/0")
    assert [lost.take(name, SLOW).granted for _ in range(4)] == [True, True, True, False]
    begun = time.perf_counter()
    for _ in range(200):
        lost.take(name, SLOW)
    assert time.perf_counter() - begun < 0.5  # it is asked again only after some seconds


def test_names_that_have_everything_back_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    buckets, clock = MemoryBuckets(), [0.0]
    monkeypatch.setattr("holdfast.access.limits.time.monotonic", lambda: clock[0])
    for i in range(9_999):
        buckets.take(str(i), Limit(burst=1, seconds_each=10))
    clock[0] = 10.5
    buckets.take("the next one", Limit(burst=1, seconds_each=10))
    assert set(buckets._used_up_at) == {"the next one"}


def test_in_memory_it_costs_next_to_nothing() -> None:
    buckets, limit = MemoryBuckets(), Limit.a_minute(6000)
    rounds = []
    for _ in range(5):
        begun = time.perf_counter()
        for i in range(1000):
            buckets.take(f"key-{i}", limit)
        rounds.append((time.perf_counter() - begun) / 1000)
    assert min(rounds) < 0.0001


def test_what_the_answer_says() -> None:
    buckets = MemoryBuckets()
    told = buckets.take("a", Limit(burst=1, seconds_each=90)).headers()
    assert told == {"RateLimit-Limit": "1", "RateLimit-Remaining": "0", "RateLimit-Reset": "90"}
    refused = buckets.take("a", Limit(burst=1, seconds_each=90))
    assert 89 <= int(refused.headers()["Retry-After"]) <= 90
    error = TooManyRequestsError.of(refused)
    assert 89 <= int(str(error.details["retry_after_seconds"])) <= 90


def test_a_limit_of_a_minute() -> None:
    assert Limit.a_minute(120) == Limit(burst=120, seconds_each=0.5)
