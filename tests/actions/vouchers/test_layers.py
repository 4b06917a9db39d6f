"""From raw to published: a literal history, each fate, and SQL that two engines understand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as having
from hypothesis import settings
from hypothesis import strategies as st
from sqlglot import parse_one

from holdfast.actions.vouchers import (
    DEFAULT_RULES,
    Layers,
    country_answer,
    make_layers,
    segment_answers,
    voucher_policy,
)
from holdfast.actions.vouchers.history import answer, outside
from holdfast.actions.vouchers.layers import PUBLISHED, STAGED
from holdfast.actions.vouchers.reasons import EXPLANATIONS, KEPT, Reason
from holdfast.engine import DuckEngine, Query
from tests.actions.vouchers.histories import Row, given, raw
from tests.portable import functions_of

TODAY = date(2018, 8, 1)
PERU = replace(DEFAULT_RULES, countries=("Peru",))


def layers(rows: list[Row], *, policy: str = "default") -> Layers:
    with raw(rows) as engine:
        return make_layers(engine, PERU, voucher_policy(policy), today=TODAY)


def fate(row: Row, *, policy: str = "default") -> str:
    (entry,) = layers([row], policy=policy).ledger
    return entry.reason


@pytest.mark.parametrize(
    ("row", "default", "simple"),
    [
        (given(), KEPT, KEPT),
        (given(country=" peru "), KEPT, KEPT),
        (given(last="2018-07-21T23:00:00"), KEPT, KEPT),
        (given("0"), KEPT, KEPT),
        (given(orders="0", last=None, first=None), KEPT, KEPT),
        (given(first=None), KEPT, KEPT),
        (given(country=None), "no_country", "no_country"),
        (given(country="  "), "no_country", "no_country"),
        (given(country="China", orders=""), "other_country", "other_country"),
        (given(None, orders=""), "blank_total_orders", "blank_total_orders"),
        (given(orders="NaN"), "blank_total_orders", "blank_total_orders"),
        (given(" "), "blank_voucher_amount", "blank_voucher_amount"),
        (given(None), "blank_voucher_amount", "blank_voucher_amount"),
        (given(orders="0.0"), "dates_without_orders", "dates_without_orders"),
        (given(orders="0", last=None), "dates_without_orders", "dates_without_orders"),
        (given(last="2018-01-04"), "last_before_first", "last_before_first"),
        (given(at="2015-05-01 10:00:00"), "assigned_before_last_order", KEPT),
        (given(at="2018-08-02 00:00:01"), "assigned_in_the_future", KEPT),
        (given(at="2018-08-01 23:59:59"), KEPT, KEPT),
        (given("ten"), "unreadable", "unreadable"),
        (given("-1"), "unreadable", "unreadable"),
        (given("1e12"), "unreadable", "unreadable"),
        (given("inf"), "unreadable", "unreadable"),
        (given(orders="-2"), "unreadable", "unreadable"),
        (given(orders="1.5"), "unreadable", "unreadable"),
        (given(orders="many"), "unreadable", "unreadable"),
        (given(at=None), "unreadable", "unreadable"),
        (given(at="21/07/2018"), "unreadable", "unreadable"),
        (given(at="2018-02-30"), "unreadable", "unreadable"),
        (given(at="1532131200"), "unreadable", "unreadable"),
        (given(last=None), "unreadable", "unreadable"),
        (given(last="yesterday"), "unreadable", "unreadable"),
        (given(first="0000-00-00"), "unreadable", "unreadable"),
    ],
    ids=str,
)
def test_each_fate(row: Row, default: str, simple: str) -> None:
    assert (fate(row), fate(row, policy="simple")) == (default, simple)


def test_every_reason_is_explained() -> None:
    assert list(EXPLANATIONS) == [KEPT, *Reason]


HISTORY = [
    given("10", last="2018-06-21"),  # 30 days
    given("10", last="2018-05-22", country="PERU"),  # 60 days
    given("20", last="2018-06-21"),
    given("20", last="2018-05-21", orders="5"),  # 61 days
    given("30", last="2018-04-22", orders="13"),  # 90 days
    given("30", last="2018-07-21", orders="38"),  # 0 days: in no segment either way
    given("10", country="China"),
    given("40", orders=""),
    given("40", orders=""),
]


def test_a_literal_history() -> None:
    found = layers(HISTORY)
    assert (found.rows_in, found.rows_kept, found.duplicates) == (9, 6, 1)
    assert [(e.reason, e.rows, e.amount) for e in found.ledger] == [
        ("kept", 6, Decimal(120)),
        ("other_country", 1, Decimal(10)),
        ("blank_total_orders", 2, Decimal(80)),
    ]
    assert list(found.usage.countries.values()) == ["PERU"], "one spelling, whatever rows have in capitals"
    (country,) = found.usage.countries.values()
    told = [(a.segment, a.amount, a.n, a.used, a.ties) for a in segment_answers(found.usage, PERU, country)]
    expected: list[tuple[Any, ...]] = [
        ("1-4", 10, 3, 2, ()),
        ("5-13", 20, 2, 1, (20, 30)),
        ("14-37", None, 0, 0, ()),
        ("30-60", 10, 3, 2, ()),
        ("61-90", 20, 2, 1, (20, 30)),
        ("91-120", None, 0, 0, ()),
        ("121-180", None, 0, 0, ()),
        ("180+", None, 0, 0, ()),
    ]
    assert told == expected
    whole = country_answer(found.usage, country)
    three = (Decimal(10), Decimal(20), Decimal(30))
    assert (whole.amount, whole.n, whole.used, whole.ties) == (three[0], 6, 2, three)
    assert whole.share == pytest.approx(1 / 3)
    assert [outside(found.usage, country, kind) for kind in ("frequent_segment", "recency_segment")] == [1, 1]
    assert found.usage.amounts(country) == three


def test_the_published_layer_says_what_the_answers_say() -> None:
    with raw(HISTORY) as engine:
        found = make_layers(engine, PERU, voucher_policy("default"), today=TODAY)
        first = engine.rows(Query("first", "one segment", f"SELECT * FROM {PUBLISHED} WHERE place = 1")).dicts()
        staged = engine.rows(Query("staged", "one assignment", f"SELECT * FROM {STAGED} ORDER BY row_number")).dicts()
    for row in first:
        told = answer(found.usage, row["country"], row["segment_name"], row["segment"])
        assert (row["voucher_amount"], row["used"], row["n"]) == (told.amount, told.used, told.n)
    assert [row["days_since_last_order"] for row in staged] == [30, 60, 30, 61, 90, 0]
    assert [row["recency_segment"] for row in staged] == ["30-60", "30-60", "30-60", "61-90", "61-90", None]


CELLS = st.one_of(
    st.none(),
    st.sampled_from(["", "0", "3.0", "-1", "NaN", "Peru", "peru", "2018-07-01", "2018-06-01 10:00", "2015-01-01", "x"]),
    st.text(max_size=12),
)


@settings(max_examples=60, deadline=None)
@having(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=8))
def test_whatever_stands_in_the_cells_every_row_has_one_fate(rows: list[Any]) -> None:
    found = layers(rows)
    assert found.rows_in == len(rows)
    for kind in ("frequent_segment", "recency_segment", "country"):
        assert sum(use.used for use in found.usage.uses if use.segment_name == kind) == found.rows_kept


WORDS = frozenset(
    {
        "AND", "CASE", "CAST", "COALESCE", "COUNT", "DATEDIFF", "FLOOR", "IF", "LOWER", "MIN", "OR", "ROW_NUMBER",
        "SUBSTRING", "SUM", "TRIM", "TRY_CAST", "UPPER",
    }
)  # fmt: skip
"""What both DuckDB and Snowflake know under the same name and with the same meaning."""


def test_two_engines_understand_every_query() -> None:
    texts: list[str] = []

    class Watched(DuckEngine):
        def keep(self, name: str, query: Query) -> int:
            texts.append(query.sql)
            return super().keep(name, query)

    with raw(HISTORY) as engine:
        watched = object.__new__(Watched)
        watched._connection = engine._connection
        make_layers(watched, PERU, voucher_policy("default"), today=TODAY)
    assert len(texts) == 5
    for text in texts:
        assert functions_of(text) <= WORDS
        assert parse_one(text, dialect="snowflake").sql()
