"""Vouchers that are really given: within limits, by measured margin, recorded; and what came of each."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from holdfast.access.audit import note
from holdfast.api.callers import Analyst, InService, RequestId, Viewer, reading
from holdfast.api.paging import Cursor, Limit, Page, newest_first
from holdfast.api.vouchers import CustomerId, VoucherCustomer
from holdfast.store.records import VoucherOffer as Record
from holdfast.workflows.clock import now, today
from holdfast.workflows.reading import shop_of
from holdfast.workflows.voucher_answers import margins_as_dict, offer_as_dict
from holdfast.workflows.voucher_offers import (
    find_offer,
    given_in_month,
    offer_voucher,
    offers_of,
    outcomes,
    record_outcome,
)

router = APIRouter(prefix="/vouchers", tags=["vouchers"])


class VoucherGiven(BaseModel):
    """What a customer is offered."""

    offer_id: str | None = Field(description="Under which the outcome is recorded; null where nothing is offered.")
    voucher_amount: str | None = Field(description="0.00 is nothing on purpose; null: no offer.")
    segment: str | None
    label: str = Field(
        description="most_used, fallback_country or measured_margin; explored and held_out: drawn at random, to learn "
        "from; leave_alone: vouchers were measured to cost more than they bring; limit_reached; outside_rules."
    )
    because: str = Field(description="Why, in a sentence.")
    probability: float = Field(description="The chance with which this customer got this.")
    as_of: date


class VoucherOutcome(BaseModel):
    """What came of an offer, said once, when the time for it is over."""

    redeemed: bool = Field(description="Whether the voucher was used.")
    margin: Decimal = Field(
        ge=-1_000_000_000,
        le=1_000_000_000,
        decimal_places=2,
        description="Margin of all that was bought within the outcome days, before the voucher; 0 for nothing.",
    )


class VoucherOffer(BaseModel):
    """An offer as it is kept."""

    id: str
    customer_id: str
    country: str
    segment_name: str
    segment: str
    voucher_amount: str
    label: str
    explored: bool
    probability: float
    as_of: date
    history: str = Field(description="The version of the history that it was decided by.")
    created_at: datetime
    created_by: str
    redeemed: bool
    margin: str | None = Field(description="Null until the outcome is recorded.")
    outcome_at: datetime | None


class VoucherEffect(BaseModel):
    """An amount that was given at random, beside nothing given at random; money a customer."""

    voucher_amount: str
    n: int
    redeemed: int
    net_margin: float = Field(description="Mean margin less redeemed vouchers.")
    effect: float | None = Field(description="How much more than nothing brings; null with fewer than 30 on a side.")
    low: float | None = Field(description="Of its 90 % interval.")
    high: float | None


class VoucherMargins(BaseModel):
    """What the offers at random showed in one segment."""

    country: str
    segment_name: str
    segment: str
    best: str | None = Field(description="What is offered from now on: an amount, 0.00 for nothing; null: cannot tell.")
    reason: str
    amounts: list[VoucherEffect]


class VoucherLimits(BaseModel):
    """What stands against an offer, as the settings say; null is no limit."""

    budget: str | None = Field(description="Face value that may be offered in a calendar month.")
    given_in_month: str = Field(description="Face value that was offered in the month of as_of.")
    per_customer: int | None = Field(description="Vouchers of one customer within 365 days.")
    cool_down_days: int = Field(description="Days between two vouchers of one customer.")
    explore: float = Field(description="Share of offers at random, to learn from.")


class AllVoucherMargins(BaseModel):
    """Every segment in which something was tried, and the limits of what is offered."""

    as_of: date
    currency: str | None
    outcome_days: int = Field(description="Offers count once these are over.")
    limits: VoucherLimits
    items: list[VoucherMargins]


@router.post("/offers", status_code=201)
def create_voucher_offer(
    body: VoucherCustomer, response: Response, caller: Analyst, service: InService, request_id: RequestId
) -> VoucherGiven:
    """Decide, within the limits of the settings, and record what is given. 200 where nothing is offered.

    The amount that was measured to pay best, else the most used; a share of offers is at random. Sent twice, it is
    given twice, unless the request carries an `Idempotency-Key`.
    """
    shop = shop_of(service, caller.tenant)
    found = offer_voucher(service, shop, body.question(), by=caller.actor)
    if found.record is None:
        response.status_code = 200
    else:
        with service.database.begin() as session:
            note(session, caller, "offer voucher", found.record.id, now=now(), request_id=request_id)
    return VoucherGiven.model_validate(offer_as_dict(found))


@router.get("/offers")
def list_voucher_offers(
    caller: Viewer,
    service: InService,
    limit: Limit = 100,
    cursor: Cursor = None,
    customer_id: Annotated[CustomerId | None, Query(description="Only this customer's.")] = None,
) -> Page[VoucherOffer]:
    """Offers, the newest first."""
    chosen = offers_of(caller.tenant, customer_id=customer_id)
    with reading(service) as session:
        return newest_first(session, chosen, Record, limit=limit, cursor=cursor, shown=_shown)


@router.get("/offers/{offer_id}")
def read_voucher_offer(offer_id: str, caller: Viewer, service: InService) -> VoucherOffer:
    """One offer."""
    with reading(service) as session:
        return _shown(find_offer(session, tenant=caller.tenant, offer_id=offer_id))


@router.put("/offers/{offer_id}/outcome")
def record_voucher_outcome(
    offer_id: str, body: VoucherOutcome, caller: Analyst, service: InService, request_id: RequestId
) -> VoucherOffer:
    """Write down whether a voucher was redeemed, and what the customer bought. Another outcome later is a 409."""
    with service.database.begin() as session:
        offer, is_news = record_outcome(
            session, tenant=caller.tenant, offer_id=offer_id, redeemed=body.redeemed, margin=body.margin
        )
        if is_news:
            note(session, caller, "record voucher outcome", offer_id, now=now(), request_id=request_id)
        return _shown(offer)


@router.get("/margins")
def list_voucher_margins(
    caller: Viewer,
    service: InService,
    as_of: Annotated[date | None, Query(description="Default: the shop's today.")] = None,
) -> AllVoucherMargins:
    """What each amount brings, measured on offers at random beside nothing at random."""
    shop = shop_of(service, caller.tenant)
    day = as_of or today(shop.settings.time_zone)
    with reading(service) as session:
        found = list(outcomes(session, shop, as_of=day))
        given = given_in_month(session, caller.tenant, day)
    return AllVoucherMargins.model_validate(margins_as_dict(shop, found, as_of=day, given_in_month=given))


def _shown(record: Record) -> VoucherOffer:
    return VoucherOffer(
        id=record.id,
        customer_id=record.customer_id,
        country=record.country,
        segment_name=record.segment_name,
        segment=record.segment,
        voucher_amount=f"{Decimal(record.amount) / 100:.2f}",
        label=record.label,
        explored=record.explored,
        probability=record.probability,
        as_of=date.fromisoformat(record.as_of),
        history=record.history,
        created_at=record.created_at,
        created_by=record.created_by,
        redeemed=record.redeemed,
        margin=None if record.margin is None else f"{Decimal(record.margin) / 100:.2f}",
        outcome_at=record.outcome_at,
    )
