"""What the purchase models know of a customer: how many repeat order days, the last one, and since when it is known.

An order is a distinct day of a customer. The first one is the start of the customer's clock and is not counted.
"""

from dataclasses import dataclass

import numpy as np

from holdfast.errors import NotFoundError
from holdfast.forecast.arrays import Flags, Integers, Vector
from holdfast.forecast.btyd.merging import MOST_ROWS, Merged, merge_equal, merge_near
from holdfast.forecast.days import day_date


@dataclass(frozen=True, slots=True)
class Summary:
    """Customers in the terms of Schmittlein, Morrison and Colombo (1987); each a Vector of shape (n,), times in days.

    `frequency` is the number of repeat order days x, `recency` the time from the first order to the last t_x (0 without
    a repeat), `T` the time from the first order to as_of, `weight` the number of customers that share the row.
    """

    frequency: Vector
    recency: Vector
    T: Vector
    weight: Vector

    def __len__(self) -> int:
        return len(self.frequency)

    def rows(self, which: Integers | Flags | slice) -> "Summary":
        """The summary of some customers, by index, by flag or by slice."""
        return Summary(self.frequency[which], self.recency[which], self.T[which], self.weight[which])


def summarise(customer: Integers, day: Integers, *, customers: int, as_of: int) -> Summary:
    """The summary of each customer at the start of day `as_of`: row i is customer i, weight 1.

    `customer` (0 to customers - 1) and `day` have one value per order; rows may repeat, stand in any order, and lie on
    or after as_of (these are not known yet and left out). Raises NotFoundError where a customer has no order before.
    """
    known = day < as_of
    who, when = customer[known].astype(np.int64), day[known].astype(np.int64)
    first, last = np.full(customers, as_of, dtype=np.int64), np.full(customers, -(2**62), dtype=np.int64)
    np.minimum.at(first, who, when)
    np.maximum.at(last, who, when)
    silent = int(np.count_nonzero(first == as_of))
    if silent:
        raise NotFoundError(
            "Some customers have no order before the date of the forecast.",
            seen=f"{silent} of {customers} customers have none before {day_date(as_of)}.",
            todo="Leave them out: a purchase model starts with the first order.",
        )
    span = int(as_of - when.min()) + 1 if len(when) else 1
    order_days = np.bincount(np.unique(who * span + (as_of - when)) // span, minlength=customers)
    return Summary(
        frequency=(order_days - 1).astype(np.float64),
        recency=(last - first).astype(np.float64),
        T=(as_of - first).astype(np.float64),
        weight=np.ones(customers),
    )


def collapse(summary: Summary, *, most: int = MOST_ROWS) -> Summary:
    """The same customers in fewer rows, sorted: equal rows are merged and their weights added.

    With more than `most` distinct rows, those of equal frequency that the models can hardly tell apart are merged too,
    at the mean of their times.
    """
    rows = merge_equal(summary.frequency, (summary.T, summary.recency), summary.weight)
    if len(rows.exact) > most:
        rows = merge_near(rows, _coordinates(rows), most=most)
    known, recency = rows.near
    return Summary(rows.exact, np.minimum(recency, known), known, rows.weight)


def _coordinates(rows: Merged) -> tuple[Vector, Vector]:
    """Where models see a customer: the time it is known, and how unusual its silence is, (1 + x) log (T / t_x).

    This is the logarithm of the odds of having left in all models, but for the shift of T and t_x by alpha.
    """
    known, recency = rows.near
    shift = float(rows.weight @ known) / float(rows.weight.sum()) / 16
    silence = (1.0 + rows.exact) * np.log((shift + known) / (shift + recency))
    return known, np.log1p(silence)
