"""The room's door: a stage and a date become one row per customer."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.features.catalogue import CATALOGUE
from holdfast.features.queries import queries

HAS_TIME = "orders.ordered_at"
"""Every shop has order dates; this column counts as filled if they carry a time of day."""


def customers_asof(
    engine: DuckEngine,
    *,
    as_of: date,
    available: AbstractSet[str],
    names: Sequence[str] | None = None,
    keep_as: str = "customers_asof",
) -> int:
    """Keep a table `keep_as` with the features of every customer as known before `as_of`; returns its rows.

    One row per customer with at least one live order, sorted by customer_key: customer_key, customer_id, then the
    features in the order of the catalogue. A feature whose `needs` are not in `available` (see `available_columns`) is
    left out; `names` picks some, and only the grains they need are read. The engine has to have the stage bound under
    the names of `tables`. Raises NotFoundError for a name that is not in the catalogue.
    """
    *grains, joined = queries(as_of=as_of, available=available, names=names)
    try:
        for query in grains:
            engine.keep(query.name, query)
        return engine.keep(keep_as, joined)
    finally:
        for query in grains:
            engine.drop(query.name)


def available_columns(engine: DuckEngine) -> frozenset[str]:
    """The optional columns, as table.column, in which the bound stage holds anything.

    Cheap: the search of a column stops at its first value, and Parquet's statistics rule out empty ones.
    """
    wanted = sorted({column for feature in CATALOGUE for need in feature.needs for column in need.split("|")})
    tests = ", ".join(f"EXISTS (SELECT 1 FROM {_table(column)} WHERE {_filled(column)})" for column in wanted)
    (answer,) = engine.rows(Query("available_columns", "stage", f"SELECT {tests}")).rows
    return frozenset(column for column, found in zip(wanted, answer, strict=True) if found)


def _table(column: str) -> str:
    return column.partition(".")[0]


def _filled(column: str) -> str:
    name = column.partition(".")[2]
    if column == HAS_TIME:
        return f"{sql.epoch_seconds(name)} % 86400 <> 0"
    return f"{name} IS NOT NULL"
