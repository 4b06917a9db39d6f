"""Who is asking: a person or a program, for one tenant, in a role."""

from dataclasses import dataclass
from enum import StrEnum

from holdfast.errors import HoldfastError


class Role(StrEnum):
    """What one may do in a tenant; each role may do all that those before it may.

    A viewer reads, an analyst also imports, trains and predicts, an admin also manages keys and people and erases. The
    operator is an admin of every tenant and makes new ones.
    """

    VIEWER = "viewer"
    ANALYST = "analyst"
    ADMIN = "admin"
    OPERATOR = "operator"

    def may(self, needed: "Role") -> bool:
        """Whether this role includes another one."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody whose key or session was checked. `actor` is what the audit log says, such as `key:...`."""

    tenant: str
    role: Role
    actor: str


class NotSignedInError(HoldfastError):
    """There is no key or session, or it is not valid."""

    code = "not_signed_in"


class NotAllowedError(HoldfastError):
    """The key or session is valid, and may not do this."""

    code = "not_allowed"


def require(caller: Caller, needed: Role) -> None:
    """NotAllowedError unless the caller's role includes the one needed."""
    if not caller.role.may(needed):
        raise NotAllowedError(
            "You may not do this.",
            seen=f"Your role in {caller.tenant} is {caller.role.value}; this takes {needed.value}.",
            todo="Ask an admin of the tenant for the role, or use another key.",
        )
