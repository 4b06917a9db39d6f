"""API keys of a tenant: made, rotated, revoked, and checked at every request."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from holdfast.access.caller import NotSignedInError, Role
from holdfast.access.tokens import hashed, new_token
from holdfast.errors import InputError, NotFoundError
from holdfast.store.records import ApiKey, new_id

SHOWN = 9
"""Letters of a key that stay readable, so that people can tell keys apart."""

USED_AGAIN = timedelta(minutes=1)
"""`last_used_at` is right to a minute: a write at every request would cost more than the request."""


def create_key(
    session: Session,
    *,
    tenant: str,
    role: Role,
    name: str,
    by: str,
    now: datetime,
    days: int | None = None,
) -> tuple[ApiKey, str]:
    """A new key, as the record and as the text that is shown once. `days` until it expires; None: never."""
    token = new_token("hf")
    record = ApiKey(
        id=new_id("key"),
        tenant=tenant,
        name=name,
        role=role.value,
        prefix=token[:SHOWN],
        sha256=hashed(token),
        created_at=now,
        created_by=by,
        expires_at=now + timedelta(days=days) if days is not None else None,
    )
    session.add(record)
    return record, token


def list_keys(session: Session, *, tenant: str) -> Sequence[ApiKey]:
    """The keys of a tenant, the newest first, revoked ones included."""
    chosen = sa.select(ApiKey).where(ApiKey.tenant == tenant).order_by(ApiKey.created_at.desc(), ApiKey.id)
    return session.scalars(chosen).all()


def find_key(session: Session, *, tenant: str, key_id: str) -> ApiKey:
    """A key of the tenant by its id; NotFoundError if there is none."""
    record = session.get(ApiKey, key_id)
    if record is None or record.tenant != tenant:
        raise NotFoundError(
            f"There is no key {key_id!r}.", seen=f"Tenant {tenant} has no such key.", todo="List the keys."
        )
    return record


def revoke_key(session: Session, *, tenant: str, key_id: str, now: datetime) -> ApiKey:
    """The key opens nothing from now on."""
    record = find_key(session, tenant=tenant, key_id=key_id)
    record.revoked_at = record.revoked_at or now
    return record


def rotate_key(
    session: Session, *, tenant: str, key_id: str, by: str, now: datetime, overlap: timedelta = timedelta(0)
) -> tuple[ApiKey, str]:
    """A new key like the old one, which ends after an overlap in which both open; InputError if it has ended already.

    The new one lives as long as the old one was meant to.
    """
    old = find_key(session, tenant=tenant, key_id=key_id)
    if old.revoked_at is not None or (old.expires_at is not None and old.expires_at <= now):
        raise InputError("A key that has ended is not rotated.", seen=f"{key_id} has.", todo="Make a new one.")
    days = (old.expires_at - old.created_at).days if old.expires_at is not None else None
    old.expires_at = min(old.expires_at, now + overlap) if old.expires_at is not None else now + overlap
    return create_key(session, tenant=tenant, role=Role(old.role), name=old.name, by=by, now=now, days=days)


def accepted_key(session: Session, token: str, *, now: datetime) -> ApiKey:
    """The key of a text; NotSignedInError where it is unknown, revoked or over."""
    record = session.scalar(sa.select(ApiKey).where(ApiKey.sha256 == hashed(token)))
    if record is None:
        raise _refused("No such key is known here.")
    if record.revoked_at is not None:
        raise _refused(f"The key {record.prefix}... was revoked.")
    if record.expires_at is not None and record.expires_at <= now:
        raise _refused(f"The key {record.prefix}... ended on {record.expires_at.date()}.")
    return record


def was_used_lately(record: ApiKey, *, now: datetime) -> bool:
    """Whether the last use that is known is recent enough to be left as it is."""
    return record.last_used_at is not None and record.last_used_at >= now - USED_AGAIN


def note_use(session: Session, key_id: str, *, now: datetime) -> None:
    """Remember that a key was used, unless somebody else did in the meantime."""
    stale = sa.or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < now - USED_AGAIN)
    session.execute(sa.update(ApiKey).where(ApiKey.id == key_id, stale).values(last_used_at=now))


def _refused(seen: str) -> NotSignedInError:
    return NotSignedInError(
        "The key was not accepted.", seen=seen, todo="Make a new one with `holdfast keys create --tenant NAME`."
    )
