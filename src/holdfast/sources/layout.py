"""How a text is laid out: its separator and quotes, its header and the number of its columns, told from a sample.

A separator is right when it cuts every record into the same number of cells, so each candidate reads the sample and the
one with the largest share of equal records wins.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from holdfast.errors import InputError
from holdfast.sources.delivered import no_rows
from holdfast.sources.header import find_heading
from holdfast.sources.records import Dialect, Lines, records
from holdfast.sources.separated import Damaged

SAMPLE_RECORDS = 1000
SAMPLE_CHARACTERS = 1 << 20
LEAST_AGREEMENT = 0.75
"""Share of the sample that must have the same number of cells; below it the text is no table, or a mixture of two."""

DELIMITERS = {"\t": "tab", "|": "pipe", ";": "semicolon", ",": "comma"}
"""Earlier ones win a tie: where semicolons separate, commas are those of decimals, hardly ever the other way round."""

FEW_STRAY_QUOTES = 2
"""Lines that a quote out of place may spoil before quotes are held to mean nothing in this file."""

MOST_COLUMNS = 1024
"""An order history has a few dozen; thousands mean that rows and columns were swapped, or that this is no table."""

_DECLARED = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a text needs to be read.

    `is_declared`: a first line such as `sep=;`, which Excel writes, comes before everything. `above` records precede
    the header; `header` is None if there is none. `width` is the number of columns; a record may lack the last
    `optional` of them, which most rows leave empty anyway.
    """

    dialect: Dialect
    is_declared: bool
    above: int
    header: tuple[str, ...] | None
    width: int
    optional: int


def detect(path: Path, *, file: str) -> Layout:
    """The layout of the UTF-8 text at `path`; InputError where there is none that most of it agrees with."""
    declared = _declared_delimiter(path)
    reading = _best_reading(path, declared, file=file)
    heading = find_heading(reading.rows)
    data = reading.rows[heading.above + 1 :] if heading.cells else reading.rows
    if not data:
        raise no_rows(file)
    width = _usual_width(data)
    if heading.cells:
        width = _width_under(heading.cells, data, width, file=file)
    if width > MOST_COLUMNS:
        raise InputError(
            f"{file} has too many columns.",
            seen=f"{width:,} columns; at most {MOST_COLUMNS:,} can be read.",
            todo="Export one row an order line, with its fields as columns.",
        )
    return Layout(
        reading.dialect, declared is not None, heading.above, heading.cells, width, _optional_columns(data, width)
    )


# --- which separator and quotes ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reading:
    """The sample as a dialect reads it; a damaged record is a row without cells."""

    dialect: Dialect
    rows: list[list[str]]

    @classmethod
    def of(cls, path: Path, dialect: Dialect, *, is_declared: bool = False) -> Self:
        rows: list[list[str]] = []
        with path.open(encoding="utf-8", newline="") as stream:
            lines = Lines(stream)
            if is_declared:
                next(lines)
            for record in records(lines, dialect):
                rows.append([] if isinstance(record, Damaged) else record)
                if len(rows) >= SAMPLE_RECORDS or lines.characters >= SAMPLE_CHARACTERS:
                    break
        return cls(dialect, rows)

    @property
    def agreement(self) -> float:
        """Share of rows with the usual number of cells, if that is two or more."""
        return _agreement(self.rows)

    @property
    def is_table(self) -> bool:
        """Whether nearly all rows agree below the first, which is the header unless a title stands above it."""
        usual = _usual_width(self.rows)
        header = next((i for i, row in enumerate(self.rows) if 2 * len(row) > usual), 0)
        return _agreement(self.rows[header + 1 :] or self.rows[header:]) >= LEAST_AGREEMENT


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    """The most frequent number of cells; among equals the first seen."""
    widths = Counter(len(row) for row in rows if row)
    return widths.most_common(1)[0][0] if widths else 0


