"""Action lists: drawn with a holdout, approved, exported, closed."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from holdfast.access.audit import note
from holdfast.access.caller import Caller
from holdfast.api.actions import MOST_MONEY
from holdfast.api.callers import Analyst, InService, RequestId, Viewer, reading
from holdfast.api.files import FILE, made_for_download
from holdfast.api.jobs import Accepted
from holdfast.api.paging import Cursor, Limit, Page, decode, encode, newest_first
from holdfast.errors import InputError
from holdfast.store.records import ActionList as Record
from holdfast.workflows.action_lists import (
    Draw,
    approve,
    check_day,
    close,
    discard,
    draw_list,
    entries_of,
    exported,
    find_list,
    keep_list,
)
from holdfast.workflows.actions import Limits
from holdfast.workflows.clock import now, today
from holdfast.workflows.jobs import State, submit
from holdfast.workflows.list_files import write_entries
from holdfast.workflows.list_states import ListState
from holdfast.workflows.reading import shop_of
from holdfast.workflows.sending import check_sending, deliveries_of

router = APIRouter(prefix="/action-lists", tags=["actions"])


class NewList(BaseModel, extra="forbid"):
    """A list to be."""

    name: str = Field(default="", max_length=200)
    budget: float | None = Field(default=None, ge=0, le=MOST_MONEY, description="What it may cost.")
    contacts: int | None = Field(default=None, ge=0, le=10**9, description="How many customers it may contact.")
    as_of: str | None = Field(default=None, max_length=40, description="Default: the data set's proposal.")
    holdout: float | None = Field(
        default=None,
        ge=0,
        lt=1,
        description="Share that is left alone at random. Default: as planned; 0: nobody, and nothing can be measured.",
    )
    seed: int | None = Field(default=None, ge=0, lt=2**31, description="Draws the same holdout again.")


class Totals(BaseModel):
    """How many are treated and held out, and what treating them is expected to cost and earn."""

    customers: int
    treated: int
    held_out: int
    cost: float
    profit: float
    profit_low: float
    profit_high: float


class ActionList(BaseModel, from_attributes=True):
    """A list, frozen as it was drawn."""

    id: str
    name: str
    state: ListState
    as_of: str
    horizon: int = Field(description="How far it looks, in days.")
    dataset: str
    model: str
    currency: str | None
    budget: float | None
    contacts: int | None
    seed: int
    holdout_share: float = Field(description="The probability with which each customer was held out.")
    measurable: bool
    sentence: str = Field(description="What the list can tell.")
    totals: Totals
    created_at: datetime
    created_by: str
    approved_at: datetime | None
    approved_by: str | None
    exported_at: datetime | None
    sent_on: date | None = Field(description="Orders count towards the result from this day on.")
    closed_at: datetime | None


class ListInDetail(ActionList):
    """A list with the playbook it was drawn by."""

    playbook: dict[str, Any]


class Words(BaseModel):
    """What to do, in words that hold the customer's numbers; empty where the customer was erased."""

    what: str = ""
    why: str = ""
    timing: str = ""
    message: list[str] = []


class ListedCustomer(BaseModel, from_attributes=True):
    """One customer of a list; a holdout is left alone."""

    place: int
    customer_id: str
    play: str
    words: Words
    evidence: str
    is_holdout: bool
    probability: float
    stratum: int
    p_buy: float
    profit: float
    profit_low: float
    profit_high: float
    cost: float


class Delivery(BaseModel, from_attributes=True):
    """A part of a list that the webhook took."""

    part: int = Field(description="From 0.")
    customers: int
    answer: int = Field(description="The status it was taken with.")
    delivered_at: datetime


class Deliveries(BaseModel):
    """What the webhook took of a list, the first part first."""

    items: list[Delivery]


SentOn = Annotated[
    date | None,
    Query(description="The day on which it is sent; default: today. Orders count from then on. The first one stays."),
]


@router.post("", status_code=201)
def draw(body: NewList, response: Response, caller: Analyst, service: InService, request_id: RequestId) -> ListInDetail:
    """Draw a list from the ranking, and its holdout at random; it is a draft until somebody approves it."""
    wanted = Draw(body.name, Limits(body.budget, body.contacts), body.as_of, body.holdout, body.seed)
    shop = shop_of(service, caller.tenant)
    with reading(service) as session:
        drawn = draw_list(session, shop, wanted)
    record = keep_list(service.database, shop, drawn, by=caller.actor)
    with service.database.begin() as session:
        note(session, caller, "draw list", record.id, now=now(), request_id=request_id, details=record.totals)
    response.headers["Location"] = f"/api/v1/action-lists/{record.id}"
    return ListInDetail.model_validate(record)


@router.get("")
def list_lists(
    caller: Viewer, service: InService, limit: Limit = 100, cursor: Cursor = None, state: ListState | None = None
) -> Page[ActionList]:
    """Lists, the newest first."""
    chosen = sa.select(Record).where(Record.tenant == caller.tenant)
    if state is not None:
        chosen = chosen.where(Record.state == state.value)
    with reading(service) as session:
        return newest_first(session, chosen, Record, limit=limit, cursor=cursor, shown=ActionList.model_validate)


