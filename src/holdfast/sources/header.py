"""Where a table begins: lines above its header, the header itself, and one usable name for each column."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.tables import DAMAGED, ROW_NUMBER

_NUMBER = re.compile(r"[-+(]?\s*[$€£¥₹]?\s*[-+]?\d[\d.,' \u00a0]*([eE][-+]?\d+)?\s*[%€$£)]?")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?|\d{1,2}[- ]\w{3,9}[- ]\d{2,4}.*")
_OTHER_VALUE = re.compile(r"\S+@\S+\.\S+|[0-9a-fA-F]{16,}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

LONGEST_VALUE = 64
"""Characters; what is longer is prose."""

MOST_NOTES = 5


@dataclass(frozen=True, slots=True)
class Heading:
    """`above` rows come before the header (a title, blank rows); `cells` of the header, or None if there is none."""

    above: int
    cells: tuple[str, ...] | None


def is_value(cell: str) -> bool:
    """Whether a cell is something columns are not named by: a number, a date, an e-mail address, a long hex id."""
    bare = cell.strip()
    return len(bare) <= LONGEST_VALUE and any(pattern.fullmatch(bare) for pattern in (_NUMBER, _DATE, _OTHER_VALUE))


def find_heading(rows: Sequence[Sequence[str]]) -> Heading:
    """Look for the header in the first rows of a table.

    A row of names holds no value. Above it, rows that fill less than half of the usual number of cells are a title;
    they are only passed over if a header follows, for otherwise they may be data.
    """
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    usual = Counter(count for count in filled if count).most_common(1)[0][0] if any(filled) else 0
    above = next((i for i, count in enumerate(filled) if count and 2 * count >= usual), 0)
    for position in (above, 0):
        if position < len(rows) and filled[position] and not any(is_value(cell) for cell in rows[position]):
            return Heading(position, tuple(rows[position]))
    return Heading(0, None)


def notes_above(above: int) -> tuple[str, ...]:
    """What to say of rows above the header."""
    return (f"{above:,} row{'s' if above > 1 else ''} above the header left out.",) if above else ()


def usable_names(cells: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """One name a column, no two alike in any case, none of them ours; and notes on those that had to change."""
    names: list[str] = []
    notes: list[str] = []
    taken = {ROW_NUMBER, DAMAGED}
    wanted = {" ".join(cell.split()).lower() for cell in cells}
    for position, cell in enumerate(cells, start=1):
        plain = " ".join(cell.split())
        name, copy = plain or f"column_{position}", 2
        while name.lower() in taken or (name != plain and name.lower() in wanted):
            name, copy = f"{plain or f'column_{position}'}_{copy}", copy + 1
        taken.add(name.lower())
        names.append(name)
        if not plain:
            notes.append(f"Column {position} has no name; it is called {name}.")
        elif name != plain:
            notes.append(f"Column {position} is called {plain} like another or like one of ours; it is called {name}.")
    if len(notes) > MOST_NOTES:
        notes[MOST_NOTES:] = [f"{len(notes) - MOST_NOTES:,} more columns have no name of their own."]
    return tuple(names), tuple(notes)
