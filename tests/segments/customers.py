"""Small customer tables, as the features room would make them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from holdfast.engine import DuckEngine, Query


@dataclass(frozen=True)
class Customer:
    """One customer; without a gap a one-time buyer. `recent` is the net revenue of the last 365 days."""

    key: int
    days: int = 10
    gap: float | None = None
    orders: int = 1
    revenue: str = "100.00"
    recent: str | None = None
    tenure: int = 400


def keep(engine: DuckEngine, customers: Sequence[Customer], *, table: str = "customers_asof") -> None:
    """Keep `customers` as a table with the columns that the segments room reads; a bound NaN becomes NULL."""
    engine.bind_columns(
        "given",
        {
            "customer_key": np.array([c.key for c in customers], dtype=np.int32),
            "days": np.array([c.days for c in customers], dtype=np.int32),
            "gap": np.array([np.nan if c.gap is None else c.gap for c in customers], dtype=np.float64),
            "orders": np.array([c.orders if c.gap is None else max(c.orders, 2) for c in customers], dtype=np.int32),
            "revenue": np.array([c.revenue for c in customers], dtype=object),
            "recent": np.array([c.revenue if c.recent is None else c.recent for c in customers], dtype=object),
            "tenure": np.array([c.tenure for c in customers], dtype=np.int32),
        },
    )
    engine.keep(
        table,
        Query(
            table,
            "one customer",
            """
            SELECT customer_key, 'c' || customer_key AS customer_id, days AS days_since_last_order,
                orders AS order_count, CASE WHEN gap IS NULL THEN 1 ELSE orders END AS order_day_count,
                CAST(revenue AS DECIMAL(18,4)) AS net_revenue, gap AS median_gap_days,
                days / gap AS churn_ratio, tenure AS days_since_first_purchase,
                CAST(recent AS DECIMAL(18,4)) AS net_revenue_365d, 1 AS unique_products,
                CAST(revenue AS DOUBLE) / orders AS mean_order_value, 1 AS order_count_90d
            FROM given
            """,
        ),
    )
    engine.drop("given")
