"""Ids that a tool has damaged: 17850.0 for 17850, 123 for 00123, the same address in two spellings."""

from collections.abc import Iterable

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql

_FEW = 0.25


def id_warnings(engine: DuckEngine, table: str, columns: Iterable[tuple[str, str]]) -> list[str]:
    """What looks wrong with the ids in the columns (field, column) of a bound table."""
    return [warning for field, column in columns for warning in _warnings(engine, table, field, column)]


def _warnings(engine: DuckEngine, table: str, field: str, column: str) -> Iterable[str]:
    seen = engine.rows(_counts(table, column)).one()
    if seen["decimals"]:
        yield (
            f"{column} ({field}) holds ids such as {seen['decimal_example']}: a tool turned them into decimal numbers. "
            "Export them as text if other files write them without .0."
        )
    if seen["padded"]:
        yield (
            f"{column} ({field}) holds {seen['padded']:,} ids both with and without leading zeros; "
            "each spelling counts as an id of its own."
        )
    elif (
        seen["digits"]
        and seen["shortest"] >= max(seen["longest"] - 2, 3)
        and 0 < seen["shorter"] < _FEW * seen["digits"]
    ):
        yield (
            f"{column} ({field}) holds {seen['shorter']:,} ids with fewer than {seen['longest']} digits: "
            "perhaps a spreadsheet cut leading zeros off."
        )
    if seen["spellings"]:
        yield (
            f"{column} ({field}) holds {seen['spellings']:,} ids that differ from others only in upper and lower case; "
            "each spelling counts as an id of its own."
        )


def _counts(table: str, column: str) -> Query:
    cell = f"trim(CAST({sql.name(column)} AS VARCHAR))"
    ids = f"SELECT DISTINCT {cell} AS id FROM {sql.name(table)} WHERE {cell} <> ''"
    digits, decimals = sql.matches("id", r"^\d+$"), sql.matches("id", r"^\d+\.0$")
    counted = (
        f"SELECT id, {digits} AS is_digits, {decimals} AS is_decimal, length(id) AS size, "
        f"MAX(CASE WHEN {digits} THEN length(id) END) OVER () AS longest FROM ({ids}) AS ids"
    )
    return Query(
        "ids",
        "one row",
        f"SELECT {sql.count_where('is_decimal')} AS decimals, MIN(id) FILTER (WHERE is_decimal) AS decimal_example, "
        f"{sql.count_where('is_digits')} AS digits, MAX(longest) AS longest, "
        "MIN(size) FILTER (WHERE is_digits) AS shortest, "
        f"{sql.count_where('is_digits AND size < longest')} AS shorter, "
        f"{sql.count_where('is_digits')} - COUNT(DISTINCT ltrim(id, '0')) FILTER (WHERE is_digits) AS padded, "
        f"COUNT(*) - COUNT(DISTINCT lower(id)) AS spellings FROM ({counted}) AS counted",
    )
