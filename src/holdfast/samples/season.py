"""When people buy: clocks that run faster in a season and stand still on the days the shop is closed.

A customer's orders are a renewal process in the time of such a clock; reading the clock turns them into calendar days.
A unit of its time is a day of the average year, so a mean gap of 30 units is about a month, whatever the season.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from holdfast.samples.arrays import Floats, Ints

_EPOCH = date(1970, 1, 1)
_WEEKDAYS = np.array([1.1, 1.05, 1.0, 1.05, 1.0, 0.75, 0.9])  # Monday to Sunday
_CLOSED = ("12-25", "12-26", "01-01")


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


@dataclass(frozen=True, slots=True)
class Clock:
    """`elapsed[i]` is the clock's time at the end of day `first_day + i`."""

    first_day: int
    elapsed: Floats

    def time_of(self, day: Ints) -> Floats:
        """The clock's time when `day` begins."""
        return np.concatenate(([0.0], self.elapsed))[day - self.first_day]

    def day_at(self, time: Floats) -> Ints:
        """The day during which the clock reaches `time`; the day after its last one where it never does."""
        return (np.searchsorted(self.elapsed, time) + self.first_day).astype(np.int64)


def shop_clock(first_day: int, last_day: int) -> Clock:
    """The whole shop's: quiet weekends, a lull after New Year and in August, a rise towards Christmas."""
    return _clock(first_day, last_day, _shop_year)


def christmas_clock(first_day: int, last_day: int) -> Clock:
    """That of people who buy presents: almost still until late September, done a week before Christmas."""
    return _clock(first_day, last_day, _christmas_year)


def day_of_year(days: Ints) -> Ints:
    """1 to 366."""
    dates = days.astype("datetime64[D]")
    ordinal: Ints = (dates - dates.astype("datetime64[Y]")).astype(np.int64) + 1
    return ordinal


def _clock(first_day: int, last_day: int, year: Callable[[Ints], Floats]) -> Clock:
    days = np.arange(first_day, last_day + 1)
    pace = year(day_of_year(days)) / year(np.arange(1, 366)).mean()
    pace *= _WEEKDAYS[(days + 3) % 7] / _WEEKDAYS.mean()
    month_and_day = [str(day)[5:] for day in days.astype("datetime64[D]")]
    pace[np.isin(month_and_day, _CLOSED)] = 0.0
    return Clock(first_day, np.cumsum(np.round(pace, 6)))


def _shop_year(day: Ints) -> Floats:
    return (
        1.0
        + 0.7 * _bump(day, 325, 28)
        + 0.12 * _bump(day, 105, 20)
        - 0.2 * _bump(day, 30, 25)
        - 0.15 * _bump(day, 225, 20)
    )


def _christmas_year(day: Ints) -> Floats:
    return np.where((day >= 262) & (day <= 352), _bump(day, 315, 26), 0.0) + 0.01


def _bump(day: Ints, centre: float, width: float) -> Floats:
    bump: Floats = np.exp(-0.5 * ((day - centre) / width) ** 2)
    return bump
