"""What a fold teaches: its customers as they were known then, and what they did afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from holdfast.forecast.arrays import Flags, Integers
from holdfast.forecast.folds import Fold, is_last_year
from holdfast.forecast.labels import Outcomes, select
from holdfast.forecast.learning import level, purchases
from holdfast.forecast.learning.design import Design, design
from holdfast.forecast.learning.level import FoldLevel
from holdfast.forecast.learning.purchases import Outlook, Purchases
from holdfast.forecast.past import Past

LEAST_BUYERS = 10
LEAST_CUSTOMERS = 50
"""A fold with fewer teaches noise."""

FAILED_FIT = 2.5
"""Where the log-odds of the purchase models are further off, they failed on too short a history."""

BIT_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """A fold's customers, or a sample of them: what was known (`design`, `outlook`) and what came (`outcomes`).

    `level` was measured on all of them.
    """

    fold: Fold
    level: FoldLevel
    design: Design
    outlook: Outlook
    outcomes: Outcomes

    def __len__(self) -> int:
        return len(self.outcomes)


def learn_from(
    past: Past,
    fold: Fold,
    *,
    as_of: int,
    horizon: int,
    features: Sequence[str],
    start: Purchases,
    share: float,
    seed: int,
) -> Lesson | None:
    """Go back to a fold with what was known on `as_of`; None where it has too little to teach.

    `horizon` is that of the forecast, `start` the purchase models of a later day. `share` of the customers is kept,
    0-1, the same ones at every fold.
    """
    then = past.at(fold.day)
    happened = past.after(then, horizon=fold.window, known=as_of)
    if not teaches(happened.bought):
        return None
    models = purchases.fit(then, seed=seed, start=start)
    expected = purchases.look(models, then, horizon=fold.window)
    measured = level.measure(
        fold,
        history_days=then.history_days,
        outlook=expected,
        outcomes=happened,
        last_year=is_last_year(fold, as_of=as_of, horizon=horizon),
    )
    if abs(measured.shift) > FAILED_FIT:
        return None
    rows = sampled(then.keys, share)
    return Lesson(
        fold,
        measured,
        design(then, expected, features=features, rows=rows),
        expected.rows(rows),
        select(happened, rows),
    )


def teaches(bought: Flags) -> bool:
    """Whether there are enough customers, and among them enough buyers and enough others, to tell them apart."""
    buyers = int(bought.sum())
    return len(bought) >= LEAST_CUSTOMERS and min(buyers, len(bought) - buyers) >= LEAST_BUYERS


def level_at(past: Past, fold: Fold, *, as_of: int, start: Purchases, seed: int) -> FoldLevel | None:
    """How far the purchase models were off at a fold that nothing else is learned from; None where nobody bought."""
    then = past.without_features().at(fold.day)
    happened = past.after(then, horizon=fold.window, known=as_of)
    if not happened.bought.any():
        return None
    expected = purchases.look(purchases.fit(then, seed=seed, start=start), then, horizon=fold.window)
    return level.measure(fold, history_days=then.history_days, outlook=expected, outcomes=happened, last_year=False)


def sampled(keys: Integers, share: float) -> Integers:
    """The rows of about a share of the customers, chosen by their key: the same customers on every date."""
    if share >= 1.0:
        return np.arange(len(keys))
    mixed = keys.astype(np.uint64) * BIT_MIX >> np.uint64(40)
    rows: Integers = np.flatnonzero(mixed < np.uint64(share * 2**24))
    return rows
