"""What a line is worth, and order fields that an export writes only once."""

from decimal import Decimal
from pathlib import Path

from holdfast.cleaning import POLICIES
from tests.cleaning.shops import CleanShop, Row, raw_table

LINE = ("customer_id", "order_id", "ordered_at", "product_id", "quantity")


def test_an_amount_wins_over_quantity_times_price(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("ann", "1", "2024-01-01", "mug", "3", "2", "5.00"),
        ("ann", "2", "2024-01-02", "mug", "3", "2", None),
    ]
    shop = CleanShop([raw_table(tmp_path, rows, columns=(*LINE, "unit_price", "amount"))], tmp_path / "stage")
    assert shop.rows("SELECT amount FROM order_lines ORDER BY row_number") == [(Decimal(5),), (Decimal(6),)]


def test_an_order_total_counts_once_and_its_lines_are_no_free_goods(tmp_path: Path) -> None:
    rows: list[Row] = [("ann", "1", "2024-01-01", "mug", "3", "9"), ("ann", "1", "2024-01-01", "cup", "1", "9")]
    shop = CleanShop([raw_table(tmp_path, rows, columns=(*LINE, "order_total"))], tmp_path / "stage")
    assert shop.rejected() == {}
    assert shop.rows("SELECT lines, amount FROM orders") == [(2, Decimal(9))]


def test_fields_of_the_order_are_carried_down_into_empty_cells_only(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("ann", "1", "2024-01-01", "mug", "1", "2"),
        (None, "1", None, "cup", "1", "3"),
        (None, "1", "n/a", "jug", "1", "4"),
        ("bob", "2", "2024-01-05", "mug", "1", "2"),
    ]
    table = raw_table(tmp_path, rows, columns=(*LINE, "unit_price"), carry_down=True)
    shop = CleanShop([table], tmp_path / "stage")
    assert shop.rejected() == {(0, 3): "unreadable"}, "n/a is no empty cell"
    assert shop.rows("SELECT customer_id, lines, amount FROM orders JOIN customers USING (customer_key)") == [
        ("ann", 2, Decimal(5)),
        ("bob", 1, Decimal(2)),
    ]


def test_rows_that_are_orders_each_count(tmp_path: Path) -> None:
    rows: list[Row] = [("ann", "2024-01-01", "5"), ("ann", "2024-01-01", "5"), ("bob", "2024-01-02", "7")]
    columns = ("customer_id", "ordered_at", "amount")
    table = raw_table(tmp_path, rows, columns=columns, rows_are_orders=True)
    shop = CleanShop([table], tmp_path / "stage", POLICIES["none"])
    assert shop.rows("SELECT COUNT(*), SUM(amount) FROM orders") == [(3, Decimal(17))]


def test_lines_without_order_id_make_an_order_of_customer_and_time(tmp_path: Path) -> None:
    columns = ("customer_id", "ordered_at", "product_id", "quantity", "unit_price")
    rows: list[Row] = [
        ("ann", "2024-01-01 10:00", "mug", "1", "5"),
        ("ann", "2024-01-01 10:00", "cup", "1", "3"),
        ("ann", "2024-01-01 11:00", "cup", "1", "3"),
    ]
    shop = CleanShop([raw_table(tmp_path, rows, columns=columns)], tmp_path / "stage")
    assert shop.rows("SELECT lines, amount FROM orders ORDER BY ordered_at") == [(2, Decimal(8)), (1, Decimal(3))]


def test_amounts_in_another_currency_are_converted_and_unknown_ones_unreadable(tmp_path: Path) -> None:
    columns = ("customer_id", "order_id", "ordered_at", "amount", "currency")
    rows: list[Row] = [
        ("ann", "1", "2024-01-01", "10", "EUR"),
        ("bob", "2", "2024-01-01", "10", "usd"),
        ("cid", "3", "2024-01-01", "10", "SEK"),
    ]
    table = raw_table(tmp_path, rows, columns=columns, rates={"EUR": "1", "USD": "0.92"}, currency="EUR")
    shop = CleanShop([table], tmp_path / "stage")
    assert shop.rows("SELECT amount FROM orders ORDER BY order_id") == [(Decimal(10),), (Decimal("9.2"),)]
    assert shop.rejected() == {(0, 3): "unreadable"}
    assert shop.rows("SELECT column_name, seen, expected FROM rejects") == [
        ("currency", "SEK", "a currency with a rate: EUR, USD")
    ]


def test_a_currency_written_once_an_order_holds_for_all_its_lines(tmp_path: Path) -> None:
    columns = ("customer_id", "order_id", "ordered_at", "amount", "currency")
    rows: list[Row] = [("ann", "1", "2024-01-01", "10", "USD"), (None, "1", None, "20", None)]
    table = raw_table(tmp_path, rows, columns=columns, rates={"EUR": "1", "USD": "0.5"}, carry_down=True)
    shop = CleanShop([table], tmp_path / "stage")
    assert shop.rows("SELECT lines, amount FROM orders") == [(2, Decimal(15))]
