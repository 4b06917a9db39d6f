from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.forecast.folds import Fold, is_last_year, plan

FIRST = 10_000


def days(*, history: int, horizon: int) -> list[int]:
    """How many days before as_of each fold lies."""
    return [FIRST + history - fold.day for fold in plan(first_day=FIRST, as_of=FIRST + history, horizon=horizon)]


def test_recent_folds_lie_a_third_of_a_window_apart_and_one_lies_a_year_back() -> None:
    assert days(history=1000, horizon=90) == [90, 120, 150, 180, 210, 240, 365]
    assert days(history=1000, horizon=180) == [180, 240, 300, 360, 365, 420, 480]
    assert days(history=3000, horizon=365) == [365, 486, 607, 728, 849, 970]


def test_a_fold_older_by_two_windows_counts_half() -> None:
    folds = plan(first_day=0, as_of=1000, horizon=90)
    weights = {1000 - fold.day: fold.weight for fold in folds}
    assert weights[90] == 1.0
    assert weights[180] == pytest.approx(0.5 ** (90 / 180))
    assert weights[365] == pytest.approx(0.5 ** (275 / 180))
    six_hundred = {600 - fold.day: fold.weight for fold in plan(first_day=0, as_of=600, horizon=73)}
    assert six_hundred[73 + 5 * 24] == pytest.approx(0.5 ** (120 / 146))


def test_the_window_is_half_the_history_where_the_horizon_is_longer() -> None:
    assert {fold.window for fold in plan(first_day=0, as_of=100, horizon=90)} == {50}
    assert days(history=100, horizon=90) == [50, 66, 82]
    assert {fold.window for fold in plan(first_day=0, as_of=180, horizon=90)} == {90}


@pytest.mark.parametrize("history", [-5, 0, 1])
def test_a_history_of_a_day_has_no_past(history: int) -> None:
    assert plan(first_day=FIRST, as_of=FIRST + history, horizon=90) == ()


def test_two_days_are_a_past() -> None:
    assert plan(first_day=0, as_of=2, horizon=90) == (Fold(1, 1, 1.0),)


@pytest.mark.parametrize(
    ("history", "horizon", "there"),
    [
        (394, 90, False),
        (395, 90, True),  # 30 days before it
        (424, 180, False),
        (425, 180, True),  # 60 days before it
        (2000, 365, True),
        (2000, 366, False),  # last year's window is not over
        (700, 365, False),  # the window is not the horizon
    ],
)
def test_last_years_fold_is_there_when_it_fits(history: int, horizon: int, there: bool) -> None:
    assert (365 in days(history=history, horizon=horizon)) is there


def test_last_years_fold_is_the_one_a_year_back() -> None:
    folds = plan(first_day=0, as_of=1000, horizon=90)
    assert [is_last_year(fold, as_of=1000, horizon=90) for fold in folds] == [False] * 6 + [True]


def test_a_shortened_window_is_not_that_of_the_forecast() -> None:
    folds = plan(first_day=0, as_of=548, horizon=300)
    assert 548 - 365 in [fold.day for fold in folds]
    assert not any(is_last_year(fold, as_of=548, horizon=300) for fold in folds)


@given(first=st.integers(-20_000, 40_000), history=st.integers(2, 20_000), horizon=st.integers(1, 730))
def test_every_window_is_over_and_every_fold_has_a_history(first: int, history: int, horizon: int) -> None:
    as_of = first + history
    folds = plan(first_day=first, as_of=as_of, horizon=horizon)
    assert 1 <= len(folds) <= 7
    assert all(fold.day + fold.window <= as_of for fold in folds), "the gap"
    assert all(fold.day > first for fold in folds)
    assert {fold.window for fold in folds} == {min(horizon, history // 2)}
    assert [fold.day for fold in folds] == sorted({fold.day for fold in folds}, reverse=True)
    assert folds[0].weight == 1.0
    for newer, older in pairwise(folds):
        ratio = 0.5 ** ((newer.day - older.day) / (2 * newer.window))
        assert older.weight / newer.weight == pytest.approx(ratio)
