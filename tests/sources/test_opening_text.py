"""A text of any separator, quoting, encoding and line end opens to the cells that were written."""

import csv
import gzip
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.engine import DuckEngine
from holdfast.engine import dialect as sql
from holdfast.sources.opened import OpenedTable
from holdfast.sources.opening import open_files

Table = list[list[str]]


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckEngine]:
    with DuckEngine(threads=2) as engine:
        yield engine


def opened(content: bytes, engine: DuckEngine, *, name: str = "orders.csv") -> tuple[OpenedTable, list[tuple[object, ...]]]:
    """The only table of a file with this content, and its rows in the order of row_number."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, name)
        file.write_bytes(content)
        into = Path(folder, "into")
        into.mkdir()
        (table,) = open_files([file], into=into, engine=engine)
        assert [path.name for path in into.iterdir()] == [table.path.name]
        rows = engine.execute(f"SELECT * FROM read_parquet({sql.text(str(table.path))}) ORDER BY row_number").fetchall()
    return table, rows


def as_stored(rows: Table) -> list[tuple[object, ...]]:
    """What Parquet should hold: the cells with NULL where they are empty, and the number of the row."""
    return [(*[cell or None for cell in row], number) for number, row in enumerate(rows, start=1)]


def csv_line(row: list[str], delimiter: str, quoting: Literal[0, 1, 2]) -> str:
    """One row as Python's csv module writes it, without a line end; both CR and LF in a cell get it quoted."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, quoting=quoting, lineterminator="\r\n").writerow(row)
    return stream.getvalue().removesuffix("\r\n")


# --- whatever is written comes back -----------------------------------------------------------------------------------

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252", "iso-8859-1"]
SHOWN = {
    "utf-8": {"UTF-8"},
    "utf-8-sig": {"UTF-8 with byte order mark"},
    "utf-16": {"UTF-16 LE"},
    "utf-16-le": {"UTF-16 LE"},
    "utf-16-be": {"UTF-16 BE"},
    "windows-1252": {"Windows-1252"},
    "iso-8859-1": {"ISO-8859-1"},
}
ACCENT = {"windows-1252": "Mühle für 5 €", "iso-8859-1": "Mühle für 5 £"}
"""What tells an encoding from UTF-8, and these two from one another."""

pieces = st.sampled_from([*"ab1 .,;|\t'\"\n\r\\#=-éß", "\r\n", '""', "NULL"])
cells = st.lists(pieces, max_size=6).map("".join)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Two to five columns; the first cell is an id and the last a long number, so that every row is one."""
    middle = draw(st.integers(0, 3))
    rows = draw(st.lists(st.lists(cells, min_size=middle, max_size=middle), min_size=1, max_size=12))
    return [[f"k{number}", *row, f"{number}00"] for number, row in enumerate(rows)]


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=tables(), line_end=st.sampled_from(["\n", "\r\n", "\r"]), encoding=st.sampled_from(ENCODINGS))
def test_every_cell_comes_back_as_written(
    table: Table, line_end: str, encoding: str, delimiter: str, quoting: Literal[0, 1, 2], engine: DuckEngine
) -> None:
    header = [f"name{delimiter}{i}" if i == 1 else f"name {i}" for i in range(len(table[0]))]
    first = [ACCENT.get(encoding, "Mühle für 5 €"), *table[0][1:]]
    rows = [first, *table[1:]]
    content = "".join(csv_line(row, delimiter, quoting) + line_end for row in [header, *rows])
    found, stored = opened(content.encode(encoding), engine)
    assert stored == as_stored(rows)
    assert found.rows == len(rows)
    assert found.facts["encoding"] in SHOWN[encoding]
    assert found.notes == ()
