"""Every query parses and uses only functions that another engine can be given."""

from datetime import date

import pytest
from sqlglot import exp, parse_one

from holdfast.engine import Query
from holdfast.features import CATALOGUE, Grain, queries
from tests.features.shops import EVERY_COLUMN
from tests.portable import ALLOWED_FUNCTIONS, functions_of

AS_OF = date(2024, 7, 1)
QUERIES = queries(as_of=AS_OF, available=EVERY_COLUMN)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_a_query_uses_only_allowed_functions(query: Query) -> None:
    assert functions_of(query.sql) <= ALLOWED_FUNCTIONS


def test_the_test_sees_a_function_of_one_engine_only() -> None:
    assert functions_of("SELECT list_sort(a), count(*), strftime(b, '%Y') FROM t") - ALLOWED_FUNCTIONS


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_values_travel_as_parameters(query: Query) -> None:
    named = {mark.name for mark in parse_one(query.sql, dialect="duckdb").find_all(exp.Parameter, exp.Placeholder)}
    assert named == set(query.parameters)
    assert "2024" not in query.sql


def test_one_query_a_grain_and_one_that_joins_them() -> None:
    grains = {feature.grain for feature in CATALOGUE} - {Grain.CUSTOMER}
    assert len(QUERIES) == len(grains) + 1


def test_only_the_grains_that_are_asked_for_are_read() -> None:
    some = queries(as_of=AS_OF, available=EVERY_COLUMN, names=["churn_ratio", "net_revenue"])
    assert [query.name for query in some] == ["features_of_orders", "customers_asof"]


def test_nobody_reads_the_order_status() -> None:
    """Nobody knows when it was written, so it cannot be known at as_of."""
    assert not any("order_status" in query.sql for query in QUERIES)
