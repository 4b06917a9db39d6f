"""Three sentences per customer, from its own numbers, for somebody who has to decide what to do.

The reasons come first, the largest first. A sentence is a fact and its points; the fact is, of those of the group, the
one whose columns spoke most for the group's direction. Where fewer than three reasons matter, the rest of the three
says what else is known, without points: nothing is made up to fill a line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from holdfast.forecast.arrays import Vector
from holdfast.forecast.days import day_date
from holdfast.forecast.past import Snapshot
from holdfast.forecast.reasons.facts import FACTS, OF_ONE_ORDER, SAID_AS, VALUE_OF_ONE_ORDER, chance, days
from holdfast.forecast.reasons.groups import GROUPS, Group, group_of
from holdfast.forecast.reasons.standing import Standing
from holdfast.forecast.wording import money, percent

SENTENCES = 3

LEAST_POINTS = 0.05
"""Below, a reason would be written as 0.0 points."""

LEAST_SHARE = 0.03
"""A reason matters if it holds this share of all the points that speak for or against the customer."""

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

LATE_ABOVE: Mapping[str, float] = {"churn_ratio": 1.0, "silence_to_longest_gap": 1.0, "days_overdue": 0.0}
"""Above these a customer is late by its own habit, which nobody reads as a good sign; below, not as a bad one."""

NOTHING_LATELY = ("order_count_", "net_revenue_", "units_", "unique_products_", "new_products_")
"""No orders, spend or products in some time, which nobody reads as a good sign."""

NOTHING_SAID: Mapping[Group, str] = {
    Group.QUIET: "Time since the last order",
    Group.OFTEN: "Number of orders",
    Group.HABIT: "No rhythm of its own yet",
    Group.SPEND: "No amounts on record",
    Group.BASKET: "Products bought",
    Group.SEASON: "Not a customer yet in this season last year",
    Group.RETURNS: "No returns on record",
    Group.PRICE: "No discounts or prices on record",
    Group.DELIVERY: "No deliveries or reviews on record",
    Group.WHO: "Place and profile",
    Group.OTHER: "Other facts",
}
"""What is said of a group where the customer has no number that can be said."""


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What sentences are made from: all customers' numbers by name, where each stands, the day, and the currency."""

    day: int
    numbers: Mapping[str, Vector]
    standing: Standing
    currency: str | None
    has_amounts: bool


@dataclass(frozen=True, slots=True, eq=False)
class Reasons:
    """Of one customer: its row, points per group of GROUPS and per name, its chance and the typical one (0-1)."""

    row: int
    groups: Vector
    names: Sequence[str]
    points: Vector
    p_buy: float
    typical: float
    horizon: int


def said_of(snapshot: Snapshot, *, currency: str | None) -> Said:
    """What is known of the customers of a snapshot; the history's own numbers are there without any feature."""
    summary = snapshot.summary
    history = {
        "days_since_last_order": summary.T - summary.recency,
        "order_day_count": snapshot.order_days,
        "purchase_span_days": summary.recency,
    }
    numbers = {**snapshot.features.columns, **history}
    return Said(snapshot.day, numbers, Standing(numbers), currency, bool(np.any(snapshot.spend > 0)))


def three_sentences(said: Said, customer: Reasons) -> tuple[str, str, str]:
    """Exactly three sentences."""
    sizes = np.abs(customer.groups)
    least = max(LEAST_POINTS, LEAST_SHARE * float(sizes.sum()))
    largest = [int(at) for at in np.argsort(-sizes, kind="stable") if sizes[at] >= least][:SENTENCES]
    found = [f"{_fact(said, customer, GROUPS[at])}: {points(float(customer.groups[at]))}." for at in largest]
    if not found:
        found.append("Nothing sets this customer apart from the typical one.")
    first, second, third = (*found, *_known_otherwise(said, customer))[:SENTENCES]
    return first, second, third


def points(number: float) -> str:
    """Percentage points: -18 points, +1 point, -0.4 points."""
    whole = round(number)
    if abs(number) < 0.95:
        return f"{number:+.1f} points"
    return f"{whole:+d} point" if abs(whole) == 1 else f"{whole:+d} points"


def written(day: int) -> str:
    """A day number as a date: 12 March 2011."""
    when = day_date(day)
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


# --- facts -----------------------------------------------------------------------------------------------------------


def _fact(said: Said, customer: Reasons, group: Group) -> str:
    repeats = round(_number(said, customer, "order_day_count")) - 1
    if group is Group.QUIET:
        return _quiet(said, customer, repeats)
    if group is Group.OFTEN and repeats == 0:
        return _ordered_once(said, customer)
    if group is Group.HABIT and repeats < 2:
        return _no_habit(said, customer, repeats)
    told = _loudest(said, customer, group)
    if told is None:
        return NOTHING_SAID[group]
    value = _number(said, customer, told)
    if told not in FACTS:
        return f"{told.replace('_', ' ').capitalize()} {value:,g}"
    fact = OF_ONE_ORDER.get(told, FACTS[told]) if _has_one_order(said, customer) else FACTS[told]
    words = fact.say(value, said.currency)
    compared = said.standing.compared(told, value, more=fact.more, fewer=fact.fewer) if fact.more else ""
    return f"{words}, {compared}" if compared else words


