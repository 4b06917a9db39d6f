import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.errors import InputError, PolicyError
from holdfast.forecast.churn.definitions import (
    DEFINITIONS,
    ByRhythm,
    ChurnDefinition,
    FixedWindow,
    PastCheck,
    called_churned,
    gaps,
    judge,
    median_gaps,
)
from holdfast.forecast.labels import before
from tests.forecast.histories import shop


def test_gaps_and_their_medians() -> None:
    history = shop([0, 10, 40, 41], [5], [], [7, 17, 37])
    of, days = gaps(history)
    assert of.tolist() == [0, 0, 0, 3, 3]
    assert days.tolist() == [10, 30, 1, 10, 20]
    assert median_gaps(history).tolist() == [10.0, np.inf, np.inf, 15.0]


@pytest.mark.parametrize(
    ("order_days", "limit"),
    [
        ([0, 89], 180),  # gap 89: a fast rhythm
        ([0, 90], 365),  # gap 90: a slower one
        ([0, 80, 180], 365),  # median of 80 and 100 is 90
        ([0, 79, 179], 180),  # median 89.5
        ([0], 540),
    ],
)
def test_the_limit_follows_from_the_rhythm_and_full_days_have_to_pass(order_days: list[int], limit: int) -> None:
    history, last = shop(order_days), order_days[-1]
    # Orders on day `last`; on as_of = last + 1 + limit exactly `limit` full days without an order are known.
    assert not called_churned(history, as_of=last + limit, definition=ByRhythm())[0]
    assert called_churned(history, as_of=last + limit + 1, definition=ByRhythm())[0]


def test_a_fixed_window_is_the_same_for_all() -> None:
    history = shop([0, 10], [9], [11], [], [50])
    assert called_churned(history, as_of=41, definition=FixedWindow(30)).tolist() == [True, True, False, False, False]
    assert FixedWindow().days == 90


def test_definitions_say_what_they_are() -> None:
    assert [each.name for each in DEFINITIONS] == ["by_rhythm", "fixed_90"]
    assert FixedWindow(30).words == "Churned: no order for 30 days."
    assert ByRhythm().words == (
        "Churned: no order for 180 days where the median gap is below 90 days, for 365 days with a slower rhythm,"
        " for 540 days after a single order."
    )


def test_who_came_back_by_hand() -> None:
    """On day 100 of 40 silent customers, ten order again within 100 days; one comes back too late to count."""
    back, late, gone = [[0, 150]] * 10, [[0, 260]], [[0]] * 29
    history = shop(*back, *late, *gone, *[[0, 90, 195]] * 5)
    (found,) = judge(history, as_of=200, definitions=[FixedWindow(50)], follow_up=100)
    assert found.checks == (PastCheck(on=100, customers=45, churned=40, came_back=10),)
    assert (found.customers, found.churned, found.came_back_share, found.reason) == (45, 30, 0.25, "")
    assert found.sentence == (
        "30 of 45 customers are called churned. Of 40 called churned on 1 past date, 25 % ordered again"
        " within 100 days."
    )


def test_several_past_dates_lie_one_follow_up_apart() -> None:
    history = shop(*[[0]] * 20, *[[0, 250]] * 20)
    (found,) = judge(history, as_of=400, definitions=[FixedWindow(90)], follow_up=100)
    assert found.checks == (
        PastCheck(on=100, customers=40, churned=40, came_back=0),
        PastCheck(on=200, customers=40, churned=40, came_back=20),
        PastCheck(on=300, customers=40, churned=20, came_back=0),
    )
    assert found.came_back_share == 0.2


def test_a_follow_up_that_is_not_over_tells_nothing() -> None:
    (found,) = judge(shop(*[[0]] * 50), as_of=100, definitions=[FixedWindow(30)], follow_up=100)
    assert (found.churned, found.checks, found.came_back_share) == (50, (), None)
    assert found.sentence == (
        "50 of 50 customers are called churned. How many of those called churned came back cannot be told:"
        " the history is 100 days long, and a past date has to lie 100 days back."
    )


def test_too_few_called_churned_are_no_share() -> None:
    (found,) = judge(shop(*[[0, 150]] * 29), as_of=200, definitions=[FixedWindow(50)], follow_up=100)
    assert found.checks[0].churned == 29
    assert found.came_back_share is None
    assert found.reason == "29 customers called churned on past dates, and a share needs 30"
    (enough,) = judge(shop(*[[0, 150]] * 30), as_of=200, definitions=[FixedWindow(50)], follow_up=100)
    assert enough.came_back_share == 1.0


@pytest.mark.parametrize("customers", [[], [[]], [[], []]])
def test_a_shop_without_orders(customers: list[list[int]]) -> None:
    for found in judge(shop(*customers), as_of=100):
        assert (found.customers, found.churned, found.came_back_share) == (0, 0, None)
        assert "0 of 0 customers" in found.sentence


def test_everybody_bought_and_nobody_did() -> None:
    always = shop(*[list(range(0, 1000, 5))] * 40)
    assert [found.churned for found in judge(always, as_of=1000)] == [0, 0]
    assert {found.came_back_share for found in judge(always, as_of=1000)} == {None}
    never = shop(*[[0]] * 40)
    assert [found.churned for found in judge(never, as_of=1000)] == [40, 40]
    assert [found.came_back_share for found in judge(never, as_of=1000)] == [0.0, 0.0]


histories = st.lists(st.lists(st.integers(0, 900), max_size=8), max_size=12)
definitions: st.SearchStrategy[ChurnDefinition] = st.sampled_from([ByRhythm(), FixedWindow(), FixedWindow(1)])


@given(histories, st.integers(0, 950), definitions)
@settings(max_examples=60, deadline=None)
def test_the_future_changes_nothing(customers: list[list[int]], as_of: int, definition: ChurnDefinition) -> None:
    whole = shop(*customers)
    known = before(whole, as_of)
    assert judge(whole, as_of=as_of, definitions=[definition], follow_up=60) == judge(
        known, as_of=as_of, definitions=[definition], follow_up=60
    )
    flags = called_churned(whole, as_of=as_of, definition=definition)
    assert flags.tolist() == called_churned(known, as_of=as_of, definition=definition).tolist()


@given(histories, definitions)
@settings(max_examples=60, deadline=None)
def test_counts_stay_within_each_other(customers: list[list[int]], definition: ChurnDefinition) -> None:
    (found,) = judge(shop(*customers), as_of=901, definitions=[definition], follow_up=60)
    assert 0 <= found.churned <= found.customers == sum(bool(days) for days in customers)
    for check in found.checks:
        assert 0 <= check.came_back <= check.churned <= check.customers


@pytest.mark.parametrize("days", [0, -1])
def test_a_window_has_at_least_a_day(days: int) -> None:
    with pytest.raises(PolicyError, match=f"limit of {days} days"):
        FixedWindow(days)
    with pytest.raises(PolicyError, match=f"limit of {days} days"):
        ByRhythm(one_time=days)
    with pytest.raises(InputError, match="follow-up"):
        judge(shop([0]), as_of=10, follow_up=days)
