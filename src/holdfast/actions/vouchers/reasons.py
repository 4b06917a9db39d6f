"""Why an assignment of the history does not count: a closed list by falling precedence, and two sets of rules."""

from dataclasses import dataclass
from enum import StrEnum

from holdfast.errors import PolicyError


class Reason(StrEnum):
    """Reason codes; the first that applies is given, so that counts are reproducible."""

    NO_COUNTRY = "no_country"
    OTHER_COUNTRY = "other_country"
    BLANK_TOTAL_ORDERS = "blank_total_orders"
    BLANK_VOUCHER_AMOUNT = "blank_voucher_amount"
    UNREADABLE = "unreadable"
    DATES_WITHOUT_ORDERS = "dates_without_orders"
    LAST_BEFORE_FIRST = "last_before_first"
    ASSIGNED_BEFORE_LAST_ORDER = "assigned_before_last_order"
    ASSIGNED_IN_THE_FUTURE = "assigned_in_the_future"


KEPT = "kept"

EXPLANATIONS: dict[str, str] = {
    KEPT: "counts",
    Reason.NO_COUNTRY: "nobody knows in which country",
    Reason.OTHER_COUNTRY: "of a country that was not asked for",
    Reason.BLANK_TOTAL_ORDERS: "total_orders is empty",
    Reason.BLANK_VOUCHER_AMOUNT: "voucher_amount is empty",
    Reason.UNREADABLE: "a date or number is missing, cannot be read, or is below zero",
    Reason.DATES_WITHOUT_ORDERS: "0 orders, and yet the day of one",
    Reason.LAST_BEFORE_FIRST: "the last order lies before the first",
    Reason.ASSIGNED_BEFORE_LAST_ORDER: "given before the last order it was given for: the time is damaged",
    Reason.ASSIGNED_IN_THE_FUTURE: "given later than today: the time is damaged",
}


@dataclass(frozen=True, slots=True)
class VoucherPolicy:
    """What counts as history. `impossible_times`: drop = assignments dated before their last order or after today."""

    name: str
    drops_impossible_times: bool


POLICIES: dict[str, VoucherPolicy] = {
    "default": VoucherPolicy("default", drops_impossible_times=True),
    "simple": VoucherPolicy("simple", drops_impossible_times=False),
}
"""simple: the rules that such pipelines are usually given, word by word, and nothing else."""


def voucher_policy(name: str) -> VoucherPolicy:
    """The policy of that name; PolicyError where there is none."""
    if name not in POLICIES:
        raise PolicyError(
            f"There is no voucher policy called {name[:80]!r}.",
            seen=f"Known policies: {', '.join(POLICIES)}.",
            todo="Name one of them.",
        )
    return POLICIES[name]
