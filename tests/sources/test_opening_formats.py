"""Parquet, workbooks, gzip, zip and folders; and the public data sets, against the counts of their README."""

import datetime as dt
import gzip
import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from holdfast.engine import DuckEngine
from holdfast.engine import dialect as sql
from holdfast.sources.opened import OpenedTable
from holdfast.sources.opening import open_files


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckEngine]:
    with DuckEngine(threads=2) as engine:
        yield engine


def rows_of(table: OpenedTable, engine: DuckEngine) -> list[tuple[Any, ...]]:
    return engine.execute(f"SELECT * FROM read_parquet({sql.text(str(table.path))}) ORDER BY row_number").fetchall()


# --- formats ----------------------------------------------------------------------------------------------------------


def workbook(path: Path) -> Path:
    """Two sheets with rows, one of them below a title and blank rows, and two without."""
    book = openpyxl.Workbook()
    orders = book.active
    assert orders is not None
    orders.title = "Orders"
    for row in (
        ["Sales of 2024", None, None, None, None],
        [],
        ["id", "at", "day", "price", "paid"],
        [100, dt.datetime(2024, 5, 1, 9, 30), dt.date(2024, 5, 1), 2.5, True],
        [],
        ["007", dt.datetime(2024, 5, 2), dt.date(2024, 5, 2), 1e-7, False],
        [12345678901, None, None, -3.0, "line\nbreak"],
    ):
        orders.append(row)
    book.create_sheet("Empty")
    book.create_sheet("Only a header").append(["id", "n"])
    book.create_sheet("No header").append([1, 2.25])
    book["No header"].append([3, 4])
    book.save(path)
    return path


def test_every_sheet_with_rows_is_a_table(tmp_path: Path, engine: DuckEngine) -> None:
    orders, bare = open_files([workbook(tmp_path / "shop.xlsx")], into=tmp_path, engine=engine)
    assert (orders.table, orders.columns) == ("Orders", ("id", "at", "day", "price", "paid"))
    assert rows_of(orders, engine) == [
        ("100", "2024-05-01 09:30:00", "2024-05-01", "2.5", "TRUE", 1),
        ("007", "2024-05-02 00:00:00", "2024-05-02", "0.0000001", "FALSE", 2),
        ("12345678901", None, None, "-3", "line\nbreak", 3),
    ]
    assert (bare.table, bare.columns, bare.facts["header"]) == ("No header", ("column_1", "column_2"), "none")
    assert rows_of(bare, engine) == [("1", "2.25", 1), ("3", "4", 2)]


def test_the_name_of_a_file_does_not_decide(tmp_path: Path, engine: DuckEngine) -> None:
    workbook(tmp_path / "shop.xlsx").rename(tmp_path / "shop.csv")
    (tmp_path / "text.xlsx").write_text("id,n\nx,1\n")
    first, *_ = open_files([tmp_path / "shop.csv"], into=tmp_path, engine=engine)
    assert first.facts["format"] == "Excel workbook"
    (text,) = open_files([tmp_path / "text.xlsx"], into=tmp_path, engine=engine)
    assert text.facts["format"] == "text"


def test_parquet_keeps_its_types_and_gets_row_numbers(tmp_path: Path, engine: DuckEngine) -> None:
    source = tmp_path / "lines.parquet"
    engine.execute(
        "COPY (SELECT i::INTEGER AS id, (i / 4)::DECIMAL(18, 4) AS price, TIMESTAMP '2024-01-01' AS at, "
        f"'x' AS row_number FROM range(300000, 0, -1) numbers(i)) TO {sql.text(str(source))}"
    )
    (table,) = open_files([source], into=tmp_path, engine=engine)
    assert (table.rows, table.columns) == (300_000, ("id", "price", "at", "row_number_2"))
    found = engine.execute(f"SELECT * FROM read_parquet({sql.text(str(table.path))})")
    assert [str(column[1]) for column in found.description or ()] == [
        "INTEGER", "DECIMAL(18,4)", "TIMESTAMP", "VARCHAR", "BIGINT",
    ]  # fmt: skip
    assert all(row[0] + row[4] == 300_001 for row in found.fetchall())


