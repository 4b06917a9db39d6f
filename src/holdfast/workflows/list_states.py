"""How far an action list is."""

from enum import StrEnum

from holdfast.errors import HoldfastError


class ListState(StrEnum):
    """How far a list is."""

    DRAFT = "draft"
    APPROVED = "approved"
    EXPORTED = "exported"
    CLOSED = "closed"


OPEN = (ListState.APPROVED, ListState.EXPORTED)
"""Nobody on a list in one of these is on another one."""


class ListStateError(HoldfastError):
    """The list is in a state that does not allow it."""

    code = "conflict"
    status = 409
