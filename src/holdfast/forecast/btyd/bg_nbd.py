"""BG/NBD: orders at a customer's own rate; after each repeat order the customer may leave, with a chance of its own.

Orders are Poisson with rate lambda ~ Gamma(r, alpha); p ~ Beta(a, b). A customer who never came back has had no
occasion to leave and counts as alive with certainty: P(alive) says nothing of whether one will order.

Source: Fader, Hardie and Lee (2005), "Counting Your Customers the Easy Way: An Alternative to the Pareto/NBD Model",
Marketing Science 24(2).
"""

from dataclasses import dataclass

import numpy as np

from holdfast.forecast.arrays import Vector
from holdfast.forecast.btyd import beta_geometric
from holdfast.forecast.btyd.beta_geometric import BetaGeometric, expected_orders, orders_if_alive, p_alive, p_order
from holdfast.forecast.btyd.summary import Summary

__all__ = ["BGNBD", "expected_orders", "expected_orders_of_new", "fit", "log_likelihood", "p_alive", "p_order"]


@dataclass(frozen=True, slots=True)
class BGNBD(BetaGeometric):
    """The BG/NBD."""

    @staticmethod
    def chances(summary: Summary) -> Vector:
        """A customer may leave at every repeat order."""
        return summary.frequency


def fit(summary: Summary, *, seed: int = 0, start: BGNBD | None = None) -> BGNBD:
    """Fit by maximum likelihood, see `beta_geometric.fit`."""
    return beta_geometric.fit(BGNBD, summary, seed=seed, start=start)


def log_likelihood(summary: Summary, parameters: Vector) -> tuple[float, Vector]:
    """The weighted sum of log likelihoods at (r, alpha, a, b), and its gradient, shape (4,)."""
    return beta_geometric.log_likelihood(BGNBD, summary, parameters)


def expected_orders_of_new(model: BGNBD, *, days: Vector) -> Vector:
    """Expected repeat orders of a new customer in the first `days` days, shape of `days`. Equation 9."""
    r, alpha, b = np.full(len(days), model.r), np.full(len(days), model.alpha), np.full(len(days), model.b)
    return orders_if_alive(r, alpha, model.a, b, days)
