"""Tenants: the shops of a server, apart from each other."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from holdfast.errors import InputError, NotFoundError
from holdfast.store.folder import ShopFolder
from holdfast.store.records import Base, Membership, Tenant


def needed_tenant(session: Session, name: str) -> Tenant:
    """A tenant by its name; NotFoundError if there is none."""
    found = session.get(Tenant, name)
    if found is None:
        raise NotFoundError(
            f"There is no tenant {name!r}.", seen="No record of it.", todo="List the tenants, or make it first."
        )
    return found


def ensure_tenant(session: Session, name: str, *, now: datetime) -> Tenant:
    """The tenant of that name, made if it is not there yet; SettingsError for a name that could not be a folder."""
    found = session.get(Tenant, name)
    if found is None:
        ShopFolder.of(Path(), name)
        found = Tenant(name=name, created_at=now)
        session.add(found)
        session.flush()
    return found


def create_tenant(session: Session, name: str, *, title: str, settings: Mapping[str, Any], now: datetime) -> Tenant:
    """A new tenant; InputError where the name is taken, SettingsError where it could not be a folder."""
    ShopFolder.of(Path(), name)
    if session.get(Tenant, name) is not None:
        raise InputError("This tenant is there already.", seen=f"{name!r}.", todo="Choose another name.")
    made = Tenant(name=name, title=title, settings=dict(settings), created_at=now)
    session.add(made)
    return made


def list_tenants(session: Session) -> Sequence[Tenant]:
    """All tenants by name."""
    return session.scalars(sa.select(Tenant).order_by(Tenant.name)).all()


def delete_tenant(session: Session, name: str) -> list[str]:
    """Delete a tenant with every record of it, in whatever table; the ids of those who were its members.

    Its files are the business of whoever calls; they go first, so that a tenant of the same name never finds them.
    """
    members = list(session.scalars(sa.select(Membership.user_id).where(Membership.tenant == name)))
    for table in reversed(Base.metadata.sorted_tables):
        if "tenant" in table.columns:
            session.execute(sa.delete(table).where(table.c.tenant == name))
    session.execute(sa.delete(Tenant).where(Tenant.name == name))
    session.expire_all()
    return members
