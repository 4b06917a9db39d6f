"""The threshold a shop would have used: chosen by what errors cost on other past dates, judged on its own.

An error costs an incentive that somebody would not have needed, or the margin on what a customer who left would have
spent by staying: the spend expected of that customer given an order. Both are assumptions until the shop states them,
and every answer repeats them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from holdfast.errors import PolicyError
from holdfast.forecast.arrays import Flags, Vector
from holdfast.forecast.measures.cost import BusinessCost, CostPoint, CostTerms, business_cost, cost_at
from holdfast.forecast.measures.thresholds import Confusion, confusion
from holdfast.forecast.wording import counted, money, percent

NOBODY = 1.0
"""A churn_probability that no forecast reaches: flag nobody."""

EVEN = 0.5
"""The threshold where money cannot decide: more likely gone than not."""


@dataclass(frozen=True, slots=True)
class CostAssumptions:
    """What errors cost. `incentive` in `currency`; None takes `incentive_share` of the usual order's value.

    `margin` is the share of revenue that the shop keeps, `success_rate` the share of leavers whom the incentive keeps:
    at 1, as if every voucher worked, nearly everybody would get one. Only a holdout can tell what it is.
    """

    incentive: float | None = None
    incentive_share: float = 0.1
    margin: float = 0.3
    success_rate: float = 0.1
    currency: str | None = None

    def __post_init__(self) -> None:
        shares = (self.incentive_share, self.margin, self.success_rate)
        if not (all(0 <= share <= 1 for share in shares) and (self.incentive is None or 0 <= self.incentive < np.inf)):
            raise PolicyError(
                "These costs cannot be.",
                seen=f"incentive {self.incentive}, shares {shares}.",
                todo="Give an incentive of at least 0, and shares from 0 to 1.",
            )


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """The customers of one past date: who bought, the churn_probability said, and the spend expected given an order."""

    bought: Flags
    churn_probability: Vector
    spend_if_staying: Vector


@dataclass(frozen=True, slots=True)
class JudgedThreshold:
    """A threshold on one past date: the one chosen on the other dates, what it got right there, and its cost.

    `on_other_dates` is False where there was no other date to choose it on. `cost` is None without amounts.
    """

    on_other_dates: bool
    confusion: Confusion
    cost: CostPoint | None


@dataclass(frozen=True, slots=True)
class ChosenThreshold:
    """The threshold to use from now on, chosen on all past dates together, and how such a choice did date by date.

    `incentive` is in the shop's currency. `cost` has the curve and is None without amounts; `threshold` is then EVEN.
    """

    threshold: float
    incentive: float
    assumptions: CostAssumptions
    cost: BusinessCost | None
    confusion: Confusion
    dates: tuple[JudgedThreshold, ...]
    sentence: str


def choose_threshold(dates: Sequence[Judged], *, usual_order: float, assumptions: CostAssumptions) -> ChosenThreshold:
    """Choose on all dates (at least one), and check each date with what the others would have chosen.

    `usual_order` is the median value of an order day, in the shop's currency.
    """
    stated = assumptions.incentive
    incentive = assumptions.incentive_share * usual_order if stated is None else stated
    everybody = _joined(dates)
    cost = _cost(everybody, incentive, assumptions)
    threshold = _threshold(cost)
    checks = []
    for nth, date in enumerate(dates):
        others = [*dates[:nth], *dates[nth + 1 :]]
        elsewhere = _threshold(_cost(_joined(others or dates), incentive, assumptions))
        checks.append(_checked(date, elsewhere, incentive, assumptions, on_other_dates=bool(others)))
    return ChosenThreshold(
        threshold=threshold,
        incentive=incentive,
        assumptions=assumptions,
        cost=cost,
        confusion=confusion(everybody.bought, everybody.churn_probability, threshold=threshold),
        dates=tuple(checks),
        sentence=_sentence(cost, threshold, incentive, assumptions),
    )


def _checked(
    date: Judged, threshold: float, incentive: float, assumptions: CostAssumptions, *, on_other_dates: bool
) -> JudgedThreshold:
    terms = _terms(date, incentive, assumptions)
    cost = cost_at(date.bought, date.churn_probability, terms=terms, threshold=threshold) if terms else None
    found = confusion(date.bought, date.churn_probability, threshold=threshold)
    return JudgedThreshold(on_other_dates, found, cost)


def _terms(judged: Judged, incentive: float, assumptions: CostAssumptions) -> CostTerms | None:
    """What errors cost; None where nothing is at stake, as in a shop without amounts."""
    value = judged.spend_if_staying * assumptions.margin
    return CostTerms(incentive, value, assumptions.success_rate) if value.any() else None


def _cost(judged: Judged, incentive: float, assumptions: CostAssumptions) -> BusinessCost | None:
    terms = _terms(judged, incentive, assumptions)
    return business_cost(judged.bought, judged.churn_probability, terms=terms) if terms else None


def _threshold(cost: BusinessCost | None) -> float:
    if cost is None:
        return EVEN
    return NOBODY if cost.best.threshold is None else cost.best.threshold


def _joined(dates: Sequence[Judged]) -> Judged:
    return Judged(
        np.concatenate([date.bought for date in dates]),
        np.concatenate([date.churn_probability for date in dates]),
        np.concatenate([date.spend_if_staying for date in dates]),
    )


def _sentence(cost: BusinessCost | None, threshold: float, incentive: float, assumptions: CostAssumptions) -> str:
    if cost is None:
        return "No amounts, so costs decide nothing: customers are flagged who are more likely gone than not."
    currency = assumptions.currency
    assumed = (
        f"with an incentive of {money(incentive, currency)}, a margin of {percent(assumptions.margin)} and"
        f" {percent(assumptions.success_rate)} of leavers kept by it"
    )
    if not cost.saving:
        return f"No threshold beats treating everybody or nobody, {assumed}."
    flagged = f"{cost.best.flagged:,} of {counted(cost.customers, 'forecast')}"
    of = f"flagging from {percent(threshold)} churn probability ({flagged}) would have cost least"
    saving = money(cost.saving, currency)
    return f"On past dates, {of}: {saving} less than treating everybody or nobody, {assumed}."
