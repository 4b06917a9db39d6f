"""What a forecast has to beat: the rules that shops use anyway, and the models that other tools use.

Every method sees a date as `Seen` holds it, and nothing later. A rule only ranks; where it has no opinion on money, its
list of customers by chance is its list by spend too, since that is how such a list is used.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from holdfast.forecast.arrays import Vector
from holdfast.forecast.btyd import bg_nbd, collapse, gamma_gamma
from holdfast.forecast.labels import Outcomes, outcomes, select
from holdfast.forecast.learning.purchases import mean_value
from holdfast.forecast.learning.seven import Rows, fit_seven, predict_seven, seven_of
from holdfast.forecast.measures.bootstrap import Said
from holdfast.forecast.past import Past, Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a method may look at on a past date: `last` is what customers did in the horizon before it."""

    snapshot: Snapshot
    last: Outcomes
    lessons: Sequence[Rows]
    horizon: int
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class Opinion:
    """What a method said, with expected order days and spend where it has them."""

    said: Said
    e_orders: Vector | None = None
    e_spend: Vector | None = None


Method: TypeAlias = Callable[[Seen], Opinion]


def seen_at(past: Past, snapshot: Snapshot, *, lessons: Sequence[Rows], horizon: int, seed: int) -> Seen:
    """Everything a method may know on the day of a snapshot."""
    history = past.order_days_at(snapshot.day)
    before = outcomes(history, cutoff=snapshot.day - horizon, horizon=horizon)
    return Seen(snapshot, select(before, snapshot.keys), lessons, horizon, seed)


def recency_rule(seen: Seen) -> Opinion:
    """Who ordered last comes first."""
    return _rule(-_silence(seen.snapshot))


def churn_ratio(seen: Seen) -> Opinion:
    """Days since the last order in the customer's own median gaps; a one-time buyer's in those of the usual customer.

    Where a shop's features have no median gap, the mean one stands in.
    """
    snapshot = seen.snapshot
    gap = snapshot.features.columns.get("median_gap_days", _mean_gap(snapshot))
    known = gap > 0
    usual = float(np.median(gap[known])) if known.any() else 1.0
    return _rule(-_silence(snapshot) / np.where(known, gap, usual))


def frequency(seen: Seen) -> Opinion:
    """Who has ordered most often comes first."""
    return _rule(seen.snapshot.order_days)


def same_as_last(seen: Seen) -> Opinion:
    """Everybody does what they did in the last window as long as the horizon."""
    orders = seen.last.orders.astype(np.float64)
    return Opinion(Said(orders, seen.last.spend), orders, seen.last.spend)


def bg_nbd_gamma_gamma(seen: Seen) -> Opinion:
    """BG/NBD for the chance and the number of order days, times Gamma-Gamma for what one is worth."""
    snapshot, summary = seen.snapshot, seen.snapshot.summary
    model = bg_nbd.fit(collapse(summary), seed=seen.seed)
    value = mean_value(snapshot)
    worth = gamma_gamma.fit(snapshot.order_days, value, seed=seen.seed)
    p_buy = bg_nbd.p_order(model, summary, horizon=seen.horizon)
    orders = bg_nbd.expected_orders(model, summary, horizon=seen.horizon)
    spend = orders * gamma_gamma.expected_value(worth, snapshot.order_days, value)
    return Opinion(Said(p_buy, spend, p_buy), orders, spend)


def logistic_regression(seen: Seen) -> Opinion:
    """The small model on seven features; before it can learn, everybody gets the chance of the last window."""
    model = fit_seven(seen.lessons, horizon=seen.horizon)
    if model is None:
        same = np.full(len(seen.snapshot), _usual_chance(seen))
        return Opinion(Said(same, same, same))
    found = predict_seven(model, seven_of(seen.snapshot.features.columns) | _absent(model.names, seen))
    return Opinion(Said(found.p_buy, found.e_spend, found.p_buy), found.e_orders, found.e_spend)


def at_random(seen: Seen) -> Opinion:
    """A shuffled list, the same one for the same seed and day."""
    return _rule(np.random.default_rng((seen.seed, abs(seen.snapshot.day))).random(len(seen.snapshot)))


METHODS: Mapping[str, Method] = {
    "recency rule": recency_rule,
    "churn ratio": churn_ratio,
    "BG/NBD": bg_nbd_gamma_gamma,
    "logistic regression": logistic_regression,
    "number of orders": frequency,
    "same as last window": same_as_last,
    "random": at_random,
}
"""By the name that tables show."""

SIMPLE_RULES: Mapping[str, str] = {
    "recency rule": "the recency rule",
    "churn ratio": "the churn ratio",
    "number of orders": "the number of orders",
    "same as last window": "what customers did in the last window",
}
"""Those that need no model, and how a sentence calls them."""


def _rule(ranking: Vector) -> Opinion:
    return Opinion(Said(ranking, ranking))


def _silence(snapshot: Snapshot) -> Vector:
    """Days since the last order day."""
    silent: Vector = snapshot.summary.T - snapshot.summary.recency
    return silent


def _mean_gap(snapshot: Snapshot) -> Vector:
    x, t_x = snapshot.summary.frequency, snapshot.summary.recency
    gap: Vector = np.divide(t_x, x, out=np.full(len(x), np.nan), where=x > 0)
    return gap


def _usual_chance(seen: Seen) -> float:
    """The share of those known before the last window who ordered in it, with one customer of either kind added."""
    known = seen.horizon < seen.snapshot.summary.T
    return float((np.count_nonzero(seen.last.bought & known) + 1) / (np.count_nonzero(known) + 2))


def _absent(names: Sequence[str], seen: Seen) -> dict[str, Vector]:
    """Features that past dates had and this one has not: not known for anybody."""
    held = seven_of(seen.snapshot.features.columns)
    return {name: np.full(len(seen.snapshot), np.nan) for name in names if name not in held}
