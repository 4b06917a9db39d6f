"""The stage: what its keys promise, and what an order counts."""

from pathlib import Path

from holdfast.cleaning import POLICIES, policy_from
from tests.cleaning.shops import CleanShop, Row, raw_table


def line(customer: str | None, order: str, at: str, product: str | None = "mug") -> Row:
    return (customer, order, f"2024-01-{at}", product, "2", "1.25")


def test_order_keys_rank_by_customer_then_time_then_id_with_unknown_customers_last(tmp_path: Path) -> None:
    rows = [
        line(None, "z1", "01 08:00"),
        line("bob", "a9", "02 09:00"),
        line("ann", "b2", "03 09:00"),
        line("ann", "b1", "03 09:00"),
        line("ann", "c1", "02 10:00"),
    ]
    shop = CleanShop([raw_table(tmp_path, rows)], tmp_path / "stage")
    assert shop.rows("SELECT order_key, order_id FROM orders ORDER BY order_key") == [
        (1, "c1"), (2, "b1"), (3, "b2"), (4, "a9"), (5, "z1")
    ]  # fmt: skip


def test_an_order_counts_each_of_its_goods_once_and_no_service(tmp_path: Path) -> None:
    rows = [
        *(line("ann", "1", "01 09:00", product) for product in ("mug", "cup", "mug", "POST", None)),
        line("ann", "2", "02 09:00", "POST"),
        line("ann", "3", "03 09:00", None),
        line("bob", "1", "01 09:00", "mug"),
    ]
    policy = policy_from({"service_codes": ["POST"]}, base=POLICIES["default"])
    shop = CleanShop([raw_table(tmp_path, rows)], tmp_path / "stage", policy)
    assert shop.rows("SELECT order_id, lines, products FROM orders ORDER BY order_key") == [
        ("1", 4, 2), ("2", 0, 0), ("3", 1, 0), ("1", 1, 1)
    ]  # fmt: skip
