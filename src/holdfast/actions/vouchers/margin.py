"""Which amount pays: net margin of customers who got it at random, beside those who at random got nothing.

Net margin = margin of what was bought within the outcome window, less the voucher if it was redeemed. Arms are compared
by Welch's interval for the difference of two means (Welch, Biometrika 34, 1947), from sums alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

from scipy.special import stdtrit

FEWEST = 30
"""Customers of an arm below which its mean says nothing: one large order would decide."""

CONFIDENCE = 0.9
"""Of the two-sided interval, so that 5 % of the amounts that bring nothing would be taken for some that do."""


@dataclass(frozen=True, slots=True)
class ArmOutcomes:
    """Sums of one amount in one segment, in cents, and squares in cents squared; `amount` 0 is nothing, at random."""

    amount: Decimal
    n: int
    redeemed: int
    total: int
    squares: float

    @property
    def mean(self) -> float:
        """Net margin of a customer, in cents."""
        return self.total / self.n

    @property
    def variance(self) -> float:
        """Sample variance, in cents squared."""
        return (self.squares - self.total * self.total / self.n) / (self.n - 1) if self.n > 1 else float("nan")


@dataclass(frozen=True, slots=True)
class ArmEffect:
    """An amount beside nothing: money a customer, with its interval; None where that cannot be told yet."""

    amount: Decimal
    n: int
    redeemed: int
    net_margin: float
    effect: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Measured:
    """What the arms of a segment showed. `best` is an amount, 0 for "give nothing", None for "cannot tell"."""

    arms: tuple[ArmEffect, ...]
    best: Decimal | None
    reason: str


def measure(outcomes: Sequence[ArmOutcomes]) -> Measured:
    """The amount that pays best, if one demonstrably pays; nothing, if all demonstrably lose; else None."""
    nothing = next((arm for arm in outcomes if arm.amount == 0 and arm.n >= FEWEST), None)
    arms = tuple(_effect(arm, nothing) for arm in sorted(outcomes, key=lambda arm: arm.amount) if arm.n)
    told = [arm for arm in arms if arm.amount and arm.low is not None and arm.high is not None]
    if nothing is None or not told:
        return Measured(arms, None, f"Fewer than {FEWEST} customers got nothing, or an amount, at random so far.")
    best = max(told, key=lambda arm: (arm.effect or 0.0, -arm.amount))
    if best.low is not None and best.low > 0:
        return Measured(arms, best.amount, "It brings more than nothing does, and most of all.")
    if all(arm.high is not None and arm.high < 0 for arm in told):
        return Measured(arms, Decimal(0), "Every amount costs more than it brings.")
    return Measured(arms, None, "No amount is known to bring more than nothing does.")


def _effect(arm: ArmOutcomes, nothing: ArmOutcomes | None) -> ArmEffect:
    mean = arm.mean / 100
    if nothing is None or arm.n < FEWEST or arm.amount == 0:
        return ArmEffect(arm.amount, arm.n, arm.redeemed, mean, None, None, None)
    difference = (arm.mean - nothing.mean) / 100
    half = _half_width(arm, nothing) / 100
    return ArmEffect(arm.amount, arm.n, arm.redeemed, mean, difference, difference - half, difference + half)


def _half_width(arm: ArmOutcomes, nothing: ArmOutcomes) -> float:
    """Half of Welch's interval, in cents; its degrees of freedom by Welch and Satterthwaite, its quantile Student's."""
    one, other = arm.variance / arm.n, nothing.variance / nothing.n
    if one + other == 0:
        return 0.0
    freedom = (one + other) ** 2 / (one**2 / (arm.n - 1) + other**2 / (nothing.n - 1))
    return float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * sqrt(one + other)
