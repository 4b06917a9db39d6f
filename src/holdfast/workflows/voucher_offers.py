"""Vouchers that are really given: by measured margin, within limits, each recorded, and later what came of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from holdfast.actions.vouchers import ArmOutcomes, Given, Limits, Measured, Offer, choose, measure
from holdfast.actions.vouchers.limits import YEAR_DAYS
from holdfast.actions.vouchers.offer import draw_for
from holdfast.errors import HoldfastError, InputError, NotFoundError
from holdfast.settings import Settings
from holdfast.store.records import Tenant, VoucherOffer, new_id
from holdfast.workflows.clock import now, today
from holdfast.workflows.service import Service
from holdfast.workflows.shop import Shop
from holdfast.workflows.tombstones import tombstone, tombstones
from holdfast.workflows.voucher_decisions import VoucherQuestion, decide_voucher, opened_history

MOST_AHEAD = timedelta(days=366)
"""How far from today an offer may be dated: further is a typing error."""


class OutcomeStateError(HoldfastError):
    """The offer has an outcome already, and another one."""

    code = "conflict"
    status = 409


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer, and the record of it; None where nothing is offered."""

    offer: Offer
    segment: str | None
    as_of: date
    record: VoucherOffer | None


@dataclass(frozen=True, slots=True)
class SegmentOutcomes:
    """What the offers at random showed in one segment."""

    country: str
    segment_name: str
    segment: str
    measured: Measured


def offer_voucher(service: Service, shop: Shop, question: VoucherQuestion, *, by: str) -> Offered:
    """Decide what a customer is given, within the limits, and record it in the same breath.

    Two at once cannot both have the last of the budget: they take turns. InputError for what `decide_voucher` refuses,
    for a day far from today, and for a customer who was erased.
    """
    day = question.as_of or today(shop.settings.time_zone)
    history = opened_history(shop)
    _check_offer(shop, question, day)
    decision = decide_voucher(shop, replace(question, as_of=day))
    place = (decision.country, question.segment_name, decision.segment or "")
    with service.database.begin() as session:
        session.get(Tenant, shop.settings.tenant, with_for_update=True)  # one at a time in a shop
        offer = choose(
            decision,
            amounts=history.usage.amounts(decision.country),
            measured=measure(_arms(session, shop.settings, *place, until=day)),
            limits=limits_of(shop.settings),
            given=_given(session, shop.settings.tenant, question.customer_id, day),
            explore=shop.settings.voucher_explore,
            draw=draw_for(shop.settings.seed, question.customer_id, *place, day.isoformat()),
        )
        record = None
        if offer.amount is not None:
            record = _record(shop, question, offer, place, day, history.manifest.version, by)
            session.add(record)
    return Offered(offer, decision.segment, day, record)


def limits_of(settings: Settings) -> Limits:
    """The limits of the settings; money to the cent."""
    budget = settings.voucher_budget
    return Limits(
        budget=None if budget is None else Decimal(str(budget)),
        per_customer=settings.voucher_per_customer,
        cool_down_days=settings.voucher_cool_down_days,
    )


def record_outcome(
    session: Session, *, tenant: str, offer_id: str, redeemed: bool, margin: Decimal
) -> tuple[VoucherOffer, bool]:
    """Write down what came of an offer; said twice, it is the same. The offer, and whether that is news.

    Raises OutcomeStateError where something else was said before.
    """
    offer = find_offer(session, tenant=tenant, offer_id=offer_id, to_change=True)
    if redeemed and not offer.amount:
        raise InputError(
            "There was no voucher to redeem.", seen=f"{offer_id} gave nothing.", todo="Send redeemed=false."
        )
    cents = _cents(margin)
    if offer.outcome_at is not None:
        if (offer.redeemed, offer.margin) == (redeemed, cents):
            return offer, False
        raise OutcomeStateError(
            "This offer has another outcome already.",
            seen=f"{offer_id}: redeemed {offer.redeemed}, margin {Decimal(offer.margin or 0) / 100:.2f}.",
            todo="An outcome is said once, when the time for it is over.",
        )
    offer.redeemed, offer.margin, offer.outcome_at = redeemed, cents, now()
    return offer, True


def find_offer(session: Session, *, tenant: str, offer_id: str, to_change: bool = False) -> VoucherOffer:
    """An offer of the tenant; NotFoundError if there is none."""
    found = session.get(VoucherOffer, offer_id, with_for_update=to_change)
    if found is None or found.tenant != tenant:
        raise NotFoundError(
            f"There is no voucher offer {offer_id[:80]!r}.",
            seen=f"Tenant {tenant} has no such.",
            todo="List the offers.",
        )
    return found


def offers_of(tenant: str, *, customer_id: str | None = None) -> sa.Select[VoucherOffer]:
    """The offers of a tenant, or of one customer."""
    chosen = sa.select(VoucherOffer).where(VoucherOffer.tenant == tenant)
    return chosen if customer_id is None else chosen.where(VoucherOffer.customer_id == customer_id)


