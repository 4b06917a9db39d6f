"""Small shops for the tests of cleaning: rows of text as a file would hold them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from holdfast.cleaning import POLICIES, Cleaned, Policy, clean
from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.tables import STAGE, RawTable, Reading

COLUMNS = ("customer_id", "order_id", "ordered_at", "product_id", "quantity", "unit_price")
Row = Sequence[str | None]


def raw_table(
    folder: Path, rows: Sequence[Row], *, columns: Sequence[str] = COLUMNS, name: str = "lines", **facts: Any
) -> RawTable:
    """A raw table of text cells under our own names; dates are ISO, numbers plain."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.parquet"
    values = ", ".join(
        "(" + ", ".join([str(n), *("NULL" if cell is None else sql.text(cell) for cell in row)]) + ")"
        for n, row in enumerate(rows, start=1)
    )
    names = ", ".join(["row_number", *columns])
    typed = ", ".join(["CAST(row_number AS BIGINT) AS row_number", *(f"CAST({c} AS VARCHAR) AS {c}" for c in columns)])
    with DuckEngine() as engine:
        engine.write(Query("raw", "a row", f"SELECT {typed} FROM (VALUES {values}) AS t({names})"), path)
    times = {"ordered_at", "cancelled_at", "delivered_at", "promised_at", "created_at"}
    readings = {
        column: Reading(column, time_formats=("%Y-%m-%d %H:%M", "%Y-%m-%d") if column in times else ())
        for column in columns
    }
    content = facts.pop("content", "lines")
    return RawTable(
        path=str(path), content=content, file=f"{name}.csv", sha256=name, rows=len(rows), readings=readings, **facts
    )


class CleanShop:
    """What cleaning made of some tables, ready to be asked."""

    def __init__(self, tables: Sequence[RawTable], folder: Path, policy: Policy = POLICIES["default"]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.engine = DuckEngine()
        self.cleaned: Cleaned = clean(tables, policy=policy, engine=self.engine, into=folder)
        for table in STAGE:
            self.engine.bind(table.name, folder / f"{table.name}.parquet")

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        """The rows of a query over the stage."""
        return self.engine.rows(Query("asked", "a row", text)).rows

    def rejected(self) -> dict[tuple[int, int], str]:
        """(source, row) -> reason."""
        return {(s, r): reason for s, r, reason in self.rows("SELECT source, row_number, reason FROM rejects")}
