"""One customer at once: the same as in the file of forecasts, whoever is asked for."""

from pathlib import Path

import duckdb
import numpy as np
import pytest

from holdfast.segments import RfmCutoffs
from holdfast.store import StoredModel, needed_model
from holdfast.workflows import lookup as looking
from holdfast.workflows.derived import BeingPreparedError
from holdfast.workflows.lookup import Held, Standards, lookup, standards_of
from holdfast.workflows.shop import Shop
from holdfast.workflows.views import needed_view
from tests.sample_home import shop_in


@pytest.fixture
def shop(sample_home: Path) -> Shop:
    return shop_in(sample_home)


@pytest.fixture
def model(shop: Shop) -> StoredModel:
    return needed_model(shop.folder, None)


def test_everybody_is_found_with_forecasts_and_groups(shop: Shop, model: StoredModel) -> None:
    view = needed_view(shop)
    with duckdb.connect() as connection:
        told = connection.execute(f"SELECT * FROM '{model.file('forecasts.parquet')}'")
        names = [column[0] for column in told.description]
        forecasts = [dict(zip(names, row, strict=True)) for row in told.fetchall()]
    with view.engine() as engine:
        listed = engine.execute("SELECT customer_id, risk_band, rfm_group, archetype FROM customers_grouped").fetchall()
    groups = {row[0]: row[1:] for row in listed}
    actions = {each["segment"]: each["action"] for each in view.facts.segments["rfm_groups"]}
    assert len(forecasts) == 300
    for expected in forecasts:
        found = lookup(shop, model, expected["customer_id"])
        assert found is not None
        assert {name: found[name] for name in expected} == expected
        assert (found["risk_band"], found["rfm_group"], found["archetype"]) == groups[expected["customer_id"]]
        assert found["action"] == actions[found["rfm_group"]]


@pytest.mark.parametrize("stranger", ["", "nobody", "' OR 1=1 --", "é" * 10_000, "\x00", "C0001 "])
def test_strangers_are_not_found(shop: Shop, model: StoredModel, stranger: str) -> None:
    assert lookup(shop, model, stranger) is None


def test_without_a_view_there_are_forecasts_and_no_groups(
    shop: Shop, model: StoredModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_given: object, **_named: object) -> None:
        raise BeingPreparedError("Busy.", seen="It.", todo="Wait.")

    monkeypatch.setattr(looking, "needed_view", busy)
    with duckdb.connect() as connection:
        text = f"SELECT customer_id FROM '{model.file('forecasts.parquet')}' LIMIT 1"
        (somebody,) = connection.execute(text).fetchall()[0]
    found = lookup(shop, model, somebody)
    assert found is not None
    assert "p_buy" in found
    assert "rfm_group" not in found
    assert standards_of(shop, model) is None


def test_equal_halves_of_two_ids_are_told_apart() -> None:
    low, high = looking._numbers("a")
    held = Held(np.array([low, low, low]), np.array([high + 1, high, high + 2]), {"n": np.array([1, 2, 3])}, {})
    assert held.row("a") == {"n": 2}
    assert Held(np.array([low]), np.array([high + 1]), {"n": np.array([1])}, {}).row("a") is None
    assert Held(np.array([], np.uint64), np.array([], np.uint64), {"n": np.array([])}, {}).row("a") is None
    assert held.bytes == 3 * 8 * 3


def test_a_posted_customer_is_placed_by_the_shop_s_own_standards(shop: Shop, model: StoredModel) -> None:
    standards = standards_of(shop, model)
    assert standards is not None
    facts = needed_view(shop).facts
    assert standards.median_revenue == float(facts.median_revenue)
    with needed_view(shop).engine() as engine:
        text = "SELECT days_since_last_order, order_count, net_revenue, rfm_group FROM customers_grouped"
        for days, orders, revenue, group in engine.execute(text).fetchall():
            given = {"recency_days": float(days), "frequency": float(orders), "monetary": float(revenue)}
            assert standards.rfm_group(given) == group


CUTOFFS = RfmCutoffs((100.0, 50.0, 20.0, 5.0), (2.0, 3.0, 4.0, 5.0), (10.0, 20.0, 50.0, 100.0))


@pytest.mark.parametrize(
    ("monetary", "at_risk", "action"),
    [
        (100.0, True, "Targeted incentive"),
        (100.0, False, "Early access and loyalty perks"),
        (9.0, True, "Low-touch win-back or deprioritise"),
        (9.0, False, "Stay in touch as usual"),
        (None, True, None),
    ],
)
def test_the_action_follows_from_value_and_risk(monetary: float | None, at_risk: bool, action: str | None) -> None:
    standards = Standards(CUTOFFS, 10.0)
    assert standards.action({"monetary": monetary}, at_risk=at_risk) == action
    assert standards.rfm_group({"recency_days": None, "frequency": 1.0, "monetary": 1.0}) is None
    assert standards.rfm_group({"recency_days": 1.0, "frequency": 9.0, "monetary": 900.0}) == "Champions"
