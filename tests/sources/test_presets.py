"""Known exports are recognised by their header and need no guessing."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from holdfast.engine import DuckEngine
from holdfast.sources.inspected import Inspection
from holdfast.sources.inspection import inspect
from holdfast.sources.opened import OpenedTable
from holdfast.sources.opening import open_files
from holdfast.sources.presets import PRESETS
from holdfast.tables import FIELD

Opener = Callable[..., OpenedTable]
Inspector = Callable[..., Inspection]

SHOPIFY_HEADER = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,"
    "Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,"
    "Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,"
    "Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,"
    "Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,"
    "Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,"
    "Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,"
    "Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,"
    "Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name,Tax 4 Value,"
    "Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,Billing Province Name,Shipping Province Name,Payment ID,"
    "Payment Terms Name,Next Payment Due At,Payment References"
)
WOOCOMMERCE_LINES_HEADER = (
    "order_id,order_number,date,status,shipping_total,shipping_tax_total,fee_total,fee_tax_total,tax_total,"
    "discount_total,order_total,refunded_total,order_currency,payment_method,shipping_method,customer_id,"
    "billing_first_name,billing_last_name,billing_company,billing_email,billing_phone,billing_address_1,"
    "billing_address_2,billing_postcode,billing_city,billing_state,billing_country,shipping_first_name,"
    "shipping_last_name,shipping_address_1,shipping_address_2,shipping_postcode,shipping_city,shipping_state,"
    "shipping_country,shipping_company,customer_note,item_id,item_product_id,item_name,item_sku,item_quantity,"
    "item_subtotal,item_subtotal_tax,item_total,item_total_tax,item_refunded,item_refunded_qty,item_meta,"
    "shipping_items,fee_items,tax_items,coupon_items,order_notes,download_permissions_granted"
)
WOOCOMMERCE_ORDERS_HEADER = (
    "Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),N. Revenue,"
    "Attribution"
)


def export(header: str, *rows: dict[str, str]) -> str:
    """An export with the full header and these cells filled."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header.split(","), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


SHOPIFY = export(
    SHOPIFY_HEADER,
    {
        "Name": "#1001", "Email": "ann@example.com", "Financial Status": "paid", "Currency": "EUR", "Shipping": "4.90",
        "Taxes": "3.20", "Total": "25.10", "Discount Code": "HELLO", "Discount Amount": "2.00",
        "Lineitem quantity": "2",
        "Paid at": "2024-01-31 23:30:01 +0100", "Created at": "2024-01-31 23:30:00 +0100", "Lineitem name": "Tea",
        "Lineitem price": "5.00", "Lineitem sku": "TEA-1", "Vendor": "Leaf", "Shipping Country": "DE",
    },
    {"Name": "#1001", "Email": "ann@example.com", "Lineitem quantity": "1", "Lineitem name": "Cup",
     "Lineitem price": "12.20", "Lineitem sku": "CUP-1", "Vendor": "Leaf"},
    {
        "Name": "#1002", "Email": "ben@example.com", "Financial Status": "refunded", "Currency": "EUR",
        "Created at": "2024-02-01 08:00:00 +0100", "Cancelled at": "2024-02-02 08:00:00 +0100", "Shipping": "0.00",
        "Lineitem quantity": "1", "Lineitem name": "Tea", "Lineitem price": "5.00", "Lineitem sku": "TEA-1",
    },
)  # fmt: skip

WOOCOMMERCE_LINES = export(
    WOOCOMMERCE_LINES_HEADER,
    {
        "order_id": "77", "order_number": "77", "date": "2024-01-31 10:00:00", "status": "completed",
        "shipping_total": "4.90", "order_total": "27.10", "order_currency": "GBP", "customer_id": "0",
        "billing_email": "ann@example.com", "billing_country": "GB", "item_product_id": "5", "item_name": "Tea",
        "item_sku": "TEA-1", "item_quantity": "2", "item_subtotal": "10.00", "item_total": "9.00",
    },
    {
        "order_id": "77", "order_number": "77", "date": "2024-01-31 10:00:00", "status": "completed",
        "shipping_total": "4.90", "order_total": "27.10", "order_currency": "GBP", "customer_id": "0",
        "billing_email": "ann@example.com", "billing_country": "GB", "item_product_id": "6", "item_name": "Cup",
        "item_sku": "CUP-1", "item_quantity": "1", "item_subtotal": "13.20", "item_total": "13.20",
    },
)  # fmt: skip

