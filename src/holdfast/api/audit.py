"""The audit log: who changed or took out what, page by page or as CSV."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field
from sqlalchemy.orm import Session

from holdfast.access.audit import entries, note
from holdfast.api.callers import Admin, InService, RequestId, reading
from holdfast.api.paging import Page, decode, encode
from holdfast.errors import InputError
from holdfast.store.records import AuditEntry
from holdfast.workflows.clock import now
from holdfast.workflows.service import Service

router = APIRouter(prefix="/audit", tags=["audit"])

COLUMNS = ("at", "actor", "action", "subject", "details", "request_id", "id")
BLOCK = 1000


class Entry(BaseModel, from_attributes=True):
    """Something that somebody did."""

    id: str
    at: datetime
    actor: str = Field(description="`key:ID`, `user:ID` or `command line`.")
    action: str = Field(description="A verb and a noun, such as `export customers`.")
    subject: str = Field(description="The id of the thing.")
    details: dict[str, Any]
    request_id: str


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:  # the first or last day of the calendar, in a zone that is on the other side of it
        raise ValueError("the calendar ends before it") from error


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class Wanted(BaseModel, extra="forbid"):
    """Which entries; what is absent does not matter."""

    action: str | None = None
    actor: str | None = None
    subject: str | None = None
    since: Moment | None = None
    until: Moment | None = Field(default=None, description="Only entries before it.")

    def of(self, tenant: str) -> sa.Select[AuditEntry]:
        """The query, the newest first."""
        return entries(
            tenant, action=self.action, actor=self.actor, subject=self.subject, since=self.since, until=self.until
        )


class WantedPage(Wanted):
    """Which entries, and which page of them."""

    limit: int = Field(default=100, ge=1, le=1000, description="How many items a page has at most.")
    cursor: str | None = Field(default=None, max_length=500, description="`next_cursor` of the page before.")


@router.get("")
def read_audit_log(wanted: Annotated[WantedPage, Query()], caller: Admin, service: InService) -> Page[Entry]:
    """What was done in the tenant, the latest first."""
    with reading(service) as session:
        found = _after(session, wanted.of(caller.tenant), wanted.cursor, limit=wanted.limit + 1)
    shown = found[: wanted.limit]
    more = len(found) > wanted.limit
    return Page(items=[Entry.model_validate(each) for each in shown], next_cursor=_place(shown[-1]) if more else None)


@router.get("/csv", response_class=StreamingResponse)
def download_audit_log(
    wanted: Annotated[Wanted, Query()], caller: Admin, service: InService, request_id: RequestId
) -> StreamingResponse:
    """The same as CSV, all of it."""
    with service.database.begin() as session:
        note(session, caller, "export audit log", caller.tenant, now=now(), request_id=request_id)
    return StreamingResponse(
        _as_csv(service, wanted.of(caller.tenant)),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="audit-{caller.tenant}.csv"'},
    )


def _after(session: Session, chosen: sa.Select[AuditEntry], cursor: str | None, *, limit: int) -> list[AuditEntry]:
    """The next entries; those of one moment are told apart by their ids."""
    if cursor is not None:
        at, last = decode(cursor, parts=2)
        moment = _moment(at)
        earlier = sa.and_(AuditEntry.at == moment, AuditEntry.id < str(last))
        chosen = chosen.where(sa.or_(AuditEntry.at < moment, earlier))
    return list(session.scalars(chosen.limit(limit)))


def _place(entry: AuditEntry) -> str:
    return encode([entry.at.isoformat(), entry.id])


def _moment(text: object) -> datetime:
    try:
        return _in_utc(datetime.fromisoformat(str(text)))
    except ValueError as error:
        raise InputError("This is no cursor.", seen=str(text)[:80], todo="Use `next_cursor` as it was.") from error


def _as_csv(service: Service, chosen: sa.Select[AuditEntry]) -> Iterator[str]:
    """Block by block, so that a long log needs no memory, and a slow reader holds no transaction."""
    yield ",".join(COLUMNS) + "\r\n"
    cursor, block = None, BLOCK
    while block == BLOCK:
        with reading(service) as session:
            found = _after(session, chosen, cursor, limit=BLOCK)
        text = io.StringIO()
        csv.writer(text).writerows([_cell(getattr(each, name)) for name in COLUMNS] for each in found)
        yield text.getvalue()
        block = len(found)
        cursor = _place(found[-1]) if found else None


def _cell(value: object) -> str:
    """A value as text; one that a spreadsheet would take for a formula begins with an apostrophe."""
    match value:
        case datetime():
            return value.isoformat()
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            text = str(value)
            return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
