import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from holdfast.forecast.arrays import Vector
from holdfast.forecast.learning import blend
from holdfast.forecast.learning.blend import CHANCE_MEMBERS, ORDERS_SHARES, Blend, apply
from holdfast.forecast.learning.level import Level, Source
from holdfast.forecast.learning.members import LINEAR_NAME, RECIPES
from holdfast.forecast.learning.purchases import LEAST_CHANCE, Outlook
from tests.forecast.shop import outlook

CUSTOMERS = 300
STEADY = Level(0.0, 0.0, 0.0, Source.PURCHASES, ())
MOVED = Level(0.4, 0.3, 0.2, Source.RECENT, ())


def expected_of(customers: int = CUSTOMERS, *, seed: int = 0) -> Outlook:
    """Purchase models of some shop: customers who are likely to order are likely to do so often."""
    random = np.random.default_rng(seed)
    rate = random.gamma(0.8, 1.2, customers) + 0.01
    return outlook(1 - np.exp(-rate), 1.3 * rate, random.gamma(4.0, 8.0, customers))


def opinions_of(known: Outlook, *, noise: float = 0.5, seed: int = 1) -> dict[str, Vector]:
    """What members might say: the purchase models with an error of their own, each at a level of its own."""
    random = np.random.default_rng(seed)

    def near(values: Vector) -> Vector:
        return values + random.normal(0, noise, len(values)) + random.normal(0, 2)

    said = {LINEAR_NAME: near(known.log_odds)}
    for name in RECIPES:
        said[name] = near(
            known.log_odds if name.startswith("buys") else np.log(known.orders if "orders" in name else known.spend)
        )
    return said


def test_the_members_are_known() -> None:
    assert {*CHANCE_MEMBERS, *ORDERS_SHARES, *blend.SPEND_SHARES} <= {
        *RECIPES, LINEAR_NAME, "purchases", "orders x value",
    }  # fmt: skip


@pytest.mark.parametrize("level", [STEADY, MOVED], ids=["steady", "moved"])
def test_the_level_is_met(level: Level) -> None:
    known = expected_of()
    said = opinions_of(known)
    expected = apply(blend.fit(said, known, level), said, known)
    assert expected.p_buy.mean() == pytest.approx(expit(known.log_odds + level.shift).mean(), abs=1e-6)
    assert expected.spend.sum() == pytest.approx(known.spend.sum() * np.exp(level.spend))
    floored = expected.orders <= expected.p_buy
    total = known.orders.sum() * np.exp(level.orders)
    assert expected.orders.sum() == pytest.approx(total, rel=0.02)
    assert expected.orders.sum() >= total * (1 - 1e-9), "those lifted to their chance of one come on top"
    assert expected.orders[~floored].sum() <= total


def test_members_are_centred_on_the_purchase_models() -> None:
    known = expected_of()
    said = opinions_of(known)
    found = blend.fit(said, known, MOVED)
    assert set(found.centre) == set(CHANCE_MEMBERS)
    for name in ("buys by rank", "buys by value", LINEAR_NAME):
        assert expit(said[name] + found.centre[name]).mean() == pytest.approx(known.p_order.mean(), abs=1e-9)


def test_a_members_own_level_moves_nobody() -> None:
    known = expected_of()
    said = opinions_of(known)
    expected = apply(blend.fit(said, known, MOVED), said, known)
    for name in ("buys by rank", LINEAR_NAME, "orders by value", "spend by value"):
        louder = {**said, name: said[name] + 1.7}
        other = apply(blend.fit(louder, known, MOVED), louder, known)
        np.testing.assert_allclose(other.p_buy, expected.p_buy, rtol=1e-6)
        np.testing.assert_allclose(other.orders, expected.orders, rtol=1e-6)
        np.testing.assert_allclose(other.spend, expected.spend, rtol=1e-6)


