import pytest

from holdfast.workflows.action_words import filled


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ({"orders": "3", "days": "30"}, "3 orders, the last 30 days ago."),
        ({"orders": "1", "days": "1"}, "1 order, the last 1 day ago."),
        ({"orders": "21", "days": "31"}, "21 orders, the last 31 days ago."),
        ({"orders": "1,001", "days": "2.1"}, "1,001 orders, the last 2.1 days ago."),
    ],
)
def test_one_of_many_is_one(numbers: dict[str, str], sentence: str) -> None:
    assert filled("{orders} orders, the last {days} days ago.", numbers) == sentence
