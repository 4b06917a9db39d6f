"""What an action does to the chance of an order: believed at first, measured as soon as somebody was left alone.

An action multiplies the odds of an order within the horizon, exp(theta) times:

    logit(p treated) = logit(p) + theta,    theta ~ Normal(mean, deviation)

So it moves those most who are of two minds. Sure things stay sure and lost causes lost, whatever their risk; where
theta is negative the action drives customers away. One theta for a group of customers is the usual effect of a
treatment in a logistic model (Lo, 2002, "The true lift model", SIGKDD Explorations 4(2), section 3, without
interactions). The normal prior and the normal likelihood of a measured log odds ratio (Woolf, 1955) are combined in
closed form.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import log, sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from holdfast.errors import InputError

Vector = npt.NDArray[np.float64]

EVEN = 0.5
"""The chance at which an effect is told in percentage points: there it is largest."""

LARGEST_POINTS = 45.0

P10, P90 = -1.2815515655446004, 1.2815515655446004
"""Deviations from the mean below which 10 % and 90 % of a normal lie."""

_SURE = 1e-12
"""Chances nearer to 0 and 1 are none of a forecast; their logit stays finite."""


class Evidence(StrEnum):
    """How well an effect is known."""

    HERE = "measured here"
    SAMPLE = "measured in a sample"
    RULE_OF_THUMB = "rule of thumb"


@dataclass(frozen=True, slots=True)
class Effect:
    """A normal distribution of theta: its `mean` and its `deviation`, and how both are known."""

    mean: float
    deviation: float
    evidence: Evidence = Evidence.RULE_OF_THUMB

    def __post_init__(self) -> None:
        if not (np.isfinite(self.mean) and 0 < self.deviation < np.inf):
            raise InputError(
                "This is no effect.",
                seen=f"Mean {self.mean:g}, deviation {self.deviation:g}, in log-odds.",
                todo="Give a finite mean and a deviation above 0.",
            )

    @classmethod
    def of_points(cls, points: float, *, give_or_take: float, evidence: Evidence = Evidence.RULE_OF_THUMB) -> "Effect":
        """As people say it: `points` percentage points more buyers among those whose chance is even.

        `give_or_take` is half of the interval that holds the truth in two cases of three.
        """
        if not (abs(points) <= LARGEST_POINTS and 0 < give_or_take <= LARGEST_POINTS):
            raise InputError(
                "This is no effect.",
                seen=f"{points:g} points, give or take {give_or_take:g}.",
                todo=f"Give points from -{LARGEST_POINTS:g} to {LARGEST_POINTS:g}, and some doubt above 0.",
            )
        slope = 1.0 / (EVEN * (1.0 - EVEN)) / 100.0  # of theta, a point at the even chance
        return cls(float(logit(EVEN + points / 100.0)), give_or_take * slope, evidence)

    @property
    def points(self) -> float:
        """The mean effect on an even chance, in percentage points."""
        return 100.0 * (float(expit(self.mean)) - EVEN)

    @property
    def interval(self) -> tuple[float, float]:
        """The points between which the truth lies in 80 of 100 cases, if the deviation is right."""
        reach = P90 * self.deviation
        low, high = (100.0 * (float(expit(self.mean + ends)) - EVEN) for ends in (-reach, reach))
        return low, high

    def treated(self, p_buy: Vector, *, deviations: float = 0.0) -> Vector:
        """The chances under treatment, if theta is so many deviations above its mean."""
        inside = np.clip(p_buy, _SURE, 1.0 - _SURE)
        return np.asarray(expit(logit(inside) + self.mean + deviations * self.deviation), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Arms:
    """What came of a list: how many were treated and left alone, and how many of each ordered within the horizon."""

    treated: int
    treated_buyers: int
    holdout: int
    holdout_buyers: int

    def __post_init__(self) -> None:
        if not (0 <= self.treated_buyers <= self.treated and 0 <= self.holdout_buyers <= self.holdout):
            raise InputError(
                "These arms cannot be.",
                seen=f"{self.treated_buyers} of {self.treated} treated and {self.holdout_buyers} of {self.holdout} "
                "left alone ordered.",
                todo="Count buyers among the customers of their own arm.",
            )


def measured(arms: Arms) -> Effect | None:
    """The log odds ratio of the arms with its standard error; None where one of them is empty.

    A half is added to every count (Haldane, Anscombe), so that an arm without buyers still has an error.
    """
    if arms.treated == 0 or arms.holdout == 0:
        return None
    counts = [
        arms.treated_buyers + 0.5,
        arms.treated - arms.treated_buyers + 0.5,
        arms.holdout_buyers + 0.5,
        arms.holdout - arms.holdout_buyers + 0.5,
    ]
    ratio = log(counts[0] / counts[1]) - log(counts[2] / counts[3])
    return Effect(ratio, sqrt(sum(1.0 / count for count in counts)), Evidence.HERE)


def believed_after(prior: Effect, seen: Effect | None) -> Effect:
    """What is believed once something was seen: the means, each weighted by what is known (1 / variance).

    The evidence is that of what was seen as soon as it weighs more than what was believed before.
    """
    if seen is None:
        return prior
    before, new = prior.deviation**-2, seen.deviation**-2
    mean = (before * prior.mean + new * seen.mean) / (before + new)
    return Effect(mean, (before + new) ** -0.5, seen.evidence if new > before else prior.evidence)
