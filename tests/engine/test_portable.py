"""The whole chain, watched: every query uses functions that other engines have, and threads change no answer."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import holdfast
from holdfast.engine import DuckEngine, Query
from holdfast.samples import SampleShop, make_shop
from tests.portable import ALLOWED_FUNCTIONS, READING_FUNCTIONS, functions_of
from tests.real.shops import stage_fingerprint

ROOMS = {
    "cleaning": ALLOWED_FUNCTIONS | READING_FUNCTIONS,
    "features": ALLOWED_FUNCTIONS,
    "segments": ALLOWED_FUNCTIONS,
    "workflows": ALLOWED_FUNCTIONS | READING_FUNCTIONS,
}
AS_OF = "2025-06-01"

Watched = dict[str, dict[str, str]]
"""Room -> name of the query -> its text."""


def the_chain(sample: SampleShop, home: Path, *, threads: int) -> holdfast.Shop:
    """The sample shop, imported twice in parts so that files are compared, and cleaned again under other rules."""
    shop = holdfast.open_shop(home, threads=threads)
    how = holdfast.HowToRead(currency=sample.currency)
    shop.import_files([sample.orders, sample.customers], how=how, rules={"duplicates": "drop"})
    shop.import_files([sample.reviews, sample.orders], how=how, rules={"service_codes": ["POST", "FEE"]})
    return shop


def watch(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """Note every query that the engine is given from now on, under the room it comes from."""
    seen: Watched = {room: {} for room in ROOMS}

    def watching(method: Callable[..., Any], position: int) -> Callable[..., Any]:
        def watched(engine: DuckEngine, *arguments: Any, **options: Any) -> Any:
            query: Query = arguments[position]
            room = sys._getframe(1).f_globals["__name__"].split(".")[1]
            if room in seen:
                seen[room][query.name] = query.sql
            return method(engine, *arguments, **options)

        return watched

    for name, position in {"rows": 0, "columns": 0, "keep": 1, "define": 1, "write": 0}.items():
        monkeypatch.setattr(DuckEngine, name, watching(getattr(DuckEngine, name), position))
    return seen


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleShop:
    return make_shop(tmp_path_factory.mktemp("sample"), seed=5, customers=300)


@pytest.fixture(scope="module")
def watched(sample: SampleShop, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """All queries of the chain from the files to the exports."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        seen = watch(monkeypatch)
        folder = tmp_path_factory.mktemp("watched")
        shop = the_chain(sample, folder / "home", threads=2)
        shop.answer(as_of=AS_OF)
        shop.segments(as_of=AS_OF)
        shop.customer("12001")
        shop.rejects()
        for table in ("orders", "lines", "segments", "customers"):
            shop.export(table, folder / f"{table}.parquet", as_of=AS_OF)
    return seen


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_uses_only_functions_of_the_list(watched: Watched, room: str) -> None:
    assert len(watched[room]) >= 5, "the watch sees this room"
    others = {name: functions_of(text) - ROOMS[room] for name, text in watched[room].items()}
    assert {name: sorted(used) for name, used in others.items() if used} == {}


def test_no_function_is_listed_for_nothing(watched: Watched) -> None:
    used = {name for queries in watched.values() for text in queries.values() for name in functions_of(text)}
    assert sorted(READING_FUNCTIONS - used) == []


def test_one_thread_and_two_give_the_same_stage_and_customers(sample: SampleShop, tmp_path: Path) -> None:
    shops = [the_chain(sample, tmp_path / f"{threads}", threads=threads) for threads in (1, 2)]
    one, two = (stage_fingerprint(tmp_path / threads, "default") for threads in ("1", "2"))
    assert one == two
    first, second = (shop.customers(as_of=AS_OF, columns=["*"], sort="customer_id") for shop in shops)
    assert len(first) > 200
    assert (first.names, list(map(repr, first.rows))) == (second.names, list(map(repr, second.rows)))
