import numpy as np
import pytest

from holdfast.forecast.btyd import bg_nbd, collapse
from holdfast.forecast.learning.seven import rows_at_folds
from holdfast.forecast.past import Features, Past
from holdfast.forecast.proof.baselines import (
    METHODS,
    Seen,
    at_random,
    bg_nbd_gamma_gamma,
    churn_ratio,
    frequency,
    logistic_regression,
    recency_rule,
    same_as_last,
    seen_at,
)
from tests.forecast.drawn_shops import drawn
from tests.forecast.histories import history
from tests.forecast.seven_shops import past_with_seven

SMALL = history(
    (0, 10, 5.0), (0, 20, 5.0), (0, 40, 7.0),  # gaps 10 and 20: median 15, silent for 60
    (1, 30, 50.0),  # one order, silent for 70
    (2, 5, 1.0), (2, 95, 2.0),  # gap 90, silent for 5
    customers=3,
)  # fmt: skip


def seen(past: Past, day: int, horizon: int = 90) -> Seen:
    lessons = rows_at_folds(past, as_of=day, horizon=horizon)
    return seen_at(past, past.at(day), lessons=lessons, horizon=horizon, seed=1)


def test_rules_by_hand() -> None:
    known = seen(past_with_seven(SMALL), 100)
    assert recency_rule(known).said.ranking.tolist() == [-60, -70, -5]
    assert frequency(known).said.ranking.tolist() == [3, 1, 2]
    # the usual gap of the shop, for the one-time buyer, is the median of 15 and 90
    assert churn_ratio(known).said.ranking.tolist() == pytest.approx([-60 / 15, -70 / 52.5, -5 / 90])


def test_the_mean_gap_stands_in_where_there_is_no_median() -> None:
    source = past_with_seven(SMALL)

    def features_at(day: int) -> Features:
        return Features(source.features_at(day).keys, {}, frozenset())

    known = seen(Past(features_at, source.order_days_at), 100)
    assert churn_ratio(known).said.ranking.tolist() == pytest.approx([-60 / 15, -70 / 52.5, -5 / 90])


def test_the_last_window_is_repeated() -> None:
    found = same_as_last(seen(past_with_seven(SMALL), 100, horizon=65))
    assert found.e_orders is not None
    assert found.e_orders.tolist() == [1, 0, 1]
    assert found.said.spend_ranking.tolist() == [7, 0, 2]


def test_one_time_buyers_alone_are_ranked_by_recency() -> None:
    once = history((0, 1, 1.0), (1, 50, 1.0), (2, 30, 1.0), customers=3)
    assert np.argsort(-churn_ratio(seen(past_with_seven(once), 60)).said.ranking).tolist() == [1, 2, 0]


def test_random_is_the_same_again_and_another_on_another_day() -> None:
    past = past_with_seven(drawn(50, days=200))
    one, again, other = (at_random(seen(past, day)).said.ranking for day in (150, 150, 151))
    assert np.array_equal(one, again)
    assert not np.array_equal(one[:20], other[:20])


def test_bg_nbd_says_its_chance_and_its_orders_times_value() -> None:
    known = seen(past_with_seven(drawn(300, days=400)), 300)
    found = bg_nbd_gamma_gamma(known)
    model = bg_nbd.fit(collapse(known.snapshot.summary), seed=1)
    assert found.said.p_buy is not None
    assert found.e_orders is not None
    assert np.array_equal(found.said.p_buy, bg_nbd.p_order(model, known.snapshot.summary, horizon=90))
    assert np.all(found.e_orders >= found.said.p_buy - 1e-9)
    assert np.all(found.said.spend_ranking > 0)


def test_logistic_regression_without_a_lesson_says_what_the_last_window_says_of_everybody() -> None:
    """Both who were known 80 days ago have ordered since; the third came later and does not count."""
    found = logistic_regression(seen(past_with_seven(SMALL), 100, horizon=80))
    assert found.said.p_buy is not None
    assert set(found.said.p_buy) == {3 / 4}


@pytest.mark.parametrize("name", METHODS)
def test_every_method_says_something_finite_of_everybody_and_knows_nothing_later(name: str) -> None:
    full = drawn(200, days=500)
    now = past_with_seven(full)
    then = Past(now.features_at, lambda day: now.order_days_at(min(day, 300)))
    with_future, without = (METHODS[name](seen(past, 300)) for past in (now, then))
    for said in (with_future.said.ranking, with_future.said.spend_ranking):
        assert said.shape == (len(now.at(300)),)
        assert np.isfinite(said).all()
    assert np.array_equal(with_future.said.ranking, without.said.ranking)
    assert np.array_equal(with_future.said.spend_ranking, without.said.spend_ranking)