def test_the_blend_ranks_by_the_mean_of_all() -> None:
    """Members who all agree are followed; one that errs is outvoted."""
    known = expected_of()
    agreed = {name: known.log_odds for name in CHANCE_MEMBERS if not name.startswith("orders")}
    expected = apply(blend.fit(agreed, known, STEADY), agreed, known)
    np.testing.assert_allclose(expected.p_buy, known.p_order, atol=1e-6)
    odd = {**agreed, LINEAR_NAME: -0.5 * known.log_odds}
    outvoted = apply(blend.fit(odd, known, STEADY), odd, known)
    assert np.array_equal(np.argsort(outvoted.p_buy), np.argsort(known.p_order))


def test_a_customers_forecast_depends_on_nobody_else() -> None:
    known = expected_of()
    said = opinions_of(known)
    found = blend.fit(said, known, MOVED)
    everybody = apply(found, said, known)
    few = slice(10, 14)
    some = outlook(known.p_order[few], known.orders[few], known.value[few])
    alone = apply(found, {name: opinion[few] for name, opinion in said.items()}, some)
    np.testing.assert_array_equal(alone.p_buy, everybody.p_buy[few])
    np.testing.assert_allclose(alone.orders, everybody.orders[few], rtol=1e-12)
    np.testing.assert_allclose(alone.spend, everybody.spend[few], rtol=1e-12)


def test_without_members_it_is_the_purchase_models() -> None:
    known = expected_of()
    expected = apply(blend.fit({}, known, STEADY), {}, known)
    np.testing.assert_allclose(expected.p_buy, known.p_order, rtol=1e-6)
    np.testing.assert_allclose(expected.orders, np.maximum(known.orders, known.p_order), rtol=1e-6)
    np.testing.assert_allclose(expected.spend, known.spend, rtol=1e-6)
    moved = apply(blend.fit({}, known, MOVED), {}, known)
    np.testing.assert_allclose(moved.p_buy, expit(known.log_odds + 0.4), rtol=1e-6)
    np.testing.assert_allclose(moved.spend, known.spend * np.exp(0.2), rtol=1e-6)


def test_without_learners_of_spend_it_follows_orders_and_value() -> None:
    known = expected_of()
    said = {name: opinion for name, opinion in opinions_of(known).items() if not name.startswith("spend")}
    expected = apply(blend.fit(said, known, STEADY), said, known)
    assert expected.spend.sum() == pytest.approx(known.spend.sum())
    above = expected.orders > expected.p_buy
    ratio = (expected.spend / (expected.orders * known.value))[above]
    assert ratio.max() / ratio.min() == pytest.approx(1.0, abs=1e-6)


def test_a_shop_without_amounts_expects_no_spend() -> None:
    known = replace(expected_of(), value=np.zeros(CUSTOMERS))
    said = {name: opinion for name, opinion in opinions_of(expected_of()).items() if not name.startswith("spend")}
    for members in (said, {}):
        expected = apply(blend.fit(members, known, MOVED), members, known)
        assert not expected.spend.any()
        assert expected.orders.sum() > 0


@settings(max_examples=40, deadline=None)
@given(
    customers=st.integers(1, 40),
    seed=st.integers(0, 10_000),
    noise=st.floats(0, 30),
    shift=st.floats(-1, 1),
    orders=st.floats(-1, 1),
    silent=st.booleans(),
)
def test_nothing_is_negative_and_orders_are_at_least_the_chance_of_one(
    customers: int, seed: int, noise: float, shift: float, orders: float, *, silent: bool
) -> None:
    known = expected_of(customers, seed=seed)
    said = {} if silent else opinions_of(known, noise=noise, seed=seed)
    expected = apply(blend.fit(said, known, Level(shift, orders, 0.0, Source.RECENT, ())), said, known)
    assert np.all((expected.p_buy >= LEAST_CHANCE) & (expected.p_buy <= 1 - LEAST_CHANCE))
    assert np.all(expected.orders >= expected.p_buy)
    assert np.all(np.isfinite(expected.orders))
    assert np.all(np.isfinite(expected.spend) & (expected.spend >= 0))


def test_a_blend_survives_a_trip_through_json() -> None:
    known = expected_of()
    found = blend.fit(opinions_of(known), known, MOVED)
    assert Blend.from_json(json.loads(json.dumps(found.as_json()))) == found
