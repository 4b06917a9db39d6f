"""Lists of customers as queries: what is let through, in which order, and pages that lose and repeat nobody."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from holdfast.engine import DuckEngine
from holdfast.errors import InputError
from holdfast.workflows.listing import (
    GROUPED,
    Asked,
    UnknownColumnError,
    count_query,
    customers_query,
    order_of,
    place_from,
    shown_columns,
)

COLUMNS = {
    "customer_key": "INTEGER",
    "customer_id": "VARCHAR",
    "net_revenue": "DECIMAL(18,4)",
    "order_count": "INTEGER",
    "churn_ratio": "DOUBLE",
    "risk_band": "VARCHAR",
    "is_gone": "BOOLEAN",
    "revenue_at_risk": "DECIMAL(18,4)",
}
ROWS = [
    (1, "a/1", Decimal("10.5000"), 3, 0.1 + 0.2, "low", False, None),
    (2, "B", Decimal("10.5000"), 3, None, "high", True, Decimal("2.5000")),
    (3, "b", Decimal("-4.0000"), 1, 2.0, "high", False, Decimal("2.5000")),
    (4, "é", Decimal("0.0000"), 1, None, None, None, Decimal("0.0000")),
    (5, "=1+1", Decimal("99999999.9999"), 12, 0.1 + 0.2, "one_time", False, None),
]


@pytest.fixture
def engine() -> Iterator[DuckEngine]:
    with DuckEngine() as engine:
        fill(engine, ROWS)
        yield engine


def fill(engine: DuckEngine, rows: list[tuple[Any, ...]]) -> None:
    described = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    engine.execute(f"CREATE OR REPLACE TABLE {GROUPED} ({described})")
    for row in rows:
        marks = ", ".join(f"${nth}" for nth in range(1, len(row) + 1))
        engine.execute(f"INSERT INTO {GROUPED} VALUES ({marks})", dict(zip(map(str, range(1, 9)), row, strict=True)))


def ids(engine: DuckEngine, asked: Asked, limit: int | None = None) -> list[str]:
    return [row[0] for row in engine.rows(customers_query(engine.types(GROUPED), asked, limit=limit)).rows]


def test_customers_come_by_revenue_at_risk_with_those_without_any_last(engine: DuckEngine) -> None:
    assert ids(engine, Asked()) == ["B", "b", "é", "=1+1", "a/1"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("net_revenue", ["b", "é", "B", "a/1", "=1+1"]),
        ("-net_revenue", ["=1+1", "B", "a/1", "é", "b"]),
        ("-churn_ratio", ["b", "=1+1", "a/1", "B", "é"]),
        ("risk_band", ["B", "b", "a/1", "=1+1", "é"]),
        ("-customer_id", ["é", "b", "a/1", "B", "=1+1"]),
        ("is_gone", ["=1+1", "a/1", "b", "B", "é"]),
    ],
)
def test_a_column_sorts_with_ids_deciding_ties_and_nothing_last(
    engine: DuckEngine, sort: str, expected: list[str]
) -> None:
    assert ids(engine, Asked(sort=sort)) == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (("risk_band=high",), ["B", "b"]),
        (("risk_band!=high",), ["=1+1", "a/1"]),
        (("net_revenue>=10.5", "order_count < 12"), ["B", "a/1"]),
        (("net_revenue>-4",), ["B", "é", "=1+1", "a/1"]),
        (("is_gone=true",), ["B"]),
        (("customer_id==1+1",), ["=1+1"]),
        (("customer_id=a/1",), ["a/1"]),
        (("churn_ratio<=0.30000000000000004",), ["=1+1", "a/1"]),
        (("risk_band=' OR 1=1 --",), []),
        (("risk_band=high", "risk_band=low"), []),
    ],
)
def test_all_conditions_have_to_hold(engine: DuckEngine, where: tuple[str, ...], expected: list[str]) -> None:
    asked = Asked(where=where)
    assert ids(engine, asked) == expected
    assert engine.rows(count_query(engine.types(GROUPED), asked)).one()["n"] == len(expected)


@pytest.mark.parametrize(("search", "expected"), [("B", ["B", "b"]), ("/", ["a/1"]), ("É", ["é"]), ("%", []), ("", 5)])
def test_a_search_finds_a_part_of_the_id_in_either_case(engine: DuckEngine, search: str, expected: Any) -> None:
    found = ids(engine, Asked(search=search))
    assert found == expected or len(found) == expected


@pytest.mark.parametrize(
    "where",
    ["", "high", "net_revenue", "net_revenue>", "net_revenue>=much", "net_revenue=1e999", "is_gone=perhaps", "1=1"],
)
def test_what_is_no_condition_is_refused(engine: DuckEngine, where: str) -> None:
    with pytest.raises(InputError if "1=1" not in where else UnknownColumnError):
        ids(engine, Asked(where=(where,)))


@pytest.mark.parametrize(
    "asked", [Asked(sort="revenue"), Asked(columns=("nope",)), Asked(where=("nope=1",)), Asked(sort="")]
)
def test_an_unknown_column_is_named_with_those_near_it(engine: DuckEngine, asked: Asked) -> None:
    with pytest.raises(UnknownColumnError) as refused:
        ids(engine, asked)
    assert refused.value.problem()["code"] == "not_found"
    if asked.sort:
        assert "net_revenue" in refused.value.seen


def test_columns_come_once_behind_the_id_in_the_order_asked_for() -> None:
    assert shown_columns(COLUMNS, Asked()) == (
        "customer_id", "order_count", "net_revenue", "churn_ratio", "risk_band", "revenue_at_risk",
    )  # fmt: skip
    twice = Asked(columns=("is_gone", "order_count", "is_gone", "customer_id"))
    assert shown_columns(COLUMNS, twice) == ("customer_id", "is_gone", "order_count")
    assert shown_columns(COLUMNS, Asked(columns=("*",)))[1:] == tuple(COLUMNS)[2:]


SORTS = st.sampled_from([None, *(f"{sign}{name}" for name in COLUMNS if name != "customer_key" for sign in ("", "-"))])
SOME = st.lists(
    st.tuples(
        st.one_of(st.none(), st.sampled_from([Decimal("1.0000"), Decimal("-2.5000"), Decimal("0.0001")])),
        st.integers(0, 2),
        st.one_of(st.none(), st.floats(-3, 3, allow_nan=False)),
        st.one_of(st.none(), st.sampled_from(["low", "high", ""])),
        st.one_of(st.none(), st.booleans()),
        st.one_of(st.none(), st.sampled_from([Decimal("1.0000"), Decimal("0.0000")])),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some=SOME, sort=SORTS, size=st.integers(1, 5))
def test_pages_one_after_the_other_are_the_whole_list(
    engine: DuckEngine, some: list[tuple[Any, ...]], sort: str | None, size: int
) -> None:
    fill(engine, [(nth, f"id {nth * 7 % 13:02d}", *row) for nth, row in enumerate(some)])
    types, asked, place, seen = engine.types(GROUPED), Asked(sort=sort, columns=("*",)), None, list[str]()
    order = order_of(types, asked)
    for _ in range(len(some) // size + 1):
        page = engine.rows(customers_query(types, asked, limit=size, after=place)).dicts()
        seen += [row["customer_id"] for row in page]
        if len(page) < size:
            break
        last = [page[-1][name] for name, _ in order]
        place = place_from([str(each) if isinstance(each, Decimal) else each for each in last], order, types)
    assert seen == ids(engine, asked)


@pytest.mark.parametrize(
    "values",
    [
        [],
        ["x", "B"],
        ["NaN", "B"],
        ["1e99", "B"],
        [True, "B"],
        [1, 2],
        [[1], "B"],
        ["1", "B", "more"],
        ["9" * 400, "B"],
    ],
)
def test_a_place_that_is_none_of_the_order_is_refused(values: list[Any]) -> None:
    with pytest.raises(InputError) as refused:
        place_from(values, order_of(COLUMNS, Asked(sort="-net_revenue")), COLUMNS)
    assert "cursor" in refused.value.what
