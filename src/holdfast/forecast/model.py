"""A forecast model: trained on a shop's past as of a day, for one horizon, and applied to its customers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self, TypeAlias

import numpy as np
from threadpoolctl import threadpool_limits

from holdfast.forecast.arrays import Integers, Vector
from holdfast.forecast.folds import YEAR, plan
from holdfast.forecast.learning import blend, level, members, purchases
from holdfast.forecast.learning.blend import Blend, Expected
from holdfast.forecast.learning.design import design
from holdfast.forecast.learning.lessons import Lesson, learn_from, level_at, teaches
from holdfast.forecast.learning.level import SEASON_HISTORY, FoldLevel, Level
from holdfast.forecast.learning.members import Members
from holdfast.forecast.learning.purchases import Outlook, Purchases
from holdfast.forecast.learning.spread import Spread, fit_spread, quantiles
from holdfast.forecast.past import Past, Snapshot
from holdfast.forecast.readiness import Readiness, State, readiness

Progress: TypeAlias = Callable[[str, float], None]
"""Told what is going on and how much of it is done (0-1)."""

GUIDES = 3
"""Recent folds at which last year is tried as a guide: one window, a third apart."""

LOW, HIGH = 0.1, 0.9
"""The interval of expected spend: P10 to P90."""


@dataclass(frozen=True, slots=True)
class ForecastConfig:
    """How to train: `horizon` in days; the same seed gives the same model.

    With more than `most_rows` customers over all folds a sample of customers is learned from; purchase models, levels
    and forecasts always see everybody.
    """

    horizon: int = 90
    seed: int = 0
    most_rows: int = 200_000


@dataclass(frozen=True, slots=True)
class Model:
    """All that was learned. `members` is None where no past date could teach anything: purchase models alone then."""

    as_of: int
    horizon: int
    seed: int
    features: tuple[str, ...]
    customers: int
    purchases: Purchases
    members: Members | None
    blend: Blend
    level: Level
    spread: Spread
    readiness: Readiness

    def as_json(self) -> dict[str, Any]:
        """Plain numbers, lists and texts: all that is needed to forecast again."""
        return {
            "as_of": self.as_of,
            "horizon": self.horizon,
            "seed": self.seed,
            "features": list(self.features),
            "customers": self.customers,
            "purchases": self.purchases.as_json(),
            "members": self.members.as_json() if self.members else None,
            "blend": self.blend.as_json(),
            "level": self.level.as_json(),
            "spread": self.spread.as_json(),
            "readiness": asdict(self.readiness),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The model that `as_json` stored, also after a trip through JSON text."""
        ready = stored["readiness"]
        return cls(
            as_of=stored["as_of"],
            horizon=stored["horizon"],
            seed=stored["seed"],
            features=tuple(stored["features"]),
            customers=stored["customers"],
            purchases=Purchases.from_json(stored["purchases"]),
            members=Members.from_json(stored["members"]) if stored["members"] else None,
            blend=Blend.from_json(stored["blend"]),
            level=Level.from_json(stored["level"]),
            spread=Spread.from_json(stored["spread"]),
            readiness=Readiness(State(ready["state"]), tuple(ready["missing"]), ready["season_known"]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Forecasts:
    """One row per customer: its key, then what is expected of it in the horizon. Money in the shop's currency."""

    keys: Integers
    p_buy: Vector
    e_orders: Vector
    e_spend: Vector
    spend_p10: Vector
    spend_p90: Vector
    p_alive: Vector

    def __len__(self) -> int:
        return len(self.keys)


def fit(past: Past, *, as_of: int, config: ForecastConfig, progress: Progress = lambda _step, _done: None) -> Model:
    """Train on what was known at the start of day `as_of` (days since 1970-01-01).

    Every label comes from a window that was over by then, every feature from before its own cut-off. Raises InputError
    if nobody had ordered by then.
    """
    with threadpool_limits(limits=1):  # on few cores threads wait for each other longer than they work
        return _fit(past, as_of, config, progress)


def predict(model: Model, snapshot: Snapshot) -> Forecasts:
    """Forecast every customer of a snapshot, at the day of training or later. Never NaN, never negative.

    The purchase models move with the day; what the members learned, and the level, stay as of the day of training.
    """
    with threadpool_limits(limits=1):
        outlook = purchases.look(model.purchases, snapshot, horizon=model.horizon)
        expected = _expected(model, snapshot, outlook)
    low, high = quantiles(model.spread, expected, (LOW, HIGH))
    return Forecasts(
        keys=snapshot.keys,
        p_buy=expected.p_buy,
        e_orders=expected.orders,
        e_spend=expected.spend,
        spend_p10=low,
        spend_p90=high,
        p_alive=outlook.p_alive,
    )


def _fit(past: Past, as_of: int, config: ForecastConfig, progress: Progress) -> Model:
    progress("What is known of every customer", 0.0)
    today = past.at(as_of)
    features = tuple(sorted(today.features.columns))
    models = purchases.fit(today, seed=config.seed)
    outlook = purchases.look(models, today, horizon=config.horizon)

    lessons = _lessons(past, today, features, models, config, progress)
    progress("Learning from past dates", 0.6)
    bought = [lesson.outcomes.bought for lesson in lessons]
    trained = members.fit(lessons, seed=config.seed) if lessons and teaches(np.concatenate(bought)) else None
    found = level.forecast_level(
        [lesson.level for lesson in lessons],
        customers=len(today),
        years_before=_years_before(past, today, lessons, models, config),
    )

    said = _opinions(trained, today, outlook, features)
    mixed = blend.fit(said, outlook, found)
    return Model(
        as_of=as_of,
        horizon=config.horizon,
        seed=config.seed,
        features=features,
        customers=len(today),
        purchases=models,
        members=trained,
        blend=mixed,
        level=found,
        spread=fit_spread(lessons, level=found),
        readiness=_readiness(today, config.horizon),
    )


def _expected(model: Model, snapshot: Snapshot, outlook: Outlook) -> Expected:
    return blend.apply(model.blend, _opinions(model.members, snapshot, outlook, model.features), outlook)


def _opinions(
    trained: Members | None, snapshot: Snapshot, outlook: Outlook, features: tuple[str, ...]
) -> Mapping[str, Vector]:
    return members.opinions(trained, design(snapshot, outlook, features=features), outlook) if trained else {}


def _lessons(
    past: Past,
    today: Snapshot,
    features: tuple[str, ...],
    models: Purchases,
    config: ForecastConfig,
    progress: Progress,
) -> list[Lesson]:
    folds = plan(first_day=today.day - today.history_days, as_of=today.day, horizon=config.horizon)
    customers_then = sum(int(np.count_nonzero(today.day - fold.day < today.summary.T)) for fold in folds)
    share = min(config.most_rows / max(customers_then, 1), 1.0)
    found: list[Lesson] = []
    for nth, fold in enumerate(folds):
        progress(f"Going back to {nth + 1} of {len(folds)} past dates", 0.1 + 0.5 * nth / len(folds))
        lesson = learn_from(
            past,
            fold,
            as_of=today.day,
            horizon=config.horizon,
            features=features,
            start=models,
            share=share,
            seed=config.seed,
        )
        if lesson:
            found.append(lesson)
    return found


def _years_before(
    past: Past, today: Snapshot, lessons: Sequence[Lesson], models: Purchases, config: ForecastConfig
) -> dict[int, FoldLevel]:
    """By the day of each of the latest folds, what was measured one year before it, where the shop is old enough."""
    first_day = today.day - today.history_days
    found = {}
    for lesson in [lesson for lesson in lessons if not lesson.level.last_year][:GUIDES]:
        before = replace(lesson.fold, day=lesson.fold.day - YEAR)
        if before.day - first_day >= SEASON_HISTORY:
            measured = level_at(past, before, as_of=today.day, start=models, seed=config.seed)
            if measured:
                found[lesson.fold.day] = measured
    return found


def _readiness(today: Snapshot, horizon: int) -> Readiness:
    return readiness(
        customers=len(today),
        repeat_buyers=int(np.count_nonzero(today.summary.frequency)),
        history_days=today.history_days,
        horizon=horizon,
        has_amounts=bool(np.any(today.spend > 0)),
    )