WOOCOMMERCE_ORDERS = export(
    WOOCOMMERCE_ORDERS_HEADER,
    {
        "Date": "2024-01-31 10:00:00", "Order #": "77", "N. Revenue (formatted)": "£27.10", "Status": "completed",
        "Customer": "Ann Example", "Customer type": "new", "Product(s)": "2× Tea, 1× Cup", "Items sold": "3",
        "N. Revenue": "22.2",
    },
    {
        "Date": "2024-02-14 11:00:00", "Order #": "78", "N. Revenue (formatted)": "£5.00", "Status": "processing",
        "Customer": "Ann Example", "Customer type": "returning", "Product(s)": "1× Tea", "Items sold": "1",
        "N. Revenue": "5",
    },
)  # fmt: skip


def test_shopify(inspected: Inspector) -> None:
    found = inspected(SHOPIFY, time_zone="Europe/Berlin")
    assert found.preset
    assert (found.preset.name, found.currency, found.grain, found.doubts) == ("shopify", "EUR", "lines", ())
    mapping = found.mapping()
    assert mapping["customer_id"] == "Email"
    assert (mapping["order_id"], mapping["ordered_at"], mapping["product_id"]) == ("Name", "Created at", "Lineitem sku")
    assert (mapping["quantity"], mapping["unit_price"]) == ("Lineitem quantity", "Lineitem price")
    assert (mapping["cancelled_at"], mapping["voucher"]) == ("Cancelled at", "Discount Code")
    assert "order_total" not in mapping
    (raw,) = found.raw_tables()
    assert raw.carry_down
    assert raw.readings["ordered_at"].time_formats == ("%Y-%m-%d %H:%M:%S %z",)
    assert "paid" in found.preset.keep_statuses


def test_a_shop_without_skus_knows_products_by_name(inspected: Inspector) -> None:
    without = SHOPIFY.replace("TEA-1", "").replace("CUP-1", "")
    assert inspected(without).mapping()["product_id"] == "Lineitem name"


def test_woocommerce_lines(inspected: Inspector) -> None:
    found = inspected(WOOCOMMERCE_LINES)
    assert found.preset
    assert (found.preset.name, found.currency, found.grain, found.doubts) == ("woocommerce-lines", "GBP", "lines", ())
    mapping = found.mapping()
    assert (mapping["customer_id"], mapping["amount"], mapping["product_id"]) == (
        "billing_email",
        "item_total",
        "item_sku",
    )
    assert mapping["country"] == "billing_country"
    assert "shipping" not in mapping


def test_woocommerce_orders(inspected: Inspector) -> None:
    found = inspected(WOOCOMMERCE_ORDERS)
    assert found.preset
    assert (found.preset.name, found.grain, found.doubts) == ("woocommerce-orders", "orders", ())
    assert found.mapping()["amount"] == "N. Revenue"
    assert any("only by name" in note for note in found.notes)


def test_a_preset_can_be_overruled(inspected: Inspector) -> None:
    found = inspected(SHOPIFY, mapping={"customer_id": "Phone", "product_id": "Lineitem name"})
    assert found.mapping()["customer_id"] == "Phone"
    assert found.mapping()["order_id"] == "Name"


@pytest.mark.parametrize("header", [SHOPIFY_HEADER, WOOCOMMERCE_LINES_HEADER, WOOCOMMERCE_ORDERS_HEADER])
def test_the_documents_show_the_full_header(header: str) -> None:
    page = Path(__file__).parents[2] / "docs" / "sources.md"
    assert header in page.read_text(encoding="utf-8").replace("\n", "")


