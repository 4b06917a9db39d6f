"""What a forecast's errors cost: incentives wasted on those who would have stayed, and value lost with those who left.

At a threshold everybody whose churn_probability reaches it gets the incentive. Then

    cost = incentive x (flagged and stayed) + sum of value over (not flagged and left)
         + (1 - success rate) x sum of value over (flagged and left)

These are the errors alone: an incentive that keeps somebody costs nothing, however dear it is. To count it, give
`value` net of the incentive. The threshold is then the one that leaves the shop most money, where everybody is worth
more than an incentive, and those who leave in spite of one do not redeem it.

With the same value v for all and calibrated probabilities, the best threshold is incentive / (incentive + success rate
x v): the cost-sensitive threshold of Elkan (2001), equation 2.
"""

from dataclasses import dataclass

import numpy as np

from holdfast.errors import InputError
from holdfast.forecast.arrays import Flags, Integers, Vector
from holdfast.forecast.measures import predicted
from holdfast.forecast.measures.ranked import rank

CURVE_POINTS = 100
"""As many as a chart can show."""

ROUNDING = 1e-12
"""Costs that differ by less, as a share of the largest, differ by the order in which floats were added."""


@dataclass(frozen=True, slots=True, eq=False)
class CostTerms:
    """What the errors cost, in the shop's currency.

    `incentive` is the cost of one incentive. `value` is what is lost with a customer who leaves: one number, or one per
    customer. `success_rate` is the share of leavers whom the incentive keeps; 1 unless something better is known.
    """

    incentive: float
    value: float | Vector
    success_rate: float = 1.0

    def __post_init__(self) -> None:
        value = np.asarray(self.value, dtype=np.float64)
        if not (
            0 <= self.incentive < np.inf
            and 0 <= self.success_rate <= 1
            and bool(((value >= 0) & (value < np.inf)).all())
        ):
            raise InputError(
                "These costs cannot be.",
                seen=f"incentive {self.incentive:g}, success rate {self.success_rate:g}, and the value of a customer.",
                todo="Give amounts of at least 0, and a success rate from 0 to 1.",
            )


@dataclass(frozen=True, slots=True)
class CostPoint:
    """The cost of one threshold, in the shop's currency; threshold None flags nobody.

    `wasted` went to customers who stayed anyway; `lost` left with nothing, or in spite of the incentive.
    """

    threshold: float | None
    flagged: int
    wasted: float
    lost: float

    @property
    def cost(self) -> float:
        """Both errors together."""
        return self.wasted + self.lost


@dataclass(frozen=True, slots=True)
class BusinessCost:
    """The cheapest threshold and what it is worth.

    `saving` is over the cheaper of treating nobody and treating everybody. It is zero where no threshold beats these
    two; then the forecast is of no use for this incentive. The threshold was chosen on the same customers: judge it on
    another date. `curve` has about 100 points from nobody to everybody, the best among them.
    """

    customers: int
    best: CostPoint
    treat_nobody: CostPoint
    treat_all: CostPoint
    curve: tuple[CostPoint, ...]

    @property
    def saving(self) -> float:
        """What the best threshold saves, in the shop's currency; never negative."""
        return max(min(self.treat_nobody.cost, self.treat_all.cost) - self.best.cost, 0.0)


def business_cost(
    bought: Flags, churn_probability: Vector, *, terms: CostTerms, points: int = CURVE_POINTS
) -> BusinessCost:
    """The cost at every threshold that tells customers apart, on what they did in the window.

    Of thresholds that cost the same, the one with fewest incentives is best. Several past dates are judged together by
    joining their customers. Raises InputError for a churn_probability outside 0 to 1, or values that do not fit.
    """
    p = predicted.probabilities(churn_probability, customers=len(bought), name="churn_probability")
    ranked = rank(p)
    last = np.append(-1, ranked.ends)
    flagged = last + 1
    at_stake = np.where(bought, 0.0, _values(terms, len(bought)))
    wasted = terms.incentive * ranked.running(bought.astype(np.float64))
    reached = ranked.running(at_stake)
    lost = np.maximum(reached[-1] - terms.success_rate * reached, 0.0)

    def point(i: int) -> CostPoint:
        threshold = float(p[ranked.rows[last[i]]]) if i else None
        return CostPoint(threshold, int(flagged[i]), float(wasted[i]), float(lost[i]))

    cost = wasted + lost
    best = int(np.flatnonzero(cost <= cost.min() + ROUNDING * cost.max())[0])
    return BusinessCost(
        customers=len(bought),
        best=point(best),
        treat_nobody=point(0),
        treat_all=point(len(flagged) - 1),
        curve=tuple(point(int(i)) for i in _thinned(flagged, best, points)),
    )


def cost_at(bought: Flags, churn_probability: Vector, *, terms: CostTerms, threshold: float | None) -> CostPoint:
    """The cost of a threshold chosen elsewhere, such as on earlier dates; None treats nobody."""
    p = predicted.probabilities(churn_probability, customers=len(bought), name="churn_probability")
    values = _values(terms, len(bought))
    flagged = np.zeros(len(p), dtype=np.bool_) if threshold is None else p >= threshold
    unkept = np.where(flagged, 1.0 - terms.success_rate, 1.0)
    return CostPoint(
        threshold,
        int(flagged.sum()),
        wasted=float(terms.incentive * np.count_nonzero(flagged & bought)),
        lost=float((values * unkept)[~bought].sum()),
    )


def _values(terms: CostTerms, customers: int) -> Vector:
    values = np.asarray(terms.value, dtype=np.float64)
    return predicted.amounts(
        np.full(customers, values) if values.ndim == 0 else values, customers=customers, name="value"
    )


def _thinned(flagged: Integers, best: int, points: int) -> Integers:
    """Indexes of about `points` thresholds, evenly spread over customers; both ends and the best one stay."""
    wanted = np.linspace(0, flagged[-1], points)
    return np.unique(np.concatenate([np.searchsorted(flagged, wanted), [0, best, len(flagged) - 1]]))
