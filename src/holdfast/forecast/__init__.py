"""The forecast room: for every customer the chance to order, orders and spend within a horizon, and the proof."""

from holdfast.forecast.learning.level import Level, Source
from holdfast.forecast.model import ForecastConfig, Forecasts, Model, fit, predict
from holdfast.forecast.past import Features, Past, Snapshot
from holdfast.forecast.readiness import Readiness, State

__all__ = [
    "Features",
    "ForecastConfig",
    "Forecasts",
    "Level",
    "Model",
    "Past",
    "Readiness",
    "Snapshot",
    "Source",
    "State",
    "fit",
    "predict",
]
