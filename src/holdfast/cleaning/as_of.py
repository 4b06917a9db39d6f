"""The as_of to propose: the day after the last complete day before the data thin out.

The last date of a file is seldom a good "now": the last day is often cut short, and single late orders can trail
for weeks after the bulk has ended, which would make everybody look lapsed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql

_BULK = 0.99  # the usual level is read where 99 % of the orders have been placed, not among stragglers
_WEEKS = 8
_BUSY = 0.5  # a day with half the orders usual for its weekday still belongs to the bulk
_ENOUGH = 10  # below ten orders, half of the usual is noise and tells nothing; then weeks are looked at
_EARLY_SECONDS = 2 * 3600  # a day whose last order comes two hours before the usual last one is cut
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Day:
    """One day with orders: its number since 1970-01-01, how many, and the second of the day of the last one."""

    number: int
    orders: int
    last_second: int


def propose_as_of(engine: DuckEngine, *, orders: str) -> date | None:
    """The proposal for a stage table of orders; None where there is none."""
    second = f"{sql.epoch_seconds('ordered_at')} % 86400"
    query = Query(
        "order_days",
        "one day",
        f"""
        SELECT day, COUNT(*) AS n, MAX({second}) AS last_second FROM {sql.name(orders)} GROUP BY day ORDER BY day""",
    )
    return day_after_the_last_complete([Day(*row) for row in engine.rows(query).rows])


def day_after_the_last_complete(days: Sequence[Day]) -> date | None:
    """The proposal from the days with orders, in order."""
    if not days:
        return None
    last_busy = next((day for day in reversed(days) if _is_busy(day, days)), days[-1])
    is_cut = last_busy is days[-1] and last_busy.last_second < _usual_end(days) - _EARLY_SECONDS
    return _EPOCH + timedelta(days=last_busy.number + (0 if is_cut else 1))


def _recent(days: Sequence[Day]) -> list[Day]:
    """The days of the eight weeks before 99 % of the orders were placed."""
    total, so_far = sum(day.orders for day in days), 0
    end = days[-1].number
    for day in days:
        so_far += day.orders
        if so_far >= _BULK * total:
            end = day.number
            break
    return [day for day in days if end - 7 * _WEEKS < day.number <= end]


def _is_busy(day: Day, days: Sequence[Day]) -> bool:
    """Half of what is usual for its weekday; in a smaller shop, for the week that ends with it."""
    by_weekday = _usual_orders(days)
    if max(by_weekday.values()) >= _ENOUGH:
        expected = by_weekday[day.number % 7]
        return expected >= _ENOUGH and day.orders >= _BUSY * expected
    weekly = sum(each.orders for each in _recent(days)) / _weeks(days)
    return weekly < _ENOUGH or _orders_of_the_week(day, days) >= _BUSY * weekly


def _usual_orders(days: Sequence[Day]) -> dict[int, float]:
    """The median number of orders by weekday over the recent weeks, weeks without any included."""
    by_weekday: dict[int, list[int]] = {weekday: [] for weekday in range(7)}
    for day in _recent(days):
        by_weekday[day.number % 7].append(day.orders)
    weeks = _weeks(days)
    return {
        weekday: float(median(orders + [0] * (weeks - len(orders)) or [0])) for weekday, orders in by_weekday.items()
    }


def _weeks(days: Sequence[Day]) -> int:
    """How many of the recent weeks the data reach over."""
    return min(_WEEKS, (_recent(days)[-1].number - days[0].number) // 7 + 1)


def _orders_of_the_week(day: Day, days: Sequence[Day]) -> int:
    return sum(each.orders for each in days if day.number - 7 < each.number <= day.number)


def _usual_end(days: Sequence[Day]) -> float:
    """The second of the day at which the last order usually comes."""
    return float(median(day.last_second for day in _recent(days)))
