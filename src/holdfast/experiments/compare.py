"""What treating changed: the difference of two arms' means within strata, with its interval.

Customers were assigned within strata, so they are compared within strata (Imbens & Rubin, 2015, "Causal Inference",
section 9.5): with n(s) of N customers in stratum s,

    difference = sum over s of  n(s)/N (treated mean - mean of those left alone)
    variance   = sum over s of  (n(s)/N)^2 (s2 treated / n treated + s2 alone / n alone)

and the degrees of freedom are those of Satterthwaite (1946, Biometrics Bulletin 2(6)). All comes from sums, which add
up over parts of a list and over lists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from holdfast.errors import InputError

LEVEL = 0.95

Vector = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sums:
    """All that a mean and its error need of a sample: how many, their total, the total of their squares."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0

    @classmethod
    def of(cls, values: Vector) -> "Sums":
        """The sums of some values, one per customer."""
        return cls(len(values), float(values.sum()), float((values**2).sum()))

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.n + other.n, self.total + other.total, self.squares + other.squares)

    @property
    def mean(self) -> float:
        """The mean; 0 of nobody."""
        return self.total / self.n if self.n else 0.0

    @property
    def variance(self) -> float:
        """The variance of the sample, with n - 1; 0 where one customer or none says nothing about it."""
        return max(self.squares - self.n * self.mean**2, 0.0) / (self.n - 1) if self.n > 1 else 0.0


@dataclass(frozen=True, slots=True)
class Difference:
    """Treatment less holdout, per customer, and the interval that holds the truth in 95 of 100 cases."""

    estimate: float
    low: float
    high: float

    @property
    def tells(self) -> bool:
        """Whether it is more, or less, than chance would bring."""
        return self.low > 0 or self.high < 0

    def times(self, factor: float) -> "Difference":
        """The same for so many customers, or in another unit."""
        ends = sorted((self.low * factor, self.high * factor))
        return Difference(self.estimate * factor, *ends)

    def less(self, amount: float) -> "Difference":
        """The same with something known taken off."""
        return Difference(self.estimate - amount, self.low - amount, self.high - amount)


def compare(*, treatment: Sequence[Sums], holdout: Sequence[Sums]) -> Difference | None:
    """The difference of two arms, one entry per stratum in both; None where they are too few, or all the same.

    Where a stratum has fewer than two customers in an arm, all of them are compared as one.
    """
    if len(treatment) != len(holdout):
        raise InputError(
            "These arms are not in the same strata.",
            seen=f"{len(treatment)} and {len(holdout)} strata.",
            todo="Give the sums of each stratum for both arms, in the same order.",
        )
    strata = list(zip(treatment, holdout, strict=True))
    if any(min(treated.n, alone.n) < 2 for treated, alone in strata):
        strata = [(sum(treatment, Sums()), sum(holdout, Sums()))]
    if not strata or any(min(treated.n, alone.n) < 2 for treated, alone in strata):
        return None
    everybody = sum(treated.n + alone.n for treated, alone in strata)
    shares = [(treated.n + alone.n) / everybody for treated, alone in strata]
    estimate = sum(share * (a.mean - b.mean) for share, (a, b) in zip(shares, strata, strict=True))
    parts = [
        (share**2 * arm.variance / arm.n, arm.n - 1) for share, arms in zip(shares, strata, strict=True) for arm in arms
    ]
    variance = sum(part for part, _ in parts)
    if variance <= 0:
        return None
    freedom = variance**2 / sum(part**2 / degrees for part, degrees in parts)
    reach = float(student.isf((1 - LEVEL) / 2, freedom)) * sqrt(variance)
    return Difference(estimate, estimate - reach, estimate + reach)
