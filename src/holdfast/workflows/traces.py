"""Where customers stand in raw tables: their lines and what hangs on their orders, found as cleaning would read them.

A row is theirs if it names them, if it names nobody and belongs to one of their orders, or if it is too damaged to be
read and their id stands somewhere in it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from holdfast.cleaning.cells import cell
from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.store import Dataset, Import
from holdfast.tables import DAMAGED, ROW_NUMBER, Kind, RawTable

IDS, ORDERS = "traced_ids", "traced_orders"


@dataclass(frozen=True, slots=True)
class Trace:
    """A raw table bound in an engine, and the condition under which a row of it is one of theirs."""

    import_id: str
    table: RawTable
    bound: str
    is_theirs: str

    def rows(self, engine: DuckEngine) -> list[dict[str, Any]]:
        """Their rows, as they came."""
        text = f"SELECT * FROM {self.bound} WHERE {self.is_theirs} ORDER BY {ROW_NUMBER}"
        return engine.rows(Query("theirs", "one row of a file", text)).dicts()

    def count(self, engine: DuckEngine) -> int:
        """How many rows are theirs."""
        text = f"SELECT COUNT(*) AS n FROM {self.bound} WHERE {self.is_theirs}"
        return int(engine.rows(Query("theirs", "all rows of a file", text)).one()["n"])

    def write_others(self, engine: DuckEngine, path: Path) -> int:
        """Write the table without them; returns its rows."""
        text = f"SELECT * FROM {self.bound} WHERE NOT {self.is_theirs} ORDER BY {ROW_NUMBER}"
        return engine.write(Query("others", "one row of a file", text), path)


def traces(
    engine: DuckEngine, imports: Sequence[Import], customers: Sequence[str], *, datasets: Sequence[Dataset] = ()
) -> list[Trace]:
    """Every raw table of some imports, with where these customers stand in it.

    Their orders are those that the tables themselves tell, and those that data sets know which were made of them.
    """
    engine.bind_columns(IDS, {"customer_id": np.array([*customers], dtype=object)})
    tables = [(record.id, table) for record in imports for table in record.tables]
    bound = [f"traced_{number}" for number in range(len(tables))]
    for name, (_, table) in zip(bound, tables, strict=True):
        engine.bind(name, Path(table.path))
    types = [engine.types(name) for name in bound]
    theirs = [
        f"SELECT {_id(table, 'order_id', found)} AS order_id FROM {name} WHERE {_names_them(table, found)}"
        for name, (_, table), found in zip(bound, tables, types, strict=True)
        if table.content == "lines" and {"customer_id", "order_id"} <= table.readings.keys()
    ]
    for number, dataset in enumerate(datasets):
        theirs += _orders_in(engine, dataset, number)
    listed = " UNION ".join([*theirs, "SELECT CAST(NULL AS VARCHAR) AS order_id"])
    engine.keep(ORDERS, Query("orders", "one order", f"SELECT * FROM ({listed}) AS o WHERE order_id IS NOT NULL"))
    return [
        Trace(import_id, table, name, _is_theirs(table, found, customers))
        for name, (import_id, table), found in zip(bound, tables, types, strict=True)
    ]


def _orders_in(engine: DuckEngine, dataset: Dataset, number: int) -> list[str]:
    """Their orders in a data set, also those of lines that were not kept."""
    bound = {name: f"{name}_of_{number}" for name in ("customers", "orders", "rejects")}
    for name, view in bound.items():
        engine.bind(view, dataset.table(name))
    kept = f"SELECT order_id FROM {bound['orders']} JOIN {bound['customers']} USING (customer_key)"
    among = f"WHERE customer_id IN (SELECT customer_id FROM {IDS})"
    return [f"{kept} {among}", f"SELECT order_id FROM {bound['rejects']} {among}"]


def customers_in(engine: DuckEngine, record: Import) -> list[str]:
    """Every customer that an import names, in its lines or beside them."""
    found: set[str] = set()
    for number, table in enumerate(record.tables):
        if "customer_id" in table.readings:
            name = f"named_{number}"
            engine.bind(name, Path(table.path))
            text = f"SELECT DISTINCT {_id(table, 'customer_id', engine.types(name))} AS customer_id FROM {name}"
            found |= {row[0] for row in engine.rows(Query("customers", "one customer", text)).rows if row[0]}
    return sorted(found)


def _is_theirs(table: RawTable, types: dict[str, str], customers: Sequence[str]) -> str:
    conditions = []
    if "customer_id" in table.readings:
        conditions.append(_names_them(table, types))
    if "order_id" in table.readings:
        nobody = f"{_id(table, 'customer_id', types)} IS NULL AND " if "customer_id" in table.readings else ""
        conditions.append(f"({nobody}{_id(table, 'order_id', types)} IN (SELECT order_id FROM {ORDERS}))")
    if DAMAGED in types:
        among = "|".join(re.escape(customer) for customer in customers)
        conditions.append(sql.matches(DAMAGED, rf"(^|[^0-9A-Za-z])({among})([^0-9A-Za-z]|$)"))
    return f"COALESCE({' OR '.join(conditions) or 'FALSE'}, FALSE)"


def _names_them(table: RawTable, types: dict[str, str]) -> str:
    return f"{_id(table, 'customer_id', types)} IN (SELECT customer_id FROM {IDS})"


def _id(table: RawTable, field: str, types: dict[str, str]) -> str:
    """An id as cleaning reads it."""
    reading = table.readings[field]
    return cell(reading, Kind.ID, types[reading.column], zone=table.time_zone)
