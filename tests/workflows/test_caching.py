"""Answers that are kept: in memory and in a real Redis; and without either."""

import asyncio
import socket
from uuid import uuid4

import pytest

from holdfast.settings import Settings
from holdfast.workflows import caching
from holdfast.workflows.caching import LARGEST_ANSWER, AnswerCache, name_of, stats
from tests.conftest import skip

REDIS = "redis://127.0.0.1:6379/0"
NOBODY = "redis://127.0.0.1:1/0"


def redis_is_there() -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", 6379)) == 0


@pytest.fixture(params=[None, REDIS], ids=["memory", "redis"])
def url(request: pytest.FixtureRequest) -> str | None:
    if request.param and not redis_is_there():
        skip("no Redis answers at 127.0.0.1:6379")
    found: str | None = request.param
    return found


@pytest.fixture
def tenant() -> str:
    """Nobody else's, so that a Redis may be shared."""
    return f"t{uuid4().hex[:12]}"


def test_an_answer_is_found_until_its_time_is_over(url: str | None, tenant: str) -> None:
    async def play() -> list[bytes | None]:
        cache, name = AnswerCache(Settings(redis_url=url, cache_seconds=1)), name_of(tenant, "e", "/customers")
        found = [await cache.get(name)]
        await cache.put(name, b'{"a":1}')
        found.append(await cache.get(name))
        await asyncio.sleep(1.1)
        found.append(await cache.get(name))
        await cache.close()
        return found

    before = (stats().hits, stats().misses)
    assert asyncio.run(play()) == [None, b'{"a":1}', None]
    assert (stats().hits - before[0], stats().misses - before[1]) == (1, 2)
    ratio = stats().ratio
    assert ratio is not None
    assert 0 < ratio < 1


def test_any_bytes_come_back_as_they_were(url: str | None, tenant: str) -> None:
    answers = (b"5", b"", b"null", "é".encode(), b"\x80\x04K\x05.", b"{}" * 1000)

    async def play() -> list[bytes | None]:
        cache = AnswerCache(Settings(redis_url=url))
        found = []
        for nth, answer in enumerate(answers):
            await cache.put(name_of(tenant, "e", str(nth)), b"{" + answer + b"}")
            found.append(await cache.get(name_of(tenant, "e", str(nth))))
        await cache.forget(tenant)
        await cache.close()
        return found

    assert asyncio.run(play()) == [b"{" + answer + b"}" for answer in answers]


def test_what_is_kept_of_a_tenant_can_be_forgotten(url: str | None, tenant: str) -> None:
    async def play() -> list[bytes | None]:
        cache = AnswerCache(Settings(redis_url=url))
        names = [name_of(owner, "e", "/customers") for owner in (tenant, f"{tenant}x")]
        for name in names:
            await cache.put(name, b"{}")
        await cache.forget(tenant)
        found = [await cache.get(name) for name in names]
        await cache.forget(f"{tenant}x")
        await cache.close()
        return found

    assert asyncio.run(play()) == [None, b"{}"]


def test_large_answers_are_not_kept(tenant: str) -> None:
    async def play() -> bytes | None:
        cache, name = AnswerCache(Settings()), name_of(tenant, "e", "/customers")
        await cache.put(name, b"x" * (LARGEST_ANSWER + 1))
        return await cache.get(name)

    assert asyncio.run(play()) is None


def test_memory_holds_a_bounded_number_of_answers(tenant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caching, "MOST_ANSWERS", 3)

    async def play() -> list[bool]:
        cache = AnswerCache(Settings())
        for nth in range(5):
            await cache.put(name_of(tenant, "e", str(nth)), b"{}")
        return [await cache.get(name_of(tenant, "e", str(nth))) is not None for nth in range(5)]

    assert asyncio.run(play()) == [False, False, True, True, True]


def test_nothing_is_kept_where_answers_have_no_life(tenant: str) -> None:
    async def play() -> bytes | None:
        cache, name = AnswerCache(Settings(cache_seconds=0)), name_of(tenant, "e", "/customers")
        await cache.put(name, b"{}")
        return await cache.get(name)

    assert asyncio.run(play()) is None


def test_without_redis_answers_are_computed_and_nobody_waits(tenant: str) -> None:
    async def play() -> list[bytes | None]:
        cache, name = AnswerCache(Settings(redis_url=NOBODY)), name_of(tenant, "e", "/customers")
        await cache.put(name, b"{}")
        tries = [cache.get(name) for _ in range(500)]
        return [await asyncio.wait_for(each, 1) for each in tries]

    assert set(asyncio.run(play())) == {None}


def test_names_tell_tenants_editions_addresses_and_arguments_apart() -> None:
    names = {
        name_of("a", "e", "/x", "q"),
        name_of("b", "e", "/x", "q"),
        name_of("a", "f", "/x", "q"),
        name_of("a", "e", "/y", "q"),
        name_of("a", "e", "/x", "r"),
        name_of("a", "e", "/xq"),
        name_of("a", "e", "/x", "q", ""),
    }
    assert len(names) == 7
