"""Order days from the stage: one row per customer and day with a live order, as known at a date."""

import numpy as np

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.forecast.days import day_date
from holdfast.forecast.labels import OrderDays

_AS_OF = sql.day_start("$as_of")
_SPEND = sql.cast("SUM(o.amount + COALESCE(r.amount, 0))", "DOUBLE")
_ORDER_DAYS = f"""
    SELECT o.customer_key, o.day, {_SPEND} AS spend
    FROM orders AS o LEFT JOIN (
        SELECT order_key, SUM(amount) AS amount FROM returns WHERE returned_at < {_AS_OF} GROUP BY order_key
    ) AS r ON r.order_key = o.order_key
    WHERE o.customer_key IS NOT NULL AND o.lines > 0 AND o.ordered_at < {_AS_OF}
        AND COALESCE(o.reversed_at >= {_AS_OF}, TRUE)
    GROUP BY o.customer_key, o.day ORDER BY o.customer_key, o.day"""
"""The live orders of the features room, with what had been returned of them by then taken off."""


def order_days(engine: DuckEngine, *, as_of: int) -> OrderDays:
    """Every customer's order days before day `as_of` (days since 1970-01-01), with the spend of each, net of returns.

    Customers are indexed by their key in the stage, which has to be bound. An order that was undone as a whole before
    as_of is not there.
    """
    query = Query("order_days", "one customer on one day", _ORDER_DAYS, {"as_of": day_date(as_of)})
    found = engine.columns(query)
    customer = found["customer_key"].astype(np.int64)
    return OrderDays(
        customers=int(customer.max()) + 1 if len(customer) else 0,
        customer=customer,
        day=found["day"].astype(np.int64),
        spend=found["spend"].astype(np.float64),
    )
