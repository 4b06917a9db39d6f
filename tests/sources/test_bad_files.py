"""Malformed and odd files: each ends in a clear error, or in rows of which none is lost or mended in silence."""

import errno
import gzip
import io
import json
import os
import struct
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.engine import DuckEngine
from holdfast.engine import dialect as sql
from holdfast.errors import HoldfastError, InputError, StoreError
from holdfast.sources.opened import OpenedTable
from holdfast.sources.opening import open_files
from holdfast.tables import DAMAGED

GOOD = b"order,customer,amount\n" + b"".join(b"%d,ann,%d.50\n" % (i, i) for i in range(1, 9))
"""A header and eight rows."""


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckEngine]:
    with DuckEngine(threads=2) as engine:
        yield engine


def open_bytes(content: bytes, engine: DuckEngine, folder: Path, *, name: str = "orders.csv") -> list[OpenedTable]:
    file = folder / name
    file.write_bytes(content)
    into = folder / "into"
    into.mkdir()
    return list(open_files([file], into=into, engine=engine))


def parquet_bytes() -> bytes:
    with DuckEngine(threads=1) as engine, tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.parquet")
        engine.execute(f"COPY (SELECT i AS id, 'x' AS name FROM range(1000) r(i)) TO {sql.text(str(path))}")
        return path.read_bytes()


def workbook_bytes(*rows: list[object]) -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(stream)
    return stream.getvalue()


