"""What happened after a cut-off: the only thing a forecast is ever trained on or judged by.

A window is [cutoff, cutoff + horizon): the cut-off day belongs to the future. Known at the cut-off is every day before
it. Labels are counted in order days, as in Fader, Hardie and Lee (2005), not in orders.
"""

from dataclasses import dataclass

import numpy as np

from holdfast.errors import InputError
from holdfast.forecast.arrays import Flags, Integers, Vector

NEVER = -(2**40)
"""The first and last day of somebody without an order: before every date, and differences to it do not overflow."""


@dataclass(frozen=True, slots=True, eq=False)
class OrderDays:
    """A history as this room sees it: one row per distinct customer and day, sorted by customer, then day.

    `customers` is how many there are; `customer` is an index from 0 to customers - 1, and somebody may have no row.
    `day` counts days since 1970-01-01. `spend` is the day's total in the shop's currency; returns may make it zero or
    negative. Raises InputError where the rows are not of this kind.
    """

    customers: int
    customer: Integers
    day: Integers
    spend: Vector

    def __post_init__(self) -> None:
        wrong = _what_is_wrong(self)
        if wrong:
            raise InputError(
                "These rows are no history of order days.",
                seen=wrong,
                todo="Give one row per customer and day, sorted by customer and day, with a finite spend.",
            )


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """What customers did in a window, one value per customer.

    `orders` counts order days. `spend` is what the window brought, returns taken off; a customer who returned more than
    was bought counts as zero, so that a share of the spend stays a share. The floor is taken once, on the customer's
    total of the window, not day by day.
    """

    bought: Flags
    orders: Integers
    spend: Vector

    def __len__(self) -> int:
        return len(self.bought)


def before(history: OrderDays, as_of: int) -> OrderDays:
    """What was known at `as_of` (a day number): the rows of earlier days. Indexes of customers stay as they are."""
    known = history.day < as_of
    return OrderDays(history.customers, history.customer[known], history.day[known], history.spend[known])


def order_day_counts(history: OrderDays) -> Integers:
    """Order days of each customer, shape (customers,); 0 for somebody without a row."""
    return np.bincount(history.customer, minlength=history.customers).astype(np.int64)


def first_days(history: OrderDays) -> Integers:
    """The first order day of each customer, shape (customers,); NEVER for somebody without one."""
    counts = order_day_counts(history)
    return _picked(history, counts, np.cumsum(counts) - counts)


def last_days(history: OrderDays) -> Integers:
    """The last order day of each customer, shape (customers,); NEVER for somebody without one."""
    counts = order_day_counts(history)
    return _picked(history, counts, np.cumsum(counts) - 1)


def outcomes(history: OrderDays, *, cutoff: int, horizon: int) -> Outcomes:
    """What every customer did in [cutoff, cutoff + horizon), aligned with the customers' indexes.

    `horizon` is in days. Whether the history reaches to the end of the window is for the caller to know: a window that
    is cut short looks like customers who left. Raises InputError for a horizon below one day.
    """
    if horizon < 1:
        raise InputError(
            "There is no such window.", seen=f"A horizon of {horizon} days.", todo="Give at least one day."
        )
    inside = (history.day >= cutoff) & (history.day < cutoff + horizon)
    customer = history.customer[inside]
    orders = np.bincount(customer, minlength=history.customers).astype(np.int64)
    spend = np.bincount(customer, weights=history.spend[inside], minlength=history.customers)
    return Outcomes(bought=orders > 0, orders=orders, spend=np.maximum(spend, 0.0))


def select(outcomes: Outcomes, customers: Integers | Flags) -> Outcomes:
    """The outcomes of some customers, by index or by flag: a population has an order before the cut-off."""
    return Outcomes(outcomes.bought[customers], outcomes.orders[customers], outcomes.spend[customers])


def _picked(history: OrderDays, counts: Integers, rows: Integers) -> Integers:
    days = np.full(history.customers, NEVER, dtype=np.int64)
    days[counts > 0] = history.day[rows[counts > 0]]
    return days


def _what_is_wrong(history: OrderDays) -> str:
    customer, day = history.customer, history.day
    if not len(customer) == len(day) == len(history.spend):
        return f"{len(customer)} customers, {len(day)} days and {len(history.spend)} amounts."
    if len(customer) and (customer.min() < 0 or customer.max() >= history.customers):
        return f"Indexes from {customer.min()} to {customer.max()} for {history.customers} customers."
    if not np.isfinite(history.spend).all():
        return "An amount that is not a number."
    steps = np.diff(customer)
    if not bool(((steps > 0) | ((steps == 0) & (np.diff(day) > 0))).all()):
        return "Rows that are out of order, or a customer's day that occurs twice."
    return ""
