import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit

from holdfast.forecast.btyd import collapse, pareto_nbd
from holdfast.forecast.learning import purchases
from holdfast.forecast.learning.purchases import LEAST_CHANCE, LEAST_ORDERS, Purchases, look, mean_value
from holdfast.forecast.past import Snapshot
from tests.forecast.histories import history, shop
from tests.forecast.shop import past_of, simulated, snapshot_of

HISTORY, BUYERS = simulated(customers=800, days=500, seed=3)
AS_OF = 420


@pytest.fixture(scope="module")
def today() -> Snapshot:
    return snapshot_of(HISTORY, AS_OF)


@pytest.fixture(scope="module")
def fitted(today: Snapshot) -> Purchases:
    return purchases.fit(today, seed=0)


def test_the_orders_model_is_the_pareto_nbd_of_the_snapshot(today: Snapshot, fitted: Purchases) -> None:
    assert fitted.orders == pareto_nbd.fit(collapse(today.summary), seed=0)
    chance = pareto_nbd.p_order(fitted.orders, today.summary, horizon=80)
    np.testing.assert_array_equal(look(fitted, today, horizon=80).p_order, np.maximum(chance, LEAST_CHANCE))


def test_totals_are_those_that_came(today: Snapshot, fitted: Purchases) -> None:
    """The customers are Pareto/NBD's own, so that its totals hold to the noise of 800 customers."""
    seen = look(fitted, today, horizon=80)
    happened = past_of(HISTORY).after(today, horizon=80, known=500)
    assert seen.p_order.sum() == pytest.approx(happened.bought.sum(), rel=0.1)
    assert seen.orders.sum() == pytest.approx(happened.orders.sum(), rel=0.1)
    assert seen.spend.sum() == pytest.approx(happened.spend.sum(), rel=0.1)


def test_customers_who_left_are_found_out(today: Snapshot, fitted: Purchases) -> None:
    left = BUYERS.leaves[today.keys] < AS_OF
    p_alive = look(fitted, today, horizon=80).p_alive
    assert p_alive[left].mean() < 0.4
    assert p_alive[~left].mean() > 0.75


def test_a_longer_horizon_brings_more(today: Snapshot, fitted: Purchases) -> None:
    near, far = look(fitted, today, horizon=30), look(fitted, today, horizon=90)
    assert np.all(far.p_order >= near.p_order)
    assert np.all(far.orders >= near.orders)
    np.testing.assert_array_equal(far.value, near.value)
    np.testing.assert_array_equal(far.p_alive, near.p_alive)


def test_an_outlook_in_other_words(today: Snapshot, fitted: Purchases) -> None:
    seen = look(fitted, today, horizon=30)
    np.testing.assert_allclose(expit(seen.log_odds), seen.p_order, rtol=1e-9)
    np.testing.assert_array_equal(seen.spend, seen.orders * seen.value)


def test_chances_stay_away_from_0_and_1(fitted: Purchases) -> None:
    """A customer of 400 days in a row, silent for years since, and one who still comes every day."""
    then = snapshot_of(shop([*range(400)], [*range(6000, 6400)], [6399], [10, 3000]), 6400)
    seen = look(fitted, then, horizon=700)
    assert seen.p_order.min() == LEAST_CHANCE
    assert seen.p_order.max() <= 1 - LEAST_CHANCE
    assert seen.orders.min() >= LEAST_ORDERS
    assert np.isfinite(seen.log_odds).all()


def test_mean_value_is_per_order_day_and_never_negative() -> None:
    rows = [(0, 1, 10.0), (0, 4, 20.0), (1, 2, -8.0), (2, 3, 0.0)]
    assert mean_value(snapshot_of(history(*rows, customers=3), 9)).tolist() == [15.0, 0.0, 0.0]


def test_without_amounts_every_order_is_worth_nothing(today: Snapshot) -> None:
    then = replace(today, spend=np.zeros(len(today)))
    seen = look(purchases.fit(then, seed=0), then, horizon=80)
    assert not seen.value.any()
    assert not seen.spend.any()


def test_the_models_survive_a_trip_through_json(fitted: Purchases, today: Snapshot) -> None:
    again = Purchases.from_json(json.loads(json.dumps(fitted.as_json())))
    assert again == fitted
    np.testing.assert_array_equal(look(again, today, horizon=9).p_order, look(fitted, today, horizon=9).p_order)


def test_a_fit_that_starts_from_a_later_one_ends_where_a_fresh_one_does(fitted: Purchases) -> None:
    then = snapshot_of(HISTORY, 330)
    warm, cold = purchases.fit(then, seed=0, start=fitted), purchases.fit(then, seed=0)
    seen, expected = look(warm, then, horizon=80), look(cold, then, horizon=80)
    np.testing.assert_allclose(seen.p_order, expected.p_order, atol=2e-3)
    np.testing.assert_allclose(seen.value, expected.value, rtol=1e-2)