def zip_bytes(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def without(content: bytes, old: bytes, new: bytes) -> bytes:
    assert old in content
    return content.replace(old, new)


def _with_wrong_byte(content: bytes, position: int, value: int = 0xFF) -> bytes:
    changed = bytearray(content)
    changed[position] ^= value
    return bytes(changed)


def _empty_parquet() -> bytes:
    with DuckEngine(threads=1) as engine, tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.parquet")
        engine.execute(f"COPY (SELECT 1 AS id WHERE FALSE) TO {sql.text(str(path))}")
        return path.read_bytes()


def _encrypted_zip() -> bytes:
    """Set the bit that says so, in the local header and in the directory."""
    content = zip_bytes({"orders.csv": GOOD})
    directory = content.index(b"PK\x01\x02")
    return _with_wrong_byte(_with_wrong_byte(content, 6, 1), directory + 8, 1)


# --- files that are refused -------------------------------------------------------------------------------------------

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing at all": (lambda: b"", "empty"),
    "only a byte order mark": (lambda: b"\xef\xbb\xbf", "no rows"),
    "only line ends": (lambda: b"\r\n\r\n\n", "no rows"),
    "only a header": (lambda: b"order,customer,amount\r\n", "no rows"),
    "a header above empty rows": (lambda: b"order,customer,amount\n,,\n,,\n", "no rows"),
    "only a sep line": (lambda: b"sep=;\r\n", "no rows"),
    "gzip of nothing": (lambda: gzip.compress(b""), "empty"),
    "gzip cut off": (lambda: gzip.compress(GOOD * 200)[:-9], "damaged"),
    "gzip with a wrong byte": (lambda: _with_wrong_byte(gzip.compress(os.urandom(5000)), 2000), "damaged"),
    "gzip header alone": (lambda: b"\x1f\x8b", "damaged"),
    "gzip in gzip": (lambda: gzip.compress(gzip.compress(GOOD)), "twice"),
    "Parquet cut off": (lambda: parquet_bytes()[:-30], "cut off"),
    "Parquet of four bytes": (lambda: b"PAR1", "cut off"),
    "Parquet with a damaged footer": (lambda: _with_wrong_byte(parquet_bytes(), -6, 0x7F), "Parquet"),
    "Parquet without rows": (_empty_parquet, "no rows"),
    "workbook cut off": (lambda: workbook_bytes(["id"], [1])[:-40], "damaged"),
    "workbook without rows": (lambda: workbook_bytes(["id", "name"]), "no rows"),
    "workbook without anything": (workbook_bytes, "no rows"),
    "workbook without sheets inside": (lambda: zip_bytes({"xl/workbook.xml": b"<junk"}), "cannot be read"),
    "old Excel workbook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), ".xls"),
    "binary Excel workbook": (lambda: zip_bytes({"xl/workbook.bin": b""}), ".xlsb"),
    "OpenDocument": (lambda: zip_bytes({"content.xml": b""}), "OpenDocument"),
    "Word": (lambda: zip_bytes({"word/document.xml": b""}), "Word"),
    "zip of no tables": (lambda: zip_bytes({"logo.png": b"\x89PNG"}), "holds no tables"),
    "empty zip": (lambda: zip_bytes({}), "holds no tables"),
    "zip in zip": (lambda: zip_bytes({"orders.csv": zip_bytes({"orders.csv": GOOD})}), "zip in a zip"),
    "zip with a damaged member": (lambda: _with_wrong_byte(zip_bytes({"orders.csv": GOOD}), 60), "cannot be unpacked"),
    "zip with a password": (_encrypted_zip, "password"),
    "zip cut off": (lambda: zip_bytes({"orders.csv": GOOD})[:-10], "damaged"),
    "zip with an empty table": (lambda: zip_bytes({"a.csv": GOOD, "b.csv": b""}), "b.csv"),
    "PDF": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
    "web page": (lambda: b"\n<!DOCTYPE html>\n<html><body>Sign in</body></html>", "web page"),
    "web page called .xls": (lambda: b"<table><tr><td>1</td></tr></table>", "web page"),
    "XML": (lambda: b'<?xml version="1.0"?><orders/>', "XML"),
    "JSON": (lambda: json.dumps([{"order": 1}]).encode(), "JSON"),
    "JSON lines": (lambda: b'{"order": 1}\n{"order": 2}\n', "JSON"),
    "SQLite": (lambda: b"SQLite format 3\0" + bytes(100), "SQLite"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "picture"),
    "tar": (lambda: bytes(257) + b"ustar" + bytes(250), "tar"),
    "bzip2": (lambda: b"BZh91AY&SY", "bzip2"),
    "zstd": (lambda: b"\x28\xb5\x2f\xfd" + bytes(20), "zstd"),
    "NUL bytes": (lambda: without(GOOD, b"5,ann", b"5,a\0n"), "Line 6 holds a NUL"),
    "binary junk": (lambda: struct.pack("<500d", *range(500)), "NUL"),
    "UTF-16 cut in a character": (lambda: GOOD.decode().encode("utf-16")[:-1], "UTF-16"),
    "UTF-8 after its mark broken": (lambda: b"\xef\xbb\xbf" + without(GOOD, b"5,ann", b"5,\xff"), "line 6"),
    "an encoding of neither kind": (lambda: "注文,顧客\n".encode("shift-jis") + b"1,\x81\x8d\n", "encoding"),
    "two separators half and half": (lambda: GOOD + GOOD.replace(b",", b";"), "one separator"),
    "prose": (lambda: b"Dear all,\n\nplease find the orders, the customers, and more\nbelow. Bye, Ann\n", "separator"),
    "header of another file": (lambda: b"order,customer\n" + GOOD.split(b"\n", 1)[1], "does not fit"),
    "header with a name too many": (lambda: b"id," + GOOD, "does not fit"),
    "10,000 columns": (lambda: (b",".join(b"c%d" % i for i in range(10_000)) + b"\n") * 20, "too many columns"),
    "mostly damaged": (lambda: GOOD * 200 + b"1\n" * 4000, "more damage"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_a_reason(case: str, engine: DuckEngine, tmp_path: Path) -> None:
    make, word = REFUSED[case]
    with pytest.raises(InputError) as caught:
        open_bytes(make(), engine, tmp_path)
    error = caught.value
    assert word in str(error)
    assert "orders.csv" in error.what
    assert all(sentence[0].isupper() or sentence[0].isdigit() for sentence in (error.seen, error.todo))
    assert all(sentence.endswith(".") for sentence in (error.what, error.seen, error.todo))
    assert not [path for path in (tmp_path / "into").iterdir() if path.is_dir()], "temporary files were left behind"


def test_missing_path(engine: DuckEngine, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file or folder"):
        open_files([tmp_path / "nowhere.csv"], into=tmp_path, engine=engine)


def test_folder_without_tables(engine: DuckEngine, tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "notes.md").write_text("hello")
    with pytest.raises(InputError, match=r"holds no tables.*notes\.md"):
        open_files([tmp_path / "shop"], into=tmp_path, engine=engine)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this operating system has no named pipes")
def test_what_is_neither_file_nor_folder(engine: DuckEngine, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(InputError, match="neither file nor folder"):
        open_files([tmp_path / "pipe.csv"], into=tmp_path, engine=engine)


@pytest.mark.parametrize(
    ("code", "kind", "word"), [(errno.EACCES, InputError, "Permission denied"), (errno.ENOSPC, StoreError, "full")]
)
def test_what_the_operating_system_refuses(
    code: int, kind: type[HoldfastError], word: str, engine: DuckEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Simulated, because an administrator may read everything."""
    (tmp_path / "orders.csv").write_bytes(GOOD)

    def refuse(path: Path, *_: object) -> None:
        raise OSError(code, os.strerror(code), str(path))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(kind, match=word):
        open_files([tmp_path / "orders.csv"], into=tmp_path, engine=engine)


# --- files that open, with what is damaged set aside ------------------------------------------------------------------

OPENED: dict[str, tuple[bytes, int, list[str], str]] = {
    "a cell too many": (without(GOOD, b"4,ann", b"4,ann,lee"), 8, ["4,ann,lee,4.50"], "1 row damaged"),
    "a cell too few": (without(GOOD, b"4,ann,", b"4,"), 8, ["4,4.50"], "1 row damaged"),
    "cut off in the last row": (GOOD[:-7], 8, ["8,an"], "1 row damaged"),
    "a quote never closed": (without(GOOD, b"4,ann", b'4,"ann'), 8, ['4,"ann,4.50'], "1 row damaged"),
    "a quote never closed before quoted rows": (
        without(without(GOOD, b"4,ann", b'4,"ann'), b"7,ann", b'7,"a,nn"'), 8, ['4,"ann,4.50'], "1 row damaged"),
    "a quote in quotes": (without(GOOD, b"4,ann", b'4,"a"n"'), 8, ['4,"a"n",4.50'], "1 row damaged"),
    "a line break outside quotes": (without(GOOD, b"4,ann", b"4,a\nnn"), 9, ["4,a", "nn,4.50"], "2 rows damaged"),
    "a bare carriage return": (without(GOOD, b"4,ann", b"4,a\rnn"), 9, ["4,a", "nn,4.50"], "2 rows damaged"),
    "another separator in one row": (without(GOOD, b"4,ann,", b"4;ann;"), 8, ["4;ann;4.50"], "1 row damaged"),
    "a footer": (GOOD + b"Total rows: 8\n", 9, ["Total rows: 8"], "1 row damaged"),
    "separators to spare": (without(GOOD, b"4.50\n", b"4.50,,,\n"), 8, [], "1 row with more separators"),
    "rows of nothing at the end": (GOOD + b",,\n" * 3, 8, [], "3 rows without any content"),
    "rows without their empty end": (
        without(GOOD, b"\n", b",\n").replace(b"amount,", b"amount,note").replace(b"4.50,", b"4.50"),
        8, [], "1 row that end before"),
    "duplicate names": (without(GOOD, b"customer", b"order"), 8, [], "it is called order_2"),
    "a name missing": (without(GOOD, b"customer", b""), 8, [], "it is called column_2"),
    "UTF-8 with one wrong byte": (without(GOOD, b"4,ann", "4,Zoé".encode() + b"\xe9"), 8, [], "look like UTF-8"),
    "a title above": (b"Orders of May\n\n" + GOOD, 8, [], "1 row above the header"),
    "gzip of several members": (gzip.compress(GOOD) + gzip.compress(b"9,ann,9.50\n"), 9, [], ""),
    "200 columns, three names": ((b",".join(b"c%d" % (i % 3) for i in range(200)) + b"\n") * 2, 1, [], "it is called"),
    "an escape character of a terminal": (without(GOOD, b"4,ann", b"4,\x1b[31m"), 8, [], ""),
    "emoji": (without(GOOD, b"4,ann", "4,🛒".encode()), 8, [], ""),
    "blanks at the end of names": (without(GOOD, b"customer", b"customer  "), 8, [], ""),
}  # fmt: skip


@pytest.mark.parametrize("case", OPENED)
def test_opened_with_what_is_damaged_set_aside(case: str, engine: DuckEngine, tmp_path: Path) -> None:
    content, count, damaged, note = OPENED[case]
    (table,) = open_bytes(content, engine, tmp_path)
    found = engine.execute(f"SELECT * FROM read_parquet({sql.text(str(table.path))}) ORDER BY row_number")
    names = [column[0] for column in found.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    assert table.rows == len(rows) == count
    assert [row["row_number"] for row in rows] == list(range(1, count + 1))
    assert [row[DAMAGED] for row in rows if row.get(DAMAGED)] == damaged
    assert all(row[name] is None for row in rows if row.get(DAMAGED) for name in table.columns)
    assert (DAMAGED in names) == bool(damaged)
    assert note in " ".join(table.notes)
    assert bool(table.notes) == bool(note)


def test_a_quote_never_closed_in_a_long_file_costs_one_row(engine: DuckEngine, tmp_path: Path) -> None:
    rows = [b"%d,ann,5.00\n" % i for i in range(100_000)]
    rows[500] = b'500,"ann,5.00\n'
    (table,) = open_bytes(b"order,customer,amount\n" + b"".join(rows), engine, tmp_path)
    assert (table.rows, table.notes) == (
        100_000,
        ("1 row damaged: too many or too few cells, or a quote out of place.",),
    )


# --- files that nobody thought of -------------------------------------------------------------------------------------

SEEDS = [
    GOOD,
    b'id;text\r\n1;"a ""b""\r\nc"\r\n2;d\r\n',
    " id  n\n x   1\n y  12\n".encode("utf-16"),
    gzip.compress(GOOD),
    zip_bytes({"orders.csv": GOOD, "b.csv": GOOD}),
    workbook_bytes(["id", "name"], [1, "ann"], [2, "bo"]),
    parquet_bytes(),
]


@settings(max_examples=150, deadline=None)
@given(
    seed=st.sampled_from(SEEDS),
    changes=st.lists(st.tuples(st.integers(0, 1 << 16), st.binary(max_size=3)), max_size=4),
    keep=st.floats(0, 1),
    is_cut=st.booleans(),
)
def test_whatever_happened_to_a_file_the_answer_is_a_table_or_an_error_of_ours(
    seed: bytes, changes: list[tuple[int, bytes]], keep: float, *, is_cut: bool
) -> None:
    content = bytearray(seed)
    for position, new in changes:
        start = position % len(content)
        content[start : start + len(new)] = new
    with tempfile.TemporaryDirectory() as folder, DuckEngine(threads=1) as engine:
        try:
            tables = open_bytes(bytes(content[: int(keep * len(content))] if is_cut else content), engine, Path(folder))
        except HoldfastError:
            return
        assert all(table.rows > 0 for table in tables)
