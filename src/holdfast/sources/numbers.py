"""One decimal mark for a whole column: 1,234.50 or 1.234,50 or 1 234,50 or 1'234.50, decided on all its rows.

Two marks in one number, a mark that comes twice, or other than three digits behind it settle the question. A column
that knows nothing but `1,234` is ambiguous: the other columns of the file are asked, then a person.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from holdfast.engine import DuckEngine
from holdfast.sources.shapes import Shape, shapes

SURE, BY_OTHER_COLUMN, GUESS = 1.0, 0.9, 0.6

FEWEST_READABLE = 0.1
"""Share of readable cells below which a column is none of numbers, whatever it is called."""

_CURRENCY = r"(?P<{}>[A-Z]{{2,3}}|[A-Z]{{0,2}}[$£€¥₹₺₽])?"
_NUMBER = re.compile(
    rf"[(+-]?\s*{_CURRENCY.format('before')}\s*[+-]?(?P<body>0[0.,'’ \u00a0\u202f]*|[.,]0+)"
    rf"\s*{_CURRENCY.format('after')}\s*[)-]?"
)
_SCIENTIFIC = re.compile(r"[+-]?0+(\.0+)?[eE][+-]?0+")
_GROUPS = re.compile(r"0{1,3}(?P<mark>[.,'’ ])000(?:(?P=mark)000)*")
_INTEGERS = {f"{sign}{size}INT" for sign in ("", "U") for size in ("TINY", "SMALL", "BIG", "HUGE")} | {
    "INTEGER",
    "UINTEGER",
}


@dataclass(frozen=True, slots=True)
class NumberReading:
    """How a column of numbers is read, and how sure that is.

    `thousands` is "" where the column has none. Of the `filled` cells, `readable` fit. `symbols` counts what currencies
    stand beside the numbers. `is_whole`: no cell has decimals.
    """

    decimal: str
    thousands: str
    confidence: float
    reason: str
    filled: int = 0
    readable: int = 0
    is_whole: bool = False
    symbols: dict[str, int] = field(default_factory=dict)
    says: str | None = None
    """The decimal mark that the column itself proves."""


@dataclass(slots=True)
class _Votes:
    """What the shapes of a column say, by number of cells; a mark of "" does not say."""

    filled: int = 0
    marks: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(decimal, thousands) that a cell shows beyond doubt."""
    either: Counter[str] = field(default_factory=Counter)
    """The mark of cells like 1,234, in which it may be the one or the other."""
    symbols: Counter[str] = field(default_factory=Counter)

    @property
    def numbers(self) -> int:
        """How many cells are numbers in any notation."""
        return sum(self.marks.values()) + sum(self.either.values())

    def for_decimal(self, mark: str) -> int:
        """How many cells can only be read with this decimal mark."""
        other = "." if mark == "," else ","
        return sum(n for (decimal, thousands), n in self.marks.items() if decimal == mark or thousands == other)


def is_number_type(column_type: str) -> bool:
    """Whether the file itself says that the column is numeric."""
    return column_type in _INTEGERS or column_type in ("DOUBLE", "FLOAT") or column_type.startswith("DECIMAL")


def looks_like_number(shape: str) -> bool:
    """Whether a shape is that of a number in any notation."""
    return _marks_of(shape) is not None


def read_numbers(
    engine: DuckEngine,
    table: str,
    column: str,
    column_type: str,
    *,
    given: str | None = None,
    elsewhere: str | None = None,
) -> NumberReading:
    """How to read a column of numbers. `given` is a person's decimal mark, `elsewhere` that of the other columns."""
    if is_number_type(column_type):
        return NumberReading(".", "", SURE, "numbers by type", is_whole=column_type in _INTEGERS)
    found = shapes(engine, table, column)
    votes = _count(found)
    if votes.numbers <= FEWEST_READABLE * votes.filled:
        seen = f"its values do not read as numbers, such as {found[0].example}" if found else "it is empty"
        return NumberReading(".", "", 0.0, seen, votes.filled)
    decimal, confidence, reason = _decimal(votes, found, given, elsewhere)
    return _reading(votes, decimal, confidence, reason)


