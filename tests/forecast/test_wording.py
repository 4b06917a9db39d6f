import pytest

from holdfast.forecast.wording import counted, money, percent


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "0 %"), (0.001, "under 1 %"), (0.005, "under 1 %"), (0.412, "41 %"), (0.996, "over 99 %"), (1, "100 %"),
        (-0.001, "0 %"), (-0.04, "-4 %"),
    ],
)  # fmt: skip
def test_shares(share: float, words: str) -> None:
    assert percent(share) == words


def test_counts() -> None:
    assert (counted(0, "buyer"), counted(1, "buyer"), counted(1312, "day")) == ("0 buyers", "1 buyer", "1,312 days")


def test_amounts() -> None:
    assert [money(amount, "EUR") for amount in (0.004, -0.001, 12.5, -7.25, 1312.4)] == [
        "0.00 EUR", "0.00 EUR", "12.50 EUR", "-7.25 EUR", "1,312 EUR",
    ]  # fmt: skip
    assert money(12.5, None) == "12.50"
