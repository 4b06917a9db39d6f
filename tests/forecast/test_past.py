from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.errors import InputError
from holdfast.forecast.arrays import Integers
from holdfast.forecast.labels import OrderDays, before
from holdfast.forecast.past import Features, Past
from tests.forecast.histories import history
from tests.forecast.shop import listening, past_of

SHOP = history(
    (0, 5, 10.0), (0, 12, 20.0), (0, 20, 40.0), (1, 25, 50.0), (3, 8, -9.0), (3, 20, 1.0), (3, 29, 7.0), customers=4
)
"""Customer 1 comes later, customer 2 never."""


def bare_features(keys: Integers) -> Features:
    return Features(keys, {}, frozenset())


def test_what_is_known_of_each_customer_at_a_day() -> None:
    then = past_of(SHOP).at(20)
    assert len(then) == 2
    assert then.keys.tolist() == [0, 3]
    assert (then.day, then.history_days) == (20, 15)
    assert then.spend.tolist() == [30.0, -9.0]
    assert then.order_days.tolist() == [2.0, 1.0]
    assert then.summary.frequency.tolist() == [1.0, 0.0]
    assert then.summary.recency.tolist() == [7.0, 0.0]
    assert then.summary.T.tolist() == [15.0, 12.0]
    assert then.features.keys.tolist() == [0, 3]


def test_the_day_itself_is_not_known() -> None:
    assert past_of(SHOP).at(20).order_days.tolist() == [2.0, 1.0]
    assert past_of(SHOP).at(21).order_days.tolist() == [3.0, 2.0]


def test_looking_back_asks_for_that_day_and_no_other() -> None:
    past, asked = listening(past_of(SHOP))
    past.at(20)
    assert (asked.features, asked.order_days) == ([20], [20])


def test_a_past_without_features_has_the_same_customers_and_asks_for_none() -> None:
    past, asked = listening(past_of(SHOP))
    then, whole = past.without_features().at(20), past_of(SHOP).at(20)
    assert asked.features == []
    assert not then.features.columns
    assert then.keys.tolist() == then.features.keys.tolist() == whole.keys.tolist()
    assert then.spend.tolist() == whole.spend.tolist()


def test_looking_at_a_window_asks_for_what_is_known_now_and_for_no_feature() -> None:
    past, asked = listening(past_of(SHOP))
    then = past_of(SHOP).at(20)
    past.after(then, horizon=5, known=27)
    assert (asked.features, asked.order_days) == ([], [27])


@given(day=st.integers(6, 60), known=st.integers(0, 60), horizon=st.integers(1, 60))
@settings(max_examples=50, deadline=None)
def test_what_comes_after_what_is_known_changes_no_answer(day: int, known: int, horizon: int) -> None:
    whole, cut = past_of(SHOP), past_of(before(SHOP, max(day, known)))
    then, again = whole.at(day), cut.at(day)
    for seen, expected in zip(astuple(again.summary), astuple(then.summary), strict=True):
        np.testing.assert_array_equal(seen, expected)
    np.testing.assert_array_equal(again.spend, then.spend)
    if day + horizon <= known:
        seen, expected = (past.after(then, horizon=horizon, known=known) for past in (cut, whole))
        np.testing.assert_array_equal(seen.orders, expected.orders)
        np.testing.assert_array_equal(seen.spend, expected.spend)


def test_what_the_customers_of_a_day_did_afterwards() -> None:
    past = past_of(SHOP)
    happened = past.after(past.at(20), horizon=10, known=30)
    assert happened.bought.tolist() == [True, True]
    assert happened.orders.tolist() == [1, 2], "the cut-off day belongs to the window"
    assert happened.spend.tolist() == [40.0, 8.0]
    assert past.after(past.at(20), horizon=9, known=30).orders.tolist() == [1, 1]


def test_a_window_that_is_not_over_is_refused() -> None:
    past = past_of(SHOP)
    then = past.at(20)
    assert len(past.after(then, horizon=10, known=30)) == 2
    with pytest.raises(InputError, match="not over yet") as refused:
        past.after(then, horizon=11, known=30)
    assert refused.value.seen == "Its last day is 1970-01-31; known is what was before 1970-01-31."
    assert refused.value.todo


def test_before_the_first_order_there_is_nobody() -> None:
    with pytest.raises(InputError, match="Nobody had ordered by then"):
        past_of(SHOP).at(5)
    with pytest.raises(InputError, match="Nobody had ordered by then"):
        past_of(history(customers=0)).at(100)


@pytest.mark.parametrize("keys", [[0], [0, 1], [0, 2, 3], []])
def test_features_of_other_customers_are_refused(keys: list[int]) -> None:
    past = Past(lambda _: bare_features(np.array(keys, dtype=np.int64)), lambda day: before(SHOP, day))
    with pytest.raises(InputError, match="not about the same customers") as refused:
        past.at(20)
    assert f"{len(keys)} customers with features, 2 with orders" in refused.value.seen


def test_customers_whose_orders_were_all_cancelled_since_did_nothing() -> None:
    """The last keys are gone from the later history, and so is one between others."""
    later = history((1, 3, 1.0), (1, 12, 5.0), customers=2)
    at_ten = history((0, 4, 1.0), (1, 3, 1.0), (4, 9, 1.0), customers=5)

    def order_days_at(day: int) -> OrderDays:
        return at_ten if day == 10 else later

    past = Past(lambda day: bare_features(np.unique(order_days_at(day).customer)), order_days_at)
    happened = past.after(past.at(10), horizon=10, known=20)
    assert happened.orders.tolist() == [0, 1, 0]
    assert happened.bought.tolist() == [False, True, False]
    assert happened.spend.tolist() == [0.0, 5.0, 0.0]
