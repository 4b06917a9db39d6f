import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from holdfast.errors import InputError
from holdfast.forecast import ForecastConfig, Forecasts, Model, Source, State, fit, model_file, predict
from holdfast.forecast.folds import plan
from holdfast.forecast.labels import OrderDays, before, select
from holdfast.forecast.labels import outcomes as outcomes_of
from tests.forecast.histories import history
from tests.forecast.shop import altered, joined, listening, past_of, simulated

HISTORY, BUYERS = simulated(customers=450, days=560, seed=7)
AS_OF, HORIZON = 500, 60
CONFIG = ForecastConfig(horizon=HORIZON)
COLUMNS = ("keys", "p_buy", "e_orders", "e_spend", "spend_p10", "spend_p90", "p_alive")


@pytest.fixture(scope="module")
def trained() -> Model:
    return fit(past_of(HISTORY), as_of=AS_OF, config=CONFIG)


@pytest.fixture(scope="module")
def forecasts(trained: Model) -> Forecasts:
    return predict(trained, past_of(HISTORY).at(AS_OF))


def file_of(shop: OrderDays, config: ForecastConfig = CONFIG) -> str:
    """What a model of the shop is as a file."""
    return model_file.write(fit(past_of(shop), as_of=AS_OF, config=config), {})


def same(left: Forecasts, right: Forecasts) -> bool:
    return all(np.array_equal(getattr(left, name), getattr(right, name)) for name in COLUMNS)


# --- nothing is known before it happened -----------------------------------------------------------------------------


def test_training_asks_for_nothing_after_the_day() -> None:
    past, asked = listening(past_of(HISTORY))
    fit(past, as_of=AS_OF, config=CONFIG)
    folds = {fold.day for fold in plan(first_day=int(HISTORY.day.min()), as_of=AS_OF, horizon=HORIZON)}
    assert set(asked.features) == {AS_OF, *folds}
    assert set(asked.order_days) == {AS_OF, *folds}
    assert len(asked.features) == len(folds) + 1, "features are dear: once a day"


def test_the_future_changes_no_byte(trained: Model) -> None:
    """Orders from as_of on: left out, dearer, or more of them, also of customers nobody has seen yet."""
    expected = model_file.write(trained, {})
    dropped = altered(HISTORY, HISTORY.day >= AS_OF)
    more = history(*((who, 1000 + who % 50, 99.0) for who in range(0, 500, 3)), customers=500)
    assert len(dropped.day) < len(HISTORY.day)
    for shop in (before(HISTORY, AS_OF), joined(dropped, more)):
        assert file_of(shop) == expected


@pytest.mark.parametrize("day", [AS_OF - 1, AS_OF - HORIZON, AS_OF - 200])
def test_the_past_does_change_the_model(trained: Model, day: int) -> None:
    """So that the test above can fail."""
    other = altered(HISTORY, (HISTORY.day >= day) & (HISTORY.day < AS_OF))
    model = fit(past_of(other), as_of=AS_OF, config=replace(CONFIG, most_rows=500))
    assert model.purchases != trained.purchases


def test_a_later_forecast_sees_the_later_orders_and_nothing_after_them(trained: Model) -> None:
    now, later = (predict(trained, past_of(HISTORY).at(day)) for day in (AS_OF, AS_OF + 30))
    assert len(later) > len(now)
    assert same(predict(trained, past_of(altered(HISTORY, HISTORY.day >= AS_OF + 30)).at(AS_OF + 30)), later)


# --- the same every time ---------------------------------------------------------------------------------------------


def test_the_same_input_and_seed_give_the_same_bytes(trained: Model) -> None:
    assert file_of(HISTORY) == model_file.write(trained, {})


def test_another_seed_gives_other_trees_and_nearly_the_same_forecasts(trained: Model, forecasts: Forecasts) -> None:
    other = fit(past_of(HISTORY), as_of=AS_OF, config=replace(CONFIG, seed=1))
    assert other.members is not None
    assert other.members != trained.members
    assert np.corrcoef(predict(other, past_of(HISTORY).at(AS_OF)).p_buy, forecasts.p_buy)[0, 1] > 0.98


def test_a_model_survives_a_trip_through_json(trained: Model, forecasts: Forecasts) -> None:
    again = Model.from_json(json.loads(json.dumps(trained.as_json())))
    assert again == trained
    assert same(predict(again, past_of(HISTORY).at(AS_OF)), forecasts)


# --- what is forecast ------------------------------------------------------------------------------------------------


