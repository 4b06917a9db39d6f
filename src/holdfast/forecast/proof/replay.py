"""One past date, gone through as if it had been today: train, forecast, and see what came.

Model, level and every method know what was known at the start of the date. What came is judged as it is known today,
so that an order cancelled since is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from holdfast.forecast import model
from holdfast.forecast.arrays import Vector
from holdfast.forecast.labels import Outcomes
from holdfast.forecast.learning.purchases import mean_value
from holdfast.forecast.learning.seven import rows_at_folds
from holdfast.forecast.measures.bootstrap import Replay, Said
from holdfast.forecast.model import ForecastConfig, Forecasts, Model, Progress
from holdfast.forecast.proof.baselines import Method, Opinion, seen_at
from holdfast.forecast.proof.remembered import Remembered

OURS = "this forecast"
"""The name of the full model among the methods."""


@dataclass(frozen=True, slots=True, eq=False)
class Replayed:
    """What was learned, said and seen at a past date; one value per customer known then.

    `opinions` has the full model under OURS. `usual_order` is the median value of an order day among the customers,
    `history_days` how long the history was.
    """

    day: int
    history_days: int
    model: Model
    forecasts: Forecasts
    opinions: Mapping[str, Opinion]
    outcomes: Outcomes
    usual_order: float

    @property
    def churn_probability(self) -> Vector:
        """P(no order within the horizon)."""
        gone: Vector = 1.0 - self.forecasts.p_buy
        return gone

    @property
    def spend_if_staying(self) -> Vector:
        """Expected spend given an order."""
        given_order: Vector = self.forecasts.e_spend / self.forecasts.p_buy
        return given_order

    def as_replay(self) -> Replay:
        """The date as the bootstrap takes it, with its customers' keys: they are resampled together on all dates."""
        said = {name: opinion.said for name, opinion in self.opinions.items()}
        return Replay(self.outcomes, said, self.forecasts.keys)


def replay(
    remembered: Remembered,
    *,
    day: int,
    known: int,
    config: ForecastConfig,
    methods: Mapping[str, Method],
    progress: Progress,
) -> Replayed:
    """Train from scratch at the start of `day` and compare with what is known at the start of day `known`."""
    past = remembered.past
    trained = model.fit(past, as_of=day, config=config, progress=lambda step, done: progress(step, 0.9 * done))
    then = past.at(day)
    forecasts = model.predict(trained, then)
    progress("Asking the simpler methods", 0.9)
    lessons = rows_at_folds(remembered.seven, as_of=day, horizon=config.horizon)
    seen = seen_at(past, then, lessons=lessons, horizon=config.horizon, seed=config.seed)
    value = mean_value(then)
    return Replayed(
        day=day,
        history_days=then.history_days,
        model=trained,
        forecasts=forecasts,
        opinions={OURS: _ours(forecasts), **{name: method(seen) for name, method in methods.items()}},
        outcomes=past.after(then, horizon=config.horizon, known=known),
        usual_order=float(np.median(value[value > 0])) if (value > 0).any() else 0.0,
    )


def _ours(forecasts: Forecasts) -> Opinion:
    said = Said(forecasts.p_buy, forecasts.e_spend, forecasts.p_buy)
    return Opinion(said, forecasts.e_orders, forecasts.e_spend)