def _count(found: Sequence[Shape]) -> _Votes:
    votes = _Votes()
    for each in found:
        votes.filled += each.cells
        marks = _marks_of(each.shape)
        if marks is None:
            continue
        if len(marks) == 1:
            votes.either[marks[0]] += each.cells
        else:
            votes.marks[marks] += each.cells
        if (written := _NUMBER.fullmatch(each.shape)) and (symbol := written["before"] or written["after"]):
            votes.symbols[symbol] += each.cells
    return votes


def _marks_of(shape: str) -> tuple[str, str] | tuple[str] | None:
    """(decimal, thousands) of a number's shape, (mark,) where it may be either, None where it is no number."""
    if _SCIENTIFIC.fullmatch(shape):
        return (".", "")
    written = _NUMBER.fullmatch(shape)
    if not written:
        return None
    body = re.sub("[\u00a0\u202f]", " ", written["body"].strip())
    marks = [character for character in body if character != "0"]
    if not marks:
        return ("", "")
    if len(marks) == 1 and marks[0] in ".,":
        before, after = body.split(marks[0])
        return (marks[0],) if len(after) == 3 and 1 <= len(before) <= 3 else (marks[0], "")
    whole, decimal, _ = body.rpartition(marks[-1]) if marks[-1] != marks[0] and marks[-1] in ".," else (body, "", "")
    grouped = _GROUPS.fullmatch(whole)
    return (decimal, marks[0]) if grouped else None


def _decimal(votes: _Votes, found: Sequence[Shape], given: str | None, elsewhere: str | None) -> tuple[str, float, str]:
    """The decimal mark of the column, how sure, and why."""
    point, comma = votes.for_decimal("."), votes.for_decimal(",")
    if given:
        return given, SURE, f"decimal {_NAMES[given]} as given"
    if point != comma:
        mark = "." if point > comma else ","
        against = f"; {min(point, comma):,} contradict it and will be unreadable" if point and comma else ""
        return mark, SURE, f"decimal {_NAMES[mark]}{against}"
    if point:
        return ".", GUESS / 2, f"as many numbers say decimal point as decimal comma ({point:,} each)"
    if not votes.either:
        return elsewhere or ".", SURE, "whole numbers"
    if elsewhere:
        return elsewhere, BY_OTHER_COLUMN, f"decimal {_NAMES[elsewhere]} as in the other columns of the file"
    return _by_leading_zero(found)


def _by_leading_zero(found: Sequence[Shape]) -> tuple[str, float, str]:
    """A column of nothing but 1,234: decimals if the least of them, which is the example, is 0,234; else a guess."""
    mark, example = next((m[0], each.example) for each in found if (m := _marks_of(each.shape)) and len(m) == 1)
    if example.lstrip("+-").startswith("0"):
        return mark, SURE, f"decimal {_NAMES[mark]}, as {example} shows"
    return ".", GUESS, f"{example} can be read with a decimal {_NAMES[mark]} or as thousands"


def _reading(votes: _Votes, decimal: str, confidence: float, reason: str) -> NumberReading:
    """The column read with a decimal mark: its most frequent thousands mark, and how many cells fit both."""
    thousands = Counter({mark: n for mark, n in votes.either.items() if mark != decimal})
    for (seen, mark), n in votes.marks.items():
        if mark and mark != decimal and seen in ("", decimal):
            thousands[mark] += n
    mark = min(thousands, key=lambda each: (-thousands[each], each)) if thousands else ""
    readable = votes.either[decimal] + (votes.either[mark] if mark else 0)
    readable += sum(n for (d, t), n in votes.marks.items() if d in ("", decimal) and t in ("", mark))
    with_decimals = votes.either[decimal] + sum(n for (d, _), n in votes.marks.items() if d == decimal)
    proven = decimal if confidence == SURE and (with_decimals or mark in (".", ",")) else None
    is_whole = with_decimals == 0
    symbols = dict(votes.symbols)
    return NumberReading(decimal, mark, confidence, reason, votes.filled, readable, is_whole, symbols, proven)


_NAMES = {".": "point", ",": "comma"}
