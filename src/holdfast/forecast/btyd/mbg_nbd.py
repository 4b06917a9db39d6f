"""MBG/NBD: the BG/NBD in which a customer may leave at the first order too.

Orders are Poisson with rate lambda ~ Gamma(r, alpha); at each order, the first included, the customer leaves with
chance p ~ Beta(a, b). So one-time buyers need not be alive.

Source: Batislam, Denizel and Filiztekin (2007), "Empirical Validation and Comparison of Models for Customer Base
Analysis", International Journal of Research in Marketing 24(3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import numpy as np

from holdfast.forecast.arrays import Vector
from holdfast.forecast.btyd import beta_geometric
from holdfast.forecast.btyd.beta_geometric import Parameters
from holdfast.forecast.btyd.fitting import Fit, Problem, maximise
from holdfast.forecast.btyd.scaling import around, scale
from holdfast.forecast.btyd.summary import Summary


@dataclass(frozen=True, slots=True)
class MBGNBD:
    """Orders: shape r, scale alpha (days). Leaving at an order with chance p: Beta(a, b)."""

    r: float
    alpha: float
    a: float
    b: float
    fit: Fit

    def as_json(self) -> dict[str, Any]:
        """Plain numbers and texts."""
        return {"r": self.r, "alpha": self.alpha, "a": self.a, "b": self.b, "fit": self.fit.as_json()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The model that `as_json` stored, also after a trip through JSON text."""
        return cls(**{**stored, "fit": Fit.from_json(stored["fit"])})

    @property
    def parameters(self) -> Parameters:
        """Without the record of the fit."""
        return Parameters(self.r, self.alpha, self.a, self.b)


def fit(summary: Summary, *, seed: int = 0, start: MBGNBD | None = None) -> MBGNBD:
    """Fit by maximum likelihood, or the next rung of the ladder (see `fitting`); from `start` alone if it is given."""
    scaled = scale(summary)
    default = np.array([1.0, scaled.mean_gap, 1.0, 3.0])
    unit = np.array([1.0, scaled.unit, 1.0, 1.0])
    problem = Problem(
        objective=partial(log_likelihood, scaled.rows),
        coarse=partial(log_likelihood, scaled.coarse),
        default=default,
        weight=scaled.weight,
        informed=scaled.informed,
    )
    starts = around(default, seed=seed)
    if start is not None:
        starts = np.array([[start.r, start.alpha, start.a, start.b]]) / unit
    estimate = maximise(problem, starts)
    r, alpha, a, b = (float(value) for value in estimate.parameters * unit)
    return MBGNBD(r, alpha, a, b, estimate.record(scaled.in_days(estimate.log_likelihood)))


def log_likelihood(summary: Summary, parameters: Vector) -> tuple[float, Vector]:
    """The weighted sum of log likelihoods at (r, alpha, a, b), and its gradient, shape (4,)."""
    r, alpha, a, b = (float(value) for value in parameters)
    return beta_geometric.log_likelihood(summary, _chances(summary), Parameters(r, alpha, a, b))


def p_alive(model: MBGNBD, summary: Summary) -> Vector:
    """The probability that a customer has not left by as_of, shape (n,)."""
    return beta_geometric.p_alive(summary, _chances(summary), model.parameters)


def p_order(model: MBGNBD, summary: Summary, *, horizon: float) -> Vector:
    """The probability of at least one order in the next `horizon` days, shape (n,).

    A customer leaves only at an order, so the next one comes as in the NBD: P(alive) x [1 - ((alpha + T) /
    (alpha + T + horizon))^(r + x)].
    """
    if_alive = beta_geometric.order_if_alive(model.r + summary.frequency, model.alpha + summary.T, horizon)
    return np.clip(p_alive(model, summary) * if_alive, 0.0, 1.0)


def expected_orders(model: MBGNBD, summary: Summary, *, horizon: float) -> Vector:
    """Expected orders in the next `horizon` days, shape (n,): as in the BG/NBD, after one more chance to leave."""
    if_alive = beta_geometric.orders_if_alive(
        model.r + summary.frequency,
        model.alpha + summary.T,
        model.a,
        model.b + _chances(summary),
        np.full(len(summary), horizon),
    )
    return p_alive(model, summary) * if_alive


def expected_orders_of_new(model: MBGNBD, *, days: Vector) -> Vector:
    """Expected repeat orders of a new customer in the first `days` days, shape of `days`.

    As in the BG/NBD, for those who stay after the first order: a share of b / (a + b) on average.
    """
    r, alpha, b = np.full(len(days), model.r), np.full(len(days), model.alpha), np.full(len(days), model.b + 1.0)
    return model.b / (model.a + model.b) * beta_geometric.orders_if_alive(r, alpha, model.a, b, days)


def _chances(summary: Summary) -> Vector:
    """A customer may leave at every order, the first included."""
    return summary.frequency + 1.0
