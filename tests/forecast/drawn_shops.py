"""Shops drawn from a Pareto/NBD crowd, as a past that can be looked at from any day; nothing is read from disk."""

import numpy as np

from holdfast.forecast.labels import OrderDays, before
from holdfast.forecast.past import Features, Past


def drawn(customers: int, *, days: int, seed: int = 0) -> OrderDays:
    """Each customer starts in the first half of `days` and orders at its own rate until it leaves; one value each."""
    random = np.random.default_rng(seed)
    rows: list[tuple[int, int, float]] = []
    for customer in range(customers):
        first, rate = int(random.integers(0, days // 2)), random.gamma(1.2, 1 / 60)
        left, value = first + random.exponential(500), random.lognormal(3.5, 0.6)
        orders = first + np.append(0.0, np.cumsum(random.exponential(1 / rate, size=200)))
        seen = np.unique(orders[orders < min(left, days)].astype(np.int64))
        spend = np.round(value * random.lognormal(0.0, 0.4, size=len(seen)), 2)
        rows += zip([customer] * len(seen), seen.tolist(), spend.tolist(), strict=True)
    customer_column, day_column, spend_column = zip(*rows, strict=True)
    return OrderDays(customers, np.array(customer_column), np.array(day_column), np.array(spend_column))


def past_of(history: OrderDays) -> Past:
    """The past of a history, with two plain features."""

    def features_at(day: int) -> Features:
        known = before(history, day)
        keys = np.unique(known.customer)
        spend = np.bincount(known.customer, weights=known.spend)[keys].astype(np.float64)
        orders = np.bincount(known.customer)[keys]
        return Features(keys.astype(np.int64), {"net_revenue": spend, "mean_order_value": spend / orders}, frozenset())

    return Past(features_at, lambda day: before(history, day))
