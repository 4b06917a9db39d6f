"""Reasons: why a forecast is what it is, in the customer's own numbers."""

from holdfast.forecast.reasons.contributions import Background, Contributions, background, contributions
from holdfast.forecast.reasons.drivers import Drivers, drivers
from holdfast.forecast.reasons.explanations import Explanations, explain
from holdfast.forecast.reasons.groups import GROUPS, Group, group_of
from holdfast.forecast.reasons.shapley_data import ShapleyTable, beeswarm, shapley_table, waterfall

__all__ = [
    "GROUPS",
    "Background",
    "Contributions",
    "Drivers",
    "Explanations",
    "Group",
    "ShapleyTable",
    "background",
    "beeswarm",
    "contributions",
    "drivers",
    "explain",
    "group_of",
    "shapley_table",
    "waterfall",
]
