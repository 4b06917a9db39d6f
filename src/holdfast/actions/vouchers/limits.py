"""How much may be given: a month's budget, vouchers of one customer in a year, days between two of them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class Limits:
    """What may not be exceeded; None is no limit. `budget` is face value within a calendar month."""

    budget: Decimal | None = None
    per_customer: int | None = None
    cool_down_days: int = 0


@dataclass(frozen=True, slots=True)
class Given:
    """What was given so far: to everybody in the month of the decision, and to this customer in the year before it."""

    in_month: Decimal = Decimal(0)
    to_customer: int = 0
    last_on: date | None = None


def reached(limits: Limits, given: Given, *, largest: Decimal, as_of: date) -> str | None:
    """The limit that stands against giving up to `largest`, in a sentence; None if none does.

    The largest amount that chance may draw has to fit, not the one that it draws, or chance would favour small ones.
    """
    if limits.per_customer is not None and given.to_customer >= limits.per_customer:
        vouchers = "voucher" if given.to_customer == 1 else "vouchers"
        return f"{given.to_customer} {vouchers} within {YEAR_DAYS} days; the limit is {limits.per_customer}."
    if given.last_on is not None and (as_of - given.last_on).days < limits.cool_down_days:
        return f"The last voucher is of {given.last_on}; {limits.cool_down_days} days have to lie between two."
    if limits.budget is not None and given.in_month + largest > limits.budget:
        left = max(limits.budget - given.in_month, Decimal(0))
        return f"{left:.2f} of the month's budget of {limits.budget:.2f} is left, less than {largest:.2f}."
    return None
