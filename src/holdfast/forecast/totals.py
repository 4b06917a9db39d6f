"""What the shop as a whole will sell in the horizon, or any part of its customers, with P10, P50 and P90.

Two things make a total uncertain. Customers are random each on their own, which hardly matters for thousands and is all
that matters for ten. And all of them may be more or fewer than expected together: the error of the level, known from
how far level forecasts were off at past dates (see `spread.level_error`).

Both are variances around the expected total. Nobody at all may order, with a known chance; otherwise the total is taken
as log-normal, with that mean and variance. No simulation: the same forecast gives the same interval.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from holdfast.errors import InputError
from holdfast.forecast.arrays import Flags, Vector
from holdfast.forecast.learning.blend import Expected
from holdfast.forecast.learning.level import Source
from holdfast.forecast.learning.spread import level_error, variance
from holdfast.forecast.model import Forecasts, Model

QUANTILES = (0.1, 0.5, 0.9)

NOTHING = 1e-9
"""A total expected to be below this, in orders or money, is nothing."""


@dataclass(frozen=True, slots=True)
class Total:
    """What is expected, and the quantiles between which the total lies in eight of ten cases; none is negative."""

    expected: float
    p10: float
    p50: float
    p90: float


@dataclass(frozen=True, slots=True)
class Totals:
    """Totals of `customers` within the horizon: how many of them order, their order days, and their spend in money.

    `level_error` is the standard deviation of the logarithm of the level, `source` what the level comes from.
    """

    customers: int
    buyers: Total
    orders: Total
    spend: Total
    level_error: float
    source: Source


def totals(model: Model, forecasts: Forecasts, *, chosen: Flags | None = None) -> Totals:
    """The totals of all customers of `forecasts`, or of those that are `chosen` (one flag per customer).

    The level of a part is taken to err as that of the whole. Raises InputError where the flags do not fit.
    """
    part = np.ones(len(forecasts), dtype=np.bool_) if chosen is None else chosen
    if part.shape != (len(forecasts),) or part.dtype != np.bool_:
        raise InputError(
            "These flags do not say which customers are meant.",
            seen=f"Flags of shape {part.shape} and type {part.dtype} for {len(forecasts)} customers.",
            todo="Give one flag, yes or no, for each customer.",
        )
    expected = Expected(forecasts.p_buy[part], forecasts.e_orders[part], forecasts.e_spend[part])
    p_buy = expected.p_buy
    nobody = float(np.exp(np.log1p(-p_buy).sum()))
    error, customers = level_error(model.level), len(p_buy)
    return Totals(
        customers=customers,
        buyers=_total(p_buy, p_buy * (1.0 - p_buy), nobody, error, most=float(customers)),
        orders=_total(expected.orders, _variance_of_orders(expected), nobody, error),
        spend=_total(expected.spend, variance(model.spread, expected), nobody, error),
        level_error=error,
        source=model.level.source,
    )


def _variance_of_orders(expected: Expected) -> Vector:
    """As if the number of orders, given at least one, were geometric: the more expected, the more it varies."""
    given_one = np.maximum(expected.orders / expected.p_buy, 1.0)
    return np.maximum(expected.orders * (2.0 * given_one - 1.0 - expected.orders), 0.0)


def _total(expected: Vector, own: Vector, nobody: float, error: float, *, most: float = np.inf) -> Total:
    """The total of customers who vary by `own` (variances); `nobody` is the chance that none of them orders."""
    mean = float(expected.sum())
    if mean <= NOTHING or nobody >= 1.0:
        return Total(max(mean, 0.0), 0.0, 0.0, 0.0)
    squared = float(own.sum()) + mean**2 * float(np.exp(error**2))
    given_some = mean / (1.0 - nobody)
    log_variance = max(float(np.log(squared / (1.0 - nobody) / given_some**2)), 0.0)
    spread, middle = log_variance**0.5, float(np.log(given_some)) - log_variance / 2
    low, half, high = (
        min(float(np.exp(middle + spread * norm.ppf((level - nobody) / (1.0 - nobody)))), most)
        if level > nobody
        else 0.0
        for level in QUANTILES
    )
    return Total(mean, low, half, high)
