"""Does a feature know the future? An alarm, and the proof that it rings: a leak is planted and has to be caught.

At past folds, customers are ranked by what this room computes itself from order days before the fold. Then each feature
is added alone. An honest one can add little, since it looks at the same past; one made from the future adds much.
The alarm misses a faint leak. What is exact needs the source of the features: computed as of a day from all rows, and
from the rows before that day alone, they have to be the same (`differing`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from holdfast.errors import InputError
from holdfast.forecast.arrays import Flags, Integers, Matrix, Vector
from holdfast.forecast.folds import plan
from holdfast.forecast.labels import outcomes, select
from holdfast.forecast.learning import purchases
from holdfast.forecast.learning.design import percentile_ranks
from holdfast.forecast.learning.lessons import BIT_MIX, sampled
from holdfast.forecast.measures.scores import auc
from holdfast.forecast.past import Features, Past, Snapshot
from holdfast.forecast.wording import counted

PLANTED = "planted_leak"

NOISE = 1.0
"""The planted feature is the number of order days to come plus this much normal noise: half hidden, as real leaks are.
"""

LIMIT = 0.05
"""Gain in AUC from one feature that rings the alarm. On public data honest features add .02 at most, and a whole blend
hardly more; the planted one adds .06 to .18."""

LEAST_OF_EACH = 100
"""Buyers and others at a fold: with fewer, one feature of a hundred gains that much by luck."""

FOLDS = 2
MOST_CUSTOMERS = 4_000
"""The alarm needs no more: the standard error of an AUC is then about .008."""

SHOWN = 10


@dataclass(frozen=True, slots=True)
class FeatureGain:
    """How much AUC one feature adds at past folds, on customers it was not fitted on."""

    feature: str
    gain: float


@dataclass(frozen=True, slots=True)
class LeakCheck:
    """`caught` says whether the planted leak rang the alarm; None where there is no past date to try it on.

    `suspects` are the shop's own features that rang it. `auc` is without any feature, `planted_gain` what the leak
    added to it, `largest` the largest gains of own features, and `limit` the gain that rings.
    """

    caught: bool | None
    suspects: tuple[str, ...]
    folds: int
    customers: int
    features: int
    auc: float | None
    planted_gain: float | None
    largest: tuple[FeatureGain, ...]
    limit: float
    sentence: str

    def as_json(self) -> dict[str, Any]:
        """Plain numbers, lists and texts."""
        return asdict(self)


@dataclass(frozen=True, slots=True, eq=False)
class _Case:
    """A fold's customers: what is known without features, each feature, who bought, and which half they are in."""

    base: Matrix
    columns: Mapping[str, Matrix]
    bought: Flags
    first_half: Flags


def leak_check(past: Past, *, as_of: int, horizon: int, seed: int = 0, limit: float = LIMIT) -> LeakCheck:
    """Plant a leak at the latest folds before day `as_of`, and look for it and for real ones.

    Raises InputError if nobody had ordered by then.
    """
    with threadpool_limits(limits=1):  # threads that wait for each other cost more than they bring
        cases = list(islice(_cases(past, as_of, horizon, seed), FOLDS))
        if not cases:
            return _untold(limit)
        without = float(np.mean([_auc(case, None) for case in cases]))
        gains = [FeatureGain(name, _gain(cases, name, without)) for name in cases[0].columns]
    gains.sort(key=lambda found: (-found.gain, found.feature))
    own = [found for found in gains if found.feature != PLANTED]
    planted = next(found.gain for found in gains if found.feature == PLANTED)
    suspects = tuple(found.feature for found in own if found.gain > limit)
    return LeakCheck(
        caught=planted > limit,
        suspects=suspects,
        folds=len(cases),
        customers=sum(len(case.bought) for case in cases),
        features=len(own),
        auc=without,
        planted_gain=planted,
        largest=tuple(own[:SHOWN]),
        limit=limit,
        sentence=_sentence(suspects, own, planted, limit),
    )


def with_planted_leak(past: Past, *, horizon: int, known: int, seed: int = 0, noise: float = NOISE) -> Past:
    """The same past with one feature more that knows the future: noisy order days in the window that follows.

    What is known at the start of day `known` decides what came.
    """

    def features_at(day: int) -> Features:
        found = past.features_at(day)
        came = outcomes(past.order_days_at(known), cutoff=day, horizon=horizon).orders
        orders = np.pad(came, (0, max(int(found.keys.max(initial=-1)) + 1 - len(came), 0)))[found.keys]
        random = np.random.default_rng((seed, abs(day)))
        leak = orders + noise * random.standard_normal(len(orders))
        return Features(found.keys, {**found.columns, PLANTED: leak}, found.ratios)

    return Past(features_at, past.order_days_at)


def differing(features: Features, truncated: Features) -> tuple[str, ...]:
    """The features that change when later rows are not there: each is a leak, however faint.

    Both are as of the same day, `truncated` from the rows before that day alone. Raises InputError where customers or
    columns are not the same, which is a leak as well.
    """
    if not np.array_equal(features.keys, truncated.keys) or set(features.columns) != set(truncated.columns):
        raise InputError(
            "Later rows change who or what is known.",
            seen=f"{len(features.keys)} customers and {len(features.columns)} features with later rows,"
            f" {len(truncated.keys)} and {len(truncated.columns)} without.",
            todo="Compute features from rows before the day alone.",
        )
    return tuple(
        name
        for name in sorted(features.columns)
        if not np.array_equal(features.columns[name], truncated.columns[name], equal_nan=True)
    )


