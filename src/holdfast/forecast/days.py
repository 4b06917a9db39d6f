"""Days as numbers: how many have passed since 1970-01-01."""

from datetime import date, timedelta

DAY_ZERO = date(1970, 1, 1)


def day_date(day: int) -> date:
    """The date of a day number."""
    return DAY_ZERO + timedelta(days=day)


def day_number(day: date) -> int:
    """The day number of a date."""
    return (day - DAY_ZERO).days