def test_one_row_for_each_customer_with_an_order_before(forecasts: Forecasts) -> None:
    ordered = np.unique(before(HISTORY, AS_OF).customer)
    assert forecasts.keys.tolist() == ordered.tolist()
    assert len(forecasts) == len(ordered) < HISTORY.customers
    assert {len(getattr(forecasts, name)) for name in COLUMNS} == {len(ordered)}


def test_forecasts_are_what_they_are_called(forecasts: Forecasts) -> None:
    assert all(np.isfinite(getattr(forecasts, name)).all() for name in COLUMNS)
    for chance in (forecasts.p_buy, forecasts.p_alive):
        assert np.all((chance >= 0) & (chance <= 1))
    assert np.all(forecasts.e_orders >= forecasts.p_buy)
    assert np.all(forecasts.e_spend >= 0)
    assert np.all((forecasts.spend_p10 >= 0) & (forecasts.spend_p10 <= forecasts.spend_p90))
    assert not forecasts.spend_p10[forecasts.p_buy < 0.9].any(), "who stays away with 10 % or more has a P10 of zero"
    assert not forecasts.spend_p90[forecasts.p_buy < 0.1].any()
    assert np.all(forecasts.spend_p90[forecasts.p_buy > 0.5] > forecasts.e_spend[forecasts.p_buy > 0.5])


def test_totals_are_those_that_came(forecasts: Forecasts) -> None:
    happened = select(outcomes_of(HISTORY, cutoff=AS_OF, horizon=HORIZON), forecasts.keys)
    assert forecasts.p_buy.sum() == pytest.approx(happened.bought.sum(), rel=0.15)
    assert forecasts.e_orders.sum() == pytest.approx(happened.orders.sum(), rel=0.15)
    assert forecasts.e_spend.sum() == pytest.approx(happened.spend.sum(), rel=0.2)


def test_the_ranking_is_near_the_best_that_anybody_could_know(forecasts: Forecasts) -> None:
    """The best: the purchase models with the parameters of the truth rank as high as AUC .9 here."""
    happened = select(outcomes_of(HISTORY, cutoff=AS_OF, horizon=HORIZON), forecasts.keys)
    assert roc_auc_score(happened.bought, forecasts.p_buy) > 0.88
    rate = BUYERS.rate[forecasts.keys] * (BUYERS.leaves[forecasts.keys] > AS_OF)
    assert np.corrcoef(forecasts.e_orders, rate)[0, 1] > 0.8


def test_a_level_that_is_known_moves_every_total(trained: Model, forecasts: Forecasts) -> None:
    """Half as many orders in the window of every fold as the purchase models expect."""
    assert trained.level.source is Source.RECENT
    assert trained.level.folds
    dearer = replace(trained, blend=replace(trained.blend, spend=trained.blend.spend + np.log(2)))
    seen = predict(dearer, past_of(HISTORY).at(AS_OF))
    np.testing.assert_allclose(seen.e_spend, 2 * forecasts.e_spend)
    np.testing.assert_allclose(seen.spend_p90, 2 * forecasts.spend_p90)
    np.testing.assert_array_equal(seen.p_buy, forecasts.p_buy)


def test_a_sample_of_customers_teaches_and_everybody_is_forecast(trained: Model, forecasts: Forecasts) -> None:
    model = fit(past_of(HISTORY), as_of=AS_OF, config=replace(CONFIG, most_rows=600))
    seen = predict(model, past_of(HISTORY).at(AS_OF))
    assert seen.keys.tolist() == forecasts.keys.tolist()
    assert model.members is not None
    assert model.members != trained.members
    assert model.purchases == trained.purchases, "purchase models see everybody"
    assert model.level == trained.level, "and so do the levels"
    assert np.corrcoef(seen.p_buy, forecasts.p_buy)[0, 1] > 0.95


def test_a_model_tells_what_it_is(trained: Model) -> None:
    assert (trained.as_of, trained.horizon, trained.seed) == (AS_OF, HORIZON, 0)
    assert trained.customers == len(np.unique(before(HISTORY, AS_OF).customer))
    assert list(trained.features) == sorted(trained.features)
    assert trained.readiness.state is State.READY
    assert trained.readiness.season_known


def test_progress_rises_and_says_what_is_done() -> None:
    told: list[tuple[str, float]] = []
    fit(past_of(HISTORY), as_of=120, config=ForecastConfig(30), progress=lambda step, done: told.append((step, done)))
    assert all(step for step, _ in told)
    assert all(earlier[1] <= later[1] for earlier, later in pairwise(told))
    assert told[0][1] == 0.0
    assert told[-1][1] <= 1.0


def test_before_the_first_order_nothing_can_be_learned() -> None:
    with pytest.raises(InputError, match="Nobody had ordered by then"):
        fit(past_of(HISTORY), as_of=int(HISTORY.day.min()), config=CONFIG)
