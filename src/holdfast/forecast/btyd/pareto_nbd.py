"""Pareto/NBD: orders at a customer's own rate until the customer leaves, at a moment nobody sees.

Orders are Poisson with rate lambda ~ Gamma(r, alpha); the lifetime is exponential with rate mu ~ Gamma(s, beta).

Sources: Schmittlein, Morrison and Colombo (1987), "Counting Your Customers: Who Are They and What Will They Do Next?";
Fader and Hardie (2005), "A Note on Deriving the Pareto/NBD Model and Related Expressions"; for orders within an
interval ahead Fader and Hardie (2014), "Deriving the Conditional PMF of the Pareto/NBD Model".

With lambda and mu integrated out, what is left is an integral over the moment u at which the customer left, or ordered
next. Its integrand is positive and smooth: nothing cancels and nothing overflows, unlike in the 2F1 form.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import numpy as np
from scipy.special import digamma, exprel, gammaln

from holdfast.forecast.arrays import Vector
from holdfast.forecast.btyd.decay_integral import Decay, integral, nodes
from holdfast.forecast.btyd.fitting import Fit
from holdfast.forecast.btyd.scaling import fit_scaled, scale
from holdfast.forecast.btyd.summary import Summary

CHUNK = 16_384
"""Rows worked on at a time, so that the vectors of a quadrature stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class ParetoNBD:
    """Orders: shape r, scale alpha (days). Leaving: shape s, scale beta (days)."""

    r: float
    alpha: float
    s: float
    beta: float
    fit: Fit

    def as_json(self) -> dict[str, Any]:
        """Plain numbers and texts."""
        return {"r": self.r, "alpha": self.alpha, "s": self.s, "beta": self.beta, "fit": self.fit.as_json()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The model that `as_json` stored, also after a trip through JSON text."""
        return cls(**{**stored, "fit": Fit.from_json(stored["fit"])})


def fit(summary: Summary, *, seed: int = 0, start: ParetoNBD | None = None) -> ParetoNBD:
    """Fit by maximum likelihood, or the next rung of the ladder (see `fitting`); from `start` alone if it is given."""
    scaled = scale(summary)
    (r, alpha, s, beta), record = fit_scaled(
        log_likelihood,
        scaled,
        default=np.array([1.0, scaled.mean_gap, 1.0, 1.0]),
        unit=np.array([1.0, scaled.unit, 1.0, scaled.unit]),
        seed=seed,
        start=(start.r, start.alpha, start.s, start.beta) if start else None,
    )
    return ParetoNBD(r, alpha, s, beta, record)


def log_likelihood(summary: Summary, parameters: Vector) -> tuple[float, Vector]:
    """The weighted sum of log likelihoods at (r, alpha, s, beta), and its gradient, shape (4,).

    Fader and Hardie (2014), equation 3, as L = Gamma(r + x) / Gamma(r) alpha^r beta^s [(alpha + T)^-(r + x)
    (beta + T)^-s + s x integral from t_x to T of (alpha + u)^-(r + x) (beta + u)^-(s + 1) du].
    """
    value, gradient = 0.0, np.zeros(4)
    for rows in _chunks(summary):
        of_rows, slopes = _log_likelihoods(rows, parameters)
        value += float(rows.weight @ of_rows)
        gradient += slopes @ rows.weight
    return value, gradient


def p_alive(model: ParetoNBD, summary: Summary) -> Vector:
    """The probability that a customer has not left by as_of, shape (n,). Fader and Hardie (2014), equation 9."""
    return _by_chunks(partial(_p_alive, model), summary)


def p_order(model: ParetoNBD, summary: Summary, *, horizon: float) -> Vector:
    """The probability of at least one order in the next `horizon` days, shape (n,).

    1 - P(X(T, T + horizon) = 0) of Fader and Hardie (2014), written as the probability that the next order falls at
    time u, the customer being there, integrated over the horizon.
    """
    return _by_chunks(partial(_p_order, model, horizon), summary)


def expected_orders(model: ParetoNBD, summary: Summary, *, horizon: float) -> Vector:
    """Expected orders in the next `horizon` days, shape (n,). Fader and Hardie (2005), equation 41."""
    rate = (model.r + summary.frequency) / (model.alpha + summary.T)
    lifetime = _time_alive(model.s, model.beta + summary.T, np.full(len(summary), horizon))
    return p_alive(model, summary) * rate * lifetime


def expected_orders_of_new(model: ParetoNBD, *, days: Vector) -> Vector:
    """Expected repeat orders of a new customer in the first `days` days, shape of `days`.

    r / alpha x the integral of (beta / (beta + u))^s over u from 0 to `days`: Schmittlein, Morrison and Colombo (1987).
    """
    return model.r / model.alpha * _time_alive(model.s, np.full(len(days), model.beta), days)


# --- rows ------------------------------------------------------------------------------------------------------------


def _log_likelihoods(rows: Summary, parameters: Vector) -> tuple[Vector, Vector]:
    """The log likelihood of each row, and its slopes in (r, alpha, s, beta), shape (4, n)."""
    r, alpha, s, beta = (float(value) for value in parameters)
    x, t_x, age = rows.frequency, rows.recency, rows.T
    left, log_alpha, by_alpha, log_beta, by_beta = (np.zeros(len(x)) for _ in range(5))
    for node in nodes(Decay(r + x, s + 1.0, alpha, beta, t_x, age - t_x)):
        left += node.mass
        log_alpha += node.mass * node.alpha_log
        by_alpha += node.mass / node.alpha_growth
        log_beta += node.mass * node.beta_log
        by_beta += node.mass / node.beta_growth

    log_at_alpha, log_at_beta = np.log(alpha + t_x), np.log(beta + t_x)
    log_end_alpha, log_end_beta = np.log(alpha + age), np.log(beta + age)
    peak = -(r + x) * log_at_alpha - (s + 1.0) * log_at_beta
    alive = np.exp(-(r + x) * log_end_alpha - s * log_end_beta - peak)
    total = alive + s * left
    value = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta) + peak + np.log(total)

    alive_share, per_left = alive / total, s / total
    left_share = per_left * left
    mean_log_alpha = alive_share * log_end_alpha + left_share * log_at_alpha + per_left * log_alpha
    mean_log_beta = alive_share * log_end_beta + left_share * log_at_beta + per_left * log_beta
    mean_by_alpha = alive_share / (alpha + age) + per_left * by_alpha / (alpha + t_x)
    mean_by_beta = s * alive_share / (beta + age) + (s + 1.0) * per_left * by_beta / (beta + t_x)
    slopes = np.stack(
        [
            digamma(r + x) - digamma(r) + np.log(alpha) - mean_log_alpha,
            r / alpha - (r + x) * mean_by_alpha,
            np.log(beta) - mean_log_beta + left_share / s,
            s / beta - mean_by_beta,
        ]
    )
    return value, slopes


def _alive_and_total(model: ParetoNBD, rows: Summary) -> tuple[Vector, Vector]:
    """The likelihood of what was seen with the customer still there, and with both fates.

    Both are relative to (alpha + t_x)^-(r + x) (beta + t_x)^-(s + 1).
    """
    decay = Decay(model.r + rows.frequency, model.s + 1.0, model.alpha, model.beta, rows.recency, rows.T - rows.recency)
    alpha_log = np.log1p((rows.T - rows.recency) / (model.alpha + rows.recency))
    beta_log = np.log1p((rows.T - rows.recency) / (model.beta + rows.recency))
    alive: Vector = np.exp(-decay.a * alpha_log - model.s * beta_log) * (model.beta + rows.recency)
    total: Vector = alive + model.s * integral(decay)
    return alive, total


def _p_alive(model: ParetoNBD, rows: Summary) -> Vector:
    alive, total = _alive_and_total(model, rows)
    share: Vector = alive / total
    return share


def _p_order(model: ParetoNBD, horizon: float, rows: Summary) -> Vector:
    """P(alive) x the integral over the horizon of (r + x) (alpha + u)^-(r + x + 1) (beta + u)^-s, from T on."""
    decay = Decay(model.r + rows.frequency + 1.0, model.s, model.alpha, model.beta, rows.T, np.full(len(rows), horizon))
    if_alive = (model.r + rows.frequency) / (model.alpha + rows.T) * integral(decay)
    return np.clip(_p_alive(model, rows) * if_alive, 0.0, 1.0)


def _time_alive(s: float, beta: Vector, time: Vector) -> Vector:
    """The integral of (beta / (beta + u))^s over u from 0 to `time`, also at s = 1 and near it."""
    log_growth = np.log1p(time / beta)
    alive: Vector = beta * log_growth * exprel((1.0 - s) * log_growth)
    return alive


def _chunks(summary: Summary) -> Iterator[Summary]:
    for first in range(0, len(summary), CHUNK):
        yield summary.rows(slice(first, first + CHUNK))


def _by_chunks(of: Callable[[Summary], Vector], summary: Summary) -> Vector:
    return np.concatenate([np.zeros(0), *(of(rows) for rows in _chunks(summary))])
