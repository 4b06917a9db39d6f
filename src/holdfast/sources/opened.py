"""What opening a file yields: one table as it came, in Parquet, with the facts of its format."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class OpenedTable:
    """One table of one file (a CSV, one sheet of a workbook, one member of a zip), every cell as it was written.

    `path` is a Parquet file with the columns of the file plus a BIGINT `row_number` (first data row = 1) and, where
    rows were damaged, a VARCHAR `damaged` (see `tables.RawTable`). Cells of text formats are VARCHAR, untouched, NULL
    where empty; Parquet keeps its types. `facts` are what was detected, in the order to show them ("encoding":
    "ISO-8859-1"); `notes` are what a person should know ("3 rows have more cells than the header").
    """

    path: Path
    file: str
    table: str
    sha256: str
    rows: int
    columns: tuple[str, ...]
    facts: dict[str, str]
    notes: tuple[str, ...] = ()
