"""The voucher of one customer: the amount used most in its segment, as of a day."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

from holdfast.actions.vouchers.history import Usage, answer, country_answer
from holdfast.actions.vouchers.rules import SEGMENT_KINDS, VoucherRules
from holdfast.errors import InputError


class Label(StrEnum):
    """What a decision rests on."""

    MOST_USED = "most_used"
    FALLBACK_COUNTRY = "fallback_country"
    OUTSIDE_RULES = "outside_rules"
    MEASURED_MARGIN = "measured_margin"
    EXPLORED = "explored"
    HELD_OUT = "held_out"
    LEAVE_ALONE = "leave_alone"
    LIMIT_REACHED = "limit_reached"


@dataclass(frozen=True, slots=True)
class Customer:
    """What a decision needs to know of a customer; moments without a zone, on the shop's clocks."""

    total_orders: int
    country: str
    last_order_at: datetime | None
    first_order_at: datetime | None
    segment_name: str


@dataclass(frozen=True, slots=True)
class Decision:
    """An amount, or None for none; of `n` assignments of `segment` (of the country, for a fallback) it is the share."""

    amount: Decimal | None
    segment: str | None
    n: int
    share: float | None
    label: Label
    country: str
    as_of: date


def decide(usage: Usage, rules: VoucherRules, customer: Customer, *, as_of: date) -> Decision:
    """The most used amount of the customer's segment; that of the country where the segment has no history.

    A customer outside every range gets none. InputError for what cannot be: an unknown country or kind of segment, or
    orders that contradict each other or lie after `as_of`.
    """
    country = _country(usage, customer.country)
    segment = segment_of(rules, customer, as_of=as_of)
    if segment is None:
        return Decision(None, None, 0, None, Label.OUTSIDE_RULES, country, as_of)
    found, label = answer(usage, country, customer.segment_name, segment), Label.MOST_USED
    if not found.n:
        found, label = country_answer(usage, country), Label.FALLBACK_COUNTRY
    return Decision(found.amount, segment, found.n, found.share, label, country, as_of)


def segment_of(rules: VoucherRules, customer: Customer, *, as_of: date) -> str | None:
    """The segment of a customer; None outside every range. Somebody without an order has no last one."""
    _check(customer, as_of)
    if customer.segment_name == "frequent_segment":
        return rules.segment(customer.segment_name, customer.total_orders)
    if customer.total_orders == 0 or customer.last_order_at is None:
        return None
    return rules.segment(customer.segment_name, (as_of - customer.last_order_at.date()).days)


def _check(customer: Customer, as_of: date) -> None:
    last, first = customer.last_order_at, customer.first_order_at
    if customer.segment_name not in SEGMENT_KINDS:
        raise InputError(
            "There is no such kind of segment.",
            seen=f"segment_name {customer.segment_name[:80]!r}.",
            todo=f"Use {' or '.join(SEGMENT_KINDS)}.",
        )
    if customer.total_orders < 0:
        raise InputError(
            "Nobody has fewer than 0 orders.", seen=f"{customer.total_orders}.", todo="Check total_orders."
        )
    if last is not None and first is not None and _is_before(last, first):
        raise InputError(
            "The last order lies before the first.",
            seen=f"Last {last.isoformat(' ')}, first {first.isoformat(' ')}.",
            todo="Check last_order_ts and first_order_ts.",
        )
    if last is not None and last.date() > as_of:
        raise InputError(
            "The last order lies after the day of the decision.",
            seen=f"Last order {last.date()}, as_of {as_of}.",
            todo="Check last_order_ts, or choose a later as_of.",
        )
    if customer.total_orders and last is None and customer.segment_name == "recency_segment":
        raise InputError(
            "Nobody knows when the last order was.",
            seen=f"{customer.total_orders} orders, and no last_order_ts.",
            todo="Send last_order_ts, or ask for frequent_segment.",
        )


def _is_before(last: datetime, first: datetime) -> bool:
    """Whether the last order lies before the first; a last order at midnight is a day without its time."""
    return last.date() < first.date() or (last < first and last.time() != time.min)


def _country(usage: Usage, asked: str) -> str:
    found = usage.countries.get(asked.strip().upper())
    if found is None:
        raise InputError(
            f"There is no voucher history of {asked[:80]!r}.",
            seen=f"There is one of {', '.join(usage.countries.values()) or 'no country'}.",
            todo="Check country_code, or import the history of that country.",
        )
    return found