def test_a_folder_and_its_zip_hold_the_same_tables(tmp_path: Path, engine: DuckEngine) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "b_orders.csv").write_text("id,n\nx,1\n")
    (folder / "a_customers.csv.gz").write_bytes(gzip.compress(b"id;city\nx;Rome\n"))
    (folder / "README.txt").write_text("Not a table.")
    (folder / "logo.png").write_bytes(b"\x89PNG")
    (folder / ".hidden.csv").write_text("id,n\n")
    with zipfile.ZipFile(tmp_path / "shop.zip", "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"export/{file.name}")
    for source in (folder, tmp_path / "shop.zip"):
        customers, orders = open_files([source], into=tmp_path, engine=engine)
        assert (customers.table, orders.table) == ("a_customers", "b_orders")
        assert rows_of(customers, engine) == [("x", "Rome", 1)]
        assert rows_of(orders, engine) == [("x", "1", 1)]
        assert "README.txt" in customers.notes[-1]
        assert orders.notes == ()


def test_checksums_are_of_the_bytes_handed_in(tmp_path: Path, engine: DuckEngine) -> None:
    packed = gzip.compress("id,n\nMüller,1\n".encode("iso-8859-1"))
    (tmp_path / "orders.csv.gz").write_bytes(packed)
    (table,) = open_files([tmp_path / "orders.csv.gz"], into=tmp_path, engine=engine)
    assert table.sha256 == hashlib.sha256(packed).hexdigest()


def test_tables_opened_before_stay(tmp_path: Path, engine: DuckEngine) -> None:
    (tmp_path / "a.csv").write_text("id,n\nx,1\n")
    first, second = (open_files([tmp_path / "a.csv"], into=tmp_path, engine=engine)[0] for _ in range(2))
    assert first.path != second.path
    assert rows_of(first, engine) == rows_of(second, engine)


def test_progress_names_the_file_and_ends_at_one(tmp_path: Path, engine: DuckEngine) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("id,n\nx,1\n")
    seen: list[tuple[str, float]] = []
    open_files(
        [tmp_path / "a.csv", tmp_path / "b.csv"],
        into=tmp_path,
        engine=engine,
        on_progress=lambda file, share: seen.append((file, share)),
    )
    for name in ("a.csv", "b.csv"):
        shares = [share for file, share in seen if file == name]
        assert shares == sorted(shares)
        assert (shares[0], shares[-1]) == (0.0, 1.0)


# --- real data sets ---------------------------------------------------------------------------------------------------


def test_online_retail_from_csv_equals_the_parquet(data: Path, tmp_path: Path, engine: DuckEngine) -> None:
    folder = data / "online_retail"
    text, typed = open_files(
        [folder / "OnlineRetail.csv.gz", folder / "online_retail.parquet"], into=tmp_path, engine=engine
    )
    assert (text.rows, typed.rows, text.facts["encoding"]) == (541_909, 541_909, "ISO-8859-1")
    assert (text.columns, text.notes) == (typed.columns, ())
    different = engine.execute(
        f"""
        SELECT COUNT(*) FROM read_parquet({sql.text(str(text.path))}) t
        JOIN read_parquet({sql.text(str(typed.path))}) p USING (row_number)
        WHERE (t.InvoiceNo, t.StockCode, t.Description, t.Quantity, t.UnitPrice::DOUBLE, t.CustomerID, t.Country)
            IS DISTINCT FROM (p.InvoiceNo, p.StockCode, p.Description, p.Quantity::VARCHAR, p.UnitPrice,
                p.CustomerID::VARCHAR, p.Country)
            OR strptime(t.InvoiceDate, '%m/%d/%Y %H:%M') <> p.InvoiceDate
        """
    ).fetchall()
    assert different == [(0,)]


def test_cdnow_from_text_equals_the_parquet(data: Path, tmp_path: Path, engine: DuckEngine) -> None:
    folder = data / "cdnow"
    master, sample, typed = open_files(
        [folder / "CDNOW_master.txt.gz", folder / "CDNOW_sample.txt.gz", folder / "cdnow_master.parquet"],
        into=tmp_path,
        engine=engine,
    )
    assert (master.rows, master.facts["separator"], master.facts["header"]) == (69_659, "blanks", "yes")
    assert master.columns == ("customer_id", "date", "number_of_cds", "dollar_value")
    assert (sample.rows, sample.facts["header"]) == (6_919, "none")
    assert sample.columns == tuple(f"column_{i}" for i in range(1, 6))
    assert rows_of(sample, engine)[0] == ("00004", "0001", "19970101", "2", "29.33", 1)
    texts = [
        (customer, dt.datetime.strptime(day, "%Y%m%d").date(), int(cds), float(dollars))
        for customer, day, cds, dollars, _ in rows_of(master, engine)
    ]
    assert texts == [row[:4] for row in rows_of(typed, engine)]


def test_hillstrom(data: Path, tmp_path: Path, engine: DuckEngine) -> None:
    (table,) = open_files([data / "hillstrom" / "hillstrom.csv.gz"], into=tmp_path, engine=engine)
    assert (table.rows, len(table.columns), table.notes) == (64_000, 12, ())
    labels = engine.execute(
        f"SELECT DISTINCT history_segment FROM read_parquet({sql.text(str(table.path))})"
    ).fetchall()
    assert ("6) $750 - $1,000",) in labels


def test_online_retail_workbook_equals_the_parquet(data: Path, tmp_path: Path, engine: DuckEngine) -> None:
    folder = data / "online_retail_ii"
    first, second = open_files([folder / "online_retail_II_ten_countries.xlsx"], into=tmp_path, engine=engine)
    assert [(t.table, t.rows) for t in (first, second)] == [("Year 2009-2010", 14_269), ("Year 2010-2011", 20_497)]
    for table, name in ((first, "year_2009_2010"), (second, "year_2010_2011")):
        missing = engine.execute(
            f"""
            SELECT COUNT(*) FROM (
                SELECT Invoice, StockCode, Description, Quantity, InvoiceDate, Price::DOUBLE, "Customer ID"
                FROM read_parquet({sql.text(str(table.path))})
                EXCEPT ALL
                SELECT Invoice, StockCode, Description, Quantity::VARCHAR, strftime(InvoiceDate, '%Y-%m-%d %H:%M:%S'),
                    Price, "Customer ID"::VARCHAR
                FROM read_parquet({sql.text(str(folder / f"{name}.parquet"))}))
            """
        ).fetchall()
        assert missing == [(0,)]


def test_olist_folder(data: Path, tmp_path: Path, engine: DuckEngine) -> None:
    tables = open_files([data / "olist"], into=tmp_path, engine=engine)
    assert {table.table: table.rows for table in tables} == {
        "olist_customers_dataset": 99_441,
        "olist_geolocation_dataset": 1_000_163,
        "olist_order_items_dataset": 112_650,
        "olist_order_payments_dataset": 103_886,
        "olist_order_reviews_dataset": 99_224,
        "olist_order_reviews_repairs": 3_992,
        "olist_orders_dataset": 99_441,
        "olist_products_dataset": 32_951,
        "olist_sellers_dataset": 3_095,
        "product_category_name_translation": 71,
    }


def test_olist_reviews_written_as_csv_come_back(data: Path, tmp_path: Path, engine: DuckEngine) -> None:
    """Real texts with line breaks, quotes and accents, as DuckDB writes CSV."""
    source = data / "olist" / "olist_order_reviews_dataset.parquet"
    columns = "review_id, order_id, review_comment_title, review_comment_message"
    csv = tmp_path / "reviews.csv"
    engine.execute(f"COPY (SELECT {columns} FROM {sql.text(str(source))}) TO {sql.text(str(csv))} (HEADER)")
    (table,) = open_files([csv], into=tmp_path, engine=engine)
    assert (table.rows, table.notes) == (99_224, ())
    different = engine.execute(
        f"SELECT {columns} FROM {sql.text(str(table.path))} EXCEPT ALL SELECT {columns} FROM {sql.text(str(source))}"
    ).fetchall()
    assert different == []