def _agreement(rows: Sequence[Sequence[str]]) -> float:
    usual = _usual_width(rows)
    return sum(1 for row in rows if len(row) == usual) / len(rows) if usual >= 2 else 0.0


def _declared_delimiter(path: Path) -> str | None:
    with path.open(encoding="utf-8", newline="") as stream:
        found = _DECLARED.fullmatch(stream.readline(20))
    return found[1] if found else None


def _best_reading(path: Path, declared: str | None, *, file: str) -> _Reading:
    """The sample in the dialect that most of it agrees with."""
    if declared:
        return _with_quotes(path, declared, is_declared=True)
    readings = [_with_quotes(path, delimiter) for delimiter in DELIMITERS]
    best = max(readings, key=lambda reading: reading.agreement)
    if best.is_table:
        return best
    blanks = _Reading.of(path, Dialect("", quote=""))
    if blanks.is_table:
        return blanks
    if best.agreement < 1 - LEAST_AGREEMENT:
        return _Reading.of(path, Dialect(","))
    shares = [f"{DELIMITERS[reading.dialect.delimiter]} {reading.agreement:.0%}" for reading in readings]
    raise InputError(
        f"{file} does not keep to one separator.",
        seen=f"Share of rows with the same number of cells: {', '.join(shares)}.",
        todo="Export it again with one separator (comma, semicolon, tab or pipe) from the first line to the last.",
    )


def _with_quotes(path: Path, delimiter: str, *, is_declared: bool = False) -> _Reading:
    r"""The sample with this delimiter and the quotes that suit it best: " doubled inside a cell, \", ', or none.

    Double quotes are given up only if reading without them mends more than half of the lines that hold one, and several
    of them: a stray quote or two are damage, not another dialect.
    """
    usual = _Reading.of(path, Dialect(delimiter), is_declared=is_declared)
    with path.open(encoding="utf-8", newline="") as stream:
        lines = stream.readlines(SAMPLE_CHARACTERS)[:SAMPLE_RECORDS]
    rivals = ((Dialect(delimiter, backslash=True), '\\"', 0), (Dialect(delimiter, quote=""), '"', FEW_STRAY_QUOTES))
    for dialect, sign, few in rivals:
        concerned = sum(1 for line in lines if sign in line)
        if concerned:
            other = _Reading.of(path, dialect, is_declared=is_declared)
            mended = (other.agreement - usual.agreement) * len(lines)
            if mended > max(few, concerned / 2):
                return other
    mark = re.escape(delimiter)
    in_single_quotes = re.compile(rf"(^|{mark})'[^']*'(?={mark}|\s*$)")
    if sum(1 for line in lines if in_single_quotes.search(line)) > len(lines) / 2 and not any(
        '"' in line for line in lines
    ):
        return _Reading.of(path, Dialect(delimiter, quote="'"), is_declared=is_declared)
    return usual


# --- how many columns -------------------------------------------------------------------------------------------------


def _width_under(header: Sequence[str], data: Sequence[Sequence[str]], width: int, *, file: str) -> int:
    """The number of columns where header and rows agree, give or take empty cells at the end."""
    names = len(header)
    while names > width and not header[names - 1].strip():
        names -= 1
    if names < width and not any(cell.strip() for row in data for cell in row[names:]):
        width = names
    if names != width:
        raise InputError(
            f"{file} has a header that does not fit its rows.",
            seen=f"The header names {names:,} columns, most rows have {width:,} cells.",
            todo="Give every column one name in the first line, and quote cells that hold the separator.",
        )
    return width


def _optional_columns(data: Sequence[Sequence[str]], width: int) -> int:
    """How many columns at the end are empty in at least half of the rows: a row may leave these out."""
    whole = [row for row in data if len(row) >= width]
    optional = 0
    while optional < width - 1:
        empty = sum(1 for row in whole if not row[width - 1 - optional].strip())
        if 2 * empty < len(whole) or not whole:
            break
        optional += 1
    return optional
