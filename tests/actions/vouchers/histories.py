"""Small voucher histories, written as they come."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from holdfast.actions.vouchers.layers import FIELDS, RAW
from holdfast.engine import DuckEngine

Row = tuple[str | None, ...]
"""timestamp, country_code, last_order_ts, first_order_ts, total_orders, voucher_amount"""


@contextmanager
def raw(rows: list[Row]) -> Iterator[DuckEngine]:
    """An engine with these rows as the raw layer."""
    with DuckEngine(threads=1) as engine:
        columns = {name: np.array([row[i] for row in rows], dtype=object) for i, name in enumerate(FIELDS)}
        engine.bind_columns("texts", {"row_number": np.arange(1, len(rows) + 1), **columns})
        texts = ", ".join(f"CAST(t.{name} AS VARCHAR) AS {name}" for name in FIELDS)
        engine.execute(f"CREATE TEMP VIEW {RAW} AS SELECT row_number, {texts} FROM texts AS t")
        yield engine


def given(
    amount: str | None = "10",
    *,
    at: str | None = "2018-07-21 18:59:21.102761",
    country: str | None = "Peru",
    last: str | None = "2018-06-01",
    first: str | None = "2018-01-05 00:00:00",
    orders: str | None = "4.0",
) -> Row:
    """One assignment."""
    return (at, country, last, first, orders, amount)
