"""The null rules applied, for models that cannot read a missing value."""

from collections.abc import Mapping

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.features.catalogue import FEATURE
from holdfast.features.feature import Missing

UNKNOWN = "unknown"


def medians(engine: DuckEngine, table: str = "customers_asof") -> dict[str, float]:
    """The median of every feature of `table` that is filled with it; 0 where no customer has a value.

    Take them from the customers a model learns from, and hand the same ones to `filled` whenever it predicts.
    """
    names = [name for name in engine.names(table) if name in FEATURE and FEATURE[name].missing is Missing.MEDIAN]
    if not names:
        return {}
    columns = ", ".join(f"{sql.median(sql.cast(name, 'DOUBLE'))} AS {name}" for name in names)
    found = engine.rows(Query("medians", "shop", f"SELECT {columns} FROM {sql.name(table)}")).one()
    return {name: 0.0 if value is None else float(value) for name, value in found.items()}


def filled(
    engine: DuckEngine,
    values: Mapping[str, float],
    *,
    table: str = "customers_asof",
    keep_as: str = "customers_filled",
) -> int:
    """Keep `table` as `keep_as` without a missing value; returns its rows.

    A number that may be missing becomes a DOUBLE filled with `values` (see `medians`), a label becomes 'unknown', and
    beside each stands `<name>_is_missing`, 1 or 0. Columns that are not features are handed on as they are.
    """
    names = engine.names(table)
    columns = ", ".join(column for name in names for column in _columns(name))
    parameters = {name: values[name] for name in names if _rule(name) is Missing.MEDIAN}
    query = Query(keep_as, "customer", f"SELECT {columns} FROM {sql.name(table)} ORDER BY customer_key", parameters)
    return engine.keep(keep_as, query)


def _rule(name: str) -> Missing:
    return FEATURE[name].missing if name in FEATURE else Missing.NEVER


def _columns(name: str) -> list[str]:
    """One column as it stands, or two: the value filled, and whether it was missing."""
    flag = f"CASE WHEN {name} IS NULL THEN 1 ELSE 0 END AS {name}_is_missing"
    match _rule(name):
        case Missing.MEDIAN:
            return [f"COALESCE({sql.cast(name, 'DOUBLE')}, ${name}) AS {name}", flag]
        case Missing.UNKNOWN:
            return [f"COALESCE({name}, {sql.text(UNKNOWN)}) AS {name}", flag]
        case Missing.NEVER | Missing.ZERO:
            return [name]
