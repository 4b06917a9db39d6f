"""The integral that the Pareto/NBD model consists of: of (alpha + u)^-a (beta + u)^-b over an interval of time u.

Gauss-Legendre quadrature in log(c + u), c the smaller of alpha and beta: in this variable the integrand changes over
distances of order one whatever the parameters are. The interval is cut where the integrand has fallen by e^-DROP, so
that hundreds of orders (a large) are no harder than none. Values are relative to the integrand at the lower end, which
callers keep as a logarithm: nothing overflows.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from holdfast.forecast.arrays import Vector

DROP = 40.0
"""What is cut off is below e^-40 of the integrand's largest value."""

NODES = 24
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(NODES)


@dataclass(frozen=True, slots=True)
class Decay:
    """The integrand and its interval from `lower` on: `a`, `lower`, `length` of shape (n,), alpha, beta > 0.

    The length is given, not the upper end, so that a short interval late in time keeps its digits.
    """

    a: Vector
    b: float
    alpha: float
    beta: float
    lower: Vector
    length: Vector


@dataclass(frozen=True, slots=True)
class Node:
    """One node of the quadrature for all rows, each of shape (n,).

    `mass` is weight x integrand, relative to the integrand at the lower end; `alpha_growth` is (alpha + u) /
    (alpha + lower) and `alpha_log` its logarithm; the same for beta.
    """

    mass: Vector
    alpha_growth: Vector
    alpha_log: Vector
    beta_growth: Vector
    beta_log: Vector


def integral(decay: Decay) -> Vector:
    """The integral over the interval, divided by (alpha + lower)^-a (beta + lower)^-b; shape (n,), 0 if empty."""
    total = np.zeros(len(decay.a))
    for node in nodes(decay):
        total += node.mass
    return total


def nodes(decay: Decay) -> Iterator[Node]:
    """The nodes, one after the other: sums over them are integrals."""
    near, far = min(decay.alpha, decay.beta), max(decay.alpha, decay.beta)
    alpha_is_near = decay.alpha <= decay.beta
    at_near, at_far = near + decay.lower, far + decay.lower
    near_power, far_power = (decay.a, decay.b) if alpha_is_near else (decay.b, decay.a)
    half = 0.5 * np.log1p(_length(decay) / at_near)
    scale = half * at_near
    ratio, gap = at_near / at_far, (far - near) / at_far
    for point, weight in zip(_POINTS, _WEIGHTS, strict=True):
        near_log = half * (1.0 + float(point))
        near_growth = np.exp(near_log)
        far_growth = ratio * near_growth + gap
        far_log = np.log(far_growth)
        mass = float(weight) * scale * np.exp((1.0 - near_power) * near_log - far_power * far_log)
        if alpha_is_near:
            yield Node(mass, near_growth, near_log, far_growth, far_log)
        else:
            yield Node(mass, far_growth, far_log, near_growth, near_log)


def _length(decay: Decay) -> Vector:
    """Of the interval, or of its part before the integrand has fallen by e^-DROP in one of its factors alone."""
    alpha_falls = (decay.alpha + decay.lower) * np.expm1(np.minimum(DROP / decay.a, 500.0))
    beta_falls = (decay.beta + decay.lower) * np.expm1(min(DROP / decay.b, 500.0)) if decay.b > 0 else np.inf
    return np.minimum(decay.length, np.minimum(alpha_falls, beta_falls))
