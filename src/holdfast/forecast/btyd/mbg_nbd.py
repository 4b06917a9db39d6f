"""MBG/NBD: the BG/NBD in which a customer may leave at the first order too.

Orders are Poisson with rate lambda ~ Gamma(r, alpha); at each order, the first included, the customer leaves with
chance p ~ Beta(a, b). So one-time buyers need not be alive.

Source: Batislam, Denizel and Filiztekin (2007), "Empirical Validation and Comparison of Models for Customer Base
Analysis", International Journal of Research in Marketing 24(3).
"""

from dataclasses import dataclass

import numpy as np

from holdfast.forecast.arrays import Vector
from holdfast.forecast.btyd import beta_geometric
from holdfast.forecast.btyd.beta_geometric import BetaGeometric, expected_orders, orders_if_alive, p_alive, p_order
from holdfast.forecast.btyd.summary import Summary

__all__ = ["MBGNBD", "expected_orders", "expected_orders_of_new", "fit", "log_likelihood", "p_alive", "p_order"]


@dataclass(frozen=True, slots=True)
class MBGNBD(BetaGeometric):
    """The MBG/NBD."""

    @staticmethod
    def chances(summary: Summary) -> Vector:
        """A customer may leave at every order, the first included."""
        return summary.frequency + 1.0


def fit(summary: Summary, *, seed: int = 0, start: MBGNBD | None = None) -> MBGNBD:
    """Fit by maximum likelihood, see `beta_geometric.fit`."""
    return beta_geometric.fit(MBGNBD, summary, seed=seed, start=start)


def log_likelihood(summary: Summary, parameters: Vector) -> tuple[float, Vector]:
    """The weighted sum of log likelihoods at (r, alpha, a, b), and its gradient, shape (4,)."""
    return beta_geometric.log_likelihood(MBGNBD, summary, parameters)


def expected_orders_of_new(model: MBGNBD, *, days: Vector) -> Vector:
    """Expected repeat orders of a new customer in the first `days` days, shape of `days`.

    As in the BG/NBD, for those who stay after the first order: a share of b / (a + b) on average.
    """
    r, alpha, b = np.full(len(days), model.r), np.full(len(days), model.alpha), np.full(len(days), model.b + 1.0)
    return model.b / (model.a + model.b) * orders_if_alive(r, alpha, model.a, b, days)
