from decimal import Decimal

import pytest

from holdfast.reports.figures import counted, exact_money, money, percent


@pytest.mark.parametrize(
    ("amount", "currency", "whole", "exact"),
    [
        ("48210.49", "GBP", "£48,210", "£48,210.49"),
        ("48210.50", "EUR", "€48,211", "€48,210.50"),
        ("-1200.005", "USD", "-$1,200", "-$1,200.01"),
        ("0", "BRL", "R$0", "R$0.00"),
        ("1234567", "PEN", "1,234,567 PEN", "1,234,567.00 PEN"),
        ("5", "", "5", "5.00"),
    ],
)
def test_money(amount: str, currency: str, whole: str, exact: str) -> None:
    assert money(Decimal(amount), currency) == whole
    assert exact_money(Decimal(amount), currency) == exact


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (None, "–"),
        (0.0, "0 %"),
        (0.0001, "under 1 %"),
        (0.405, "41 %"),
        (0.41, "41 %"),
        (0.9999, "over 99 %"),
        (1.0, "100 %"),
        (1.07, "107 %"),
        (-0.02, "-2 %"),
    ],
)
def test_a_share_never_rounds_to_nothing_or_everything(share: float | None, text: str) -> None:
    assert percent(share) == text


def test_one_thing_and_many() -> None:
    assert [counted(n, "customer") for n in (0, 1, 1234)] == ["0 customers", "1 customer", "1,234 customers"]
