"""The audit log: who changed or took out what, and when."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from holdfast.access.caller import Caller
from holdfast.store.records import AuditEntry, new_id


def note(
    session: Session,
    caller: Caller,
    action: str,
    subject: str,
    *,
    now: datetime,
    request_id: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Add an entry, in the transaction of the change itself.

    `action` is a verb and a noun, such as `export customers`.
    """
    session.add(
        AuditEntry(
            id=new_id("audit"),
            at=now,
            tenant=caller.tenant,
            actor=caller.actor,
            action=action,
            subject=subject,
            details=details or {},
            request_id=request_id,
        )
    )


def entries(
    tenant: str,
    *,
    action: str | None = None,
    actor: str | None = None,
    subject: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> sa.Select[AuditEntry]:
    """The entries of a tenant that fit, from `since` on and before `until`, the newest first."""
    wanted = {AuditEntry.action: action, AuditEntry.actor: actor, AuditEntry.subject: subject}
    fitting = [column == value for column, value in wanted.items() if value is not None]
    if since is not None:
        fitting.append(AuditEntry.at >= since)
    if until is not None:
        fitting.append(AuditEntry.at < until)
    chosen = sa.select(AuditEntry).where(AuditEntry.tenant == tenant, *fitting)
    return chosen.order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
