from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.forecast.btyd import Summary
from holdfast.forecast.churn.second_order import ENOUGH_WATCHED, _rarely_after, _survival, score_one_time, second_order
from holdfast.forecast.labels import OrderDays, Outcomes, before
from holdfast.forecast.model import Forecasts
from holdfast.forecast.past import Features, Snapshot
from tests.forecast.histories import history, shop


def test_the_survival_function_is_the_published_one() -> None:
    """Weeks in remission under 6-mercaptopurine (Freireich et al. 1963): the textbook case of Kaplan and Meier."""
    waited = np.array([6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
    survival = _survival(waited, np.arange(21) < 9, 23)
    published = {5: 1.0, 6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert {week: survival[week] for week in published} == pytest.approx(published, abs=5e-4)


def test_a_shop_by_hand() -> None:
    """Of 200 customers of day 0, 40 come back on day 20 and 20 on day 80, seen until day 400."""
    found = second_order(shop(*[[0, 20, 25]] * 40, *[[0, 80]] * 20, *[[0]] * 140), as_of=401)
    everybody = found.everybody
    assert (everybody.customers, everybody.returned, everybody.watched_days) == (200, 60, 400)
    assert [each.share for each in everybody.curve] == pytest.approx([0.2, 0.2, 0.3, 0.3, 0.3])
    assert (everybody.half_within, everybody.rarely_after) == (20, 30)
    assert found.sentence == (
        "After a first order, 30 % come back within 365 days; half of those who come back do so within 20 days;"
        " from day 30 on fewer than 2 % come back in the next 30 days."
    )


def test_those_who_may_still_come_back_are_not_counted_as_lost() -> None:
    """Half of the customers are a year old and half came back after 40 days; as many are 20 days old."""
    old, young = [*[[0, 40]] * 100, *[[0]] * 100], [[345]] * 200
    assert second_order(shop(*old, *young), as_of=366).everybody.curve[1].share == pytest.approx(0.5)


def test_only_what_enough_customers_were_watched_for_is_told() -> None:
    found = second_order(shop(*[[0, 10]] * 50, *[[0]] * 49, *[[60]] * 100), as_of=101)
    assert found.everybody.watched_days == 40
    assert [each.share is None for each in found.everybody.curve] == [False, True, True, True, True]


def test_groups_by_value_and_by_quarter() -> None:
    """Days 0 and 100 are in the first and second quarter of 1970; who spends more comes back."""
    rows = [(customer, 100 * (customer % 2), 10.0 + customer % 4) for customer in range(800)]
    rows += [(customer, 150, 1.0) for customer in range(800) if customer % 4 == 3]
    found = second_order(history(*rows, customers=800), as_of=500)
    assert [(group.name, group.returning.customers, group.returning.returned) for group in found.by_value] == [
        ("10.00 to 10.00", 200, 0),
        ("11.00 to 11.00", 200, 0),
        ("12.00 to 12.00", 200, 0),
        ("13.00 to 13.00", 200, 200),
    ]
    assert [(group.name, group.low, group.returning.returned) for group in found.by_quarter] == [
        ("1970 Q1", 0.0, 0),
        ("1970 Q2", 100.0, 200),
    ]


def test_groups_that_are_too_small_or_all_the_same_are_left_out() -> None:
    found = second_order(shop(*[[0, 30]] * 150, *[[100]] * 50), as_of=400)
    assert found.by_value == ()
    assert [group.name for group in found.by_quarter] == ["1970 Q1"]


def test_writing_is_worth_it_until_returning_gets_rare() -> None:
    survival = np.interp(np.arange(151), [0, 30, 60, 90, 120, 150], [1.0, 0.8, 0.7, 0.69, 0.6, 0.5])
    assert _rarely_after(survival, 0.02) == 60
    assert _rarely_after(survival, 0.01) is None
    assert _rarely_after(survival, 0.3) == 0


@pytest.mark.parametrize("customers", [[], [[]], [[0]] * 99, [[0, 5]] * 99])
def test_too_few_customers_cannot_tell(customers: list[list[int]]) -> None:
    found = second_order(shop(*customers), as_of=500)
    assert (found.everybody.half_within, found.everybody.rarely_after) == (None, None)
    assert all(each.share is None for each in found.everybody.curve)
    assert found.sentence.startswith("Cannot tell how customers come back")


def test_nobody_came_back() -> None:
    found = second_order(shop(*[[0]] * ENOUGH_WATCHED), as_of=101)
    assert found.everybody.half_within is None
    assert found.everybody.rarely_after == 0
    assert found.sentence == "After a first order, none of 100 customers came back within 100 days."


@given(st.lists(st.lists(st.integers(0, 300), max_size=4), min_size=100, max_size=130), st.integers(1, 320))
@settings(max_examples=30, deadline=None)
def test_shares_rise_with_time_and_the_future_changes_nothing(customers: list[list[int]], as_of: int) -> None:
    orders: OrderDays = shop(*customers)
    found = second_order(orders, as_of=as_of)
    shares = [each.share for each in found.everybody.curve if each.share is not None]
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)
    assert found == second_order(before(orders, as_of), as_of=as_of)


def test_one_time_buyers_are_judged_alone() -> None:
    frequency = np.array([0.0, 0.0, 0.0, 0.0, 5.0])
    keys, zeros = np.arange(5), np.zeros(5)
    summary = Summary(frequency, zeros, np.full(5, 50.0), np.ones(5))
    snapshot = Snapshot(100, 100, keys, summary, np.ones(5), Features(keys, {}, frozenset()))
    p_buy = np.array([0.1, 0.2, 0.3, 0.4, 0.9])
    forecasts = Forecasts(keys, p_buy, p_buy, p_buy, zeros, zeros, zeros)
    bought = np.array([False, False, True, False, True])
    outcomes = Outcomes(bought, bought.astype(np.int64), bought.astype(np.float64))
    found = score_one_time(snapshot, forecasts, outcomes)
    assert found.expected == pytest.approx(0.25)
    assert (found.observed.part, found.observed.whole) == (1, 4)
    assert found.auc == pytest.approx(2 / 3)
    assert found.log_loss == pytest.approx(-np.log([0.9, 0.8, 0.3, 0.6]).mean())

    repeaters = replace(snapshot, summary=replace(summary, frequency=np.ones(5)))
    nobody = score_one_time(repeaters, forecasts, outcomes)
    assert (nobody.expected, nobody.auc, nobody.observed.whole) == (None, None, 0)
