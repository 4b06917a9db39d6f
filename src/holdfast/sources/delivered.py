"""A file on its way to being opened: where its bytes are now, and what it was when it was handed in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from holdfast.errors import InputError

Progress = Callable[[float], None]
"""Called with the share of the work on one file that is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """`path` holds the bytes to read, perhaps an unpacked copy of `file`, whose own bytes `sha256` is the checksum of.

    `table` is what its table is called; `facts` are what unpacking found ("packed": "gzip").
    """

    path: Path
    file: str
    table: str
    sha256: str
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What to call it in a message: the file, and its member if it was one of an archive."""
        member = self.facts.get("member")
        return f"{member} in {self.file}" if member else self.file


def no_rows(file: str) -> InputError:
    """The refusal of a table that has a header at most."""
    return InputError(
        f"{file} has no rows.",
        seen="There is a header at most.",
        todo="Export it again, with the period that holds the orders.",
    )
