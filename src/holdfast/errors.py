"""The error tree: every error says what happened, what was there, and what to do next.

A `HoldfastError` is meant for people. Whoever raises one fills all three sentences; whoever catches one shows them
(the command line as text or as one JSON object, the API as problem+json). Anything else that escapes is a bug.
"""

import errno
from collections.abc import Mapping
from typing import Self


class HoldfastError(Exception):
    """Something a person can act on.

    `what` happened, what was `seen`, and what to do next (`todo`); `details` hold the same facts for programs.
    """

    code = "error"

    def __init__(self, what: str, *, seen: str, todo: str, details: Mapping[str, object] | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.seen = seen
        self.todo = todo
        self.details = dict(details or {})

    def __str__(self) -> str:
        return f"{self.what} {self.seen} {self.todo}"

    def problem(self) -> dict[str, object]:
        """The error as one JSON object."""
        return {"code": self.code, "what": self.what, "seen": self.seen, "todo": self.todo, "details": self.details}


class InputError(HoldfastError):
    """A file cannot be read as an order history."""

    code = "unreadable_input"


class MappingError(HoldfastError):
    """Columns of a file need somebody's decision before they match ours; `details["columns"]` names them."""

    code = "doubtful_mapping"


class PolicyError(HoldfastError):
    """A cleaning policy or a rule file contradicts itself or names something unknown."""

    code = "bad_policy"


class SettingsError(HoldfastError):
    """A setting is unknown or out of range."""

    code = "bad_settings"


class NotFoundError(HoldfastError):
    """There is no such tenant, import, customer, data set or column."""

    code = "not_found"


class StoreError(HoldfastError):
    """The disk is full, a data set is damaged, or another process holds the shop."""

    code = "store"

    @classmethod
    def of_system(cls, error: OSError) -> Self:
        """What the operating system refuses, as an error a person can act on."""
        if is_disk_full(error):
            return cls("The disk is full; nothing was changed.", seen=str(error), todo="Free some space and try again.")
        return cls(
            "A file or folder cannot be used; nothing was changed.",
            seen=str(error),
            todo="Check that it is there and that you may read and write it, or choose another with --home.",
        )


class EngineError(HoldfastError):
    """The SQL engine could not finish, for want of memory or disk."""

    code = "engine"


def is_disk_full(error: OSError) -> bool:
    """Whether space is all that was missing."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)
