"""Whether the forecasts mean what they say: reliability, intervals, one-time buyers, gains, costs, and two leaks."""

from dataclasses import asdict
from typing import Any

import numpy as np
from quality_case import Case

from holdfast.forecast import predict
from holdfast.forecast.arrays import Vector
from holdfast.forecast.churn.second_order import score_one_time
from holdfast.forecast.learning.spread import quantiles
from holdfast.forecast.measures.cost import BusinessCost, CostTerms, business_cost
from holdfast.forecast.measures.ranked import held_by_first, rank
from holdfast.forecast.measures.reliability import reliability, spend_coverage
from holdfast.forecast.measures.scores import auc
from holdfast.forecast.proof.leak_check import leak_check
from holdfast.forecast.proof.leak_demonstration import CHURNED_AFTER, demonstrate_leak
from holdfast.forecast.totals import Total, totals

GAIN_POINTS = 40
INCENTIVE_SHARE = 0.25
"""An incentive of a quarter of what a customer who stays is expected to spend, at the median."""

SUCCESS = 0.3
"""The share of leavers whom the incentive keeps in the example: an assumption, not a measurement."""


def checks(case: Case) -> dict[str, Any]:
    """All checks of a task, as plain numbers."""
    forecasts = predict(case.model, case.now)
    came = case.outcomes
    expected = totals(case.model, forecasts)
    cover = spend_coverage(came, p_buy=forecasts.p_buy, spend_p10=forecasts.spend_p10, spend_p90=forecasts.spend_p90)
    return {
        "level": case.model.level.words,
        "season_known": case.model.readiness.season_known,
        "customers": len(case.now),
        "reliability": [asdict(one) for one in reliability(came.bought, forecasts.p_buy)],
        "coverage": asdict(cover),
        "pit": _pit(case),
        "totals": {
            "buyers": _against(expected.buyers, float(came.bought.sum())),
            "orders": _against(expected.orders, float(came.orders.sum())),
            "spend": _against(expected.spend, float(came.spend.sum())),
        },
        "one_time": asdict(score_one_time(case.now, forecasts, came)),
        "gain": {
            "this forecast": _gain(forecasts.e_spend, came.spend),
            "recency rule": _gain(case.now.summary.recency - case.now.summary.T, came.spend),
            "perfect order": _gain(came.spend, came.spend),
        },
    }


def leaks(case: Case) -> dict[str, Any]:
    """The leak of the tutorials, and whether a planted one is caught."""
    called = case.now.summary.T - case.now.summary.recency > CHURNED_AFTER
    return {
        "definition_auc": auc(~case.outcomes.bought, called.astype(np.float64)),
        "demonstration": demonstrate_leak(case.now, case.outcomes, seed=case.config.seed).as_json(),
        "check": leak_check(case.past, as_of=case.now.day, horizon=case.task.horizon, seed=case.config.seed).as_json(),
    }


def costs(case: Case) -> dict[str, Any]:
    """What errors cost at every threshold, for an example incentive."""
    forecasts = predict(case.model, case.now)
    value = forecasts.e_spend / forecasts.p_buy
    incentive = INCENTIVE_SHARE * float(np.median(value))
    terms = CostTerms(incentive, value, SUCCESS)
    found: BusinessCost = business_cost(case.outcomes.bought, 1.0 - forecasts.p_buy, terms=terms)
    return {"incentive": incentive, "success": SUCCESS, "saving": found.saving, **asdict(found)}


def _against(total: Total, actual: float) -> dict[str, Any]:
    return {**asdict(total), "actual": actual, "inside": total.p10 <= actual <= total.p90}


def _gain(ranking: Vector, spend: Vector) -> list[float]:
    """The share of all spend that the first 1 / GAIN_POINTS, 2 / GAIN_POINTS, ... of a list hold."""
    ranked = rank(ranking)
    return [held_by_first(ranked, spend, top=nth / GAIN_POINTS) or 0.0 for nth in range(1, GAIN_POINTS + 1)]


def _pit(case: Case) -> list[float]:
    """Shares of customers by tenth of the randomised PIT of spend: all a tenth where the distributions are right."""
    expected, came = case.expected(), case.outcomes
    grid = np.linspace(0.0, 1.0, 101)[1:-1]
    table = np.stack(quantiles(case.model.spread, expected, [float(level) for level in grid]))
    below = (table < came.spend).mean(axis=0)
    nothing = 1.0 - expected.p_buy
    drawn = np.random.default_rng(case.config.seed).random(len(nothing))
    place = np.where(came.spend > 0.0, np.maximum(below, nothing), drawn * nothing)
    counts = np.histogram(place, bins=10, range=(0.0, 1.0))[0]
    return [float(count / len(place)) for count in counts]
