"""Rows on their way to Parquet: one row a line, cells apart by a control character that the text itself does not hold.

DuckDB's CSV reader trims cells around quotes, swallows surplus separators, and loses rows where quoted cells hold line
breaks of several kinds. In this form there is nothing to quote and nothing to guess: every LF ends a row, so it is read
in parallel and cannot be misread.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.errors import EngineError, InputError
from holdfast.tables import DAMAGED, ROW_NUMBER

_CONTROLS = tuple(chr(code) for code in range(0x1F, 0, -1) if chr(code) not in "\t\n\r")
_DUCKDB_LINE_BYTES = 2_000_000  # its default; a longer row has to be announced


@dataclass(frozen=True, slots=True)
class Damaged:
    """A row whose cells cannot be told apart, as it stood in the file."""

    raw: str


Row = Sequence[str] | Damaged
"""The cells of one row, as many as there are columns; or a damaged one."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Three control characters that do not occur in a text: the separator, and what stands for LF and CR in a cell."""

    separator: str
    line_feed: str
    carriage_return: str

    @classmethod
    def outside(cls, controls: Collection[str], *, file: str) -> Self:
        """Marks that are none of `controls`; InputError for a file that leaves fewer than three, as no text does."""
        free = [control for control in _CONTROLS if control not in controls]
        if len(free) < 3:
            raise InputError(
                f"{file} is no text.",
                seen=f"It holds {len(_CONTROLS) - len(free)} different control characters.",
                todo="Give the table as CSV, Parquet or .xlsx.",
            )
        return cls(*free[:3])


@dataclass(frozen=True, slots=True)
class SeparatedText:
    """A file of rows in this form, with what is needed to read it back."""

    path: Path
    marks: Marks
    rows: int
    damaged: int
    has_breaks: bool
    longest: int


def write_rows(rows: Iterable[Row], path: Path, *, columns: int, marks: Marks) -> SeparatedText:
    """Write rows of `columns` cells each; the raw text of damaged ones goes into a first column of its own."""
    count = damaged = longest = 0
    has_breaks = False
    separator, nothing = marks.separator, marks.separator * (columns - 1)
    with path.open("w", encoding="utf-8", newline="") as out:
        for row in rows:
            count += 1
            if isinstance(row, Damaged):
                damaged += 1
                line = f"{row.raw}{separator}{nothing}"
            else:
                line = f"{separator}{separator.join(row)}"
            if "\n" in line or "\r" in line:
                has_breaks = True
                line = line.replace("\n", marks.line_feed).replace("\r", marks.carriage_return)
            longest = max(longest, len(line))
            out.write(line + "\n")
    return SeparatedText(path, marks, count, damaged, has_breaks, longest)


def to_parquet(text: SeparatedText, names: Sequence[str], target: Path, *, engine: DuckEngine) -> int:
    """Read the rows back into a Parquet file with `row_number` and, where rows were damaged, `damaged`; counts them."""
    cells = [f"c{i}" for i in range(len(names))]
    selected = [f"{_cell(text, cell)} AS {sql.name(name)}" for cell, name in zip(cells, names, strict=True)]
    if text.damaged:
        selected.append(f"{_cell(text, DAMAGED)} AS {sql.name(DAMAGED)}")
    columns = ", ".join(f"{sql.text(column)}: 'VARCHAR'" for column in (DAMAGED, *cells))
    query = Query(
        "opened",
        "one row of the file, in the order of the file",
        f"SELECT {', '.join(selected)}, row_number() OVER () AS {sql.name(ROW_NUMBER)} "
        f"FROM read_csv({sql.text(str(text.path))}, columns = {{{columns}}}, auto_detect = false, header = false, "
        f"delim = {sql.text(text.marks.separator)}, quote = '', escape = '', comment = '', nullstr = '', "
        "hive_partitioning = false, "
        f"new_line = '\\n', max_line_size = {max(4 * text.longest + 1, _DUCKDB_LINE_BYTES)})",
    )
    count = engine.write(query, target)
    if count != text.rows:
        raise EngineError(
            "The SQL engine lost rows while reading a file; nothing was changed.",
            seen=f"{text.rows:,} rows were handed to it, {count:,} came back.",
            todo="Please report this, with the version of DuckDB.",
        )
    return count


def _cell(text: SeparatedText, column: str) -> str:
    """The column with its line breaks put back."""
    if not text.has_breaks:
        return sql.name(column)
    with_lf = f"replace({sql.name(column)}, {sql.text(text.marks.line_feed)}, chr(10))"
    return f"replace({with_lf}, {sql.text(text.marks.carriage_return)}, chr(13))"
