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

ORDER_NAMES: dict[DateOrder, str] = {"dmy": "day/month/year", "mdy": "month/day/year", "ymd": "year/month/day"}
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
    if not formats_of(found, "dmy"):
        seen = f"its values do not read as dates, such as {found[0].example}" if found else "it is empty"
        return TimeReading((), None, 0.0, seen, sum(each.cells for each in found))
    if not any(depends_on_order(each.shape) for each in found):
        return _in_one_order(times, found, None, f"written as {found[0].example}")
    if given:
        return _in_one_order(times, found, given, f"{ORDER_NAMES[given]} as given")
    return _day_or_month_first(times, found, elsewhere)


def formats_of(found: Sequence[Shape], order: DateOrder) -> tuple[str, ...]:
    """The patterns of a column under a date order; two-digit years first, as %Y would read 10 as the year 10."""
    patterns = dict.fromkeys(
        pattern for each in found if (pattern := pattern_of(each.shape, order) or pattern_of_digits(each.shape))
    )
    return tuple(sorted(patterns, key=lambda pattern: "%y" not in pattern))


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
    day_first, month_first = seen["only_dmy"], seen["only_mdy"]

    def decided(order: DateOrder, confidence: float, reason: str) -> TimeReading:
        against = month_first if order == "dmy" else day_first
        if against:
            reason += f"; {against:,} contradict it and will be unreadable, such as {seen[f'example_not_{order}']}"
        counts = (seen["filled"], seen[f"readable_{order}"], seen[f"outside_{order}"], against)
        return TimeReading(formats_of(found, order), order, confidence, reason, *counts)

    if day_first == month_first > 0:
        return decided("dmy", TIE, f"as many dates say day first as month first ({day_first:,} each)")
    if day_first or month_first:
        majority: DateOrder = "dmy" if day_first > month_first else "mdy"
        example = seen[f"example_{majority}"]
        reason = f"{ORDER_NAMES[majority]}, as {max(day_first, month_first):,} dates say, such as {example}"
        return decided(majority, BY_MAJORITY if day_first and month_first else SURE, reason)
    if not seen["differing"]:
        return replace(decided("dmy", SURE, "day and month are equal in every date"), order=None)
    if elsewhere in ("dmy", "mdy"):
        reason = f"{ORDER_NAMES[elsewhere]} as in another column; here nothing is above 12"
        return decided(elsewhere, BY_OTHER_COLUMN, reason)
    order, hint = _likelier_order(times, found)
    return decided(order, GUESS, f"{found[0].example} can be read both ways, as nothing is above 12; {hint}")


def _both_ways(times: TimeColumn, found: Sequence[Shape]) -> dict[str, Any]:
    """What all rows say when read day first and when read month first, in one pass."""
    both = _read_both(times, found)
    only = {"dmy": "dmy IS NOT NULL AND mdy IS NULL", "mdy": "mdy IS NOT NULL AND dmy IS NULL"}
    columns = ["COUNT(cell) AS filled", f"{sql.count_where('dmy <> mdy')} AS differing"]
    for order, condition in only.items():
        other = "mdy" if order == "dmy" else "dmy"
        columns += [
            f"COUNT({order}) AS readable_{order}",
            f"{_outside(order)} AS outside_{order}",
            f"{sql.count_where(condition)} AS only_{order}",
            f"min(cell) FILTER (WHERE {condition}) AS example_{order}",
            f"min(cell) FILTER (WHERE {condition}) AS example_not_{other}",
        ]
    return times.one("date_orders", ", ".join(columns), f"({both}) AS both_ways")


def _likelier_order(times: TimeColumn, found: Sequence[Shape]) -> tuple[DateOrder, str]:
    """A guess where no value decides: files mostly run forward in time, and span little of it."""
    in_order = (
        f"SELECT *, lag(dmy) OVER (ORDER BY position) AS before_dmy, lag(mdy) OVER (ORDER BY position) AS before_mdy "
        f"FROM ({_read_both(times, found)}) AS both_ways"
    )
    columns = [
        f"{sql.count_where(f'{order} < before_{order}')} AS steps_back_{order}, "
        f"date_diff('day', min({order}), max({order})) AS days_{order}"
        for order in ("dmy", "mdy")
    ]
    seen = times.one("rows_in_order", ", ".join(columns), f"({in_order}) AS in_order")
    steps_back, days = ({"dmy": seen[f"{what}_dmy"], "mdy": seen[f"{what}_mdy"]} for what in ("steps_back", "days"))
    likelier: DateOrder = "dmy" if (steps_back["dmy"], days["dmy"]) <= (steps_back["mdy"], days["mdy"]) else "mdy"
    if steps_back["dmy"] != steps_back["mdy"]:
        return likelier, f"perhaps {ORDER_NAMES[likelier]}, as the rows would then run forward in time"
    if days["dmy"] != days["mdy"]:
        return likelier, f"perhaps {ORDER_NAMES[likelier]}, as the dates would then span fewer days"
    return likelier, "nothing speaks for either"


def _read_both(times: TimeColumn, found: Sequence[Shape]) -> Sql:
    day_first = sql.read_time(times.cell, formats_of(found, "dmy"), "UTC")
    month_first = sql.read_time(times.cell, formats_of(found, "mdy"), "UTC")
    return Sql(
        f"SELECT row_number AS position, {times.cell} AS cell, {day_first} AS dmy, {month_first} AS mdy "
        f"FROM {sql.name(times.table)}"
    )


def _outside(moment: str) -> Sql:
    return sql.count_where(f"{moment} < {EARLIEST} OR {moment} >= {LATEST}")
