"""What the purchase models say of every customer: chance to order, expected orders, value of an order.

Pareto/NBD for when, Gamma-Gamma for how much. They need no folds, so they also hold for a young shop; on an older one
they are the ground that everything else stands on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from scipy.special import logit

from holdfast.forecast.arrays import Integers, Vector
from holdfast.forecast.btyd import GammaGamma, ParetoNBD, collapse, gamma_gamma, pareto_nbd
from holdfast.forecast.past import Snapshot

LEAST_CHANCE = 1e-6
"""Chances are kept this far from 0 and 1, so that their logarithms stay usable."""

LEAST_ORDERS = 1e-6


@dataclass(frozen=True, slots=True)
class Purchases:
    """The two models, fitted on one snapshot."""

    orders: ParetoNBD
    value: GammaGamma

    def as_json(self) -> dict[str, Any]:
        """Plain numbers and texts."""
        return {"orders": self.orders.as_json(), "value": self.value.as_json()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The models that `as_json` stored."""
        return cls(ParetoNBD.from_json(stored["orders"]), GammaGamma.from_json(stored["value"]))


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """One value per customer, for one horizon: P(order), expected order days, P(alive), value of an order day."""

    p_order: Vector
    orders: Vector
    p_alive: Vector
    value: Vector

    @property
    def log_odds(self) -> Vector:
        """The chance to order as log-odds."""
        found: Vector = logit(self.p_order)
        return found

    @property
    def spend(self) -> Vector:
        """Expected spend: orders times value."""
        return self.orders * self.value

    def rows(self, which: Integers) -> "Outlook":
        """The outlook of some customers, by index."""
        return Outlook(self.p_order[which], self.orders[which], self.p_alive[which], self.value[which])


def fit(snapshot: Snapshot, *, seed: int, start: Purchases | None = None) -> Purchases:
    """Fit both models; `start` is an earlier fit of the same shop, from which it is not far."""
    return Purchases(
        pareto_nbd.fit(collapse(snapshot.summary), seed=seed, start=start.orders if start else None),
        gamma_gamma.fit(snapshot.order_days, mean_value(snapshot), seed=seed, start=start.value if start else None),
    )


def look(purchases: Purchases, snapshot: Snapshot, *, horizon: int) -> Outlook:
    """What the models expect of each customer in the `horizon` days from the snapshot on; never NaN, never negative."""
    summary = snapshot.summary
    chance = pareto_nbd.p_order(purchases.orders, summary, horizon=horizon)
    orders = pareto_nbd.expected_orders(purchases.orders, summary, horizon=horizon)
    value = gamma_gamma.expected_value(purchases.value, snapshot.order_days, mean_value(snapshot))
    return Outlook(
        p_order=np.clip(chance, LEAST_CHANCE, 1.0 - LEAST_CHANCE),
        orders=np.maximum(orders, LEAST_ORDERS),
        p_alive=pareto_nbd.p_alive(purchases.orders, summary),
        value=np.maximum(value, 0.0),
    )


def mean_value(snapshot: Snapshot) -> Vector:
    """Mean spend per order day, shape (n,); 0 where a customer has returned more than it bought."""
    return np.maximum(snapshot.spend, 0.0) / snapshot.order_days
