"""Services: marked by code, proposed by name and behaviour, kept apart from goods."""

from decimal import Decimal
from pathlib import Path

from holdfast.cleaning import POLICIES, policy_from
from holdfast.cleaning.services import propose_services
from tests.cleaning.shops import COLUMNS, CleanShop, Row, raw_table


def lines() -> list[Row]:
    """Mugs at one price, something sold one at a time at ever different prices, and postage."""
    rows: list[Row] = []
    for n in range(1, 13):
        rows.append((f"c{n}", str(n), f"2024-01-{n:02}", "mug", "6", "3.50", "A mug"))
        rows.append((f"c{n}", str(n), f"2024-01-{n:02}", "X1", "1", f"{n}.{n:02}", "Miscellaneous"))
    rows.append(("c1", "13", "2024-02-01", "POST", "1", "4.00", "Postage"))
    return rows


def shop_with(tmp_path: Path, **rules: object) -> CleanShop:
    table = raw_table(tmp_path, lines(), columns=(*COLUMNS, "product_name"))
    return CleanShop([table], tmp_path / "stage", policy_from(rules, base=POLICIES["default"]))


def test_what_is_called_or_behaves_like_a_service_is_proposed_with_its_reason(tmp_path: Path) -> None:
    proposals = {p.product_id: p.why for p in propose_services(shop_with(tmp_path).engine)}
    assert proposals == {
        "POST": "its name says so",
        "X1": "sold one at a time at 12 different prices in 12 lines",
    }


def test_a_confirmed_service_is_proposed_no_more_and_is_no_order_by_itself(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, service_codes=["post", "X*"])
    assert propose_services(shop.engine) == ()
    assert shop.rows("SELECT lines, amount, service_amount FROM orders WHERE order_id = '13'") == [
        (0, Decimal(0), Decimal(4))
    ]
    assert shop.rows("SELECT product_id FROM products WHERE is_service ORDER BY 1") == [("POST",), ("X1",)]
    assert shop.rejected() == {}


def test_services_may_be_dropped(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, service_codes=["POST"], services="drop")
    assert set(shop.rejected().values()) == {"service_line"}
    assert shop.rows("SELECT COUNT(*) FROM orders") == [(12,)]
