"""The catalogue says of every feature what a merchant and a program need to know."""

import re

import pytest

from holdfast.errors import NotFoundError
from holdfast.features import CATALOGUE, FEATURE, Feature, Grain, Missing, Unit, rows
from holdfast.features.feature import DECIMAL, DOUBLE, INTEGER, LABEL
from holdfast.features.queries import chosen
from holdfast.tables import STAGE
from tests.features.shops import EVERY_COLUMN

NAMED = (
    "days_since_first_purchase",
    "purchase_velocity",
    "order_frequency_trend",
    "preferred_payment_method",
    "weekend_shopper_ratio",
    "review_engagement_score",
    "state_avg_order_value",
    "city_churn_rate",
    "regional_seasonality",
    "category_diversity",
    "brand_loyalty_score",
    "price_sensitivity",
)

feature_by_feature = pytest.mark.parametrize("feature", CATALOGUE, ids=lambda feature: feature.name)


def test_there_are_at_least_eighty_for_plain_order_lines_and_names_are_distinct() -> None:
    assert len(chosen({"orders.units", "order_lines.product_key"})) >= 80
    assert len(FEATURE) == len(CATALOGUE)


@pytest.mark.parametrize("name", NAMED)
def test_the_named_features_exist(name: str) -> None:
    assert name in FEATURE


@feature_by_feature
def test_a_name_is_a_plain_column_name(feature: Feature) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", feature.name)


@feature_by_feature
def test_a_definition_is_one_sentence(feature: Feature) -> None:
    assert re.fullmatch(r"[A-Z1][^.]{9,}\.", feature.definition)


@feature_by_feature
def test_type_unit_and_null_rule_agree(feature: Feature) -> None:
    assert feature.type in {INTEGER, DECIMAL, DOUBLE, LABEL}
    assert (feature.type == LABEL) == (feature.unit is Unit.LABEL) == (feature.missing is Missing.UNKNOWN)


@feature_by_feature
def test_needs_are_columns_of_the_stage(feature: Feature) -> None:
    columns = {f"{table.name}.{column}" for table in STAGE for column in table.names}
    assert {column for need in feature.needs for column in need.split("|")} <= columns


@feature_by_feature
def test_only_features_of_customers_use_others_and_those_use_none(feature: Feature) -> None:
    assert bool(feature.uses) == (feature.grain is Grain.CUSTOMER)
    assert all(FEATURE[name].grain is not Grain.CUSTOMER for name in feature.uses)
    assert all(re.search(rf"\b{name}\b", feature.sql) for name in feature.uses)


@feature_by_feature
def test_a_feature_needs_what_its_uses_need(feature: Feature) -> None:
    assert {need for name in feature.uses for need in FEATURE[name].needs} <= set(feature.needs)


def test_rows_hold_the_entries() -> None:
    assert rows()[0] == {
        "name": "days_since_last_order",
        "definition": "Days from the last order to as_of.",
        "unit": "days",
        "type": "INTEGER",
        "missing": "never missing",
        "grain": "live order",
        "needs": [],
        "uses": [],
    }
    assert len(rows()) == len(CATALOGUE)


def test_either_of_two_columns_meets_a_need() -> None:
    loyalty = FEATURE["brand_loyalty_score"]
    assert loyalty.possible({"products.brand"})
    assert loyalty.possible({"order_lines.seller"})
    assert not loyalty.possible(EVERY_COLUMN - {"products.brand", "order_lines.seller"})


def test_an_unknown_name_is_refused_and_an_unavailable_one_left_out() -> None:
    with pytest.raises(NotFoundError, match="order_cuont"):
        chosen(EVERY_COLUMN, ["order_count", "order_cuont"])
    assert [feature.name for feature in chosen(frozenset(), ["state", "order_count"])] == ["order_count"]