def _quiet(said: Said, customer: Reasons, repeats: int) -> str:
    quiet = _number(said, customer, "days_since_last_order")
    gone = customer.groups[GROUPS.index(Group.QUIET)] < 0
    if repeats == 0:
        return f"No order since the first one {days(quiet)} ago" if gone else f"First order only {days(quiet)} ago"
    words = f"No order for {days(quiet)}" if gone else f"Last order {days(quiet)} ago"
    gap = _usual_gap(said, customer, repeats)
    if gap:
        return f"{words}; usually orders every {gap}"
    more, fewer = ("longer than", "shorter than") if gone else ("longer ago than", "more recent than")
    compared = said.standing.compared("days_since_last_order", quiet, more=more, fewer=fewer)
    return f"{words}, {compared}" if compared else words


def _usual_gap(said: Said, customer: Reasons, repeats: int) -> str:
    """The customer's own rhythm; nothing where there is only one gap, which is no rhythm."""
    if repeats < 2:
        return ""
    median = _number(said, customer, "median_gap_days")
    return days(_number(said, customer, "purchase_span_days") / repeats if np.isnan(median) else median)


def _ordered_once(said: Said, customer: Reasons) -> str:
    words = "Ordered once so far" if _has_one_order(said, customer) else "All orders on one day so far"
    return f"{words}, like {percent(said.standing.equal('order_day_count', 1.0))} of customers"


def _no_habit(said: Said, customer: Reasons, repeats: int) -> str:
    if repeats == 0:
        return "No rhythm of its own yet, after one order day"
    return f"Its two order days were {days(_number(said, customer, 'purchase_span_days'))} apart"


def _loudest(said: Said, customer: Reasons, group: Group) -> str | None:
    """Of the numbers that can be said, the one whose columns moved the customer most in the group's direction."""
    direction = np.sign(customer.groups[GROUPS.index(group)])
    once = _has_one_order(said, customer)
    moved: dict[str, float] = {}
    for name, value in zip(customer.names, customer.points, strict=True):
        if group_of(name) is group:
            told = _said_as(name, of_one_order=once)
            moved[told] = moved.get(told, 0.0) + float(value * direction)
    sayable = [name for name in moved if _can_be_said(said, customer, name, group)]
    plausible = [name for name in sayable if not _sounds_wrong(name, _number(said, customer, name), direction)]
    return max(plausible or sayable, key=lambda name: moved[name]) if sayable else None


def _sounds_wrong(name: str, value: float, direction: float) -> bool:
    """Whether a number would be read as speaking for the other side: columns of a group overlap and share points."""
    if name in LATE_ABOVE:
        return (value - LATE_ABOVE[name]) * direction > 0.0
    return value == 0.0 and direction > 0.0 and name.startswith(NOTHING_LATELY)


def _said_as(name: str, *, of_one_order: bool) -> str:
    said_as = SAID_AS.get(name, name)
    return "mean_order_value" if of_one_order and said_as in VALUE_OF_ONE_ORDER else said_as


def _has_one_order(said: Said, customer: Reasons) -> bool:
    orders = _number(said, customer, "order_count")
    return bool(_number(said, customer, "order_day_count") == 1.0 and not orders > 1.0)


def _can_be_said(said: Said, customer: Reasons, name: str, group: Group) -> bool:
    if np.isnan(_number(said, customer, name)):
        return False
    return (name in FACTS or group is Group.OTHER) and (said.has_amounts or group is not Group.SPEND)


def _number(said: Said, customer: Reasons, name: str) -> float:
    """One of the customer's numbers; NaN where it has none."""
    values = said.numbers.get(name)
    return float("nan") if values is None else float(values[customer.row])


# --- what else is known ----------------------------------------------------------------------------------------------


def _known_otherwise(said: Said, customer: Reasons) -> tuple[str, str]:
    """Two sentences that hold of every customer."""
    bought = round(_number(said, customer, "order_day_count"))
    known_days = _number(said, customer, "days_since_last_order") + _number(said, customer, "purchase_span_days")
    spent = _number(said, customer, "net_revenue")
    worth = f", {money(spent, said.currency)} in all" if said.has_amounts and not np.isnan(spent) else ""
    ordered = "1 order day" if bought == 1 else f"{bought:,} order days"
    likely, usual = chance(customer.p_buy), chance(customer.typical)
    return (
        f"Customer since {written(said.day - round(known_days))}: {ordered}{worth}.",
        f"{likely} chance of an order within {days(customer.horizon)}; {usual} is typical of this shop.",
    )
