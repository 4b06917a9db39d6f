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
ID_N = ["id", "n"]


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckEngine]:
    with DuckEngine(threads=2) as engine:
        yield engine


def opened(
    content: bytes, engine: DuckEngine, *, name: str = "orders.csv"
) -> tuple[OpenedTable, list[tuple[object, ...]]]:
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


# --- separators, quotes, headers and line ends, one by one ------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "columns", "rows"),
    [
        pytest.param(b"id,n\nx,1\ny,2", ID_N, [["x", "1"], ["y", "2"]], id="no line end at the end"),
        pytest.param(b"id,n\r\nx,1\ny,2\rz,3\n", ID_N, [["x", "1"], ["y", "2"], ["z", "3"]], id="mixed line ends"),
        pytest.param(b"id,n\n\nx,1\n \ny,2\n\n\n", ID_N, [["x", "1"], ["y", "2"]], id="blank lines"),
        pytest.param(b"id;n\nx;1,5\ny;2,5\n", ID_N, [["x", "1,5"], ["y", "2,5"]], id="decimal commas"),
        pytest.param(b"7;1,5\n8;2,5\n", ["column_1", "column_2"], [["7", "1,5"], ["8", "2,5"]], id="and no header"),
        pytest.param(b"sep=;\r\nid;n\r\nx;1\r\n", ID_N, [["x", "1"]], id="Excel's sep line"),
        pytest.param(b"sep=^\nid^n\nx^1\n", ID_N, [["x", "1"]], id="sep line with an odd separator"),
        pytest.param(b"id,n\nx, 1 \n", ID_N, [["x", " 1 "]], id="blanks stay"),
        pytest.param(b'id,n\nx, "1"\n', ID_N, [["x", ' "1"']], id="a quote after a blank is no quote"),
        pytest.param(b'id,n\n5" nail,1\n', ID_N, [['5" nail', "1"]], id="inches"),
        pytest.param(b"'id','n'\n'x, y','1'\n", ID_N, [["x, y", "1"]], id="single quotes"),
        pytest.param(b'id,n\n"a \\"b\\", c",1\n', ID_N, [['a "b", c', "1"]], id="backslash"),
        pytest.param(b'id\tn\n"x\t1\n"y\t2\n"z\t3\n', ID_N, [['"x', "1"], ['"y', "2"], ['"z', "3"]], id="bare"),
        pytest.param(b"id,n,\nx,1,\ny,2,\n", [*ID_N, "column_3"], [["x", "1", ""], ["y", "2", ""]], id="at the end"),
        pytest.param(b"id,n,\nx,1\ny,2\n", ID_N, [["x", "1"], ["y", "2"]], id="of the header only"),
        pytest.param(b"id\nx\ny\n", ["id"], [["x"], ["y"]], id="one column"),
        pytest.param(b"id\nAnn Lee\nBo van Dyk\nCy\n", ["id"], [["Ann Lee"], ["Bo van Dyk"], ["Cy"]], id="blanks"),
        pytest.param(b" id  n\n x   1\n y  12\n", ID_N, [["x", "1"], ["y", "12"]], id="aligned by blanks"),
        pytest.param(b"ID,id,,row_number\nx,y,1,2\n", ["ID", "id_2", "column_3", "row_number_2"], [[*"xy12"]], id="a"),
        pytest.param(b'"first\nname",n\nx,1\n', ["first name", "n"], [["x", "1"]], id="line break in a name"),
        pytest.param(b"Sales 2024\n\nid,n,city\nx,1,Rome\n", [*ID_N, "city"], [["x", "1", "Rome"]], id="title above"),
        pytest.param(b"id,n\nx,1\n,\ny,2\n", ID_N, [["x", "1"], ["y", "2"]], id="row without content"),
        pytest.param(b"id,n\nNULL,nan\n", ID_N, [["NULL", "nan"]], id="words for nothing stay words"),
        pytest.param(b"id,n\nx\x1f,1\x1e\n", ID_N, [["x\x1f", "1\x1e"]], id="control characters stay"),
    ],
)  # fmt: skip
def test_layouts(content: bytes, columns: list[str], rows: Table, engine: DuckEngine) -> None:
    table, stored = opened(content, engine)
    assert list(table.columns) == columns
    assert stored == as_stored(rows)
    assert all("damaged" not in note for note in table.notes)


def test_facts_say_what_was_detected(engine: DuckEngine) -> None:
    table, _ = opened(gzip.compress("a;b\r\nMüller;1\r\n".encode("iso-8859-1")), engine, name="orders.csv.gz")
    assert table.facts == {
        "packed": "gzip",
        "format": "text",
        "encoding": "ISO-8859-1",
        "separator": "semicolon",
        "quote": '"',
        "header": "yes",
    }
    assert (table.file, table.table) == ("orders.csv.gz", "orders")


def test_cells_of_a_megabyte_with_line_breaks(engine: DuckEngine) -> None:
    long = "four\nfive\r\n" * 100_000
    table, stored = opened(f'id,text,n\nx,"{long}",1\ny,short,2\n'.encode(), engine)
    assert stored == as_stored([["x", long, "1"], ["y", "short", "2"]])
    assert table.notes == ()


def test_many_rows_with_line_breaks_keep_their_order(engine: DuckEngine) -> None:
    """Enough text for several buffers of a parallel reader, breaks in quotes at every odd place."""
    rows = [[f"k{i}", "line\r\n" * (i % 40) + '"' * (i % 3) + "\n" * (i % 2), str(i)] for i in range(60_000)]
    content = "".join(csv_line(row, ",", csv.QUOTE_MINIMAL) + "\r\n" for row in [["id", "text", "n"], *rows])
    table, stored = opened(content.encode(), engine)
    assert stored == as_stored(rows)
    assert table.rows == len(rows)


def test_a_file_larger_than_any_chunk_is_decoded_whole(engine: DuckEngine) -> None:
    """Characters of several bytes lie across the borders of chunks; the only accent comes at the very end."""
    rows = [[f"k{i}", "日本" * 30 + "." * (i % 7)] for i in range(20_000)]
    content = "id,text\n" + "".join(f"{key},{text}\n" for key, text in rows)
    assert opened(content.encode(), engine)[1] == as_stored(rows)
    assert opened(content.encode("utf-16"), engine)[1] == as_stored(rows)
    plain = "id,text\n" + "".join(f"k{i},{'x' * 60}\n" for i in range(20_000)) + "last,5 €\n"
    table, stored = opened(plain.encode("windows-1252"), engine)
    assert (table.facts["encoding"], stored[-1]) == ("Windows-1252", ("last", "5 €", 20_001))
