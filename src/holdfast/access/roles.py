"""In which tenants somebody may act, as what, and which of them they mean."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from holdfast.access.caller import Caller, NotAllowedError, Role
from holdfast.access.tenants import list_tenants
from holdfast.store.records import Membership, Tenant, User

USER = "user:"
"""How the actor of a person begins; the rest is their id."""


def roles_of(session: Session, user: User) -> Mapping[str, Role]:
    """The tenants a person may act in by name, with their role; all of them for an operator."""
    if user.operator:
        return {tenant.name: Role.OPERATOR for tenant in list_tenants(session)}
    return memberships_of(session, user)


def memberships_of(session: Session, user: User) -> Mapping[str, Role]:
    """The tenants a person was made a member of by name, with their role."""
    chosen = sa.select(Membership).where(Membership.user_id == user.id).order_by(Membership.tenant)
    return {each.tenant: Role(each.role) for each in session.scalars(chosen)}


def caller_of_user(session: Session, user: User, *, wanted: str | None) -> Caller:
    """A person in the tenant they want, else in their first one.

    Raises NotAllowedError for a tenant that is not theirs, whether it exists or not.
    """
    roles = roles_of(session, user)
    tenant = wanted if wanted is not None else next(iter(roles), None)
    if tenant is None:
        raise NotAllowedError(
            "You belong to no tenant.", seen=f"{user.email} is a member of none.", todo="Ask an admin to invite you."
        )
    if tenant not in roles:
        raise not_theirs(tenant)
    return Caller(tenant, roles[tenant], f"{USER}{user.id}")


def caller_of_key(session: Session, *, tenant: str, role: Role, key_id: str, wanted: str | None) -> Caller:
    """A program in the tenant of its key. An operator's key opens every tenant, so it may name another one."""
    if wanted is not None and wanted != tenant:
        if role is not Role.OPERATOR or session.get(Tenant, wanted) is None:
            raise not_theirs(wanted)
        tenant = wanted
    return Caller(tenant, role, f"key:{key_id}")


def visible_tenants(session: Session, caller: Caller) -> list[Tenant]:
    """The tenants that somebody may act in, by name."""
    if caller.role is Role.OPERATOR:
        return list(list_tenants(session))
    names = {caller.tenant}
    if caller.actor.startswith(USER):
        user = session.get(User, caller.actor.removeprefix(USER))
        names |= set(roles_of(session, user)) if user else set()
    return [each for each in list_tenants(session) if each.name in names]


def not_theirs(tenant: str) -> NotAllowedError:
    """The refusal of a tenant, the same whether it exists or not."""
    return NotAllowedError(
        "This is not one of your tenants.",
        seen=f"X-Tenant-Id was {tenant[:80]!r}.",
        todo="Leave the header out, or use a key or a sign-in of that tenant.",
    )
