import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from holdfast.errors import InputError
from holdfast.forecast import ForecastConfig, Forecasts, Model, Source, State, fit, model_file, predict
from holdfast.forecast.folds import plan
from holdfast.forecast.labels import OrderDays, before, select
from holdfast.forecast.labels import outcomes as outcomes_of
from holdfast.forecast.learning.purchases import look
from tests.forecast.histories import history
from tests.forecast.shop import Asked, altered, joined, listening, past_of, simulated

HISTORY, BUYERS = simulated(customers=450, days=560, seed=7)
AS_OF, HORIZON = 500, 60
CONFIG = ForecastConfig(horizon=HORIZON)
COLUMNS = ("keys", "p_buy", "e_orders", "e_spend", "spend_p10", "spend_p90", "p_alive")


@pytest.fixture(scope="module")
def watched() -> tuple[Model, Asked]:
    """A model, and the days that were looked at while it was trained."""
    past, asked = listening(past_of(HISTORY))
    return fit(past, as_of=AS_OF, config=CONFIG), asked


@pytest.fixture(scope="module")
def trained(watched: tuple[Model, Asked]) -> Model:
    return watched[0]


@pytest.fixture(scope="module")
def forecasts(trained: Model) -> Forecasts:
    return predict(trained, past_of(HISTORY).at(AS_OF))


def file_of(shop: OrderDays, config: ForecastConfig = CONFIG) -> str:
    """What a model of the shop is as a file."""
    return model_file.write(fit(past_of(shop), as_of=AS_OF, config=config), {})


def same(left: Forecasts, right: Forecasts) -> bool:
    return all(np.array_equal(getattr(left, name), getattr(right, name)) for name in COLUMNS)


# --- nothing is known before it happened -----------------------------------------------------------------------------


def test_training_asks_for_nothing_after_the_day(watched: tuple[Model, Asked]) -> None:
    asked = watched[1]
    folds = {fold.day for fold in plan(first_day=int(HISTORY.day.min()), as_of=AS_OF, horizon=HORIZON)}
    assert set(asked.features) == {AS_OF, *folds}
    assert set(asked.order_days) == {AS_OF, *folds}
    assert len(asked.features) == len(folds) + 1, "features are dear: once a day"


def test_an_older_shop_takes_its_level_from_last_year_and_looks_a_year_before_its_folds() -> None:
    older, _ = simulated(customers=900, days=850, seed=7)
    past, asked = listening(past_of(older))
    model = fit(past, as_of=800, config=replace(CONFIG, most_rows=500))
    folds = {fold.day for fold in plan(first_day=int(older.day.min()), as_of=800, horizon=HORIZON)}
    assert 800 - 365 in folds
    assert model.level.source is Source.LAST_YEAR
    assert set(asked.features) == {800, *folds}
    assert set(asked.order_days) == {800, *folds, *(800 - HORIZON - 20 * nth - 365 for nth in range(3))}


def test_the_future_changes_no_byte(trained: Model) -> None:
    """Orders from as_of on: left out, dearer, or more of them, also of customers nobody has seen yet."""
    expected = model_file.write(trained, {})
    dropped = altered(HISTORY, HISTORY.day >= AS_OF)
    more = history(*((who, 1000 + who % 50, 99.0) for who in range(0, 500, 3)), customers=500)
    assert len(dropped.day) < len(HISTORY.day)
    assert file_of(joined(dropped, more)) == expected


def test_the_last_window_does_change_the_model(trained: Model) -> None:
    """So that the test above can fail."""
    other = altered(HISTORY, (HISTORY.day >= AS_OF - HORIZON) & (HISTORY.day < AS_OF))
    model = fit(past_of(other), as_of=AS_OF, config=CONFIG)
    assert model.purchases != trained.purchases
    assert model.members != trained.members


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


def test_the_ranking_is_near_the_best_that_anybody_could_know(trained: Model, forecasts: Forecasts) -> None:
    """The customers are as Pareto/NBD tells it, so that its ranking cannot be beaten here, only be reached."""
    today = past_of(HISTORY).at(AS_OF)
    happened = select(outcomes_of(HISTORY, cutoff=AS_OF, horizon=HORIZON), forecasts.keys)
    known = look(trained.purchases, today, horizon=HORIZON)
    reached = roc_auc_score(happened.bought, forecasts.p_buy)
    assert reached > roc_auc_score(happened.bought, known.p_order) - 0.015
    assert reached > 0.87
    rate = BUYERS.rate[forecasts.keys] * (BUYERS.leaves[forecasts.keys] > AS_OF)
    assert np.corrcoef(forecasts.e_orders, rate)[0, 1] > 0.8


def test_the_totals_are_the_purchase_models_moved_by_the_level(trained: Model, forecasts: Forecasts) -> None:
    assert trained.level.source is Source.RECENT
    assert trained.level.shift != 0
    known = look(trained.purchases, past_of(HISTORY).at(AS_OF), horizon=HORIZON)
    assert forecasts.p_buy.mean() == pytest.approx(expit(known.log_odds + trained.level.shift).mean(), abs=1e-4)
    assert forecasts.e_orders.sum() == pytest.approx(known.orders.sum() * np.exp(trained.level.orders), rel=0.05)
    assert forecasts.e_spend.sum() == pytest.approx(known.spend.sum() * np.exp(trained.level.spend))


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
