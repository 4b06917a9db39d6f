"""Personal data: all that is held on one customer, and erasing them everywhere."""

from datetime import datetime
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from holdfast.access.audit import note
from holdfast.api.callers import Admin, InService, RequestId
from holdfast.api.jobs import Accepted, accepted
from holdfast.api.paging import Cursor, Limit, Page, newest_first
from holdfast.store.records import Erasure as Record
from holdfast.workflows.clock import now
from holdfast.workflows.erasing import begin, check_held, find_erasure
from holdfast.workflows.jobs import submit
from holdfast.workflows.personal_data import export_customer
from holdfast.workflows.tombstones import tombstone

router = APIRouter(prefix="/personal-data", tags=["personal data"])

CustomerId = Annotated[str, Field(min_length=1, max_length=1000, description="As in the files, letter by letter.")]
Rows = list[dict[str, Any]]


class Person(BaseModel, extra="forbid"):
    """Who asks."""

    customer_id: CustomerId


class PersonToErase(Person):
    """Who is to be erased. There is no way back, so it has to be confirmed."""

    confirm: Literal[True]


class RawRows(BaseModel):
    """Rows of a file as it came."""

    import_id: str = Field(alias="import")
    file: str
    content: str
    rows: Rows


class PersonalData(BaseModel):
    """All that the shop holds on a customer; the values as they are kept."""

    customer_id: str
    tenant: str
    at: datetime
    was_erased: bool = Field(description="They were erased before; what is here came afterwards.")
    dataset: str | None
    facts: dict[str, Any] = Field(description="Features and groups, as of the day that pages show.")
    customers: Rows
    orders: Rows
    order_lines: Rows
    returns: Rows
    reviews: Rows
    rejects: Rows = Field(description="Lines that were not kept, and why.")
    raw: list[RawRows] = Field(description="Rows of every file as it came.")
    forecasts: Rows = Field(description="What each model expected of them.")
    predictions: Rows
    action_lists: Rows = Field(description="Action lists they are or were on, and what was to be done.")
    voucher_offers: Rows = Field(description="Vouchers they were offered, and what came of them; money in cents.")
    lists_that_left: Rows = Field(description="Lists that somebody took out, and that may name them.")


class Erasure(BaseModel, from_attributes=True):
    """A customer who was erased: who asked for it and when, and what was where."""

    id: str
    created_at: datetime
    actor: str
    customer_hash: str = Field(description="Keyed with the server's secret; the id itself is not kept.")
    receipt: dict[str, Any]


@router.post("/export")
def export_personal_data(
    body: Person, response: Response, caller: Admin, service: InService, request_id: RequestId
) -> PersonalData:
    """Everything on one customer as one JSON object: facts, orders, lines, reviews, raw rows, forecasts."""
    with service.database.begin() as session:
        shop = service.shop(session, caller.tenant)
    found = export_customer(service, shop, body.customer_id)
    with service.database.begin() as session:
        subject = tombstone(shop, body.customer_id)
        note(session, caller, "export personal data", subject, now=now(), request_id=request_id)
    response.headers["Cache-Control"] = "no-store"
    return PersonalData.model_validate(found)


@router.post("/erase", status_code=202)
def erase_personal_data(
    request: Request, response: Response, body: PersonToErase, caller: Admin, service: InService, request_id: RequestId
) -> Accepted:
    """Erase one customer everywhere. The job's result is the receipt; `subject` is its id under `/erasures`."""
    with service.database.begin() as session:
        shop = service.shop(session, caller.tenant)
    check_held(service, shop, body.customer_id)
    with service.database.begin() as session:
        erasure = begin(session, shop, body.customer_id, actor=caller.actor)
        note(session, caller, "erase personal data", erasure.customer_hash, now=now(), request_id=request_id)
    arguments = {"erasure": erasure.id, "customer_id": body.customer_id}
    job = submit(service, tenant=caller.tenant, kind="erase", arguments=arguments, by=caller.actor)
    return accepted(request, response, job, subject=erasure.id)


@router.get("/erasures")
def list_erasures(caller: Admin, service: InService, limit: Limit = 100, cursor: Cursor = None) -> Page[Erasure]:
    """Who was erased, the latest first, with the receipts."""
    chosen = sa.select(Record).where(Record.tenant == caller.tenant)
    with service.database.begin() as session:
        return newest_first(session, chosen, Record, limit=limit, cursor=cursor, shown=Erasure.model_validate)


@router.get("/erasures/{erasure_id}")
def read_erasure(erasure_id: str, caller: Admin, service: InService) -> Erasure:
    """One erasure with its receipt."""
    return Erasure.model_validate(find_erasure(service, caller.tenant, erasure_id))