def test_presets_map_to_fields_we_have() -> None:
    for preset in PRESETS:
        assert set(preset.mapping) <= set(FIELD)
    assert len({preset.name for preset in PRESETS}) == len(PRESETS)


# --- real files -------------------------------------------------------------------------------------------------------


def understood(duck: DuckEngine, tmp_path: Path, *paths: Path) -> Inspection:
    return inspect(open_files(paths, into=tmp_path, engine=duck), engine=duck, into=tmp_path)


def test_online_retail_as_text(data: Path, duck: DuckEngine, tmp_path: Path) -> None:
    found = understood(duck, tmp_path, data / "online_retail" / "OnlineRetail.csv.gz")
    assert found.preset
    assert (found.preset.name, found.currency, found.date_order, found.doubts) == ("online-retail", "GBP", "mdy", ())
    (raw,) = found.raw_tables()
    assert raw.rows == 541_909
    assert raw.readings["ordered_at"].time_formats == ("%m/%d/%Y %H:%M",)
    customer = found.tables[0].proposals["customer_id"]
    assert customer.reason == "UCI Online Retail; 4,372 distinct whole numbers, 25 % empty"
    assert {"POST", "AMAZONFEE"} <= set(found.preset.service_codes)


def test_online_retail_needs_no_preset(data: Path, duck: DuckEngine, tmp_path: Path) -> None:
    """The same columns, one renamed so that the preset does not know them, map themselves."""
    (opened,) = open_files([data / "online_retail" / "online_retail.parquet"], into=tmp_path, engine=duck)
    renamed = tmp_path / "renamed.parquet"
    duck.execute(
        f"COPY (SELECT * RENAME (Country AS Land) FROM read_parquet('{opened.path}')) TO '{renamed}' (FORMAT parquet)"
    )
    columns = tuple("Land" if name == "Country" else name for name in opened.columns)
    table = OpenedTable(renamed, "shop.parquet", "shop", "0" * 64, opened.rows, columns, {})
    found = inspect([table], engine=duck, into=tmp_path)
    assert (found.preset, found.doubts) == (None, ())
    assert found.mapping() == {
        "customer_id": "CustomerID",
        "order_id": "InvoiceNo",
        "ordered_at": "InvoiceDate",
        "product_id": "StockCode",
        "quantity": "Quantity",
        "unit_price": "UnitPrice",
        "product_name": "Description",
        "country": "Land",
    }


def test_online_retail_ii_as_two_files_and_as_a_workbook(data: Path, duck: DuckEngine, tmp_path: Path) -> None:
    folder = data / "online_retail_ii"
    files = understood(duck, tmp_path, folder / "year_2010_2011.parquet", folder / "year_2009_2010.parquet")
    assert [raw.rows for raw in files.raw_tables()] == [541_910, 525_461]
    sheets = understood(duck, tmp_path, folder / "online_retail_II_ten_countries.xlsx")
    assert [raw.rows for raw in sheets.raw_tables()] == [14_269, 20_497]
    assert files.mapping() == sheets.mapping()
    assert files.mapping()["unit_price"] == "Price"
    assert [found.preset and found.preset.name for found in (files, sheets)] == ["online-retail-ii"] * 2


@pytest.mark.parametrize(
    ("file", "preset", "rows", "customer"),
    [
        ("CDNOW_master.txt.gz", "cdnow", 69_659, "customer_id"),
        ("CDNOW_sample.txt.gz", "cdnow-sample", 6_919, "column_1"),
        ("cdnow_master.parquet", "cdnow", 69_659, "customer_id"),
        ("cdnow_sample.parquet", "cdnow", 6_919, "customer_id"),
    ],
)
def test_cdnow(data: Path, duck: DuckEngine, tmp_path: Path, file: str, preset: str, rows: int, customer: str) -> None:
    found = understood(duck, tmp_path, data / "cdnow" / file)
    assert found.preset
    assert (found.preset.name, found.currency, found.grain, found.doubts) == (preset, "USD", "orders", ())
    (raw,) = found.raw_tables()
    assert (raw.rows, raw.rows_are_orders, raw.readings["customer_id"].column) == (rows, True, customer)
