"""One date order for a whole column: decided on all its rows, never row by row; doubted aloud where they do not say.

A value above 12 settles whether the day or the month comes first; one such row in a million is enough. A column without
any is ambiguous: what the order of its rows suggests is offered as a guess of low confidence, and somebody decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.engine.dialect import Sql
from holdfast.sources.shapes import Shape, shapes
from holdfast.sources.time_patterns import DateOrder, depends_on_order, pattern_of, pattern_of_digits

EARLIEST, LATEST = "TIMESTAMP '1970-01-01'", "TIMESTAMP '2100-01-01'"
"""Orders outside are damage; cleaning rejects them."""

ORDER_NAMES: dict[DateOrder, str] = {
    "dmy": "day/month/year",
    "mdy": "month/day/year",
    "ymd": "year/month/day",
}
WAYS: dict[DateOrder, str] = {"dmy": "day_first", "mdy": "month_first"}
"""Under what name a query holds a column read either way."""

FEWEST_READABLE = 0.1
"""Share of readable cells below which a column is none of dates, whatever it is called."""

SURE, BY_MAJORITY, BY_OTHER_COLUMN, GUESS, TIE = 1.0, 0.9, 0.9, 0.6, 0.3


@dataclass(frozen=True, slots=True)
class TimeReading:
    """How a column of times is read, and how sure that is.

    `formats` as in `tables.Reading`; `order` is None where nothing depends on it. Of the `filled` cells, `readable` fit
    and `implausible` lie outside 1970-2099; `contradicting` ones fit the other date order alone.
    """

    formats: tuple[str, ...]
    order: DateOrder | None
    confidence: float
    reason: str
    filled: int = 0
    readable: int = 0
    implausible: int = 0
    contradicting: int = 0

    @property
    def says(self) -> DateOrder | None:
        """The date order that the column itself proves."""
        return self.order if self.confidence == SURE else None


@dataclass(frozen=True, slots=True)
class TimeColumn:
    """Where the times stand: a bound table with `row_number`, the column, and its SQL type."""

    engine: DuckEngine
    table: str
    column: str
    column_type: str

    @property
    def cell(self) -> Sql:
        """The trimmed text of a cell, NULL where it is empty."""
        return Sql(f"NULLIF(trim(CAST({sql.name(self.column)} AS VARCHAR)), '')")

    def one(self, name: str, columns: str, source: str | None = None) -> dict[str, Any]:
        """A query over the table that answers one row."""
        query = Query(name, "one row", f"SELECT {columns} FROM {source or sql.name(self.table)}")
        return self.engine.rows(query).one()


def is_time_type(column_type: str) -> bool:
    """Whether the file itself says that the column is a date or timestamp."""
    return column_type == "DATE" or column_type.startswith("TIMESTAMP")


def read_times(times: TimeColumn, *, given: DateOrder | None = None, elsewhere: DateOrder | None = None) -> TimeReading:
    """How to read a column of times. `given` is somebody's decision, `elsewhere` what other columns of the file say."""
    if is_time_type(times.column_type):
        return _by_type(times)
    found = shapes(times.engine, times.table, times.column)
    reading = _read_texts(times, found, given, elsewhere)
    if reading.readable >= FEWEST_READABLE * reading.filled > 0:
        return reading
    seen = f"its values do not read as dates, such as {found[0].example}" if found else "it is empty"
    return TimeReading((), None, 0.0, seen, reading.filled)


def _read_texts(
    times: TimeColumn, found: Sequence[Shape], given: DateOrder | None, elsewhere: DateOrder | None
) -> TimeReading:
    if not any(depends_on_order(each.shape) for each in found):
        return _in_one_order(times, found, None, f"written as {found[0].example}")
    if given:
        return _in_one_order(times, found, given, f"{ORDER_NAMES[given]} as given")
    return _day_or_month_first(times, found, elsewhere)


def formats_of(found: Sequence[Shape], order: DateOrder) -> tuple[str, ...]:
    """The patterns of a column under a date order; two-digit years first, as %Y would read 10 as the year 10."""
    patterns = [pattern_of(each.shape, order) for each in found]
    if not any(patterns):  # stray digits among dates are damage, a column of them may be days or seconds
        patterns = [pattern_of_digits(each.shape) for each in found]
    distinct = dict.fromkeys(pattern for pattern in patterns if pattern)
    return tuple(sorted(distinct, key=lambda pattern: "%y" not in pattern))


def _by_type(times: TimeColumn) -> TimeReading:
    moment = f"CAST({sql.name(times.column)} AS TIMESTAMP)"
    seen = times.one("typed_times", f"COUNT({moment}) AS filled, {_outside(moment)} AS outside")
    return TimeReading((), None, SURE, "dates by type", seen["filled"], seen["filled"], seen["outside"])