def halves(keys: Integers) -> Flags:
    """Which of two halves each customer is in, by its key; independent of how `sampled` chooses."""
    return (keys.astype(np.uint64) * BIT_MIX >> np.uint64(39) & np.uint64(1)).astype(np.bool_)


# --- the alarm -------------------------------------------------------------------------------------------------------


def _cases(past: Past, as_of: int, horizon: int, seed: int) -> Iterator[_Case]:
    """The folds that can tell something, latest first."""
    for fold in plan(first_day=past.first_day(as_of), as_of=as_of, horizon=horizon):
        planted = with_planted_leak(past, horizon=fold.window, known=as_of, seed=seed)
        case = _case(planted, fold.day, fold.window, as_of)
        if case is not None:
            yield case


def _case(past: Past, day: int, window: int, known: int) -> _Case | None:
    then = past.at(day)
    happened = past.after(then, horizon=window, known=known)
    rows = _judged(then.keys, happened.bought)
    came = select(happened, rows)
    buyers = int(came.bought.sum())
    if min(buyers, len(rows) - buyers) < LEAST_OF_EACH:
        return None
    columns = {name: _forms(values[rows]) for name, values in then.features.columns.items()}
    return _Case(_base(then, window)[rows], columns, came.bought, halves(then.keys)[rows])


def _judged(keys: Integers, bought: Flags) -> Integers:
    """The rows that the alarm looks at: all, or MOST_CUSTOMERS, half of them of the rarer outcome if there are so many.

    Where one buyer comes on a hundred others, few would be left to learn from; how many of each there are does not move
    an AUC.
    """
    groups = np.flatnonzero(bought), np.flatnonzero(~bought)
    half = MOST_CUSTOMERS // 2
    places = (max(half, MOST_CUSTOMERS - len(other)) for other in reversed(groups))
    chosen = [rows[sampled(keys[rows], most / max(len(rows), 1))] for rows, most in zip(groups, places, strict=True)]
    return np.sort(np.concatenate(chosen))


def _base(then: Snapshot, window: int) -> Matrix:
    """What order days alone say: silence, frequency, age, rhythm, and what the purchase models make of them."""
    summary = then.summary
    outlook = purchases.look(purchases.fit(then, seed=0), then, horizon=window)
    silence, repeats, known = (
        np.log1p(values) for values in (summary.T - summary.recency, summary.frequency, summary.T)
    )
    gap = np.divide(summary.recency, summary.frequency, out=summary.T.copy(), where=summary.frequency > 0)
    lateness = silence - np.log1p(gap)
    columns = [silence, repeats, known, lateness, lateness**2, silence**2, outlook.log_odds, outlook.p_alive]
    return np.column_stack([_standardised(column) for column in columns])


def _gain(cases: Sequence[_Case], name: str, without: float) -> float:
    return float(np.mean([_auc(case, case.columns.get(name)) for case in cases])) - without


def _auc(case: _Case, feature: Matrix | None) -> float:
    """AUC of a logistic regression, fitted on each half of the customers and judged on the other; the mean of both."""
    columns = case.base if feature is None else np.column_stack([case.base, feature])
    found = []
    for fitted in (case.first_half, ~case.first_half):
        model = LogisticRegression(C=1.0, solver="newton-cholesky").fit(columns[fitted], case.bought[fitted])
        found.append(auc(case.bought[~fitted], model.decision_function(columns[~fitted])) or 0.5)
    return float(np.mean(found))


def _forms(feature: Vector) -> Matrix:
    """A feature as its rank, the rank's square, and whether it is missing: a leak may hide in any of them."""
    missing = np.isnan(feature)
    rank = np.where(missing, 0.0, np.nan_to_num(percentile_ranks(feature), nan=0.5) - 0.5)
    return np.column_stack([4.0 * rank, 12.0 * rank**2, missing.astype(np.float64)])


def _standardised(values: Vector) -> Vector:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread > 1e-9 else np.zeros(len(values))


# --- words -----------------------------------------------------------------------------------------------------------


def _untold(limit: float) -> LeakCheck:
    why = f"no past date has {LEAST_OF_EACH} customers who ordered afterwards and {LEAST_OF_EACH} who did not"
    sentence = f"Cannot tell whether a feature knows the future, because {why}; you need a longer history."
    return LeakCheck(None, (), 0, 0, 0, None, None, (), limit, sentence)


def _sentence(suspects: Sequence[str], own: Sequence[FeatureGain], planted: float, limit: float) -> str:
    rang = "was caught" if planted > limit else "was not caught, so the alarm cannot be relied on here"
    opening = f"A feature made from the future {rang}: it added {100 * planted:.1f} points of AUC"
    if suspects:
        few = ", ".join(suspects[:3])
        rest = f" and {len(suspects) - 3} more" if len(suspects) > 3 else ""
        return f"{opening}. Suspects among the shop's own features: {few}{rest} (over {100 * limit:.0f} points each)."
    most = (
        f"; none of the {counted(len(own), 'feature')} added more than {100 * max(own[0].gain, 0.0):.1f}" if own else ""
    )
    return f"{opening}{most}."
