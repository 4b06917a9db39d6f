"""The features room: orders and an as_of become one row per customer."""

from holdfast.features.asof import available_columns, customers_asof
from holdfast.features.catalogue import CATALOGUE, FEATURE, rows
from holdfast.features.feature import Feature, Grain, Missing, Unit
from holdfast.features.filled import filled, medians
from holdfast.features.queries import queries
from holdfast.features.seven import SEVEN

__all__ = [
    "CATALOGUE",
    "FEATURE",
    "SEVEN",
    "Feature",
    "Grain",
    "Missing",
    "Unit",
    "available_columns",
    "customers_asof",
    "filled",
    "medians",
    "queries",
    "rows",
]
