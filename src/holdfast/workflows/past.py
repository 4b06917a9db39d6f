"""The shop's past, handed to the forecast room: features and order days as of any day, from the current data set."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from holdfast.engine import DuckEngine, Query
from holdfast.features import FEATURE, Unit, available_columns, customers_asof
from holdfast.forecast.days import day_date
from holdfast.forecast.order_days import order_days
from holdfast.forecast.past import Features, Past

RATIO_UNITS = frozenset({Unit.SHARE, Unit.RATIO, Unit.STARS})
"""Features in these units mean the same in every shop and season."""


def past_of(engine: DuckEngine, *, computed: Mapping[int, str] | None = None) -> Past:
    """The past of the shop whose stage is bound to the engine; `computed` names tables of features by their day."""
    available = available_columns(engine)

    def features_at(day: int) -> Features:
        there = computed.get(day) if computed else None
        table = there or "customers_then"
        if there is None:
            customers_asof(engine, as_of=day_date(day), available=available, keep_as=table)
        numbers = [name for name in engine.names(table) if name in FEATURE and _is_number(name)]
        listed = ", ".join(["customer_key", *numbers])
        query = Query("customers_then", "one customer", f"SELECT {listed} FROM {table} ORDER BY customer_key")
        columns = engine.columns(query)
        if there is None:
            engine.drop(table)
        ratios = frozenset(name for name in numbers if FEATURE[name].unit in RATIO_UNITS)
        return Features(columns.pop("customer_key").astype(np.int64), _floats(columns), ratios)

    return Past(features_at, lru_cache(maxsize=2)(lambda day: order_days(engine, as_of=day)))


def _is_number(name: str) -> bool:
    return FEATURE[name].unit is not Unit.LABEL


def _floats(columns: dict[str, npt.NDArray[np.generic]]) -> dict[str, npt.NDArray[np.float64]]:
    """Every column as floats, NaN where it was NULL."""
    return {name: np.ma.filled(np.ma.asarray(values).astype(np.float64), np.nan) for name, values in columns.items()}
