"""A simulated shop with known truth, handed to a `Past` as two callables in memory.

Every buyer has a rate and a lifetime, as Schmittlein, Morrison and Colombo (1987) tell it: it orders at its own rate
until it leaves, unseen. `Shop.alter` changes a history, so that a test can see what a change does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from holdfast.forecast.arrays import Flags, Integers, Vector
from holdfast.forecast.btyd import Summary
from holdfast.forecast.labels import OrderDays, before
from holdfast.forecast.learning.purchases import Outlook
from holdfast.forecast.past import Features, Past, Snapshot

ORDERS_A_DAY = 1 / 30
"""The mean rate of a buyer."""

LIFETIME = 250.0
"""The mean time until a buyer leaves, in days."""


@dataclass(frozen=True, slots=True, eq=False)
class Buyers:
    """The truth: orders a day of each buyer, the first and the last day it may order, its mean spend per order day."""

    rate: Vector
    first: Integers
    leaves: Vector
    value: Vector


def simulated(*, customers: int, days: int, seed: int = 0) -> tuple[OrderDays, Buyers]:
    """Buyers who arrive evenly over [0, days) and what they order until then."""
    random = np.random.default_rng(seed)
    first = np.sort(random.integers(0, days, customers))
    buyers = Buyers(
        rate=random.gamma(1.2, ORDERS_A_DAY / 1.2, customers),
        first=first,
        leaves=first + random.exponential(LIFETIME, customers),
        value=random.gamma(6.0, 5.0, customers),
    )
    rows: list[tuple[int, int]] = []
    for customer in range(customers):
        at = float(first[customer])
        while at < days and (at <= buyers.leaves[customer] or at == first[customer]):
            rows.append((customer, int(at)))
            at += random.exponential(1.0 / buyers.rate[customer])
    who, when = np.array(sorted(set(rows)), dtype=np.int64).T
    spend = buyers.value[who] * random.gamma(4.0, 0.25, len(who))
    return OrderDays(customers, who, when, np.round(spend, 2)), buyers


def altered(history: OrderDays, rows: Flags, *, spend: float = 3.0) -> OrderDays:
    """The same history where the chosen rows are dropped or, every other one, cost that many times as much."""
    nth = np.cumsum(rows) - 1
    keep = ~rows | (nth % 2 == 1)
    money = np.where(rows, history.spend * spend, history.spend)
    return OrderDays(history.customers, history.customer[keep], history.day[keep], money[keep])


def joined(history: OrderDays, more: OrderDays) -> OrderDays:
    """Both histories' rows; they have no customer and day in common."""
    who = np.concatenate([history.customer, more.customer])
    when, spend = np.concatenate([history.day, more.day]), np.concatenate([history.spend, more.spend])
    order = np.lexsort((when, who))
    return OrderDays(max(history.customers, more.customers), who[order], when[order], spend[order])


def past_of(history: OrderDays) -> Past:
    """The past of a history in memory; what is dated on or after the day asked for is not in the answers."""
    return Past(lambda day: features_of(before(history, day), day), lambda day: before(history, day))


def features_of(known: OrderDays, day: int) -> Features:
    """A few features of every customer with an order, under the names that the learners look for."""
    keys, place = np.unique(known.customer, return_inverse=True)

    def total(weights: Vector) -> Vector:
        return np.bincount(place, weights=weights, minlength=len(keys)).astype(np.float64)

    count, net = total(np.ones(len(place))), total(known.spend)
    first, last = np.full(len(keys), 2**40), np.full(len(keys), -(2**40))
    np.minimum.at(first, place, known.day)
    np.maximum.at(last, place, known.day)
    gap = np.divide(last - first, count - 1, out=np.full(len(keys), np.nan), where=count > 1)
    recent = total((known.day >= day - 90).astype(np.float64))
    columns: Mapping[str, Vector] = {
        "days_since_last_order": (day - last).astype(np.float64),
        "mean_gap_days": gap,
        "net_revenue": net,
        "order_count": count,
        "order_count_90d": recent,
        "churn_ratio": np.divide(day - last, gap, out=np.full(len(keys), np.nan), where=gap > 0),
        "recent_share": recent / count,
    }
    return Features(keys, columns, frozenset({"churn_ratio", "recent_share"}))


@dataclass(slots=True)
class Asked:
    """The days that features and order days were asked for, in the order of asking."""

    features: list[int] = field(default_factory=list)
    order_days: list[int] = field(default_factory=list)


def listening(past: Past) -> tuple[Past, Asked]:
    """The same past, and what it is asked."""
    asked = Asked()

    def features_at(day: int) -> Features:
        asked.features.append(day)
        return past.features_at(day)

    def order_days_at(day: int) -> OrderDays:
        asked.order_days.append(day)
        return past.order_days_at(day)

    return Past(features_at, order_days_at), asked


def snapshot_of(history: OrderDays, day: int) -> Snapshot:
    """What is known of the history at the start of a day."""
    return past_of(history).at(day)


def outlook(p_order: Vector, orders: Vector, value: Vector | None = None) -> Outlook:
    """An outlook written by hand; every order is worth 10 unless said otherwise."""
    return Outlook(p_order, orders, np.ones(len(p_order)), np.full(len(p_order), 10.0) if value is None else value)


def nobody_repeats(customers: int, *, known: float = 100.0) -> Summary:
    """Customers with one order each, `known` days ago."""
    zero = np.zeros(customers)
    return Summary(zero, zero, np.full(customers, known), np.ones(customers))
