"""Keys of programs: made, listed, rotated, revoked by an admin. A key's text is given once and never again."""

from datetime import datetime, timedelta
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Body, Response
from pydantic import BaseModel, Field

from holdfast.access.audit import note
from holdfast.access.caller import Role, require
from holdfast.access.keys import create_key, find_key, revoke_key, rotate_key
from holdfast.api.callers import Admin, InService, RequestId, reading
from holdfast.api.paging import Cursor, Limit, Page, newest_first
from holdfast.store.records import ApiKey
from holdfast.workflows.clock import now

router = APIRouter(prefix="/keys", tags=["keys"])


class Key(BaseModel, from_attributes=True):
    """A key, without what opens."""

    id: str
    name: str
    role: Role
    prefix: str = Field(description="How its text begins.")
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    last_used_at: datetime | None = Field(description="Right to a minute.")
    revoked_at: datetime | None


class NewKey(BaseModel, extra="forbid"):
    """A key to be."""

    name: str = Field(default="", max_length=200, description="What it is for.")
    role: Role = Field(description="What it may do; not more than you.")
    days: int | None = Field(default=None, ge=1, le=36_500, description="Until it ends; absent: never.")


class MadeKey(Key):
    """A new key with its text, which is shown this once."""

    key: str


class Overlap(BaseModel, extra="forbid"):
    """How a key is rotated."""

    overlap_hours: int = Field(default=24, ge=0, le=720, description="How long the old key still opens.")


@router.get("")
def list_keys(caller: Admin, service: InService, limit: Limit = 100, cursor: Cursor = None) -> Page[Key]:
    """The keys of the tenant, the newest first, revoked ones included."""
    chosen = sa.select(ApiKey).where(ApiKey.tenant == caller.tenant)
    with reading(service) as session:
        return newest_first(session, chosen, ApiKey, limit=limit, cursor=cursor, shown=Key.model_validate)


@router.post("", status_code=201)
def make_key(body: NewKey, caller: Admin, service: InService, request_id: RequestId, response: Response) -> MadeKey:
    """Make a key."""
    require(caller, body.role)
    with service.database.begin() as session:
        record, token = create_key(
            session, tenant=caller.tenant, role=body.role, name=body.name, by=caller.actor, now=now(), days=body.days
        )
        details = {"role": body.role.value, "days": body.days}
        note(session, caller, "create key", record.id, now=now(), request_id=request_id, details=details)
    return _shown_once(record, token, response)


@router.get("/{key_id}")
def read_key(key_id: str, caller: Admin, service: InService) -> Key:
    """One key."""
    with reading(service) as session:
        return Key.model_validate(find_key(session, tenant=caller.tenant, key_id=key_id))


@router.delete("/{key_id}")
def end_key(key_id: str, caller: Admin, service: InService, request_id: RequestId) -> Key:
    """Revoke a key: it opens nothing from now on. Its record stays."""
    with service.database.begin() as session:
        require(caller, Role(find_key(session, tenant=caller.tenant, key_id=key_id).role))
        record = revoke_key(session, tenant=caller.tenant, key_id=key_id, now=now())
        note(session, caller, "revoke key", key_id, now=now(), request_id=request_id)
    return Key.model_validate(record)


@router.post("/{key_id}/rotate", status_code=201)
def replace_key(
    key_id: str,
    caller: Admin,
    service: InService,
    request_id: RequestId,
    response: Response,
    body: Annotated[Overlap | None, Body()] = None,
) -> MadeKey:
    """Make a key like this one, which ends after an overlap in which both open."""
    hours = (body or Overlap()).overlap_hours
    with service.database.begin() as session:
        require(caller, Role(find_key(session, tenant=caller.tenant, key_id=key_id).role))
        record, token = rotate_key(
            session, tenant=caller.tenant, key_id=key_id, by=caller.actor, now=now(), overlap=timedelta(hours=hours)
        )
        details = {"new": record.id, "overlap_hours": hours}
        note(session, caller, "rotate key", key_id, now=now(), request_id=request_id, details=details)
    return _shown_once(record, token, response)


def _shown_once(record: ApiKey, token: str, response: Response) -> MadeKey:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Location"] = f"/api/v1/keys/{record.id}"
    return MadeKey(key=token, **Key.model_validate(record).model_dump())
