"""The null rules, applied for models that cannot read a missing value."""

from datetime import date, datetime

import pytest

from holdfast.features import FEATURE, Missing, customers_asof, filled, medians
from tests.features.shops import EVERY_COLUMN, Line, Sale, Shop, kept, opened

AS_OF = date(2024, 7, 1)
CUP = (Line("cup", 1, "1"),)
SHOP = Shop(
    [
        Sale("ann", "1", datetime(2024, 1, 1), CUP, {"state": "N"}),
        Sale("ann", "2", datetime(2024, 1, 11), CUP),
        Sale("bob", "3", datetime(2024, 1, 1), CUP),
        Sale("bob", "4", datetime(2024, 1, 21), CUP),
        Sale("cid", "5", datetime(2024, 1, 1), CUP),
    ]
)


def test_numbers_get_the_median_and_labels_unknown_each_with_a_flag() -> None:
    with opened(SHOP) as engine:
        customers_asof(engine, as_of=AS_OF, available=EVERY_COLUMN, names=["order_count", "last_gap_days", "state"])
        assert medians(engine) == {"last_gap_days": 15.0}
        assert filled(engine, medians(engine)) == 3
        columns = ("order_count", "last_gap_days", "last_gap_days_is_missing", "state", "state_is_missing")
        seen = kept(engine, "customers_filled")
        assert {customer: tuple(row[name] for name in columns) for customer, row in seen.items()} == {
            "ann": (2, 10.0, 0, "N", 0),
            "bob": (2, 20.0, 0, "unknown", 1),
            "cid": (1, 15.0, 1, "unknown", 1),
        }
        assert set(seen["ann"]) == set(columns)


def test_the_medians_of_those_a_model_learned_from_fill_others() -> None:
    with opened(SHOP) as engine:
        customers_asof(engine, as_of=AS_OF, available=EVERY_COLUMN, names=["last_gap_days"])
        filled(engine, {"last_gap_days": 99.0})
        assert kept(engine, "customers_filled")["cid"]["last_gap_days"] == 99.0


def test_nothing_is_missing_afterwards_even_where_nobody_has_a_value() -> None:
    with opened(SHOP) as engine:
        customers_asof(engine, as_of=AS_OF, available=EVERY_COLUMN)
        filled(engine, medians(engine))
        rows = kept(engine, "customers_filled").values()
        assert all(value is not None for row in rows for value in row.values())
        flags = {name for name, feature in FEATURE.items() if feature.missing in {Missing.MEDIAN, Missing.UNKNOWN}}
        assert {f"{name}_is_missing" for name in flags} < set(engine.names("customers_filled"))


def test_columns_that_are_no_features_are_handed_on() -> None:
    with opened(SHOP) as engine:
        customers_asof(engine, as_of=AS_OF, available=EVERY_COLUMN, names=["order_count"])
        engine.execute("CREATE TABLE grouped AS SELECT *, 'Loyal' AS rfm_group FROM customers_asof")
        filled(engine, {}, table="grouped")
        assert kept(engine, "customers_filled")["ann"] == {"order_count": 2, "rfm_group": "Loyal"}


def test_a_median_that_is_not_there_is_an_error() -> None:
    with opened(SHOP) as engine:
        customers_asof(engine, as_of=AS_OF, available=EVERY_COLUMN, names=["last_gap_days"])
        with pytest.raises(KeyError, match="last_gap_days"):
            filled(engine, {})
