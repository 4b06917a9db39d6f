"""The records of a text, read strictly: one whose cells cannot be told apart is handed over whole, never mended.

Python's own csv module does the reading. Its strict mode stops at a quote that is neither doubled nor followed by a
separator, and at one that is never closed. Then the first line of the record counts as damaged and reading goes on with
the line after it, so that one stray quote cannot swallow the rows below.
"""

import csv
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from holdfast.sources.separated import Damaged

LONGEST_RECORD = 1 << 24
"""Characters; a quote still open after so many was not meant to open a cell."""

_ESCAPED = re.compile(r'\\(["\\])')


@dataclass(frozen=True, slots=True)
class Dialect:
    r"""How a text sets its cells apart.

    `delimiter` is one character, or "" if runs of blanks do it. `quote` is "" where nothing is quoted. `backslash`: a
    quote inside a cell is written \" rather than doubled.
    """

    delimiter: str
    quote: str = '"'
    backslash: bool = False

    def prepared(self, line: str) -> str:
        """The line in the words of Python's csv module."""
        if not self.delimiter:
            return " ".join(line.split())
        if self.backslash:
            return _ESCAPED.sub(lambda found: '""' if found[1] == '"' else "\\", line)
        return line


class Lines:
    """The lines of a text, of which those taken since the last `start` can be handed back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._waiting: deque[str] = deque()
        self._taken: list[str] = []
        self._taken_characters = 0
        self.characters = 0
        """Characters read so far."""

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else next(self._lines)
        self._taken.append(line)
        self._taken_characters += len(line)
        if self._taken_characters > LONGEST_RECORD:
            raise csv.Error("a record longer than any should be")
        return line

    def start(self) -> None:
        """Here a new record begins."""
        self.characters += self._taken_characters
        self._taken.clear()
        self._taken_characters = 0

    def hand_back(self) -> str:
        """Hand back all lines of this record but the first, which is returned without its line end."""
        first, *rest = self._taken
        self._waiting.extendleft(reversed(rest))
        self._taken = [first]
        self._taken_characters = len(first)
        return first.rstrip("\r\n")


def records(
    lines: Lines, dialect: Dialect, *, fit: Callable[[list[str]], list[str] | None] = lambda cells: cells
) -> Iterator[list[str] | Damaged]:
    """The records of a text in order. Blank lines are none.

    `fit` brings cells into the shape of the table or returns None where they have another; such a record is damaged.
    Nothing is read ahead: after any record, `lines` stands at the beginning of the next.
    """
    csv.field_size_limit(LONGEST_RECORD)
    reader = csv.reader(
        lines if dialect.delimiter and not dialect.backslash else map(dialect.prepared, lines),
        delimiter=dialect.delimiter or " ",
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        strict=True,
    )
    while True:
        lines.start()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Damaged(lines.hand_back())
            continue
        if len(cells) < 2 and not "".join(cells).strip():
            continue
        fitted = fit(cells)
        yield Damaged(lines.hand_back()) if fitted is None else fitted
