"""Looking into a home folder."""

from pathlib import Path

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.store import ShopFolder, needed_dataset
from holdfast.tables import STAGE


def stage_fingerprint(home: Path, tenant: str) -> dict[str, object]:
    """A number for each table of the current data set that changes with any value in it."""
    dataset = needed_dataset(ShopFolder.of(home, tenant))
    prints: dict[str, object] = {}
    with DuckEngine() as engine:
        for table in STAGE:
            engine.bind(table.name, dataset.table(table.name))
            content = sql.row_hash([name for name in table.names if name != "row_number"])
            query = Query("fingerprint", "a table", f"SELECT COUNT(*) AS n, SUM({content}) AS h FROM {table.name}")
            prints[table.name] = engine.rows(query).rows[0]
    return prints
