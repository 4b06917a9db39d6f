"""Small histories, written by hand."""

import numpy as np

from holdfast.forecast.labels import OrderDays


def history(*rows: tuple[int, int, float], customers: int) -> OrderDays:
    """Rows of (customer, day, spend)."""
    columns = list(zip(*sorted(rows), strict=True)) or [(), (), ()]
    return OrderDays(
        customers,
        np.array(columns[0], dtype=np.int64),
        np.array(columns[1], dtype=np.int64),
        np.array(columns[2], dtype=np.float64),
    )


def shop(*customers: list[int]) -> OrderDays:
    """Each customer's order days; every one brought 1."""
    rows = [(customer, day, 1.0) for customer, days in enumerate(customers) for day in set(days)]
    return history(*rows, customers=len(customers))
