"""A data set from imports and a policy, always made whole: undoing an import, or changing a rule, is making it anew.

That costs a pass over all raw lines each time, and buys that a data set never depends on the path that led to it.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from holdfast.cleaning import Cleaned, Entry, Policy, clean
from holdfast.cleaning.as_of import propose_as_of
from holdfast.engine import DuckEngine, Query
from holdfast.errors import InputError
from holdfast.store import Import, LedgerEntry, Manifest, Source, next_version
from holdfast.tables import STAGE
from holdfast.workflows.clock import stamp
from holdfast.workflows.shop import Shop


def clean_imports(shop: Shop, imports: Sequence[Import], *, policy: Policy, engine: DuckEngine, into: Path) -> Manifest:
    """Clean the raw tables of the imports into the folder, leave the stage bound in the engine, and describe it."""
    tables = [table for record in imports for table in record.tables]
    if not any(table.content == "lines" for table in tables):
        raise InputError(
            "There are no orders in what was imported.",
            seen=f"Only {', '.join(sorted({table.content for table in tables})) or 'nothing'}.",
            todo="Import the orders first, then what is known about customers and reviews.",
        )
    cleaned = clean(tables, policy=policy, engine=engine, into=into)
    for table in STAGE:
        engine.bind(table.name, into / f"{table.name}.parquet")
    return _manifest(shop, imports, policy, cleaned, engine)


def _manifest(shop: Shop, imports: Sequence[Import], policy: Policy, cleaned: Cleaned, engine: DuckEngine) -> Manifest:
    sources = tuple(
        Source(import_id=record.id, file=table.file, sha256=table.sha256, rows=table.rows)
        for record in imports
        for table in record.tables
        if table.content == "lines"
    )
    span = engine.rows(
        Query("span", "all orders", "SELECT MIN(ordered_at) AS a, MAX(ordered_at) AS z FROM orders")
    ).one()
    as_of = propose_as_of(engine, orders="orders")
    currencies = [record.currency for record in imports if record.currency]
    return Manifest(
        version=next_version(shop.folder, _fingerprint(imports, policy)),
        created_at=stamp(),
        imports=tuple(record.id for record in imports),
        sources=sources,
        policy=policy.as_dict(),
        ledger=tuple(_entry(entry) for entry in cleaned.ledger),
        schema={table.name: {column.name: column.type for column in table.columns} for table in STAGE},
        rows=cleaned.rows,
        fields=cleaned.fields,
        duplicates=cleaned.duplicates,
        currency=currencies[0] if currencies else shop.settings.currency,
        time_zone=shop.settings.time_zone,
        as_of=as_of.isoformat() if as_of else None,
        first_order=span["a"].isoformat() if span["a"] else None,
        last_order=span["z"].isoformat() if span["z"] else None,
        notes=tuple(note for record in imports for note in record.notes),
    )


def _entry(entry: Entry) -> LedgerEntry:
    return LedgerEntry(
        entry.source, entry.reason, entry.lines, entry.orders, entry.customers, format(entry.revenue, "f")
    )


def _fingerprint(imports: Sequence[Import], policy: Policy) -> str:
    made_of = [[table.sha256 for table in record.tables] for record in imports]
    return sha256(json.dumps([made_of, policy.as_dict()], sort_keys=True).encode()).hexdigest()
