"""Customers taken out of all files of a shop: raw tables, data sets, forecasts of models, predictions.

Every part may be done twice: whoever is killed in the middle begins anew and finds what is left. Data sets go last,
because until then they know which orders were theirs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from holdfast.engine import DuckEngine, Query
from holdfast.store import Dataset, Import, current_dataset, forget_current, prune, read_dataset, read_import
from holdfast.store.imports import recounted, replace_tables
from holdfast.store.models import FORECASTS
from holdfast.workflows.importing import rebuild
from holdfast.workflows.report import ledger_of
from holdfast.workflows.shop import Progress, Shop, no_progress
from holdfast.workflows.tombstones import bury, tombstone
from holdfast.workflows.traces import customers_in, traces

UNWANTED = "unwanted_ids"


@dataclass(frozen=True, slots=True)
class Found:
    """Where customers stood: rows of raw tables by import and file, data sets, and tables of forecasts."""

    raw_rows: tuple[Mapping[str, Any], ...] = ()
    datasets: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    predictions: tuple[str, ...] = ()
    ledger: Mapping[str, Any] | None = field(default=None)

    def __bool__(self) -> bool:
        return bool(self.raw_rows or self.models or self.predictions)

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


def find(shop: Shop, customers: Sequence[str]) -> Found:
    """Where customers stand; changes nothing."""
    current = current_dataset(shop.folder)
    with shop.engine() as engine:
        found = traces(engine, _imports(shop), customers, datasets=_datasets(shop))
        counted = [(trace, trace.count(engine)) for trace in found]
        _bind_ids(engine, customers)
        return Found(
            raw_rows=tuple(
                {"import": trace.import_id, "file": trace.table.file, "content": trace.table.content, "rows": rows}
                for trace, rows in counted
                if rows
            ),
            datasets=tuple(shop.folder.names("datasets")),
            models=tuple(name.split("/")[1] for name in _forecasts(shop, "models") if _has(engine, shop, name)),
            predictions=tuple(n.split("/")[1] for n in _forecasts(shop, "predictions") if _has(engine, shop, n)),
            ledger=ledger_summary(current) if current else None,
        )


def everybody(shop: Shop) -> list[str]:
    """Every customer that stands in an import or in a table of forecasts."""
    with shop.engine() as engine:
        found = {customer for record in _imports(shop) for customer in customers_in(engine, record)}
        for name in [*_forecasts(shop, "models"), *_forecasts(shop, "predictions")]:
            folder = shop.folder.find(name)
            if folder is not None and (folder / FORECASTS).exists():
                engine.bind("forecasts", folder / FORECASTS)
                rows = engine.rows(Query("forecasts", "one customer", "SELECT customer_id FROM forecasts")).rows
                found |= {str(row[0]) for row in rows}
    return sorted(found)


def ledger_summary(dataset: Dataset) -> dict[str, Any]:
    """The totals of a data set: lines and exact money, as text."""
    ledger = ledger_of(dataset.manifest)
    return {
        "dataset": dataset.manifest.version,
        "customers": dataset.manifest.rows["customers"],
        "lines_in": ledger.lines_in,
        "lines_kept": ledger.lines_kept,
        "revenue_in": str(ledger.revenue_in),
        "revenue_kept": str(ledger.revenue_kept),
        "currency": dataset.manifest.currency,
    }


def erase_from_files(shop: Shop, customers: Sequence[str], *, progress: Progress = no_progress) -> Dataset | None:
    """Take customers out of everything and keep them out; the data set that is in force afterwards."""
    with shop.folder.locked(), shop.engine() as engine:
        bury(shop, [tombstone(shop, customer) for customer in customers])
        progress("Raw tables", 0.1)
        _rewrite_imports(shop, engine, customers)
        progress("Forecasts", 0.3)
        _bind_ids(engine, customers)
        for name in [*_forecasts(shop, "models"), *_forecasts(shop, "predictions")]:
            _rewrite_forecasts(shop, engine, name)
        stale = _is_stale(shop, engine)
    if stale:
        progress("A new data set", 0.4)
        _remake(shop)
    progress("Old data sets", 0.9)
    with shop.folder.locked():
        prune(shop.folder, keep=0)
        shop.folder.sweep(before=None)
    return current_dataset(shop.folder)


def _rewrite_imports(shop: Shop, engine: DuckEngine, customers: Sequence[str]) -> None:
    records = {record.id: record for record in _imports(shop)}
    found = traces(engine, list(records.values()), customers, datasets=_datasets(shop))
    for import_id, record in records.items():
        theirs = [trace for trace in found if trace.import_id == import_id and trace.count(engine)]
        if theirs:
            with shop.folder.workspace() as work:
                left = {t.table.path: t.write_others(engine, work / Path(t.table.path).name) for t in theirs}
                replace_tables(shop.folder, work, recounted(record, left))


def _rewrite_forecasts(shop: Shop, engine: DuckEngine, name: str) -> None:
    if _has(engine, shop, name):
        with shop.folder.workspace() as work:
            others = f"SELECT * FROM forecasts WHERE {_NOT_THEIRS} ORDER BY customer_id"
            engine.write(Query("others", "one customer", others), work / FORECASTS)
            shop.folder.replace_files(work, name)


def _is_stale(shop: Shop, engine: DuckEngine) -> bool:
    """Whether the data set was made before its imports were rewritten, by us or by a process that was killed."""
    dataset = current_dataset(shop.folder)
    if dataset is None:
        return False
    records = [read_import(shop.folder, import_id) for import_id in dataset.manifest.imports]
    rows = [table.rows for record in records for table in record.tables if table.content == "lines"]
    if rows != [source.rows for source in dataset.manifest.sources]:
        return True
    for name in ("customers", "rejects"):
        engine.bind(name, dataset.table(name))
    counted = " UNION ALL ".join(f"SELECT customer_id FROM {name} WHERE {_THEIRS}" for name in ("customers", "rejects"))
    return bool(engine.rows(Query("named", "one row", f"{counted} LIMIT 1")).rows)


def _remake(shop: Shop) -> None:
    """The data set anew from what is left of the imports; none if there are no lines any more."""
    dataset = current_dataset(shop.folder)
    records = [read_import(shop.folder, i) for i in dataset.manifest.imports] if dataset else []
    if any(table.rows for record in records for table in record.tables if table.content == "lines"):
        rebuild(shop)
        return
    with shop.folder.locked():
        forget_current(shop.folder)


# --- what there is ---------------------------------------------------------------------------------------------------

_THEIRS = f"customer_id IN (SELECT customer_id FROM {UNWANTED})"
_NOT_THEIRS = f"customer_id NOT IN (SELECT customer_id FROM {UNWANTED})"


def _bind_ids(engine: DuckEngine, customers: Sequence[str]) -> None:
    engine.bind_columns(UNWANTED, {"customer_id": np.array([*customers], dtype=object)})


def _imports(shop: Shop) -> list[Import]:
    return [read_import(shop.folder, import_id) for import_id in shop.folder.names("imports")]


def _datasets(shop: Shop) -> list[Dataset]:
    return [read_dataset(shop.folder, version) for version in shop.folder.names("datasets")]


def _forecasts(shop: Shop, kind: str) -> list[str]:
    """What holds a table of forecasts, one row per customer."""
    return [f"{kind}/{name}" for name in shop.folder.names(kind)]


def _has(engine: DuckEngine, shop: Shop, name: str) -> bool:
    """Whether they are in a table of forecasts, which is then bound as `forecasts`."""
    folder = shop.folder.find(name)
    if folder is None or not (folder / FORECASTS).exists():
        return False
    engine.bind("forecasts", folder / FORECASTS)
    return bool(engine.rows(Query("named", "one row", f"SELECT 1 FROM forecasts WHERE {_THEIRS} LIMIT 1")).rows)
