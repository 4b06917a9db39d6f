"""Which sale a return undoes, and from when."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.cleaning import POLICIES, policy_from
from holdfast.cleaning.reversals import Movement, pair
from tests.cleaning.shops import COLUMNS, CleanShop, Row, raw_table


def undone(shop: CleanShop) -> dict[int, datetime]:
    """Row of a sale that is wholly undone -> when."""
    return dict(shop.rows("SELECT row_number, reversed_at FROM order_lines WHERE reversed_at IS NOT NULL"))


def shop_of(tmp_path: Path, rows: list[Row]) -> CleanShop:
    return CleanShop([raw_table(tmp_path, rows)], tmp_path / "stage")


def sale(day: int, quantity: int = 12, *, price: str = "1.25", customer: str = "ann", order: str | None = None) -> Row:
    order = order or f"{'C' if quantity < 0 else ''}{day}"
    return (customer, order, f"2024-01-{day:02} 09:00", "mug", str(quantity), price)


def test_a_cancellation_undoes_its_sale_from_its_own_day_on(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, [sale(1), sale(5, -12)])
    assert undone(shop) == {1: datetime(2024, 1, 5, 9)}
    assert shop.rows("SELECT reversed_at FROM orders") == [(datetime(2024, 1, 5, 9),)]
    assert shop.rows("SELECT order_key, returned_at, quantity, is_whole, return_order_id FROM returns") == [
        (1, datetime(2024, 1, 5, 9), -12, True, "C5")
    ]


def test_of_two_equal_sales_the_latest_before_the_return_is_undone(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, [sale(1), sale(3), sale(5, -12), sale(7)])
    assert undone(shop) == {2: datetime(2024, 1, 5, 9)}


def test_brackets_close_in_turn(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, [sale(1), sale(2), sale(3, -12), sale(4, -12), sale(5, -12)])
    assert undone(shop) == {2: datetime(2024, 1, 3, 9), 1: datetime(2024, 1, 4, 9)}
    assert shop.rejected() == {(0, 5): "return_without_sale"}


def test_a_part_comes_back_without_undoing_the_sale(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, [sale(1), sale(5, -5), sale(6, -7)])
    assert shop.rows("SELECT quantity, is_whole FROM returns ORDER BY returned_at") == [(-5, False), (-7, True)]
    assert undone(shop) == {1: datetime(2024, 1, 6, 9)}


@pytest.mark.parametrize(
    ("why", "rows"),
    [
        ("the sale came later", [sale(9), sale(5, -12)]),
        ("another customer bought it", [sale(1, customer="bob"), sale(5, -12)]),
        ("it was sold at another price", [sale(1, price="1.30"), sale(5, -12)]),
        ("more comes back than was sold", [sale(1), sale(5, -13)]),
        ("the parts exceed what was sold", [sale(1), sale(4, -8), sale(5, -8)]),
    ],
)
def test_what_is_not_certain_is_a_return_without_sale(tmp_path: Path, why: str, rows: list[Row]) -> None:
    shop = shop_of(tmp_path, rows)
    assert shop.rejected() == {(0, len(rows)): "return_without_sale"}, why
    assert undone(shop) == {}


def test_a_negative_line_needs_no_prefix_to_be_a_return(tmp_path: Path) -> None:
    shop = shop_of(tmp_path, [sale(1), sale(5, -12, order="R-77")])
    assert undone(shop) == {1: datetime(2024, 1, 5, 9)}


def test_a_shop_that_numbers_its_sales_with_c_loses_nothing(tmp_path: Path) -> None:
    rows = [sale(day, order=f"C{day}") for day in range(1, 20)]
    for policy in POLICIES.values():
        shop = CleanShop([raw_table(tmp_path, rows)], tmp_path / policy.name, policy)
        assert shop.cleaned.rows["order_lines"] == 19


def test_an_order_called_off_is_undone_from_that_day(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("ann", "1", "2024-01-01", "mug", "2", "5", None),
        ("bob", "2", "2024-01-02", "mug", "2", "5", "2024-01-03"),
    ]
    table = raw_table(tmp_path, rows, columns=(*COLUMNS, "cancelled_at"))
    shop = CleanShop([table], tmp_path / "stage")
    assert undone(shop) == {2: datetime(2024, 1, 3)}
    assert shop.rows("SELECT order_key, amount, is_whole FROM returns") == [(2, -10, True)]
    simple = CleanShop([table], tmp_path / "simple", POLICIES["simple"])
    assert simple.rejected() == {(0, 2): "cancelled_invoice"}


def test_keeping_cancellations_takes_them_as_they_are(tmp_path: Path) -> None:
    policy = policy_from({"cancellations": "keep", "non_positive": "keep"}, base=POLICIES["default"])
    shop = CleanShop([raw_table(tmp_path, [sale(1), sale(5, -12)])], tmp_path / "stage", policy)
    assert shop.cleaned.rows["order_lines"] == 2
    assert undone(shop) == {}


MOVES = st.lists(st.tuples(st.integers(1, 4), st.booleans()), max_size=14)


def movements(moves: list[tuple[int, bool]]) -> list[Movement]:
    return [Movement(0, position, units, is_return) for position, (units, is_return) in enumerate(moves)]


@given(past=MOVES, future=MOVES)
def test_what_comes_later_changes_no_earlier_match(
    past: list[tuple[int, bool]], future: list[tuple[int, bool]]
) -> None:
    known = list(pair(movements(past)))
    assert list(pair(movements(past + future)))[: len(known)] == known


@given(moves=MOVES)
def test_no_sale_gives_back_more_than_was_sold(moves: list[tuple[int, bool]]) -> None:
    lines, back = movements(moves), dict.fromkeys(range(len(moves)), 0)
    found = list(pair(lines))
    for each in found:
        assert lines[each.back].is_return
        assert not lines[each.sale].is_return
        assert each.sale < each.back
        back[each.sale] += lines[each.back].units
        assert each.is_whole == (back[each.sale] == lines[each.sale].units)
    assert all(back[n] <= line.units for n, line in enumerate(lines))
    assert len({each.back for each in found}) == len(found)
