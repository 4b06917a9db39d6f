"""Maximum likelihood for the purchase models: positive parameters, in log space, with gradients, never without answer.

The answer comes from the first rung of a ladder that holds:

1. **plain**: the maximum of the likelihood.
2. **penalised**: the likelihood has no maximum, or is too flat to tell where (one customer, nobody came back, everybody
   alike), so a weak pull of each log parameter towards the moment-based default is added: RIDGE / 2 x (distance)^2.
3. **prior**: there is nothing to fit (no time has passed), or both searches failed: the moment-based default itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self, TypeAlias

import numpy as np
from scipy.optimize import minimize

from holdfast.forecast.arrays import Matrix, Vector

RIDGE = 0.1
"""Weight of the pull towards the default. A maximum less curved than that in some direction is not believed."""

LEAST, MOST = -9.0, 12.0
"""Bounds of a log parameter, with time in units of a typical history. A maximum on a bound is none."""

NEAR_BOUND = 1e-3
SMALL_SLOPE = 1e-4
"""A search that stops without success is still believed where the slope per customer is this small."""

STEP = 1e-3
"""Of log parameters, for second derivatives."""

Objective: TypeAlias = Callable[[Vector], tuple[float, Vector]]
"""Positive parameters -> (sum of weighted log likelihoods, its gradient in the parameters)."""


class Rung(StrEnum):
    """What an estimate rests on."""

    PLAIN = "plain"
    PENALISED = "penalised"
    PRIOR = "prior"


@dataclass(frozen=True, slots=True)
class Fit:
    """How an estimate came about: the log likelihood at it (of all customers, times in days), and the way there."""

    log_likelihood: float
    converged: bool
    rung: Rung
    starts: int

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The record that `dataclasses.asdict` stored, also after a trip through JSON text."""
        return cls(**{**stored, "rung": Rung(stored["rung"])})

    def as_json(self) -> dict[str, Any]:
        """Plain numbers and texts."""
        return {**asdict(self), "rung": str(self.rung)}


@dataclass(frozen=True, slots=True)
class Estimate:
    """The parameters found, shape (k,), with the log likelihood there and the way there."""

    parameters: Vector
    log_likelihood: float
    converged: bool
    rung: Rung
    starts: int

    def record(self, log_likelihood: float) -> Fit:
        """The record to keep, with the log likelihood of times in days."""
        return Fit(log_likelihood, self.converged, self.rung, self.starts)


@dataclass(frozen=True, slots=True)
class Problem:
    """A likelihood to maximise.

    `objective` reads all rows; `coarse` is a cheaper likeness of it that decides between starts. `default` are the
    moment-based parameters, shape (k,), `weight` is the number of customers; unless `informed` there is nothing to fit.
    An end whose parameters are not `sensible` does not hold.
    """

    objective: Objective
    coarse: Objective
    default: Vector
    weight: float
    informed: bool
    sensible: Callable[[Vector], bool] = lambda _: True


def maximise(problem: Problem, starts: Matrix) -> Estimate:
    """Climb the ladder. `starts` are positive parameters, shape (number of starts, k); the best end is kept."""
    if not problem.informed:
        return prior(problem)
    for rung, ridge in ((Rung.PLAIN, 0.0), (Rung.PENALISED, RIDGE)):
        searches = [_search(problem, problem.coarse, np.log(start), ridge) for start in starts]
        best = max(searches, key=lambda search: search.value)
        end = _search(problem, problem.objective, best.log_parameters, ridge)
        parameters = np.exp(end.log_parameters)
        if end.holds and problem.sensible(parameters) and (ridge or _pinned(problem, end.log_parameters)):
            value, _ = problem.objective(parameters)
            return Estimate(parameters, value, converged=True, rung=rung, starts=len(starts))
    return prior(problem)


def prior(problem: Problem) -> Estimate:
    """The last rung: the default itself."""
    value, _ = problem.objective(problem.default)
    return Estimate(problem.default, value, converged=False, rung=Rung.PRIOR, starts=0)


@dataclass(frozen=True, slots=True)
class _End:
    """Where a search ended."""

    log_parameters: Vector
    value: float
    holds: bool


def _search(problem: Problem, objective: Objective, start: Vector, ridge: float) -> _End:
    """Maximise per customer in log space from one start."""
    centre = np.log(problem.default)

    def loss(log_parameters: Vector) -> tuple[float, Vector]:
        parameters = np.exp(log_parameters)
        value, gradient = objective(parameters)
        away = log_parameters - centre
        loss = -(value - ridge / 2 * float(away @ away)) / problem.weight
        return loss, -(gradient * parameters - ridge * away) / problem.weight

    found = minimize(
        loss,
        np.clip(start, LEAST + 1, MOST - 1),
        jac=True,
        method="L-BFGS-B",
        bounds=[(LEAST, MOST)] * len(start),
        options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-7, "maxcor": 20},
    )
    at = np.asarray(found.x, dtype=np.float64)
    inside = bool(np.all((at > LEAST + NEAR_BOUND) & (at < MOST - NEAR_BOUND)))
    flat = bool(found.success) or float(np.abs(found.jac).max()) < SMALL_SLOPE
    return _End(at, -float(found.fun), bool(np.isfinite(found.fun)) and inside and flat)


def _pinned(problem: Problem, at: Vector) -> bool:
    """Whether the likelihood is curved at a maximum: the observed information, in log parameters, is above RIDGE."""

    def slope(log_parameters: Vector) -> Vector:
        parameters = np.exp(log_parameters)
        _, gradient = problem.objective(parameters)
        return gradient * parameters

    steps = STEP * np.eye(len(at))
    hessian = np.stack([(slope(at + step) - slope(at - step)) / (2 * STEP) for step in steps])
    information = -(hessian + hessian.T) / 2
    return bool(np.linalg.eigvalsh(information)[0] > RIDGE)
