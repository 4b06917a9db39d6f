"""What BG/NBD and MBG/NBD have in common: a customer may leave at an order, with a chance of its own, p ~ Beta(a, b).

The two differ in one thing: the number of occasions at which a customer seen with x repeat orders could have left
(`chances`). In the BG/NBD these are the x repeat orders; in the MBG/NBD the first order is one too: x + 1.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Self, TypeVar

import numpy as np
from scipy.linalg import eigh_tridiagonal
from scipy.special import betaln, digamma, expit, gammaln

from holdfast.forecast.arrays import Flags, Matrix, Vector
from holdfast.forecast.btyd import scaling
from holdfast.forecast.btyd.fitting import Fit
from holdfast.forecast.btyd.summary import Summary

NODES, MORE_NODES, FAR = 24, 128, 9.0
"""The quadrature over p has NODES nodes; MORE_NODES where the horizon is more than FAR times alpha + T."""


@dataclass(frozen=True, slots=True)
class BetaGeometric(ABC):
    """Orders: lambda ~ Gamma(r, alpha), alpha in days. Leaving at an order with chance p ~ Beta(a, b)."""

    r: float
    alpha: float
    a: float
    b: float
    fit: Fit

    @staticmethod
    @abstractmethod
    def chances(summary: Summary) -> Vector:
        """The number of orders at which each customer could have left, shape (n,)."""

    def as_json(self) -> dict[str, Any]:
        """Plain numbers and texts."""
        return {"r": self.r, "alpha": self.alpha, "a": self.a, "b": self.b, "fit": self.fit.as_json()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The model that `as_json` stored, also after a trip through JSON text."""
        return cls(**{**stored, "fit": Fit.from_json(stored["fit"])})


Model = TypeVar("Model", bound=BetaGeometric)


def fit(kind: type[Model], summary: Summary, *, seed: int, start: Model | None) -> Model:
    """Fit by maximum likelihood, or the next rung of the ladder (see `fitting`); from `start` alone if it is given."""
    scaled = scaling.scale(summary)
    (r, alpha, a, b), record = scaling.fit_scaled(
        partial(log_likelihood, kind),
        scaled,
        default=np.array([1.0, scaled.mean_gap, 1.0, 3.0]),
        unit=np.array([1.0, scaled.unit, 1.0, 1.0]),
        seed=seed,
        start=(start.r, start.alpha, start.a, start.b) if start else None,
    )
    return kind(r, alpha, a, b, record)


def log_likelihood(kind: type[BetaGeometric], rows: Summary, parameters: Vector) -> tuple[float, Vector]:
    """The weighted sum of log likelihoods at (r, alpha, a, b), and its gradient, shape (4,).

    Fader, Hardie and Lee (2005) and Batislam, Denizel and Filiztekin (2007). Both are
    Gamma(r + x) / Gamma(r) alpha^r (alpha + T)^-(r + x) x B(a, b + c) / B(a, b) x (1 + odds of having left), with
    c chances to leave.
    """
    r, alpha, a, b = (float(value) for value in parameters)
    x, chances = rows.frequency, kind.chances(rows)
    k = b + chances
    stay = np.log((alpha + rows.T) / (alpha + rows.recency))
    log_odds = _log_odds_left(rows, chances, r, alpha, a, b)
    left = expit(log_odds)
    value = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - (r + x) * np.log(alpha + rows.T)
    value += betaln(a, k) - betaln(a, b) + np.logaddexp(0.0, log_odds)

    both = digamma(a + b) - digamma(a + k)
    waited = (1.0 - left) / (alpha + rows.T) + left / (alpha + rows.recency)
    slopes = np.stack(
        [
            digamma(r + x) - digamma(r) + np.log(alpha / (alpha + rows.T)) + left * stay,
            r / alpha - (r + x) * waited,
            both + left / a,
            both + digamma(k) - digamma(b) - np.divide(left, k - 1.0, out=np.zeros(len(x)), where=chances > 0),
        ]
    )
    return float(rows.weight @ value), slopes @ rows.weight


