"""What is true of the sample and stands in none of its files: kinds, rates, departures, and the next 90 days."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from holdfast.samples.arrays import Floats, Ints
from holdfast.samples.baskets import NOTHING, Lines
from holdfast.samples.people import KINDS, NAMES, NEVER, People, Period
from holdfast.samples.planted import PLANTED
from holdfast.samples.visits import Visits

HORIZON = 90
CUSTOMER_TRUTH = (
    "customer_id",
    "kind",
    "first_order_on",
    "churned_on",  # the day from which there are no more orders; blank for those who stay
    "orders_per_year",  # expected from as_of on, at the rate of the last day; 0 for those who do not come back
    "order_days",  # before as_of
    "order_days_next_90_days",  # from as_of on: the same process, run on, and not in the file
)
LINE_TRUTH = ("row_number", "planted", "undoes_row")

_YEAR = 365.25


def customer_truth_rows(people: People, visits: Visits, period: Period) -> Iterator[tuple[object, ...]]:
    """One row a customer, in the order of the ids; `visits` go on for HORIZON days after the period."""
    number = len(people.customer_id)
    order_day = np.unique(visits.person * 100_000 + visits.day)
    person, day = np.divmod(order_day, 100_000)
    is_known = day <= period.last_day
    known, coming = (np.bincount(person[which], minlength=number) for which in (is_known, ~is_known))
    first = np.full(number, NEVER)
    np.minimum.at(first, person, day)
    rate = _orders_per_year(people, known)
    for i in range(number):
        left = "" if people.leaves_on[i] == NEVER else _date(people.leaves_on[i])
        kind = NAMES[people.kind[i]]
        yield people.customer_id[i], kind, _date(first[i]), left, f"{rate[i]:.3f}", known[i], coming[i]


def line_truth_rows(lines: Lines, position: Ints) -> Iterator[tuple[object, ...]]:
    """One row for every line that is not a plain sale; `position` holds where each line stood before sorting."""
    row_of = np.empty(len(lines), dtype=np.int64)
    row_of[position] = np.arange(1, len(lines) + 1)
    for i in np.flatnonzero(lines.planted != 0).tolist():
        undone = "" if lines.undoes[i] == NOTHING else row_of[lines.undoes[i]]
        yield i + 1, PLANTED[lines.planted[i]], undone


def _orders_per_year(people: People, orders: Ints) -> Floats:
    growth = np.array([kind.growth for kind in KINDS])[people.kind]
    rate = _YEAR / (people.gap * growth ** (orders - 1))
    returning = (people.leaves_on == NEVER) & ~np.isnan(rate)
    return np.where(returning, rate, 0.0)


def _date(day: int | np.int64) -> date:
    return date(1970, 1, 1) + timedelta(days=int(day))
