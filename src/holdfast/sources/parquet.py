"""Parquet keeps the types it has; what is added is the number of each row."""

from pathlib import Path

import duckdb

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.errors import InputError
from holdfast.sources.delivered import Delivered, no_rows
from holdfast.sources.header import usable_names
from holdfast.sources.opened import OpenedTable
from holdfast.tables import ROW_NUMBER


def open_parquet(delivered: Delivered, *, target: Path, engine: DuckEngine) -> OpenedTable:
    """Rewrite the file with `row_number`, in its own order, row group by row group. Raises InputError."""
    try:
        return _rewrite(delivered, target, engine)
    except duckdb.Error as error:
        raise InputError(
            f"{delivered.label} is a Parquet file that cannot be read.",
            seen=f"DuckDB says: {str(error).splitlines()[0].rstrip('.')}.",
            todo="Copy or export it again.",
        ) from error


def _rewrite(delivered: Delivered, target: Path, engine: DuckEngine) -> OpenedTable:
    source = f"read_parquet({sql.text(str(delivered.path))}, file_row_number = true, hive_partitioning = false)"
    described = engine.execute(f"DESCRIBE SELECT * EXCLUDE (file_row_number) FROM {source}").fetchall()
    stored = [row[0] for row in described]
    names, notes = usable_names(stored)
    selected = [f"{sql.name(old)} AS {sql.name(new)}" for old, new in zip(stored, names, strict=True)]
    query = Query(
        "opened",
        "one row of the file, in the order of the file",
        f"SELECT {', '.join(selected)}, file_row_number + 1 AS {sql.name(ROW_NUMBER)} FROM {source}",
    )
    count = engine.write(query, target)
    if not count:
        raise no_rows(delivered.label)
    return OpenedTable(
        path=target,
        file=delivered.file,
        table=delivered.table,
        sha256=delivered.sha256,
        rows=count,
        columns=names,
        facts=delivered.facts | {"format": "Parquet"},
        notes=notes,
    )
