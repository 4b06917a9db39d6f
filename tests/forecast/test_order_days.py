"""Order days of a stage, with returns and cancelled orders known only from their day on."""

from collections.abc import Iterator
from datetime import date, datetime

import numpy as np
import pytest
from sqlglot import exp, parse_one

from holdfast.engine import DuckEngine, Query
from holdfast.features import customers_asof
from holdfast.forecast import order_days as module
from holdfast.forecast.days import day_date, day_number
from holdfast.forecast.labels import OrderDays
from holdfast.forecast.order_days import order_days
from tests.features.shops import EVERY_COLUMN, Line, Sale, Shop, opened
from tests.features.test_asof import busy_shop
from tests.portable import ALLOWED_FUNCTIONS, functions_of

LATE = datetime(2024, 6, 20, 12)
SHOP = Shop(
    [
        Sale("ann", "1", datetime(2024, 1, 5, 10), (Line("mug", 2, "3.50"),)),
        Sale("ann", "2", datetime(2024, 1, 5, 18), (Line("cup", 1, "4.25"),)),
        Sale("ann", "3", datetime(2024, 3, 1, 0), (Line("mug", 4, "3.50", returned=(1, LATE)),)),
        Sale("bob", "4", datetime(2024, 2, 1, 23, 59), (Line("jug", 1, "20", returned=(1, LATE)),)),
        Sale("cid", "5", datetime(2024, 4, 1, 9), (Line("post", 1, "5", service=True),)),
        Sale("dan", "6", datetime(2024, 5, 1, 9), (Line("mug", 1, "3.50"), Line("post", 1, "5", service=True))),
        Sale("dan", "7", datetime(2024, 7, 1, 9), (Line("cup", 0, "4.25"),)),
        Sale(None, "8", datetime(2024, 1, 9, 9), (Line("cup", 9, "4.25"),)),
    ]
)
"""Ann orders twice on one day and returns a mug later, Bob returns all he had, Cid buys only postage."""


def known(engine: DuckEngine, day: date) -> list[tuple[int, str, float]]:
    """(customer key, day, spend) before a day."""
    found = order_days(engine, as_of=day_number(day))
    rows = zip(found.customer.tolist(), found.day.tolist(), found.spend.tolist(), strict=True)
    return [(key, day_date(number).isoformat(), spend) for key, number, spend in rows]


def test_before_the_return_the_sale_stands_and_after_it_is_netted() -> None:
    with opened(SHOP) as engine:
        assert known(engine, date(2024, 6, 20)) == [
            (1, "2024-01-05", 11.25),  # two orders, one order day
            (1, "2024-03-01", 14.0),
            (2, "2024-02-01", 20.0),
            (4, "2024-05-01", 3.5),  # the goods; postage is no purchase
        ]
        assert known(engine, date(2024, 6, 21)) == [
            (1, "2024-01-05", 11.25),
            (1, "2024-03-01", 10.5),  # one mug came back
            (4, "2024-05-01", 3.5),  # and Bob's only order is undone
        ]


def test_the_day_itself_is_not_known() -> None:
    with opened(SHOP) as engine:
        assert known(engine, date(2024, 3, 1))[-1] == (2, "2024-02-01", 20.0)
        assert (1, "2024-03-01", 14.0) in known(engine, date(2024, 3, 2))
        assert (4, "2024-07-01", 0.0) in known(engine, date(2024, 7, 2)), "an order for nothing is an order"


def test_customers_are_indexed_by_their_key() -> None:
    with opened(SHOP) as engine:
        assert order_days(engine, as_of=day_number(date(2024, 6, 20))).customers == 5
        assert order_days(engine, as_of=day_number(date(2024, 2, 1))).customers == 2


def test_before_the_first_order_there_is_nobody() -> None:
    with opened(SHOP) as engine:
        found = order_days(engine, as_of=day_number(date(2024, 1, 5)))
        assert isinstance(found, OrderDays)
        assert (found.customers, len(found.day)) == (0, 0)


@pytest.fixture(scope="module")
def busy() -> Iterator[DuckEngine]:
    with opened(busy_shop()) as engine:
        yield engine


@pytest.mark.parametrize("as_of", [date(2022, 6, 1), date(2023, 9, 9), date(2025, 1, 1)])
def test_order_days_and_features_are_about_the_same_customers_and_the_same_money(busy: DuckEngine, as_of: date) -> None:
    found = order_days(busy, as_of=day_number(as_of))
    customers_asof(busy, as_of=as_of, available=EVERY_COLUMN, names=["net_revenue"])
    text = "SELECT customer_key, net_revenue FROM customers_asof ORDER BY customer_key"
    columns = busy.columns(Query("features", "one customer", text))
    assert np.unique(found.customer).tolist() == columns["customer_key"].tolist()
    spend = np.bincount(found.customer, weights=found.spend)[columns["customer_key"]]
    np.testing.assert_allclose(spend, columns["net_revenue"].astype(np.float64), atol=0.005)


def test_the_query_uses_only_allowed_functions() -> None:
    assert functions_of(module._ORDER_DAYS) <= ALLOWED_FUNCTIONS


def test_the_day_travels_as_a_parameter() -> None:
    marks = parse_one(module._ORDER_DAYS, dialect="duckdb").find_all(exp.Parameter, exp.Placeholder)
    assert {mark.name for mark in marks} == {"as_of"}
