"""What each column of a file holds: how full it is, how many values, some of them, and what they look like."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.sources.dates import is_time_type
from holdfast.sources.numbers import is_number_type, looks_like_number
from holdfast.sources.shapes import shape_of
from holdfast.sources.time_patterns import pattern_of, pattern_of_digits
from holdfast.tables import DAMAGED, ROW_NUMBER

SAMPLE = 500
"""Cells looked at to choose candidates; whatever is decided of a column is decided on all its rows."""

COUNTED_EXACTLY = 3_000_000
"""Rows up to which distinct values are counted; above, they are estimated (HyperLogLog, the same in every run)."""

MOST_COLUMNS = 300
"""Columns looked into; exports have some dozens, and what lies beyond is no order history's."""

_AT_ONCE = 12  # columns whose distinct values are held in memory together
_MOSTLY = 0.9
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_YEARS = ("197", "198", "199", "20")


class Look(StrEnum):
    """What the values of a column look like."""

    EMPTY = "empty"
    TIME = "dates"
    WHOLE = "whole numbers"
    NUMBER = "numbers"
    EMAIL = "e-mail addresses"
    CODE = "codes"
    TEXT = "texts"


NUMBERS = (Look.WHOLE, Look.NUMBER)


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column of a table of `rows` rows: `filled` of them hold something, `distinct` different things."""

    name: str
    type: str
    rows: int
    filled: int
    distinct: int
    samples: tuple[str, ...]
    look: Look
    may_be_time: bool
    """Dates, or numbers that could be some (19970101, seconds since 1970, Excel's days)."""

    @property
    def summary(self) -> str:
        """In words: `4,372 distinct whole numbers, 25 % empty`."""
        if self.look is Look.EMPTY:
            return "empty"
        empty = 1 - self.filled / self.rows
        share = f", {empty:.0%} empty".replace("%", " %") if empty >= 0.005 else ""
        return f"{self.distinct:,} distinct {self.look}{share}"


def profile(engine: DuckEngine, table: str) -> tuple[ColumnProfile, ...]:
    """The columns of a bound table, without those that are ours (`row_number`, `damaged`)."""
    types = {name: kind for name, kind in engine.types(table).items() if name not in (ROW_NUMBER, DAMAGED)}
    columns = list(types)[:MOST_COLUMNS]
    rows = int(engine.rows(Query("rows", "one row", f"SELECT COUNT(*) AS n FROM {sql.name(table)}")).one()["n"])
    profiles = []
    for start in range(0, len(columns), _AT_ONCE):
        some = columns[start : start + _AT_ONCE]
        counted = _count(engine, table, some, exactly=rows <= COUNTED_EXACTLY)
        for column, (filled, distinct) in zip(some, counted, strict=True):
            cells = _sample(engine, table, column) if filled else []
            look = _look(types[column], cells)
            samples = tuple(dict.fromkeys(cells))[:5]
            profiles.append(
                ColumnProfile(column, types[column], rows, filled, distinct, samples, look, _may_be_time(look, cells))
            )
    return tuple(profiles)


def _text(column: str) -> str:
    return f"NULLIF(trim(CAST({sql.name(column)} AS VARCHAR)), '')"


def _count(engine: DuckEngine, table: str, columns: Sequence[str], *, exactly: bool) -> list[tuple[int, int]]:
    """Filled cells and distinct values of each column."""
    distinct = "COUNT(DISTINCT {})" if exactly else "approx_count_distinct({})"
    counts = ", ".join(
        f"COUNT({_text(column)}) AS filled_{i}, {distinct.format(sql.name(column))} AS distinct_{i}"
        for i, column in enumerate(columns)
    )
    (row,) = engine.rows(Query("counts", "one row", f"SELECT {counts} FROM {sql.name(table)}")).rows
    return list(zip(row[::2], row[1::2], strict=True))


def _sample(engine: DuckEngine, table: str, column: str) -> list[str]:
    """The first filled cells of a column."""
    query = Query(
        "sample",
        "one cell",
        f"SELECT {_text(column)} AS cell FROM {sql.name(table)} WHERE {_text(column)} IS NOT NULL LIMIT {SAMPLE}",
    )
    return [row[0] for row in engine.rows(query).rows]


def _look(column_type: str, cells: Sequence[str]) -> Look:
    if not cells:
        return Look.EMPTY
    if is_time_type(column_type):
        return Look.TIME
    shapes = [shape_of(cell) for cell in cells]
    if is_number_type(column_type) or _share(looks_like_number(shape) for shape in shapes) >= _MOSTLY:
        if _share(_is_compact_date(cell) for cell in cells) == 1:
            return Look.TIME
        numbers = [shape.strip("+-") for shape in shapes if looks_like_number(shape)]
        return Look.WHOLE if all(set(digits) == {"0"} for digits in numbers) else Look.NUMBER
    return _look_of_texts(cells, shapes)


def _look_of_texts(cells: Sequence[str], shapes: Sequence[str]) -> Look:
    if _share(pattern_of(shape) is not None for shape in shapes) >= _MOSTLY:
        return Look.TIME
    if _share(_EMAIL.fullmatch(cell) is not None for cell in cells) >= _MOSTLY:
        return Look.EMAIL
    return Look.CODE if _share(" " not in cell for cell in cells) >= _MOSTLY else Look.TEXT


def _is_compact_date(cell: str) -> bool:
    """Eight digits that are a day of our times, such as 19970101, with or without a time of day."""
    if pattern_of_digits(shape_of(cell)) is None or not cell[:8].isdigit() or not cell.startswith(_YEARS):
        return False
    return "01" <= cell[4:6] <= "12" and "01" <= cell[6:8] <= "31" and not cell[8:9].isdigit()


def _may_be_time(look: Look, cells: Sequence[str]) -> bool:
    if look in NUMBERS:
        return _share(pattern_of_digits(shape_of(cell)) is not None for cell in cells) >= _MOSTLY
    return look is Look.TIME


def _share(found: Iterable[bool]) -> float:
    counted = list(found)
    return sum(counted) / len(counted)
