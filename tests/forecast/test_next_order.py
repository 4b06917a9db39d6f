from dataclasses import replace

import numpy as np
import pytest

from holdfast.errors import InputError
from holdfast.forecast import next_order as module
from holdfast.forecast.measures.reliability import share
from holdfast.forecast.model import ForecastConfig, Model, fit, predict
from holdfast.forecast.next_order import ENOUGH, QUARTILES, HitRate, hit_rate, next_order
from holdfast.forecast.past import Past
from tests.forecast.drawn_shops import drawn, past_of
from tests.forecast.histories import shop
from tests.forecast.shop import listening

AS_OF, HORIZON = 600, 60


@pytest.fixture(scope="module")
def past() -> Past:
    return past_of(drawn(500, days=1000))


@pytest.fixture(scope="module")
def model(past: Past) -> Model:
    return fit(past, as_of=AS_OF, config=ForecastConfig(horizon=HORIZON))


def test_a_window_holds_half_of_the_next_orders(past: Past, model: Model) -> None:
    """What came afterwards, in a shop drawn from the model: 400 days are known, windows are for a year."""
    snapshot = past.at(AS_OF)
    found = next_order(model, snapshot, predict(model, snapshot))
    waited = module._days_until_next(past.order_days_at(1000), snapshot.keys, AS_OF)
    came = (waited >= 0) & (waited < 365)
    held = (waited >= found.earliest) & (waited <= found.latest)
    assert held[came].mean() == pytest.approx(0.5, abs=0.1)
    assert found.p_within_year.mean() == pytest.approx(came.mean(), abs=0.08)


def test_the_chance_within_the_horizon_is_that_of_the_forecast(past: Past, model: Model) -> None:
    snapshot = past.at(AS_OF)
    forecasts = predict(model, snapshot)
    assert (next_order(model, snapshot, forecasts).p_within_year >= forecasts.p_buy).all()


def test_windows_are_days_of_the_year_in_order(past: Past, model: Model) -> None:
    snapshot = past.at(AS_OF)
    forecasts = predict(model, snapshot)
    found = next_order(model, snapshot, forecasts)
    assert ((found.earliest >= 0) & (found.earliest <= found.latest) & (found.latest < 365)).all()
    wide = next_order(model, snapshot, forecasts, levels=(0.1, 0.9))
    assert ((wide.earliest <= found.earliest) & (wide.latest >= found.latest)).all()


def test_forecasts_of_other_customers_are_refused(past: Past, model: Model) -> None:
    with pytest.raises(InputError, match="one forecast for each customer"):
        next_order(model, past.at(AS_OF), predict(model, past.at(200)))


def test_quantiles_by_hand() -> None:
    """Chances rise evenly up to day 10 and not after it: the quartiles are days 2.5 and 7.5, that is days 2 to 7."""
    days = np.array(module._grid(365))
    chances = np.minimum(days / 10, 1.0)[None, :] * 0.4
    assert module._quantile(chances, 0.25, within=365) == pytest.approx([2.5])
    assert module._quantile(chances, 0.75, within=365) == pytest.approx([7.5])
    assert [each.tolist() for each in module._window(chances, QUARTILES, within=365)] == [[2], [7]]
    assert module._place(np.repeat(chances, 3, axis=0), np.array([0, 4, 9]), within=365) == pytest.approx(
        [0.05, 0.45, 0.95]
    )


def test_days_until_the_next_order_by_hand() -> None:
    history = shop([1, 10, 20], [3], [9, 11])
    found = module._days_until_next(history, np.arange(4), 10)
    assert found[[0, 2]].tolist() == [0, 1]
    assert (found[[1, 3]] < 0).all()


def test_the_hit_rate_of_a_shop_that_the_models_describe(past: Past, model: Model) -> None:
    found = hit_rate(past, as_of=AS_OF, model=model)
    assert found.can_tell
    assert found.dates == (AS_OF - HORIZON, AS_OF - 2 * HORIZON)
    assert found.held.value == pytest.approx(0.5, abs=0.1)
    assert f"of {found.held.whole:,} next orders fell into the window forecast for them; half should" in found.sentence


def test_the_hit_rate_asks_for_no_feature(past: Past, model: Model) -> None:
    listened, asked = listening(past)
    hit_rate(listened, as_of=AS_OF, model=model)
    assert asked.features == []


def test_the_hit_rate_knows_nothing_of_the_future(past: Past, model: Model) -> None:
    cut = Past(past.features_at, lambda day: past.order_days_at(min(day, AS_OF)))
    assert hit_rate(past, as_of=AS_OF, model=model) == hit_rate(cut, as_of=AS_OF, model=model)


def test_too_few_orders_cannot_tell() -> None:
    past = past_of(drawn(60, days=200))
    model = fit(past, as_of=200, config=ForecastConfig(horizon=90))
    found: HitRate = hit_rate(past, as_of=200, model=replace(model, horizon=190))
    assert not found.can_tell
    assert found.levels == QUARTILES
    assert found.sentence == (
        f"Cannot tell how often windows of the next order hold: 0 next orders seen, at least {ENOUGH} are needed."
    )


def test_another_width_is_taken_only_where_it_proves_itself() -> None:
    centred = np.linspace(0.4, 0.6, 101)
    assert module._learned(centred) == pytest.approx((0.45, 0.55))
    assert module._learned(centred[: ENOUGH - 1]) == QUARTILES
    assert module._is_better(share(52, 100), share(80, 100))
    assert not module._is_better(share(52, 100), share(54, 100)), "windows that hold 54 % are left alone"
    assert not module._is_better(share(30, 100), share(60, 100))
    assert not module._is_better(share(20, 40), share(35, 40)), "too few"
    narrower = module._sentence((0.3, 0.7), share(52, 100), share(80, 100), 2)
    assert narrower.endswith("Windows were made narrower by what older dates taught; before, 80 % did.")
