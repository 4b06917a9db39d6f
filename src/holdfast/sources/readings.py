"""How the mapped columns of one kind of table are read: its times in one date order, its numbers with one decimal mark.

The columns of a file answer for each other: where one date order or decimal mark is proven anywhere in it, a column
that does not say follows. Only what stays open, in a field that matters, becomes a doubt.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from holdfast.engine import DuckEngine
from holdfast.sources.dates import ORDER_NAMES, TimeColumn, TimeReading, read_times
from holdfast.sources.mapping import CONFIDENT, Doubt, Proposal
from holdfast.sources.numbers import NumberReading, is_number_type, read_numbers
from holdfast.sources.profile import NUMBERS, ColumnProfile, Look
from holdfast.sources.time_patterns import DateOrder
from holdfast.tables import Field, Kind, Reading

DECISIVE = ("ordered_at", "quantity", "unit_price", "amount", "order_total")
"""Fields that nobody may guess how to read; of the others, one that stays open is left out and reported."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person decided for all files at once; None where the files are to say it."""

    date_order: DateOrder | None = None
    decimal: str | None = None


@dataclass(frozen=True, slots=True)
class Readings:
    """How each mapped column is read, with the doubts and notes that came up and the date order found."""

    readings: dict[str, Reading]
    doubts: tuple[Doubt, ...]
    notes: tuple[str, ...]
    date_order: DateOrder | None
    numbers: dict[str, NumberReading]


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


def _agreed(said: Iterable[DateOrder | str | None]) -> DateOrder | None:
    """What all that say something say; None where they contradict each other or say nothing."""
    distinct = {each for each in said if each}
    return distinct.pop() if len(distinct) == 1 else None  # type: ignore