def outcomes(session: Session, shop: Shop, *, as_of: date) -> Iterator[SegmentOutcomes]:
    """What offers at random showed, segment by segment, as far as their time was over by `as_of`."""
    columns = (VoucherOffer.country, VoucherOffer.segment_name, VoucherOffer.segment)
    chosen = sa.select(*columns).where(VoucherOffer.tenant == shop.settings.tenant, VoucherOffer.explored)
    for place in session.execute(chosen.distinct().order_by(*columns)).all():
        yield SegmentOutcomes(*place, measured=measure(_arms(session, shop.settings, *place, until=as_of)))


def given_in_month(session: Session, tenant: str, day: date) -> Decimal:
    """Face value of the vouchers that were offered in the calendar month of a day."""
    first = day.replace(day=1)
    next_month = (first + timedelta(days=31)).replace(day=1)
    chosen = sa.select(sa.func.coalesce(sa.func.sum(VoucherOffer.amount), 0)).where(
        VoucherOffer.tenant == tenant,
        VoucherOffer.as_of >= first.isoformat(),
        VoucherOffer.as_of < next_month.isoformat(),
    )
    return Decimal(int(session.scalar(chosen) or 0)) / 100


# --- parts -----------------------------------------------------------------------------------------------------------


def _check_offer(shop: Shop, question: VoucherQuestion, day: date) -> None:
    present = today(shop.settings.time_zone)
    if abs(day - present) > MOST_AHEAD:
        raise InputError(
            "An offer is made about now.", seen=f"as_of {day}, today {present}.", todo="Choose an as_of within a year."
        )
    gone = tombstones(shop)
    if gone and tombstone(shop, question.customer_id) in gone:
        raise InputError(
            "This customer was erased, and is offered nothing.", seen="An erasure.", todo="Leave them out."
        )


def _record(
    shop: Shop,
    question: VoucherQuestion,
    offer: Offer,
    place: tuple[str, str, str],
    day: date,
    history: str,
    by: str,
) -> VoucherOffer:
    country, segment_name, segment = place
    return VoucherOffer(
        id=new_id("offer"),
        tenant=shop.settings.tenant,
        customer_id=question.customer_id,
        country=country,
        segment_name=segment_name,
        segment=segment,
        amount=_cents(offer.amount or Decimal(0)),
        label=offer.label.value,
        explored=offer.explored,
        probability=offer.probability,
        as_of=day.isoformat(),
        history=history,
        created_at=now(),
        created_by=by,
        redeemed=False,
        margin=None,
        outcome_at=None,
    )


def _given(session: Session, tenant: str, customer_id: str, day: date) -> Given:
    """What was given in the month of the day, and to the customer in the year before; nothing at all is no voucher."""
    to_customer = sa.select(sa.func.count(), sa.func.max(VoucherOffer.as_of)).where(
        VoucherOffer.tenant == tenant,
        VoucherOffer.amount > 0,
        VoucherOffer.customer_id == customer_id,
        VoucherOffer.as_of > (day - timedelta(days=YEAR_DAYS)).isoformat(),
    )
    times, last = session.execute(to_customer).one()
    return Given(
        in_month=given_in_month(session, tenant, day),
        to_customer=int(times),
        last_on=date.fromisoformat(last) if last else None,
    )


def _arms(
    session: Session, settings: Settings, country: str, segment_name: str, segment: str, *, until: date
) -> Sequence[ArmOutcomes]:
    """Sums of every amount that was tried at random and whose time is over; silence is an outcome of 0."""
    over = (until - timedelta(days=settings.voucher_outcome_days)).isoformat()
    paid = sa.case((VoucherOffer.redeemed, VoucherOffer.amount), else_=0)
    net = sa.func.coalesce(VoucherOffer.margin, 0) - paid
    redeemed = sa.func.sum(sa.case((VoucherOffer.redeemed, 1), else_=0))
    squares = sa.func.sum(sa.cast(net, sa.Float) * net)  # as integers they would outgrow SQLite's
    sums = (VoucherOffer.amount, sa.func.count(), redeemed, sa.func.sum(net), squares)
    chosen = sa.select(*sums).where(
        VoucherOffer.tenant == settings.tenant,
        VoucherOffer.country == country,
        VoucherOffer.segment_name == segment_name,
        VoucherOffer.segment == segment,
        VoucherOffer.explored,
        VoucherOffer.as_of <= over,
    )
    rows = session.execute(chosen.group_by(VoucherOffer.amount)).all()
    return [
        ArmOutcomes(Decimal(int(amount)) / 100, int(n), int(used), int(total), float(square_sum))
        for amount, n, used, total, square_sum in rows
    ]


def _cents(money: Decimal) -> int:
    return int((money * 100).to_integral_value(rounding=ROUND_HALF_UP))
