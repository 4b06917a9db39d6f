"""Holdfast: cleaning into a stage with its ledger, features from the stage, and both in a row."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import floors
from fifteen import AS_OF, FEATURES, Answer
from tasks import Place, Timed

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


def clean_by_default(place: Place, stack: ExitStack) -> Timed:
    """Raw lines to ledger and stage, returns undoing their sales."""
    return _cleaning(place, stack, "default")


def clean_simply(place: Place, stack: ExitStack) -> Timed:
    """Raw lines to ledger and stage by the rules that the peers use."""
    return _cleaning(place, stack, "simple")


def fifteen_features(place: Place, stack: ExitStack) -> Timed:
    """The fifteen features from the stage."""
    return _features(place, stack, FEATURES)


def order_features(place: Place, stack: ExitStack) -> Timed:
    """All features that come from orders."""
    return _features(place, stack, _of_grain(Grain.ORDERS))


def product_features(place: Place, stack: ExitStack) -> Timed:
    """All features that come from customers and products: diversity, loyalty, repeats."""
    return _features(place, stack, _of_grain(Grain.PRODUCTS))


def floor_of_fifteen(place: Place, stack: ExitStack) -> Timed:
    """The columns that `fifteen_features` reads."""
    return floors.floor(_columns_read(place.stage, FEATURES), stack)


def floor_of_orders(place: Place, stack: ExitStack) -> Timed:
    """The columns that `order_features` reads."""
    return floors.floor(_columns_read(place.stage, _of_grain(Grain.ORDERS)), stack)


def floor_of_products(place: Place, stack: ExitStack) -> Timed:
    """The columns that `product_features` reads."""
    return floors.floor(_columns_read(place.stage, _of_grain(Grain.PRODUCTS)), stack)


def all_the_way(place: Place, stack: ExitStack) -> Timed:
    """Raw lines to stage by the simple policy, and the fifteen features from it, summed to compare with the peers."""
    engine, into = _engine(place, stack), _scratch(place, stack)

    def run() -> Answer:
        write_stage(engine, place.raw, policy="simple", into=into)
        _bind(engine, into)
        customers_asof(engine, as_of=AS_OF, available=available_columns(engine), names=FEATURES)
        sums = ", ".join(f"SUM(CAST({name} AS DOUBLE)) AS {name}" for name in FEATURES)
        query = Query("sums", "one row", f"SELECT COUNT(*) AS customers, {sums} FROM customers_asof")
        return {name: float(value) for name, value in engine.rows(query).one().items()}

    return run


def write_stage(engine: DuckEngine, raw: Path, *, policy: str, into: Path) -> Answer:
    """Clean the raw lines; returns the rows of each table."""
    into.mkdir(parents=True, exist_ok=True)
    made = clean([_raw_table(raw)], policy=POLICIES[policy], engine=engine, into=into)
    return {f"{table} rows": float(rows) for table, rows in made.rows.items()}


def _cleaning(place: Place, stack: ExitStack, policy: str) -> Timed:
    engine, into = _engine(place, stack), _scratch(place, stack)
    return lambda: write_stage(engine, place.raw, policy=policy, into=into)


def _features(place: Place, stack: ExitStack, names: Sequence[str]) -> Timed:
    engine = _engine(place, stack)
    _bind(engine, place.stage)

    def run() -> Answer:
        available = available_columns(engine)
        return {"customers": float(customers_asof(engine, as_of=AS_OF, available=available, names=names))}

    return run


def _engine(place: Place, stack: ExitStack) -> DuckEngine:
    """The engine as the product runs it, with room to spill."""
    return stack.enter_context(DuckEngine(memory_limit=place.memory_limit, spill=_scratch(place, stack)))


def _scratch(place: Place, stack: ExitStack) -> Path:
    """An empty folder beside the data, which goes away with the task."""
    return Path(stack.enter_context(TemporaryDirectory(dir=place.raw.parent)))


def _bind(engine: DuckEngine, stage: Path) -> None:
    for table in STAGE:
        engine.bind(table.name, stage / f"{table.name}.parquet")


def _of_grain(grain: Grain) -> list[str]:
    return [feature.name for feature in CATALOGUE if feature.grain is grain]


def _columns_read(stage: Path, names: Sequence[str]) -> dict[Path, list[str]]:
    """The Parquet columns that these features really read, which is what their floor has to read.

    They are taken from the plans over a little table of each kind, for only the scan of a table tells its name.
    """
    with DuckEngine() as planner:
        for table in STAGE:
            source = f"read_parquet('{stage / table.name}.parquet')"
            planner.execute(f"CREATE TABLE {table.name} AS SELECT * FROM {source} LIMIT {_SOME_ROWS}")
        *grains, _ = queries(as_of=AS_OF, available=available_columns(planner), names=names)
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
