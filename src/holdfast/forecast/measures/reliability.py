"""Whether the numbers mean what they say: 30 % of those given 30 % buy, and one in ten ends above its P90."""

from dataclasses import dataclass

from scipy.stats import binomtest

from holdfast.forecast.arrays import Flags, Vector
from holdfast.forecast.labels import Outcomes
from holdfast.forecast.measures import predicted
from holdfast.forecast.measures.scores import BINS, equal_mass_bins

LIKELY = 0.1
"""P90 is judged where p_buy is above this. Below it P90 itself is zero or nearly so, and nobody ends far above it."""


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`, with the 95 % interval of Wilson (1927); all three None where the whole is zero."""

    part: int
    whole: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Customers with similar p_buy: the mean forecast, and the share that did buy."""

    customers: int
    predicted: float
    observed: Share


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where outcomes ended against an interval; a value on its border is inside. P10 to P90: 10 %, 80 % and 10 %."""

    below: Share
    inside: Share
    above: Share


def share(part: int, whole: int) -> Share:
    """The share with its interval."""
    if not whole:
        return Share(part, whole, None, None, None)
    interval = binomtest(part, whole).proportion_ci(method="wilson")
    return Share(part, whole, part / whole, float(interval.low), float(interval.high))


def reliability(bought: Flags, p_buy: Vector, *, bins: int = BINS) -> tuple[ReliabilityBin, ...]:
    """The reliability table, in order of p_buy: bins of equal mass, never more than there are customers.

    Raises InputError for a p_buy that is no probability.
    """
    p = predicted.probabilities(p_buy, customers=len(bought))
    return tuple(
        ReliabilityBin(len(rows), float(p[rows].mean()), share(int(bought[rows].sum()), len(rows)))
        for rows in equal_mass_bins(p, bins=bins)
    )


def coverage(actual: Vector, *, low: Vector, high: Vector) -> Coverage:
    """How often `actual` fell into [low, high], and how often to either side of it.

    One value per case: a shop's total on each past date, or the spend of each customer who bought. Raises InputError
    where a border is not finite or negative.
    """
    n = len(actual)
    floor = predicted.amounts(low, customers=n, name="low")
    ceiling = predicted.amounts(high, customers=n, name="high")
    below, above = int((actual < floor).sum()), int((actual > ceiling).sum())
    return Coverage(share(below, n), share(n - below - above, n), share(above, n))


def spend_coverage(
    outcomes: Outcomes, *, p_buy: Vector, spend_p10: Vector, spend_p90: Vector, likely: float = LIKELY
) -> Coverage:
    """The same for spend, among the customers with p_buy above `likely`.

    A plain 80 % inside is no goal where P10 is zero: nobody ends below it. What is wanted is about a tenth above P90,
    and no more than a tenth below P10.
    """
    judged = predicted.probabilities(p_buy, customers=len(outcomes)) > likely
    return coverage(outcomes.spend[judged], low=spend_p10[judged], high=spend_p90[judged])
