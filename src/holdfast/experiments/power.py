"""What a list of some size can tell: the smallest effect it would see, and how large a holdout it takes.

For the share of buyers, two proportions are compared (Fleiss, Levin & Paik, 2003, "Statistical Methods for Rates and
Proportions", equation 4.14 without continuity correction):

    z(1 - alpha/2) sqrt(q (1 - q) (1/m + 1/n)) + z(power) sqrt(p (1 - p)/m + p' (1 - p')/n) = p' - p

with m held out, n treated, p and p' their shares of buyers and q the share of both together. For money, two means:

    (z(1 - alpha/2) + z(power)) s sqrt(1/m + 1/n) = difference
"""

from dataclasses import dataclass
from math import sqrt

from scipy.optimize import brentq
from scipy.stats import norm

from holdfast.errors import InputError

SHARES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5)
"""Holdouts that are considered, the smallest first: a holdout costs what treating it would have earned."""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How often a true effect is found (`power`), and how often one is found that is not there (`alpha`, two-sided)."""

    alpha: float = 0.05
    power: float = 0.8

    def __post_init__(self) -> None:
        if not (0 < self.alpha < 1 and self.alpha < self.power < 1):
            raise InputError(
                "An experiment cannot be this sensitive.",
                seen=f"alpha {self.alpha:g}, power {self.power:g}.",
                todo="Give both between 0 and 1, and power above alpha; 0.05 and 0.8 are usual.",
            )

    @property
    def z_alpha(self) -> float:
        """Beyond how many standard errors a difference counts."""
        return float(norm.isf(self.alpha / 2))

    @property
    def z_power(self) -> float:
        """How many standard errors further the true difference lies."""
        return float(norm.isf(1 - self.power))


USUAL = Sensitivity()


@dataclass(frozen=True, slots=True)
class Split:
    """A list cut in two arms, and what it could see.

    `detectable_points` is the smallest rise of the share of buyers, in percentage points, and `detectable_money` the
    smallest rise of spend a customer, that are found with the wanted power; None where even everybody buying is too
    little.
    """

    share: float
    held_out: int
    treated: int
    detectable_points: float | None
    detectable_money: float | None


@dataclass(frozen=True, slots=True)
class Planned:
    """The splits considered, the one proposed (None: none of them can answer), and why, in a sentence."""

    splits: tuple[Split, ...]
    proposed: Split | None
    sentence: str


def detectable_rise(p: float, *, held_out: int, treated: int, sensitivity: Sensitivity = USUAL) -> float | None:
    """The smallest rise of the share of buyers from `p` (0-1) that two such arms see; None if there is none."""
    if not 0 <= p < 1 or held_out < 1 or treated < 1:
        return None

    def surplus(rise: float) -> float:
        other = p + rise
        both = (held_out * p + treated * other) / (held_out + treated)
        by_chance = sensitivity.z_alpha * sqrt(both * (1 - both) * (1 / held_out + 1 / treated))
        of_truth = sensitivity.z_power * sqrt(p * (1 - p) / held_out + other * (1 - other) / treated)
        return rise - by_chance - of_truth

    if surplus(1 - p) <= 0:
        return None
    return float(brentq(surplus, 0.0, 1 - p)) if surplus(0.0) < 0 else 0.0


def detectable_difference(
    deviation: float, *, held_out: int, treated: int, sensitivity: Sensitivity = USUAL
) -> float | None:
    """The smallest difference of two means that arms of these sizes see, given the standard deviation of a customer."""
    if held_out < 1 or treated < 1:
        return None
    return (sensitivity.z_alpha + sensitivity.z_power) * deviation * sqrt(1 / held_out + 1 / treated)


def plan(customers: int, *, p: float, deviation: float, rise: float, sensitivity: Sensitivity = USUAL) -> Planned:
    """Which holdout a list needs to see a `rise` (0-1) of its share of buyers, which is `p` without treatment.

    `deviation` is the standard deviation of spend a customer within the horizon.
    """
    splits = tuple(_split(customers, share, p, deviation, sensitivity) for share in SHARES)
    enough = (each for each in splits if each.detectable_points is not None and each.detectable_points <= 100 * rise)
    proposed = next(enough, None)
    return Planned(splits, proposed, _sentence(splits, proposed, rise, sensitivity))


def _split(customers: int, share: float, p: float, deviation: float, sensitivity: Sensitivity) -> Split:
    held_out = round(customers * share)
    arms = {"held_out": held_out, "treated": customers - held_out}
    rise = detectable_rise(p, **arms, sensitivity=sensitivity)
    money = detectable_difference(deviation, **arms, sensitivity=sensitivity)
    return Split(share, held_out, customers - held_out, None if rise is None else 100 * rise, money)


def _sentence(splits: tuple[Split, ...], proposed: Split | None, rise: float, sensitivity: Sensitivity) -> str:
    wanted = f"{100 * rise:.1f} points more buyers"
    if proposed is not None:
        return (
            f"With {100 * proposed.share:.0f} % held out ({proposed.held_out:,} customers), {wanted} would be found in "
            f"{100 * sensitivity.power:.0f} % of cases."
        )
    best = splits[-1].detectable_points
    if best is None:
        return "The list is too small to tell anything from it; hold out half and add up several lists."
    return (
        f"The list is too small to see {wanted}: with half of it held out, {best:.1f} points would be found in "
        f"{100 * sensitivity.power:.0f} % of cases. Hold out half and add up several lists, or send it unmeasured."
    )