@router.get("/{list_id}")
def read_list(list_id: str, caller: Viewer, service: InService) -> ListInDetail:
    """One list."""
    with reading(service) as session:
        return ListInDetail.model_validate(find_list(session, tenant=caller.tenant, list_id=list_id))


@router.get("/{list_id}/entries")
def list_entries(
    list_id: str,
    caller: Viewer,
    service: InService,
    arm: Annotated[Literal["treated", "holdout"] | None, Query(description="Only these.")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[ListedCustomer]:
    """Who is on a list, the best first."""
    after = _place(cursor) if cursor else 0
    with reading(service) as session:
        record = find_list(session, tenant=caller.tenant, list_id=list_id)
        holdout = None if arm is None else arm == "holdout"
        found = session.scalars(entries_of(record, holdout=holdout, after=after).limit(limit + 1)).all()
    more = len(found) > limit
    return Page(
        items=[ListedCustomer.model_validate(each) for each in found[:limit]],
        next_cursor=encode([found[limit - 1].place]) if more else None,
    )


@router.post("/{list_id}/approve")
def approve_list(list_id: str, caller: Analyst, service: InService, request_id: RequestId) -> ActionList:
    """Approve a draft. From now on nobody on it, treated or held out, is on another list."""
    with service.database.begin() as session:
        record = find_list(session, tenant=caller.tenant, list_id=list_id)
        approve(session, record, by=caller.actor)
        _note(session, caller, "approve list", record, request_id)
    return ActionList.model_validate(record)


@router.get("/{list_id}/export", response_class=FileResponse, responses=FILE)
def export_list(
    list_id: str,
    request: Request,
    caller: Analyst,
    service: InService,
    format: Literal["csv", "parquet"] = "csv",  # noqa: A002 - what it is called in the address
    sent_on: SentOn = None,
) -> FileResponse:
    """Those who are treated, as a file; holdouts are never in it. The list counts as exported from then on."""
    shop = shop_of(service, caller.tenant)
    with service.database.begin() as session:
        record = find_list(session, tenant=caller.tenant, list_id=list_id)
        exported(record, sent_on=sent_on or today(shop.settings.time_zone))
        _note(session, caller, "export list", record, request.state.request_id)
    with reading(service) as session:
        return made_for_download(f"{list_id}.{format}", lambda out: write_entries(session, shop, record, out))


@router.post("/{list_id}/send", status_code=202)
def send_to_webhook(
    list_id: str, response: Response, caller: Analyst, service: InService, request_id: RequestId, sent_on: SentOn = None
) -> Accepted:
    """Send those who are treated to the tenant's webhook, as a job. What it took before is not sent again."""
    shop = shop_of(service, caller.tenant)
    day = sent_on or today(shop.settings.time_zone)
    with service.database.begin() as session:
        record = check_sending(session, tenant=caller.tenant, list_id=list_id)
        check_day(record, day)
        _note(session, caller, "send list", record, request_id)
    arguments = {"list_id": list_id, "sent_on": day.isoformat()}
    job = submit(service, tenant=caller.tenant, kind="send", arguments=arguments, by=caller.actor, label=record.name)
    response.headers["Location"] = f"/api/v1/jobs/{job.id}"
    return Accepted(job_id=job.id, state=State(job.state), subject=list_id)


@router.get("/{list_id}/deliveries")
def list_deliveries(list_id: str, caller: Viewer, service: InService) -> Deliveries:
    """What the webhook took of a list."""
    with reading(service) as session:
        find_list(session, tenant=caller.tenant, list_id=list_id)
        return Deliveries(items=[Delivery.model_validate(each) for each in session.scalars(deliveries_of(list_id))])


@router.post("/{list_id}/close")
def close_list(list_id: str, caller: Analyst, service: InService, request_id: RequestId) -> ActionList:
    """Close a list: its holdouts may be treated again."""
    with service.database.begin() as session:
        record = find_list(session, tenant=caller.tenant, list_id=list_id)
        close(record)
        _note(session, caller, "close list", record, request_id)
    return ActionList.model_validate(record)


@router.delete("/{list_id}", status_code=204)
def discard_list(list_id: str, caller: Analyst, service: InService, request_id: RequestId) -> None:
    """Throw a draft away."""
    with service.database.begin() as session:
        record = find_list(session, tenant=caller.tenant, list_id=list_id)
        discard(session, record)
        _note(session, caller, "discard list", record, request_id)


def _place(cursor: str) -> int:
    (place,) = decode(cursor, parts=1)
    if not isinstance(place, int) or not 0 <= place < 2**31:
        raise InputError("This is no cursor.", seen=str(place)[:80], todo="Use `next_cursor` as it was.")
    return place


def _note(session: Session, caller: Caller, action: str, record: Record, request_id: str) -> None:
    details = {"name": record.name, "state": record.state}
    note(session, caller, action, record.id, now=now(), request_id=request_id, details=details)
