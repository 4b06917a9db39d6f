"""Which past dates a forecast is tried on: the latest whose window is over, and earlier ones a horizon apart.

Where the history is too short for that, the dates lie closer together, or there are fewer of them, or none; the reason
is then part of the answer.
"""

from dataclasses import dataclass

from holdfast.forecast.folds import LEAST_HISTORY
from holdfast.forecast.wording import counted

CLOSEST = 6
"""Dates closer than a sixth of the horizon are one date: their windows share more than five sixths of their days."""


@dataclass(frozen=True, slots=True)
class PastDates:
    """The days (latest first), how many days lie between two of them, and why they are not as asked for, or ""."""

    days: tuple[int, ...]
    spacing: int | None
    reason: str


def choose_dates(*, first_day: int, as_of: int, horizon: int, dates: int) -> PastDates:
    """Choose up to `dates` past days for a history that starts at `first_day`.

    Before a date lies at least a horizon of history, and where the wanted number allows it enough for a whole window to
    learn from and a start before it; after it a horizon that ends by `as_of`.
    """
    latest, history = as_of - horizon, as_of - first_day
    to_learn = int(min(LEAST_HISTORY, horizon / 3))
    for earliest in (first_day + horizon + to_learn, first_day + horizon):
        spacing = min(horizon, (latest - earliest) // max(dates - 1, 1))
        if spacing >= _closest(horizon):
            days = tuple(latest - nth * spacing for nth in range(dates))
            return PastDates(days, spacing if dates > 1 else None, _why_closer(spacing, horizon, history, dates))
    room = latest - (first_day + horizon)
    if room < 0:
        return PastDates((), None, _why_none(history, horizon))
    spacing = _closest(horizon)
    days = tuple(range(latest, latest - room - 1, -spacing))[:dates]
    return PastDates(days, spacing if len(days) > 1 else None, _why_fewer(len(days), history, horizon, dates))


def _closest(horizon: int) -> int:
    return max(horizon // CLOSEST, 1)


def _needed(horizon: int, dates: int) -> str:
    needed = 2 * horizon + int(min(LEAST_HISTORY, horizon / 3)) + (dates - 1) * horizon
    return f"for {counted(dates, 'past date')} {counted(horizon, 'day')} apart you need {needed:,} days"


def _why_closer(spacing: int, horizon: int, history: int, dates: int) -> str:
    if spacing == horizon or dates < 2:
        return ""
    apart = f"The past dates lie {counted(spacing, 'day')} apart, so that their windows overlap"
    return f"{apart}: the history is {counted(history, 'day')} long, and {_needed(horizon, dates)}."


def _why_fewer(found: int, history: int, horizon: int, dates: int) -> str:
    if found == dates:
        return ""
    only = f"{counted(found, 'past date')} instead of {dates}"
    return f"Only {only}: the history is {counted(history, 'day')} long, and {_needed(horizon, dates)}."


def _why_none(history: int, horizon: int) -> str:
    return (
        f"the history is {counted(max(history, 0), 'day')} long; you need {counted(2 * horizon, 'day')},"
        " a horizon before a past date and one after it"
    )
