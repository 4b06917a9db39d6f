"""From entries to SQL: one query a grain, assembled from its features, and one that joins the grains."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import date

from holdfast.engine import Query
from holdfast.engine import dialect as sql
from holdfast.errors import NotFoundError
from holdfast.features.catalogue import CATALOGUE, FEATURE
from holdfast.features.feature import Feature, Grain, Missing
from holdfast.features.grains import ONE_ROW_A_CUSTOMER, ROWS, STEPS

DAY_ZERO = date(1970, 1, 1)


def chosen(available: AbstractSet[str], names: Sequence[str] | None = None) -> tuple[Feature, ...]:
    """The features of `names` (all if None) that a shop with these columns can have, in the order of the catalogue."""
    unknown = sorted(set(names or ()) - FEATURE.keys())
    if unknown:
        raise NotFoundError(
            "There is no such feature.",
            seen=f"Asked for {', '.join(unknown)}.",
            todo="`holdfast features` lists the names.",
            details={"names": unknown},
        )
    wanted = FEATURE.keys() if names is None else set(names)
    return tuple(feature for feature in CATALOGUE if feature.name in wanted and feature.possible(available))


def queries(*, as_of: date, available: AbstractSet[str], names: Sequence[str] | None = None) -> tuple[Query, ...]:
    """One query for each grain that is needed, to be kept as a table of its name, and last the one that joins them.

    The last one gives one row per customer with at least one live order before `as_of`, sorted by customer_key.
    """
    features = chosen(available, names)
    needed = {feature.name for feature in features}.union(*(feature.uses for feature in features))
    base = [feature for feature in CATALOGUE if feature.name in needed and feature.grain is not Grain.CUSTOMER]
    grains = [grain for grain in Grain if grain is Grain.ORDERS or any(feature.grain is grain for feature in base)]
    return (
        *(_grain_query(grain, [feature for feature in base if feature.grain is grain], as_of) for grain in grains),
        _joined(grains, base, features),
    )


def table_of(grain: Grain) -> str:
    """Name of the table that holds the features of a grain until they are joined."""
    return f"features_of_{grain.name.lower()}"


def _grain_query(grain: Grain, features: Iterable[Feature], as_of: date) -> Query:
    columns = ", ".join(["customer_key", *(_column(feature) for feature in features)])
    steps = f"WITH {', '.join(STEPS[grain])} " if grain in STEPS else ""
    grouped = "" if grain in ONE_ROW_A_CUSTOMER else " GROUP BY customer_key"
    text = f"{steps}SELECT {columns} FROM {ROWS[grain]}{grouped}"
    parameters = {"as_of": as_of, "today": (as_of - DAY_ZERO).days}
    return Query(
        table_of(grain), "customer", text, {name: parameters[name] for name in parameters if f"${name}" in text}
    )


def _column(feature: Feature) -> str:
    return f"{sql.cast(feature.sql, feature.type)} AS {feature.name}"


def _joined(grains: Sequence[Grain], base: Iterable[Feature], features: Iterable[Feature]) -> Query:
    keys = ("customer_key", "customer_id")
    joins = " ".join(
        f"LEFT JOIN {table_of(grain)} USING (customer_key)" for grain in grains if grain is not Grain.ORDERS
    )
    inner = ", ".join([*keys, *(_at_rest(feature) for feature in base)])
    outer = ", ".join([*keys, *(_column(each) if each.grain is Grain.CUSTOMER else each.name for each in features)])
    return Query(
        "customers_asof",
        "customer with at least one live order before as_of",
        f"WITH base AS (SELECT {inner} FROM {table_of(Grain.ORDERS)} JOIN customers USING (customer_key) {joins}) "
        f"SELECT {outer} FROM base ORDER BY customer_key",
    )


def _at_rest(feature: Feature) -> str:
    """A customer with orders may have no rows at another grain: no returns are 0 returns, no reviews have no mean."""
    column = f"{table_of(feature.grain)}.{feature.name}"
    return f"{f'COALESCE({column}, 0)' if feature.missing is Missing.ZERO else column} AS {feature.name}"
