import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.errors import InputError
from holdfast.features.seven import SEVEN as THEIRS
from holdfast.forecast.folds import plan
from holdfast.forecast.labels import Outcomes
from holdfast.forecast.learning import purchases
from holdfast.forecast.learning.lessons import learn_from
from holdfast.forecast.learning.seven import (
    SEVEN,
    Rows,
    Seven,
    fit_seven,
    predict_seven,
    rows_at_folds,
    rows_of_lesson,
    seven_of,
)
from holdfast.forecast.measures.scores import auc
from tests.forecast.drawn_shops import drawn
from tests.forecast.seven_shops import past_with_seven

HORIZON = 60
PAST = past_with_seven(drawn(600, days=480))
AS_OF = 400


@pytest.fixture(scope="module")
def model() -> Seven:
    found = fit_seven(rows_at_folds(PAST, as_of=AS_OF, horizon=HORIZON), horizon=HORIZON)
    assert found is not None
    return found


def test_the_seven_are_those_of_the_features() -> None:
    assert SEVEN == THEIRS


def test_it_ranks_and_meets_the_totals_of_a_date_it_has_not_seen(model: Seven) -> None:
    then = PAST.at(AS_OF)
    came = PAST.after(then, horizon=HORIZON, known=480)
    found = predict_seven(model, seven_of(then.features.columns))
    assert (auc(came.bought, found.p_buy) or 0) > 0.7
    assert found.p_buy.sum() == pytest.approx(came.bought.sum(), rel=0.25)
    assert found.e_orders.sum() == pytest.approx(came.orders.sum(), rel=0.25)
    assert found.e_spend.sum() == pytest.approx(came.spend.sum(), rel=0.3)


def test_a_customer_is_scored_alone_as_among_others(model: Seven) -> None:
    columns = seven_of(PAST.at(AS_OF).features.columns)
    everybody = predict_seven(model, columns)
    alone = predict_seven(model, {name: values[7:8] for name, values in columns.items()})
    assert (alone.p_buy[0], alone.e_orders[0], alone.e_spend[0]) == pytest.approx(
        (everybody.p_buy[7], everybody.e_orders[7], everybody.e_spend[7])
    )


def test_json_keeps_every_bit(model: Seven) -> None:
    again = Seven.from_json(json.loads(json.dumps(model.as_json(), allow_nan=False)))
    assert again == model


def test_a_lesson_of_the_large_model_teaches_the_same() -> None:
    """Lessons hold single precision: up to that."""
    today = PAST.at(AS_OF)
    start = purchases.fit(today, seed=0)
    features = tuple(sorted(today.features.columns))
    fold = plan(first_day=0, as_of=AS_OF, horizon=HORIZON)[0]
    lesson = learn_from(PAST, fold, as_of=AS_OF, horizon=fold.window, features=features, start=start, share=1.0, seed=0)
    assert lesson is not None
    from_lesson, from_past = rows_of_lesson(lesson), rows_at_folds(PAST, as_of=AS_OF, horizon=HORIZON)[0]
    assert from_lesson.columns.keys() == from_past.columns.keys()
    for name, values in from_past.columns.items():
        assert np.allclose(from_lesson.columns[name], values, rtol=1e-6, equal_nan=True)
    assert (from_lesson.weight, from_lesson.window) == (from_past.weight, from_past.window)
    assert np.array_equal(from_lesson.outcomes.bought, from_past.outcomes.bought)


def test_products_are_used_where_a_shop_has_them() -> None:
    rows = rows_at_folds(PAST, as_of=AS_OF, horizon=HORIZON)
    with_products = [
        Rows({**each.columns, "unique_products": each.columns["frequency"]}, each.outcomes, each.weight, each.window)
        for each in rows
    ]
    found = fit_seven(with_products, horizon=HORIZON)
    assert found is not None
    assert "unique_products" in found.names
    without = fit_seven([*with_products, rows[0]], horizon=HORIZON)
    assert without is not None
    assert "unique_products" not in without.names


def test_a_gap_of_somebody_with_one_order_is_none(model: Seven) -> None:
    one = {name: np.array([value]) for name, value in zip(model.names, (20, 1, 40, 40, np.nan, 0), strict=True)}
    given_zero = one | {"avg_interpurchase_days": np.array([0.0])}
    assert predict_seven(model, one).p_buy[0] == predict_seven(model, given_zero).p_buy[0]


def test_a_shorter_window_is_stretched_to_the_horizon() -> None:
    rows = rows_at_folds(PAST, as_of=AS_OF, horizon=HORIZON)
    short, long = fit_seven(rows, horizon=HORIZON), fit_seven(rows, horizon=2 * HORIZON)
    assert short is not None
    assert long is not None
    columns = rows[0].columns
    once, twice = predict_seven(short, columns), predict_seven(long, columns)
    assert 1 - twice.p_buy == pytest.approx((1 - once.p_buy) ** 2)
    assert twice.e_spend == pytest.approx(2 * once.e_spend)


@pytest.mark.parametrize("bought", [np.zeros(80, dtype=bool), np.ones(80, dtype=bool), np.arange(80) < 9])
def test_too_little_to_learn_from(bought: np.ndarray) -> None:
    columns = {name: np.arange(80.0) for name in SEVEN}
    rows = Rows(columns, Outcomes(bought, bought.astype(np.int64), bought * 1.0), 1.0, 90)
    assert fit_seven([rows], horizon=90) is None
    assert fit_seven([], horizon=90) is None


def test_a_shop_without_amounts_expects_no_spend() -> None:
    rows = [
        Rows(
            {
                **each.columns,
                "monetary": 0 * each.columns["monetary"],
                "avg_basket_value": 0 * each.columns["monetary"],
            },
            Outcomes(each.outcomes.bought, each.outcomes.orders, 0 * each.outcomes.spend),
            each.weight,
            each.window,
        )
        for each in rows_at_folds(PAST, as_of=AS_OF, horizon=HORIZON)
    ]
    found = fit_seven(rows, horizon=HORIZON)
    assert found is not None
    assert not predict_seven(found, rows[0].columns).e_spend.any()
    json.dumps(found.as_json(), allow_nan=False)


def test_what_is_missing_is_named(model: Seven) -> None:
    with pytest.raises(InputError, match="monetary"):
        predict_seven(model, {name: np.zeros(1) for name in model.names if name != "monetary"})
    with pytest.raises(InputError, match="Infinite: recency_days"):
        predict_seven(model, {name: np.array([np.inf if name == "recency_days" else 1.0]) for name in model.names})


ANYTHING = st.one_of(st.just(np.nan), st.floats(-1e12, 1e12), st.integers(0, 500).map(float))


@settings(max_examples=60, deadline=None)
@given(values=st.lists(ANYTHING, min_size=7, max_size=7))
def test_whatever_is_posted_the_answer_is_a_forecast(model: Seven, values: list[float]) -> None:
    found = predict_seven(model, {name: np.array([value]) for name, value in zip(SEVEN, values, strict=True)})
    assert 0 < found.p_buy[0] < 1
    assert found.p_buy[0] <= found.e_orders[0] < 1e3
    assert 0 <= found.e_spend[0] < np.inf
