"""Lines in = kept + rejected, and so is the revenue, to the cent, whatever comes in."""

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.cleaning import POLICIES, Entry, balance, policy_from
from holdfast.units import share_out, to_cents
from tests.cleaning.shops import CleanShop, raw_table

SHOP = [
    ("ann", "1", "2024-01-02 10:00", "mug", "2", "3.50"),  # 1 a sale
    (None, "2", "2024-01-02 11:00", "mug", "1", "3.50"),  # 2 nobody known
    ("ann", "C3", "2024-01-05 09:00", "mug", "-2", "3.50"),  # 3 cancels row 1
    ("bob", "C4", "2024-01-05 09:30", "cup", "-1", "9.99"),  # 4 cancels nothing we know
    ("bob", "5", "2024-01-06 10:00", "cup", "1", "0"),  # 5 given away
    ("bob", "5", "2024-01-06 10:00", "cup", "0", "4.00"),  # 6 no quantity
    (None, "6", "2024-01-07 10:00", "check", "-30", "0"),  # 7 a correction of stock, not a return
    ("bob", "7", "2024-02-30 10:00", "cup", "1", "4.00"),  # 8 there is no such day
    ("bob", "8", "2024-01-08 10:00", "cup", "one", "4.00"),  # 9 there is no such number
    ("bob", "9", "2024-01-09 10:00", "POST", "1", "12.00"),  # 10 postage
]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (
            "simple",
            {2: "no_customer", 3: "cancelled_invoice", 4: "cancelled_invoice", 5: "free_goods", 6: "non_positive",
             7: "no_customer", 8: "unreadable", 9: "unreadable"},
        ),
        (
            "default",
            {4: "return_without_sale", 5: "free_goods", 6: "non_positive", 7: "non_positive", 8: "unreadable",
             9: "unreadable"},
        ),
        ("none", {8: "unreadable", 9: "unreadable"}),
    ],
)  # fmt: skip
def test_every_line_has_its_fate(tmp_path: Path, policy: str, expected: dict[int, str]) -> None:
    shop = CleanShop([raw_table(tmp_path, SHOP)], tmp_path / "stage", POLICIES[policy])
    assert shop.rejected() == {(0, row): reason for row, reason in expected.items()}


def test_the_ledger_is_a_table_with_revenue_per_reason(tmp_path: Path) -> None:
    policy = policy_from({"service_codes": ["post"]}, base=POLICIES["default"])
    shop = CleanShop([raw_table(tmp_path, SHOP)], tmp_path / "stage", policy)
    ledger = balance(shop.cleaned.ledger)
    assert ledger.kept == (
        ("sale", 1, Decimal("7.00")),
        ("sale_without_customer", 1, Decimal("3.50")),
        ("service", 1, Decimal("12.00")),
        ("return", 1, Decimal("-7.00")),
    )
    assert ledger.rejected == (
        ("unreadable", 2, Decimal("4.00")),  # row 8: the day cannot be read, the value can
        ("return_without_sale", 1, Decimal("-9.99")),
        ("non_positive", 2, Decimal("0.00")),
        ("free_goods", 1, Decimal("0.00")),
    )
    assert (ledger.lines_in, ledger.lines_kept, ledger.lines_rejected) == (10, 4, 6)
    assert (ledger.revenue_in, ledger.revenue_kept, ledger.revenue_rejected) == (
        Decimal("9.51"), Decimal("15.50"), Decimal("-5.99"),
    )  # fmt: skip


def test_an_unreadable_cell_is_named(tmp_path: Path) -> None:
    shop = CleanShop([raw_table(tmp_path, SHOP)], tmp_path / "stage")
    found = shop.rows("SELECT row_number, column_name, seen, expected FROM rejects WHERE reason = 'unreadable'")
    assert [row[:3] for row in found] == [(8, "ordered_at", "2024-02-30 10:00"), (9, "quantity", "one")]
    assert found[0][3].startswith("a date written as YYYY-MM-DD hh:mm or YYYY-MM-DD, ")
    assert found[1][3].startswith("a number")


CELLS = st.tuples(
    st.sampled_from([None, "ann", "bob", "", " "]),
    st.sampled_from([None, "1", "2", "C1", "C2", "c3"]),
    st.sampled_from(["2024-01-02 10:00", "2024-03-04", "not a day", "", "0001-01-01", "9999-12-31"]),
    st.sampled_from([None, "mug", "cup", "POST"]),
    st.sampled_from(["1", "2", "-1", "-2", "0", "1e308", "nan", "", "7.25", "x"]),
    st.sampled_from(["1.005", "0.333", "0", "-4", "99999999999999999999", "", "£5", "2,5"]),
)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(CELLS, min_size=1, max_size=25),
    policy=st.sampled_from(sorted(POLICIES)),
    dropped=st.sampled_from([{}, {"duplicates": "drop"}, {"services": "drop", "service_codes": ["POST"]}]),
)
def test_in_is_kept_and_rejected(rows: list[tuple[str | None, ...]], policy: str, dropped: dict[str, object]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        shop = CleanShop([raw_table(folder, rows)], folder / "stage", policy_from(dropped, base=POLICIES[policy]))
        ledger = balance(shop.cleaned.ledger)
        made = shop.cleaned.rows
        shop.engine.close()
    assert ledger.lines_in == len(rows) == ledger.lines_kept + ledger.lines_rejected
    assert ledger.lines_kept == made["order_lines"] + made["returns"]
    assert ledger.lines_rejected == made["rejects"]
    assert ledger.revenue_in == ledger.revenue_kept + ledger.revenue_rejected
    assert ledger.revenue_kept == sum(revenue for *_, revenue in ledger.kept)
    assert ledger.revenue_rejected == sum(revenue for *_, revenue in ledger.rejected)


@given(st.lists(st.decimals(-1000, 1000, places=4), min_size=1, max_size=12), st.integers(-2, 2))
def test_cents_are_shared_out_without_loss(parts: list[Decimal], off: int) -> None:
    total = to_cents(sum(parts, Decimal(0))) + off * Decimal("0.01")
    shares = share_out(total, parts)
    assert sum(shares) == total
    assert all(abs(share - part) < Decimal("0.04") for share, part in zip(shares, parts, strict=True))


def test_halves_on_both_sides_still_balance() -> None:
    entries = [Entry(0, "sale", 1, 1, 1, Decimal("1.005")), Entry(0, "return_without_sale", 2, 1, 1, Decimal("-2.01"))]
    ledger = balance(entries)
    assert ledger.revenue_in == ledger.revenue_kept + ledger.revenue_rejected == Decimal("-1.01")
    assert [revenue for *_, revenue in ledger.rejected] == [ledger.revenue_rejected]


def test_thirds_of_a_cent_go_to_the_largest_remainders() -> None:
    entries = [Entry(0, reason, 1, 1, 1, Decimal("0.0033")) for reason in ("unreadable", "no_customer", "free_goods")]
    ledger = balance(entries)
    assert ledger.revenue_rejected == Decimal("0.01")
    assert sorted(revenue for *_, revenue in ledger.rejected) == [Decimal("0.00"), Decimal("0.00"), Decimal("0.01")]
