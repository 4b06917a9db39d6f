import pytest

from holdfast.forecast.bootstrap import Difference
from holdfast.forecast.wording import counted, percent, points


@pytest.mark.parametrize(
    ("share", "words"),
    [(0, "0 %"), (0.001, "under 1 %"), (0.412, "41 %"), (0.996, "over 99 %"), (1, "100 %")],
)
def test_shares(share: float, words: str) -> None:
    assert percent(share) == words


def test_counts() -> None:
    assert (counted(0, "buyer"), counted(1, "buyer"), counted(1312, "day")) == ("0 buyers", "1 buyer", "1,312 days")


def test_differences_have_a_sign() -> None:
    assert points(Difference(0.5, 0.42, 0.081, -0.004, 0.112)) == "+8.1 points, 95 % interval -0.4 to +11.2"
