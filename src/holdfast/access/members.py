"""The people of a tenant: invited by e-mail, given another role, taken out."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from holdfast.access.caller import Caller, NotAllowedError, Role
from holdfast.access.links import INVITED_MINUTES, create_link
from holdfast.access.users import create_user, forget, user_by_email
from holdfast.errors import InputError, NotFoundError
from holdfast.store.records import Membership, SignInLink, User

Member = tuple[User, Membership]


def list_members(session: Session, tenant: str) -> Sequence[Member]:
    """The people of a tenant by address."""
    chosen = sa.select(User, Membership).join(Membership, Membership.user_id == User.id)
    return [(u, m) for u, m in session.execute(chosen.where(Membership.tenant == tenant).order_by(User.email))]


def find_member(session: Session, tenant: str, user_id: str) -> Member:
    """A person of the tenant; NotFoundError for everybody else."""
    membership = session.get(Membership, (user_id, tenant))
    if membership is None:
        raise NotFoundError(
            f"There is no member {user_id!r}.", seen=f"Tenant {tenant} has no such member.", todo="List the members."
        )
    return session.get_one(User, user_id), membership


def invite(
    session: Session, caller: Caller, *, email: str, name: str, role: Role, now: datetime
) -> tuple[Member, str | None]:
    """Make somebody a member of the caller's tenant. A new person comes with a link that signs them in once.

    Somebody who has an account already is added by an operator, and gets no link. An admin who was given a link to
    their account would reach into their other tenants; and an admin who had made an account in a foreign name would be
    handed whatever that name is given elsewhere.
    """
    user = user_by_email(session, email)
    if user is None:
        user = create_user(session, email=email, name=name, now=now)
        membership = add_member(session, user, tenant=caller.tenant, role=role)
        return (user, membership), create_link(session, user_id=user.id, now=now, minutes=INVITED_MINUTES)
    if session.get(Membership, (user.id, caller.tenant)) is not None:
        raise InputError("They are a member already.", seen=user.email, todo="Change their role instead.")
    if caller.role is not Role.OPERATOR:
        raise NotAllowedError(
            "Somebody who has an account already is added by an operator.",
            seen=f"{user.email} has one on this server.",
            todo=f"Ask an operator to add them to {caller.tenant}.",
        )
    return (user, add_member(session, user, tenant=caller.tenant, role=role)), None


def change_role(session: Session, *, tenant: str, user_id: str, role: Role) -> Member:
    """Another role from now on, also where they are signed in."""
    _check(role)
    user, membership = find_member(session, tenant, user_id)
    membership.role = role.value
    return user, membership


def remove(session: Session, *, tenant: str, user_id: str) -> None:
    """They may not do anything in this tenant any more. Somebody who belongs to no other one is forgotten."""
    user, membership = find_member(session, tenant, user_id)
    session.delete(membership)
    session.flush()
    forget_strangers(session, [user.id])


def renewed_link(session: Session, caller: Caller, user_id: str, *, now: datetime) -> str:
    """Another link for somebody who could not use theirs.

    Only an operator gives one to a person with a password or with other tenants: it opens all that person has.
    """
    user, _ = find_member(session, caller.tenant, user_id)
    only_here = not user.operator and _tenants_of(session, user_id) == [caller.tenant]
    if caller.role is not Role.OPERATOR and (user.password_hash is not None or not only_here):
        raise NotAllowedError(
            "This link is made by an operator.",
            seen=f"{user.email} has a password, or belongs to another tenant too.",
            todo="Ask an operator for `holdfast users link EMAIL`.",
        )
    return create_link(session, user_id=user_id, now=now, minutes=INVITED_MINUTES)


def add_member(session: Session, user: User, *, tenant: str, role: Role) -> Membership:
    """Make a person a member, or change the role they have. Links they were sent by another tenant are void."""
    _check(role)
    found = session.get(Membership, (user.id, tenant))
    if found is not None:
        found.role = role.value
        return found
    session.execute(sa.delete(SignInLink).where(SignInLink.user_id == user.id))
    made = Membership(user_id=user.id, tenant=tenant, role=role.value)
    session.add(made)
    return made


def forget_strangers(session: Session, user_ids: Sequence[str]) -> None:
    """Delete those who belong to no tenant any more; operators stay."""
    for user_id in user_ids:
        user = session.get_one(User, user_id)
        if not user.operator and not _tenants_of(session, user_id):
            forget(session, user)


def _tenants_of(session: Session, user_id: str) -> list[str]:
    return list(session.scalars(sa.select(Membership.tenant).where(Membership.user_id == user_id)))


def _check(role: Role) -> None:
    if role is Role.OPERATOR:
        raise InputError(
            "Nobody is an operator of one tenant.",
            seen=role.value,
            todo="Choose viewer, analyst or admin; operators are made with `holdfast users create --operator`.",
        )
