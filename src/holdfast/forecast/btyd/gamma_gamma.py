"""Gamma-Gamma: what an order of a customer is worth, from the mean of the few that were seen.

Order values of a customer are Gamma(p, nu), and nu ~ Gamma(q, gamma) over customers: a mean of few orders is pulled
towards the mean of everybody, a mean of many is taken as it is. Value is taken to be independent of how often one buys.

Source: Fader and Hardie (2013), "The Gamma-Gamma Model of Monetary Value".

q > 1 throughout: below, the mean over customers would be infinite. Single giant orders would drag q there, so means
above the CAP_QUANTILE quantile count as that quantile when fitting. A customer's own mean is never cut.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import numpy as np
from scipy.special import digamma, gammaln

from holdfast.forecast.arrays import Vector
from holdfast.forecast.btyd.fitting import Fit, Problem, Rung, maximise
from holdfast.forecast.btyd.merging import MOST_ROWS, Merged, merge_equal, merge_near
from holdfast.forecast.btyd.scaling import COARSE_ROWS, around, weighted_quantile

CAP_QUANTILE = 0.999

SENSIBLE = 2.0
"""The population mean of a fit may differ from the mean of the values by this factor."""

DEFAULT_P, DEFAULT_Q = 4.0, 4.0
"""The prior: orders of a customer vary by half their mean, customers by about 0.7 of theirs."""


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """Shapes p and q (> 1), scale gamma in money; `cap` is the mean value from which values were cut for the fit.

    Where no customer had a positive value, gamma is 0, and so is the population mean.
    """

    p: float
    q: float
    gamma: float
    cap: float
    fit: Fit

    @property
    def population_mean(self) -> float:
        """Expected value of an order of a customer of whom nothing is known: p gamma / (q - 1)."""
        return self.p * self.gamma / (self.q - 1.0)

    def as_json(self) -> dict[str, Any]:
        """Plain numbers and texts."""
        return {"p": self.p, "q": self.q, "gamma": self.gamma, "cap": self.cap, "fit": self.fit.as_json()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The model that `as_json` stored, also after a trip through JSON text."""
        return cls(**{**stored, "fit": Fit.from_json(stored["fit"])})


def fit(
    frequency: Vector,
    monetary_value: Vector,
    *,
    weight: Vector | None = None,
    seed: int = 0,
    start: GammaGamma | None = None,
) -> GammaGamma:
    """Fit by maximum likelihood, or the next rung of the ladder (see `fitting`); from `start` alone if it is given.

    `monetary_value` is a customer's mean value of an order, `frequency` the number of orders behind the mean. Customers
    for whom either is not positive take no part.
    """
    part = (frequency > 0) & (monetary_value > 0)
    if not part.any():
        return GammaGamma(DEFAULT_P, DEFAULT_Q, 0.0, 0.0, Fit(0.0, converged=False, rung=Rung.PRIOR, starts=0))
    weights = np.ones(int(part.sum())) if weight is None else weight[part]
    cap = weighted_quantile(monetary_value[part], weights, CAP_QUANTILE)
    unit = weighted_quantile(monetary_value[part], weights, 0.5)
    values = merge_equal(frequency[part], (np.log(np.minimum(monetary_value[part], cap) / unit),), weights)
    if len(values.exact) > MOST_ROWS:
        values = merge_near(values, values.near, most=MOST_ROWS)
    coarse = merge_near(values, values.near, most=COARSE_ROWS)

    customers = float(values.weight.sum())
    mean = float(values.weight @ np.exp(values.near[0])) / customers
    default = np.array([DEFAULT_P, DEFAULT_Q - 1.0, mean * (DEFAULT_Q - 1.0) / DEFAULT_P])
    problem = Problem(
        objective=partial(log_likelihood, values),
        coarse=partial(log_likelihood, coarse),
        default=default,
        weight=customers,
        informed=len(values.exact) > 1,
        sensible=partial(_near, mean),
    )
    starts = around(default, seed=seed)
    if start is not None and start.gamma > 0:
        starts = np.array([[start.p, start.q - 1.0, start.gamma / unit]])
    estimate = maximise(problem, starts)
    p, above_one, gamma = (float(value) for value in estimate.parameters)
    in_money = estimate.log_likelihood - float(values.weight @ values.near[0]) - customers * float(np.log(unit))
    return GammaGamma(p, 1.0 + above_one, gamma * unit, cap, estimate.record(in_money))


def log_likelihood(values: Merged, parameters: Vector) -> tuple[float, Vector]:
    """The weighted sum of log likelihoods at (p, q - 1, gamma), and its gradient, shape (3,). Equation 1a.

    `values` has order counts (exact) and logs of mean values (near). The density is that of the log: a factor of the
    mean value itself is missing in that of the value.
    """
    p, q, gamma = float(parameters[0]), 1.0 + float(parameters[1]), float(parameters[2])
    x, log_mean, weight = values.exact, values.near[0], values.weight
    shape, spent = p * x, x * np.exp(log_mean)
    log_all = np.log(gamma + spent)
    value = gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(gamma)
    value += shape * (log_mean + np.log(x)) - (shape + q) * log_all

    more = digamma(shape + q)
    slopes = np.stack(
        [
            x * (more - digamma(shape) + log_mean + np.log(x) - log_all),
            more - digamma(q) + np.log(gamma) - log_all,
            q / gamma - (shape + q) / (gamma + spent),
        ]
    )
    return float(weight @ value), slopes @ weight


def expected_value(model: GammaGamma, frequency: Vector, monetary_value: Vector) -> Vector:
    """Expected value of a coming order of each customer, shape (n,), in money. Equation 5.

    The population mean for those with no order or no positive value behind them.
    """
    seen = (frequency > 0) & (monetary_value > 0)
    x, mean = np.where(seen, frequency, 0.0), np.where(seen, monetary_value, 0.0)
    return model.p * (model.gamma + x * mean) / (model.p * x + model.q - 1.0)


def _near(mean: float, parameters: Vector) -> bool:
    """Whether the population mean is that of the customers, within SENSIBLE: a likelihood need not care."""
    p, above_one, gamma = (float(value) for value in parameters)
    return 1.0 / SENSIBLE <= p * gamma / above_one / mean <= SENSIBLE