def p_alive(model: BetaGeometric, summary: Summary) -> Vector:
    """The probability that a customer has not left by as_of, shape (n,); 1 for who has had no chance to leave."""
    log_odds = _log_odds_left(summary, model.chances(summary), model.r, model.alpha, model.a, model.b)
    alive: Vector = expit(-log_odds)
    return alive


def p_order(model: BetaGeometric, summary: Summary, *, horizon: float) -> Vector:
    """The probability of at least one order in the next `horizon` days, shape (n,).

    A customer leaves only at an order, so the next one comes as in the NBD: P(alive) x [1 - ((alpha + T) /
    (alpha + T + horizon))^(r + x)].
    """
    shape, scale = model.r + summary.frequency, model.alpha + summary.T
    if_alive = -np.expm1(-shape * np.log1p(horizon / scale))
    return np.clip(p_alive(model, summary) * if_alive, 0.0, 1.0)


def expected_orders(model: BetaGeometric, summary: Summary, *, horizon: float) -> Vector:
    """Expected orders in the next `horizon` days, shape (n,). Fader, Hardie and Lee (2005), equation 10.

    As there for either model: after c chances to leave, b has become b + c.
    """
    if_alive = orders_if_alive(
        model.r + summary.frequency,
        model.alpha + summary.T,
        model.a,
        model.b + model.chances(summary),
        np.full(len(summary), horizon),
    )
    return p_alive(model, summary) * if_alive


def orders_if_alive(shape: Vector, scale: Vector, a: float, b: Vector, horizon: Vector) -> Vector:
    """Expected orders within the horizon by who has not left, lambda ~ Gamma(shape, scale) and p ~ Beta(a, b).

    With lambda integrated out, the mean over p of [1 - (1 + p horizon / scale)^-shape] / p. Gauss-Jacobi quadrature:
    all terms are positive, also at a = 1, where the 2F1 form of Fader, Hardie and Lee (2005), equation 10, is 0 / 0.
    """
    reach = horizon / scale
    orders = np.zeros(len(shape))
    for rows, nodes in ((reach <= FAR, NODES), (reach > FAR, MORE_NODES)):
        if not rows.any():
            continue
        distinct, which = np.unique(b[rows], return_inverse=True)
        points, weights = _beta_quadrature(a, distinct, nodes)
        total = np.zeros(len(which))
        for point, weight in zip(points.T, weights.T, strict=True):
            p = point[which]
            total -= weight[which] / p * np.expm1(-shape[rows] * np.log1p(p * reach[rows]))
        orders[rows] = total
    return orders


def _log_odds_left(rows: Summary, chances: Vector, r: float, alpha: float, a: float, b: float) -> Vector:
    """The logarithm of the odds of having left at the last order, -inf without a chance to."""
    could: Flags = chances > 0
    before = np.log(b + chances - 1.0, out=np.zeros(len(chances)), where=could)
    quiet = (r + rows.frequency) * np.log((alpha + rows.T) / (alpha + rows.recency))
    return np.where(could, np.log(a) - before + quiet, -np.inf)


def _beta_quadrature(a: float, b: Vector, nodes: int) -> tuple[Matrix, Matrix]:
    """Points and weights of means over Beta(a, b), each of shape (len(b), nodes); Golub and Welsch (1969)."""
    points, weights = np.empty((len(b), nodes)), np.empty((len(b), nodes))
    k = np.arange(1.0, nodes)
    for row, u in enumerate(b - 1.0):
        v = a - 1.0
        twice = 2.0 * k + u + v
        centre = (v**2 - u**2) / (twice * (twice + 2.0))
        squared = 4.0 * k * (k + u) * (k + v) / (twice**2 * (twice + 1.0))
        squared[1:] *= (k[1:] + u + v) / (twice[1:] - 1.0)
        values, vectors = eigh_tridiagonal(np.append((v - u) / (u + v + 2.0), centre), np.sqrt(squared))
        points[row], weights[row] = np.clip((1.0 + values) / 2.0, 1e-15, 1.0), vectors[0] ** 2
    return points, weights
