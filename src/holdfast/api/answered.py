"""The answers to requests that carried an idempotency key, kept for a day to be given again.

A key is taken before the work begins, by a lease that is renewed as long as the work goes on. If the server dies, the
lease runs out, and the same request may begin anew.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from holdfast.api.problems import ConflictError
from holdfast.errors import InputError
from holdfast.store.database import Database
from holdfast.store.records import Answered

KEPT = timedelta(hours=24)
LEASE = timedelta(seconds=60)
IN_FLIGHT = 0
"""Stands where the status will be."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """A key that was taken for a request; `request` is the fingerprint of what was asked, and by whom."""

    tenant: str
    key: str
    request: str


def take_or_recall(database: Database, wanted: Reservation, *, now: datetime) -> Answered | None:
    """Take a key: None if the work may begin, else the answer that was given before.

    Raises ConflictError while the same request is being worked on, InputError if the key was used for another one.
    """
    fresh = {"request": wanted.request, "status": IN_FLIGHT, "body": None, "created_at": now}
    try:
        with database.begin() as session:
            session.execute(sa.delete(Answered).where(Answered.created_at < now - KEPT))
            session.add(Answered(tenant=wanted.tenant, key=wanted.key, **fresh))
    except sa.exc.IntegrityError:  # somebody has taken it; the database decides who was first
        pass
    else:
        return None
    with database.begin() as session:
        found = session.get(Answered, (wanted.tenant, wanted.key), with_for_update=True)
        if found is None or (found.status == IN_FLIGHT and found.created_at <= now - LEASE):
            session.merge(Answered(tenant=wanted.tenant, key=wanted.key, **fresh))
            return None
    if found.request != wanted.request:
        raise InputError(
            "This idempotency key belongs to another request.",
            seen=f"{wanted.key[:80]!r} was used before, for something else or by somebody else.",
            todo="Use a new key for every new request.",
        )
    if found.status == IN_FLIGHT:
        raise ConflictError(
            "This request is being worked on.",
            seen=f"The same idempotency key, {wanted.key[:80]!r}, a moment ago.",
            todo="Wait a little and send it again: you will get its answer.",
        )
    return found


def renew(database: Database, held: Reservation, *, now: datetime) -> None:
    """The work still goes on."""
    with database.begin() as session:
        session.execute(_own(held).values(created_at=now))


def keep(database: Database, held: Reservation, *, status: int, body: dict[str, Any], now: datetime) -> None:
    """The work is done: its answer from now on."""
    with database.begin() as session:
        session.execute(_own(held).values(status=status, body=body, created_at=now))


def release(database: Database, held: Reservation) -> None:
    """Nothing was done: the same request may begin anew."""
    with database.begin() as session:
        session.execute(
            sa.delete(Answered).where(
                Answered.tenant == held.tenant, Answered.key == held.key, Answered.status == IN_FLIGHT
            )
        )


def _own(held: Reservation) -> sa.Update:
    return sa.update(Answered).where(
        Answered.tenant == held.tenant, Answered.key == held.key, Answered.status == IN_FLIGHT
    )
