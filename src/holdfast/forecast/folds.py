"""Pseudo cut-offs in the past to learn from, each with a window that was over before the date of the forecast.

A fold is a day in the past, taken as if it had been today. Between the last fold and today lies a gap as long as its
window, so that every label is known; folds overlap, and older ones count less.
"""

from dataclasses import dataclass

YEAR = 365
MOST_FOLDS = 6
"""Recent folds, a third of a window apart: together they reach back three windows."""

HALF_LIFE = 2.0
"""A fold older by two windows counts half."""

LEAST_HISTORY = 60
"""Days of orders a fold needs before it: with fewer, nobody can be seen to be late. A third of a short window does."""


@dataclass(frozen=True, slots=True)
class Fold:
    """A past day to learn from: its window of `window` days, and how much it counts (the latest counts 1)."""

    day: int
    window: int
    weight: float


def plan(*, first_day: int, as_of: int, horizon: int) -> tuple[Fold, ...]:
    """The folds for a forecast at `as_of`, latest first; none where the history is too short.

    `first_day` is the day of the first order. The window is the horizon, or half the history where that is shorter:
    what is learned then is who comes back at all, and the purchase models carry it to the full horizon. The fold one
    year back, which has the season of the forecast, is added where there is one.
    """
    history = as_of - first_day
    window = min(horizon, history // 2)
    if window < 1:
        return ()
    least = min(LEAST_HISTORY, window / 3)
    recent = [as_of - window - nth * max(window // 3, 1) for nth in range(MOST_FOLDS)]
    days = {day for day in recent if day - first_day >= least}
    if window == horizon <= YEAR <= history - least:
        days.add(as_of - YEAR)
    return tuple(Fold(day, window, _weight(as_of - window - day, window)) for day in sorted(days, reverse=True))


def _weight(age: int, window: int) -> float:
    return float(0.5 ** (age / (HALF_LIFE * window)))


def is_last_year(fold: Fold, *, as_of: int, horizon: int) -> bool:
    """Whether the fold's window is that of the forecast, one year before."""
    return as_of - fold.day == YEAR and fold.window == horizon
