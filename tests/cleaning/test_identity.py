"""The same order twice changes nothing; another version of it wins if it came later; rows without id are counted."""

from pathlib import Path

from holdfast.cleaning import balance
from tests.cleaning.shops import CleanShop, Row, raw_table

ORDERS: list[Row] = [
    ("ann", "1", "2024-01-02", "mug", "2", "3.50"),
    ("ann", "1", "2024-01-02", "cup", "1", "4.00"),
    ("bob", "2", "2024-01-03", "cup", "1", "4.00"),
]


def shop_of(tmp_path: Path, *files: list[Row]) -> CleanShop:
    tables = [raw_table(tmp_path, rows, name=f"file{n}") for n, rows in enumerate(files)]
    return CleanShop(tables, tmp_path / "stage")


def test_the_same_file_twice_is_already_imported(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, ORDERS, ORDERS)
    assert shop.rejected() == {(1, row): "already_imported" for row in (1, 2, 3)}
    assert shop.cleaned.rows["order_lines"] == 3


def test_lines_of_an_order_may_come_in_another_order(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, ORDERS, ORDERS[::-1])
    assert set(shop.rejected().values()) == {"already_imported"}


def test_a_newer_version_of_an_order_wins_and_the_older_is_named(tmp_path: Path) -> None:
    changed: list[Row] = [("ann", "1", "2024-01-02", "mug", "3", "3.50")]
    shop = shop_of(tmp_path, ORDERS, changed)
    assert shop.rejected() == {(0, 1): "replaced", (0, 2): "replaced"}
    assert shop.rows("SELECT order_id, amount FROM orders ORDER BY order_id") == [
        ("1", balance(shop.cleaned.ledger, sources=[1]).revenue_kept),
        ("2", 4),
    ]


def test_a_version_that_comes_back_wins_again(tmp_path: Path) -> None:
    changed: list[Row] = [("ann", "1", "2024-01-02", "mug", "3", "3.50")]
    shop = shop_of(tmp_path, ORDERS, changed, ORDERS[:2])
    assert shop.rejected() == {(0, 1): "replaced", (0, 2): "replaced", (1, 1): "replaced"}


def test_overlapping_files_count_the_overlap_once_in_either_order(tmp_path: Path) -> None:
    early, late = ORDERS, [ORDERS[2], ("cid", "3", "2024-01-04", "mug", "1", "3.50")]
    forth, back = shop_of(tmp_path / "a", early, late), shop_of(tmp_path / "b", late, early)
    lines = "SELECT order_id, SUM(quantity) FROM order_lines JOIN orders USING (order_key) GROUP BY 1 ORDER BY 1"
    assert forth.rows(lines) == back.rows(lines) == [("1", 3), ("2", 1), ("3", 1)]
    assert list(forth.rejected().values()) == list(back.rejected().values()) == ["already_imported"]


def test_rows_without_order_id_are_a_multiset(tmp_path: Path) -> None:
    row: Row = ("ann", None, "2024-01-02", "mug", "1", "3.50")
    other: Row = ("ann", None, "2024-01-02", "cup", "1", "4.00")
    shop = shop_of(tmp_path, [row, row], [row, row, row, other], [row, other])
    assert shop.rejected() == {
        (1, 1): "already_imported", (1, 2): "already_imported",
        (2, 1): "already_imported", (2, 2): "already_imported",
    }  # fmt: skip
    assert shop.cleaned.rows["order_lines"] == 4


def test_identity_comes_before_policy(tmp_path: Path) -> None:
    nobody: list[Row] = [(None, "1", "2024-01-02", "mug", "0", "3.50")]
    shop = shop_of(tmp_path, nobody, nobody)
    assert shop.rejected() == {(0, 1): "non_positive", (1, 1): "already_imported"}