def _in_one_order(times: TimeColumn, found: Sequence[Shape], order: DateOrder | None, reason: str) -> TimeReading:
    formats = formats_of(found, order or "dmy")
    moment = sql.read_time(times.cell, formats, "UTC")
    seen = times.one(
        "times_in_one_order",
        f"COUNT({times.cell}) AS filled, COUNT({moment}) AS readable, {_outside(moment)} AS outside",
    )
    return TimeReading(formats, order, SURE, reason, seen["filled"], seen["readable"], seen["outside"])


def _day_or_month_first(times: TimeColumn, found: Sequence[Shape], elsewhere: DateOrder | None) -> TimeReading:
    seen = _both_ways(times, found)
    only: dict[DateOrder, int] = {"dmy": seen["only_day_first"], "mdy": seen["only_month_first"]}

    def decided(order: DateOrder, confidence: float, reason: str) -> TimeReading:
        way, other = WAYS[order], WAYS["mdy" if order == "dmy" else "dmy"]
        against = seen[f"only_{other}"]
        if against:
            reason += f"; {against:,} contradict it and will be unreadable, such as {seen[f'example_{other}']}"
        counts = (seen["filled"], seen[f"readable_{way}"], seen[f"outside_{way}"], against)
        return TimeReading(formats_of(found, order), order, confidence, reason, *counts)

    majority: DateOrder = "dmy" if only["dmy"] >= only["mdy"] else "mdy"
    if only["dmy"] == only["mdy"] > 0:
        return decided(majority, TIE, f"as many dates say day first as month first ({only[majority]:,} each)")
    if only[majority]:
        example = seen[f"example_{WAYS[majority]}"]
        reason = f"{ORDER_NAMES[majority]}, as {only[majority]:,} dates say, such as {example}"
        return decided(majority, BY_MAJORITY if all(only.values()) else SURE, reason)
    if not seen["differing"]:
        return replace(decided("dmy", SURE, "day and month are equal in every date"), order=None)
    if elsewhere in only:
        reason = f"{ORDER_NAMES[elsewhere]} as in another column; here nothing is above 12"
        return decided(elsewhere, BY_OTHER_COLUMN, reason)
    order, hint = _likelier_order(times, found)
    return decided(order, GUESS, f"{found[0].example} can be read both ways, as nothing is above 12; {hint}")


def _both_ways(times: TimeColumn, found: Sequence[Shape]) -> dict[str, Any]:
    """What all rows say when read day first and when read month first, in one pass."""
    columns = ["COUNT(cell) AS filled", f"{sql.count_where('day_first <> month_first')} AS differing"]
    for way, other in (("day_first", "month_first"), ("month_first", "day_first")):
        only = f"{way} IS NOT NULL AND {other} IS NULL"
        columns += [
            f"COUNT({way}) AS readable_{way}",
            f"{_outside(way)} AS outside_{way}",
            f"{sql.count_where(only)} AS only_{way}",
            f"min(cell) FILTER (WHERE {only}) AS example_{way}",
        ]
    return times.one("date_orders", ", ".join(columns), f"({_read_both(times, found)}) AS both_ways")


def _likelier_order(times: TimeColumn, found: Sequence[Shape]) -> tuple[DateOrder, str]:
    """A guess where no value decides: files mostly run forward in time, and span little of it."""
    in_order = (
        f"SELECT *, lag(day_first) OVER (ORDER BY position) AS before_day_first, "
        f"lag(month_first) OVER (ORDER BY position) AS before_month_first "
        f"FROM ({_read_both(times, found)}) AS both_ways"
    )
    columns = [
        f"{sql.count_where(f'{way} < before_{way}')} AS steps_back_{way}, "
        f"{sql.day_number(f'max({way})')} - {sql.day_number(f'min({way})')} AS days_{way}"
        for way in ("day_first", "month_first")
    ]
    seen = times.one("rows_in_order", ", ".join(columns), f"({in_order}) AS in_order")
    hints = {"steps_back": "the rows would then run forward in time", "days": "the dates would then span fewer days"}
    for what, hint in hints.items():
        day_first, month_first = seen[f"{what}_day_first"], seen[f"{what}_month_first"]
        if day_first != month_first:
            likelier: DateOrder = "dmy" if day_first < month_first else "mdy"
            return likelier, f"perhaps {ORDER_NAMES[likelier]}, as {hint}"
    return "dmy", "nothing speaks for either"


def _read_both(times: TimeColumn, found: Sequence[Shape]) -> Sql:
    day_first = sql.read_time(times.cell, formats_of(found, "dmy"), "UTC")
    month_first = sql.read_time(times.cell, formats_of(found, "mdy"), "UTC")
    return Sql(
        f"SELECT row_number AS position, {times.cell} AS cell, {day_first} AS day_first, {month_first} AS month_first "
        f"FROM {sql.name(times.table)}"
    )


def _outside(moment: str) -> Sql:
    return sql.count_where(f"{moment} < {EARLIEST} OR {moment} >= {LATEST}")
