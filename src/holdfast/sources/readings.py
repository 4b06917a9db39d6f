"""How the mapped columns of a family of tables are read: its times in one date order, its numbers in one notation.

The columns of a file answer for each other: where one date order or decimal mark is proven anywhere in it, a column
that does not say follows. Only what stays open, in a field that matters, becomes a doubt.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from holdfast.engine import DuckEngine
from holdfast.sources.dates import TimeColumn, TimeReading, read_times
from holdfast.sources.mapping import CONFIDENT, Doubt, Proposal
from holdfast.sources.numbers import NumberReading, is_number_type, read_numbers
from holdfast.sources.profile import NUMBERS, ColumnProfile, Look
from holdfast.sources.time_patterns import DateOrder
from holdfast.tables import Field, Kind, Reading

DECISIVE = ("ordered_at", "quantity", "unit_price", "amount", "order_total")
"""Fields that nobody may guess how to read; of the others, one that stays open is left out and reported."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person decided for all files at once; None where the files are to say it."""

    date_order: DateOrder | None = None
    decimal: str | None = None


@dataclass(frozen=True, slots=True)
class Readings:
    """How each mapped column is read (by field), why so, and what came up on the way.

    `symbols` counts what currencies stand beside the amounts.
    """

    readings: dict[str, Reading]
    reasons: dict[str, str]
    doubts: tuple[Doubt, ...]
    notes: tuple[str, ...]
    date_order: DateOrder | None
    symbols: dict[str, int]


@dataclass(frozen=True, slots=True)
class Columns:
    """Tables of the same columns, bound together under one name."""

    engine: DuckEngine
    table: str
    profiles: Mapping[str, ColumnProfile]
    has_semicolons: bool
    """Semicolons separate where the comma is the decimal mark."""

    def times(self, column: str, decisions: Decisions) -> TimeReading:
        """How a column of times is read; the file's other times are asked only where it does not say itself."""
        where = TimeColumn(self.engine, self.table, column, self.profiles[column].type)
        reading = read_times(where, given=decisions.date_order)
        if reading.confidence >= CONFIDENT or reading.order is None:
            return reading
        others = (
            read_times(TimeColumn(self.engine, self.table, other.name, other.type)).says
            for other in self.profiles.values()
            if other.look is Look.TIME and other.name != column
        )
        return read_times(where, elsewhere=_agreed(others))

    def numbers(self, column: str, decisions: Decisions) -> NumberReading:
        """How a column of numbers is read; the file's other numbers are asked only where it does not say itself."""
        kind = self.profiles[column].type
        reading = read_numbers(self.engine, self.table, column, kind, given=decisions.decimal)
        if reading.confidence >= CONFIDENT or not reading.filled:
            return reading
        others = (
            read_numbers(self.engine, self.table, other.name, other.type).says
            for other in self.profiles.values()
            if other.look in NUMBERS and other.name != column and not is_number_type(other.type)
        )
        elsewhere = _agreed(others) or ("," if self.has_semicolons else None)
        return read_numbers(self.engine, self.table, column, kind, elsewhere=elsewhere)


def read_columns(
    columns: Columns, proposals: Mapping[str, Proposal], fields: Sequence[Field], decisions: Decisions
) -> Readings:
    """How to read every confidently mapped column; a decisive one that stays open is a doubt, another is left out."""
    found = Readings({}, {}, (), (), None, {})
    for field in fields:
        proposal = proposals.get(field.name)
        if proposal is None or proposal.column is None or not proposal.is_confident:
            continue
        if field.kind is Kind.TIME:
            found = _with_times(found, field.name, proposal.column, columns.times(proposal.column, decisions), columns)
        elif field.kind in (Kind.NUMBER, Kind.MONEY):
            numbers = columns.numbers(proposal.column, decisions)
            found = _with_numbers(found, field, proposal.column, numbers, columns)
        else:
            found = replace(found, readings=found.readings | {field.name: Reading(proposal.column)})
    return found


def _with_times(found: Readings, field: str, column: str, times: TimeReading, columns: Columns) -> Readings:
    if times.confidence >= CONFIDENT:
        counted = (
            (times.filled - times.readable, "cannot be read as dates"),
            (times.implausible, "lie outside the years 1970 to 2099"),
        )
        return replace(
            found,
            readings=found.readings | {field: Reading(column, time_formats=times.formats)},
            reasons=found.reasons | {field: times.reason},
            notes=(*found.notes, *_counted(column, times.filled, counted), *_zone_note(column, times)),
            date_order=found.date_order or times.order,
        )
    if field not in DECISIVE:
        return _left_out(found, field, column, times.reason)
    if times.order is None:
        others = tuple(each.name for each in columns.profiles.values() if each.may_be_time and each.name != column)
        question = f"Which column says when the order was placed? {column}: {times.reason}."
        doubt = Doubt(field, (column,), question, others, f"--map {field}=COLUMN")
    else:
        question = f"Is {column} day/month/year or month/day/year? {times.reason[0].upper()}{times.reason[1:]}."
        doubt = Doubt(field, (column,), question, ("dmy", "mdy"), "--date-order dmy or --date-order mdy")
    return replace(found, doubts=(*found.doubts, doubt), reasons=found.reasons | {field: times.reason})


def _with_numbers(found: Readings, field: Field, column: str, numbers: NumberReading, columns: Columns) -> Readings:
    name = field.name
    if numbers.confidence >= CONFIDENT:
        unreadable = (numbers.filled - numbers.readable, "cannot be read as numbers")
        symbols = Counter(found.symbols)
        symbols.update(numbers.symbols if field.kind is Kind.MONEY else {})
        return replace(
            found,
            readings=found.readings | {name: Reading(column, decimal=numbers.decimal, thousands=numbers.thousands)},
            reasons=found.reasons | {name: numbers.reason},
            notes=(*found.notes, *_counted(column, numbers.filled, [unreadable])),
            symbols=dict(symbols),
        )
    if name not in DECISIVE:
        return _left_out(found, name, column, numbers.reason)
    if not numbers.confidence:
        others = tuple(each.name for each in columns.profiles.values() if each.look in NUMBERS and each.name != column)
        question = f"Which column is the {name}? {column}: {numbers.reason}."
        doubt = Doubt(name, (column,), question, others, f"--map {name}=COLUMN")
    else:
        question = (
            f"Is the decimal mark of {column} a point or a comma? {numbers.reason[0].upper()}{numbers.reason[1:]}."
        )
        doubt = Doubt(name, (column,), question, (".", ","), "--decimal point or --decimal comma")
    return replace(found, doubts=(*found.doubts, doubt), reasons=found.reasons | {name: numbers.reason})


def _zone_note(column: str, times: TimeReading) -> Iterable[str]:
    if any("%z" in each for each in times.formats):
        yield f"{column}: times with an offset become the time on the shop's clocks."


def _left_out(found: Readings, field: str, column: str, why: str) -> Readings:
    return replace(found, notes=(*found.notes, f"{column} is left out as {field}: {why}."))


def _counted(column: str, filled: int, counts: Iterable[tuple[int, str]]) -> list[str]:
    return [f"{column}: {cells:,} of {filled:,} cells {what}." for cells, what in counts if cells > 0]


def _agreed(said: Iterable[T | None]) -> T | None:
    """What all that say something say; None where they contradict each other or say nothing."""
    distinct = {each for each in said if each is not None}
    return distinct.pop() if len(distinct) == 1 else None
