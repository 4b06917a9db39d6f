"""Holdfast: cleaning into a stage with its ledger, features from the stage, and both in a row."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fifteen import FEATURES, Answer

from holdfast.cleaning import POLICIES, clean
from holdfast.engine import DuckEngine, Query
from holdfast.features import CATALOGUE, Grain, available_columns, customers_asof, queries
from holdfast.tables import STAGE, RawTable, Reading

_SOME_ROWS = 2048
_READINGS = {
    "order_id": "InvoiceNo",
    "product_id": "StockCode",
    "product_name": "Description",
    "quantity": "Quantity",
    "ordered_at": "InvoiceDate",
    "unit_price": "UnitPrice",
    "customer_id": "CustomerID",
    "country": "Country",
}


@contextmanager
def engine(memory_limit: str | None) -> Iterator[DuckEngine]:
    """The engine as the product runs it, with room to spill."""
    with TemporaryDirectory() as spill, DuckEngine(memory_limit=memory_limit, spill=Path(spill)) as running:
        yield running


def cleaned(running: DuckEngine, raw: Path, *, policy: str, into: Path) -> Answer:
    """Raw lines to ledger and stage."""
    into.mkdir(parents=True, exist_ok=True)
    made = clean([_raw_table(raw)], policy=POLICIES[policy], engine=running, into=into)
    return {f"{table} rows": float(rows) for table, rows in made.rows.items()}


def bind_stage(running: DuckEngine, stage: Path) -> None:
    """Make the tables of a stage readable under their names."""
    for table in STAGE:
        running.bind(table.name, stage / f"{table.name}.parquet")


def featured(running: DuckEngine, as_of: date, names: Sequence[str] | None) -> Answer:
    """Features of every customer from the bound stage."""
    rows = customers_asof(running, as_of=as_of, available=available_columns(running), names=names)
    return {"customers": float(rows)}


def sums_of_fifteen(running: DuckEngine) -> Answer:
    """The figures to compare with the peers', from the features just made."""
    sums = ", ".join(f"SUM(CAST({name} AS DOUBLE)) AS {name}" for name in FEATURES)
    query = Query("sums", "one row", f"SELECT COUNT(*) AS customers, {sums} FROM customers_asof")
    return {name: float(value) for name, value in running.rows(query).one().items()}


def of_grain(grain: Grain) -> list[str]:
    """The names of all features of one grain."""
    return [feature.name for feature in CATALOGUE if feature.grain is grain]


def columns_read(stage: Path, as_of: date, names: Sequence[str] | None) -> dict[Path, list[str]]:
    """The Parquet columns that these features really read, which is what their floor has to read.

    They are taken from the plans over a little table of each kind, for only the scan of a table tells its name.
    """
    with DuckEngine() as planner:
        for table in STAGE:
            source = f"read_parquet('{stage / table.name}.parquet')"
            planner.execute(f"CREATE TABLE {table.name} AS SELECT * FROM {source} LIMIT {_SOME_ROWS}")
        *grains, _ = queries(as_of=as_of, available=available_columns(planner), names=names)
        columns: dict[Path, set[str]] = defaultdict(set)
        columns[stage / "customers.parquet"] |= {"customer_key", "customer_id"}
        for query in grains:
            plan = planner.execute(f"EXPLAIN (FORMAT json) {query.sql}", query.parameters).fetchall()[0][1]
            for scan in _scans(json.loads(plan)):
                table = scan["Table"].rpartition(".")[2].strip('"')
                columns[stage / f"{table}.parquet"] |= _named(scan, planner.names(table))
    return {path: sorted(read) for path, read in columns.items()}


def _scans(plan: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for node in plan:
        if "Table" in node.get("extra_info", {}):
            yield node["extra_info"]
        yield from _scans(node.get("children", []))


def _named(scan: dict[str, Any], names: Sequence[str]) -> set[str]:
    """The columns that a scan projects or filters by."""
    words = set(re.findall(r"\w+", f"{scan.get('Projections', '')} {scan.get('Filters', '')}"))
    return words & set(names)


def _raw_table(raw: Path) -> RawTable:
    return RawTable(
        path=str(raw),
        content="lines",
        file=raw.name,
        sha256="0" * 64,
        rows=0,
        readings={field: Reading(column) for field, column in _READINGS.items()},
        currency="GBP",
    )
