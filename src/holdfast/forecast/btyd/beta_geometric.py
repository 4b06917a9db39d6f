"""What BG/NBD and MBG/NBD have in common: a customer may leave at an order, with a chance of its own, p ~ Beta(a, b).

The two differ in one thing: the number of occasions at which a customer seen with x repeat orders could have left
(`chances`). In the BG/NBD these are the x repeat orders; in the MBG/NBD the first order is one too: x + 1.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh_tridiagonal
from scipy.special import betaln, digamma, expit, gammaln

from holdfast.forecast.arrays import Flags, Matrix, Vector
from holdfast.forecast.btyd.summary import Summary

NODES, MORE_NODES, FAR = 24, 128, 9.0
"""The quadrature over p has NODES nodes; MORE_NODES where the horizon is more than FAR times alpha + T."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """Orders: lambda ~ Gamma(r, alpha). Leaving at an order: p ~ Beta(a, b)."""

    r: float
    alpha: float
    a: float
    b: float


def log_likelihood(rows: Summary, chances: Vector, at: Parameters) -> tuple[float, Vector]:
    """The weighted sum of log likelihoods and its gradient in (r, alpha, a, b), shape (4,).

    Fader, Hardie and Lee (2005) and Batislam, Denizel and Filiztekin (2007). Both are
    Gamma(r + x) / Gamma(r) alpha^r (alpha + T)^-(r + x) x B(a, b + c) / B(a, b) x (1 + odds of having left), with
    c chances to leave.
    """
    x, k = rows.frequency, at.b + chances
    stay = np.log((at.alpha + rows.T) / (at.alpha + rows.recency))
    log_odds, left = log_odds_left(rows, chances, at)
    could = chances > 0
    value = gammaln(at.r + x) - gammaln(at.r) + at.r * np.log(at.alpha) - (at.r + x) * np.log(at.alpha + rows.T)
    value += betaln(at.a, k) - betaln(at.a, at.b) + np.logaddexp(0.0, log_odds)

    both = digamma(at.a + at.b) - digamma(at.a + k)
    waited = (1.0 - left) / (at.alpha + rows.T) + left / (at.alpha + rows.recency)
    slopes = np.stack(
        [
            digamma(at.r + x) - digamma(at.r) + np.log(at.alpha / (at.alpha + rows.T)) + left * stay,
            at.r / at.alpha - (at.r + x) * waited,
            both + left / at.a,
            both + digamma(k) - digamma(at.b) - np.divide(left, k - 1.0, out=np.zeros(len(x)), where=could),
        ]
    )
    return float(rows.weight @ value), slopes @ rows.weight


def log_odds_left(rows: Summary, chances: Vector, at: Parameters) -> tuple[Vector, Vector]:
    """The logarithm of the odds of having left at the last order, -inf without a chance to; and the probability."""
    could: Flags = chances > 0
    before = np.log(at.b + chances - 1.0, out=np.zeros(len(chances)), where=could)
    quiet = (at.r + rows.frequency) * np.log((at.alpha + rows.T) / (at.alpha + rows.recency))
    log_odds = np.where(could, np.log(at.a) - before + quiet, -np.inf)
    return log_odds, expit(log_odds)


def p_alive(rows: Summary, chances: Vector, at: Parameters) -> Vector:
    """The probability of not having left, shape (n,)."""
    log_odds, _ = log_odds_left(rows, chances, at)
    alive: Vector = expit(-log_odds)
    return alive


def order_if_alive(shape: Vector, scale: Vector, horizon: float) -> Vector:
    """The probability of an order within the horizon by who has not left, with lambda ~ Gamma(shape, scale)."""
    return -np.expm1(-shape * np.log1p(horizon / scale))


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
