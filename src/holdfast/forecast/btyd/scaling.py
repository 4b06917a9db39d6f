"""A fit on few rows, and on times in units of a typical history, so that parameters are near one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from holdfast.forecast.arrays import Matrix, Vector
from holdfast.forecast.btyd.fitting import Fit, Problem, maximise
from holdfast.forecast.btyd.summary import Summary, collapse

COARSE_ROWS = 1_000
"""Searches from different starts read this many rows; the best is finished on all of them."""

WITHOUT_HISTORY = 365.0
"""The unit of time, in days, where everybody bought for the first time today."""


@dataclass(frozen=True, slots=True)
class Scaled:
    """`rows` and the `coarse` likeness of them have times in `unit` days; `weight` is the number of customers."""

    rows: Summary
    coarse: Summary
    unit: float
    weight: float

    @property
    def mean_gap(self) -> float:
        """Time per repeat order, in units, if everybody ordered at one constant rate and nobody ever left.

        Half an order and one unit of time are added, so that it is finite where nobody came back.
        """
        orders = float(self.rows.weight @ self.rows.frequency)
        return (float(self.rows.weight @ self.rows.T) + 1.0) / (orders + 0.5)

    @property
    def informed(self) -> bool:
        """Whether any time has passed in which somebody could have ordered."""
        return bool(np.any(self.rows.T > 0))

    def in_days(self, log_likelihood: float) -> float:
        """The log likelihood with times in days: each of the orders has a density per unit of time."""
        return log_likelihood - float(self.rows.weight @ self.rows.frequency) * float(np.log(self.unit))


def scale(summary: Summary) -> Scaled:
    """Collapse, and divide times by the median T of those who have been known for any time."""
    rows = collapse(summary)
    known = rows.T > 0
    unit = weighted_quantile(rows.T[known], rows.weight[known], 0.5) if known.any() else WITHOUT_HISTORY
    rows = Summary(rows.frequency, rows.recency / unit, rows.T / unit, rows.weight)
    return Scaled(rows, collapse(rows, most=COARSE_ROWS), unit, float(rows.weight.sum()))


def fit_scaled(
    likelihood: Callable[[Summary, Vector], tuple[float, Vector]],
    scaled: Scaled,
    *,
    default: Vector,
    unit: Vector,
    seed: int,
    start: Sequence[float] | None,
) -> tuple[tuple[float, ...], Fit]:
    """The parameters of the greatest likelihood, times in days, and how they were found.

    `likelihood` and `default` have times in `scaled.unit`; `unit` holds, for each parameter, that unit where it is a
    time and 1 elsewhere. `start` has times in days; without it the search starts `around` the default.
    """
    problem = Problem(
        objective=partial(likelihood, scaled.rows),
        coarse=partial(likelihood, scaled.coarse),
        default=default,
        weight=scaled.weight,
        informed=scaled.informed,
    )
    estimate = maximise(problem, around(default, seed=seed) if start is None else np.array([start]) / unit)
    found = tuple(float(value) for value in estimate.parameters * unit)
    return found, estimate.record(scaled.in_days(estimate.log_likelihood))


def around(default: Vector, *, seed: int) -> Matrix:
    """Starts of a search, shape (3, k): the default, a more uneven crowd, and one drawn by `seed`."""
    drawn = np.exp(np.random.default_rng(seed).normal(scale=0.7, size=len(default)))
    return np.stack([default, 0.3 * default, default * drawn])


def weighted_quantile(values: Vector, weight: Vector, level: float) -> float:
    """The least value that `level` of the weight does not exceed; `values` may not be empty."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(reached, level * reached[-1])])
