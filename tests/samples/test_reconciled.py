"""Cleaning finds in the sample exactly what was planted there: the ledger against the truth, line by line."""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest

from holdfast.cleaning import POLICIES, Reason, clean
from holdfast.engine import DuckEngine
from holdfast.samples import Planted, SampleShop, make_shop
from holdfast.tables import RawTable, Reading

COLUMN = {
    "order_id": "Invoice",
    "product_id": "StockCode",
    "quantity": "Quantity",
    "unit_price": "Price",
    "customer_id": "Customer ID",
}
REJECTED_BY_DEFAULT: dict[Planted, str] = {
    Planted.UNREADABLE_DATE: Reason.UNREADABLE,
    Planted.BLANK_DATE: Reason.UNREADABLE,
    Planted.UNREADABLE_QUANTITY: Reason.UNREADABLE,
    Planted.UNREADABLE_PRICE: Reason.UNREADABLE,
    Planted.BLANK_PRICE: Reason.UNREADABLE,
    Planted.RETURN_WITHOUT_SALE: Reason.RETURN_WITHOUT_SALE,
    Planted.CORRECTION: Reason.NON_POSITIVE,
    Planted.BAD_DEBT: Reason.NON_POSITIVE,
    Planted.FREE: Reason.FREE_GOODS,
}
"""Everything else is kept."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> SampleShop:
    return make_shop(tmp_path_factory.mktemp("shop"), customers=1000)


@pytest.fixture(scope="module")
def stage(shop: SampleShop) -> Path:
    folder = shop.orders.parent
    raw = folder / "raw.parquet"
    with duckdb.connect() as connection:
        rows = f"read_csv('{shop.orders}', all_varchar = true, header = true)"
        connection.execute(f"COPY (SELECT row_number() OVER () AS row_number, * FROM {rows}) TO '{raw}'")
    readings = {field: Reading(column) for field, column in COLUMN.items()}
    readings["ordered_at"] = Reading("InvoiceDate", time_formats=("%d/%m/%Y %H:%M",))
    table = RawTable(str(raw), "lines", shop.orders.name, "", shop.lines, readings, currency=shop.currency)
    with DuckEngine() as engine:
        clean([table], policy=POLICIES["default"], engine=engine, into=folder)
    return folder


def pairs(query: str) -> dict[int, Any]:
    with duckdb.connect() as connection:
        return dict(connection.execute(query).fetchall())


def labels(shop: SampleShop) -> dict[int, str]:
    with shop.line_truth.open(newline="") as text:
        return {int(line["row_number"]): line["planted"] for line in csv.DictReader(text)}


def test_every_line_is_kept_or_rejected_for_what_was_planted(shop: SampleShop, stage: Path) -> None:
    rejected = pairs(f"SELECT row_number, reason FROM '{stage}/rejects.parquet'")
    planted = labels(shop)
    found = Counter((planted.get(row, "sale"), rejected.get(row, "kept")) for row in range(1, shop.lines + 1))
    assert found == {(label, REJECTED_BY_DEFAULT.get(label, "kept")): n for label, n in shop.planted.items()}


def test_returns_undo_the_sales_that_the_truth_names(shop: SampleShop, stage: Path) -> None:
    raw = f"'{stage}/raw.parquet'"
    undone = pairs(
        f"SELECT r.row_number, sale.row_number FROM '{stage}/returns.parquet' AS r "
        f"JOIN '{stage}/orders.parquet' AS o USING (order_key) JOIN {raw} AS back ON back.row_number = r.row_number "
        f'JOIN {raw} AS sale ON sale."Invoice" = o.order_id AND sale."StockCode" = back."StockCode"'
    )
    with shop.line_truth.open(newline="") as text:
        truth = {
            int(line["row_number"]): int(line["undoes_row"]) for line in csv.DictReader(text) if line["undoes_row"]
        }
    assert undone == truth
