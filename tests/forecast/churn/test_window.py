import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.forecast.churn.window import WINDOWS, _survival, suggest_window
from holdfast.forecast.labels import OrderDays, before
from tests.forecast.histories import shop


def regular(n: int, *, gap: int, times: int, then: int) -> list[list[int]]:
    """`n` customers with `times` gaps of `gap` days, and after them one of `then` days."""
    last = gap * times
    return [[*range(0, last + 1, gap), last + then]] * n


def test_the_survival_function_is_the_published_one() -> None:
    """Weeks in remission under 6-mercaptopurine (Freireich et al. 1963): the textbook case of Kaplan and Meier."""
    ended = np.array([6, 6, 6, 7, 10, 13, 16, 22, 23])
    still_open = np.array([6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
    published = {5: 1.0, 6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert _survival(ended, still_open, list(published)) == pytest.approx(published, abs=5e-4)


def test_a_window_by_hand() -> None:
    """420 gaps of 10 days and 20 of 100 ended; 20 are open for 999 days. Longer than 60 days are 40 of 460."""
    history = shop(*regular(20, gap=10, times=21, then=100))
    found = suggest_window(history, as_of=310 + 1000)
    assert (found.repeaters, found.closed_gaps, found.open_gaps, found.days) == (20, 440, 20, 30)
    assert [each.share for each in found.longer] == pytest.approx([40 / 460] * 3 + [20 / 460] * 4)
    assert [each.days for each in found.longer] == list(WINDOWS)
    assert found.sentence == (
        "Suggested churn window: 30 days. 8.7 % of gaps between order days last longer than that"
        " (440 gaps ended, 20 still open)."
    )


def test_a_slower_rhythm_has_a_longer_window() -> None:
    history = shop(*regular(30, gap=75, times=20, then=75))
    assert suggest_window(history, as_of=75 * 21 + 1).days == 90


def test_gaps_that_are_still_open_count_as_long_as_they_are() -> None:
    """Without the open gaps 60 days would do: all those that ended did so within 50."""
    history = shop(*regular(40, gap=50, times=2, then=50))
    assert suggest_window(history, as_of=151).days == 60
    found = suggest_window(history, as_of=151 + 500)
    assert found.days is None
    assert found.longer[1].share == pytest.approx(1 / 4)
    assert found.sentence == (
        "No window can be suggested: 25.0 % of gaps between order days last longer than 365 days,"
        " and at most 10.0 % should (120 gaps ended, 40 still open)."
    )


def test_a_window_is_only_judged_where_gaps_could_be_so_long() -> None:
    history = shop(*regular(40, gap=25, times=2, then=25))
    found = suggest_window(history, as_of=76)
    assert [each.share is None for each in found.longer] == [False, False, True, True, True, True, True]
    assert found.days == 30


def test_an_open_gap_is_as_long_as_the_full_days_that_are_known() -> None:
    """On the 30th day after the last order 29 days without one are known: such a gap tells nothing about day 30."""
    history = shop(*[[0, 30, 60, 90, 120]] * 20, *[[20, 120]] * 20)
    assert suggest_window(history, as_of=150).longer[0].share == pytest.approx(20 / 100)
    assert suggest_window(history, as_of=151).longer[0].share == pytest.approx(60 / 140)


def test_thirty_gaps_that_began_thirty_full_days_ago_are_enough() -> None:
    history = shop(*[[0, 10]] * 30)
    assert suggest_window(history, as_of=30).longer[0].share is None
    assert suggest_window(history, as_of=31).longer[0].share == 0.5


def test_as_many_as_the_limit_allows_are_allowed() -> None:
    history = shop(*regular(20, gap=10, times=21, then=100))
    share = suggest_window(history, as_of=1310).longer[0].share
    assert share is not None
    assert suggest_window(history, as_of=1310, most_longer=share).days == 30


@pytest.mark.parametrize("customers", [[], [[]], [[0]] * 50, [[0, 20]] * 10])
def test_too_few_gaps_suggest_nothing(customers: list[list[int]]) -> None:
    found = suggest_window(shop(*customers), as_of=1000)
    assert found.days is None
    assert found.sentence.startswith("No window can be suggested: fewer than 30 gaps of repeaters began 30 days ago")


def test_windows_and_limit_may_be_chosen() -> None:
    history = shop(*regular(20, gap=10, times=21, then=100))
    assert suggest_window(history, as_of=1310, windows=(5, 7, 14)).days == 14
    assert suggest_window(history, as_of=1310, most_longer=0.05).days == 120


@given(st.lists(st.lists(st.integers(0, 900), max_size=10), min_size=10, max_size=20), st.integers(1, 950))
@settings(max_examples=40, deadline=None)
def test_shares_fall_with_the_window_and_the_future_changes_nothing(customers: list[list[int]], as_of: int) -> None:
    history: OrderDays = shop(*customers)
    found = suggest_window(history, as_of=as_of)
    shares = [each.share for each in found.longer if each.share is not None]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= share <= 1 for share in shares)
    assert found == suggest_window(before(history, as_of), as_of=as_of)
