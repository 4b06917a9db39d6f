"""The floor: DuckDB reading Parquet columns and summing them. Nothing that reads these columns can be faster.

Numbers are summed, times as seconds, texts by their lengths, flags counted: the cheapest that forces every value to be
decoded.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import duckdb
from tasks import Place, Timed

RAW_SIX = ("InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID")
"""What the fifteen features need of the raw lines; the peers read these."""
RAW_ALL = (*RAW_SIX, "Description", "Country", "row_number")
"""What cleaning reads: everything, for it keeps the names of products and the places of orders."""


def six_raw_columns(place: Place, stack: ExitStack) -> Timed:
    """What the fifteen features need."""
    return floor({place.raw: RAW_SIX}, stack)


def raw_columns(place: Place, stack: ExitStack) -> Timed:
    """What cleaning needs."""
    return floor({place.raw: RAW_ALL}, stack)


def floor(columns: Mapping[Path, Sequence[str]], stack: ExitStack) -> Timed:
    """Read and sum these columns of each file; the answer is the number of rows."""
    connection = stack.enter_context(duckdb.connect())
    return lambda: {"rows": float(sum(_read_and_sum(connection, path, names) for path, names in columns.items()))}


def _read_and_sum(connection: duckdb.DuckDBPyConnection, path: Path, names: Sequence[str]) -> int:
    source = f"read_parquet('{path}')"
    types = {name: str(kind) for name, kind, *_ in connection.execute(f"DESCRIBE FROM {source}").fetchall()}
    sums = ", ".join(_sum(f'"{name}"', types[name]) for name in names)
    counted = connection.execute(f"SELECT COUNT(*), {sums} FROM {source}").fetchone()
    return int(counted[0]) if counted else 0


def _sum(column: str, kind: str) -> str:
    if kind == "VARCHAR":
        return f"SUM(strlen({column}))"
    if kind == "BOOLEAN":
        return f"COUNT(*) FILTER (WHERE {column})"
    if kind.startswith(("TIMESTAMP", "DATE")):
        return f"SUM(epoch({column}))"
    return f"SUM({column})"
