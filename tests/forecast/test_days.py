from datetime import date

from holdfast.forecast.days import day_date, day_number


def test_days_are_numbered_from_1970() -> None:
    assert day_number(date(1970, 1, 1)) == 0
    assert day_number(date(1969, 12, 31)) == -1
    assert day_number(date(2024, 2, 29)) == 19_782
    assert day_date(19_782) == date(2024, 2, 29)
