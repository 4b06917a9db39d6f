"""Recency, frequency, monetary value and the time they span."""

from holdfast.engine import dialect as sql
from holdfast.engine.dialect import Sql
from holdfast.features.expressions import ORDERS
from holdfast.features.feature import DECIMAL, INTEGER, Feature, Grain, Missing, Unit

_ORDER_DAYS = "COUNT(new_day_age)"

RFM: tuple[Feature, ...] = (
    Feature(
        "days_since_last_order",
        "Days from the last order to as_of.",
        Unit.DAYS,
        Missing.NEVER,
        Grain.ORDERS,
        Sql("MIN(age)"),
        INTEGER,
    ),
    Feature(
        "order_count",
        "Orders of goods that were not returned as a whole.",
        Unit.ORDERS,
        Missing.NEVER,
        Grain.ORDERS,
        ORDERS,
        INTEGER,
    ),
    Feature(
        "net_revenue",
        "Value of all orders, less what was returned of them.",
        Unit.MONEY,
        Missing.NEVER,
        Grain.ORDERS,
        Sql("SUM(net)"),
        DECIMAL,
    ),
    Feature(
        "order_day_count",
        "Different days with an order.",
        Unit.ORDER_DAYS,
        Missing.NEVER,
        Grain.ORDERS,
        Sql(_ORDER_DAYS),
        INTEGER,
    ),
    Feature(
        "days_since_first_purchase",
        "Days from the first order to as_of: how long the shop has known the customer.",
        Unit.DAYS,
        Missing.NEVER,
        Grain.ORDERS,
        Sql("MAX(age)"),
        INTEGER,
    ),
    Feature(
        "purchase_span_days",
        "Days from the first order to the last one.",
        Unit.DAYS,
        Missing.NEVER,
        Grain.ORDERS,
        Sql("MAX(age) - MIN(age)"),
        INTEGER,
    ),
    Feature(
        "purchase_velocity",
        "Orders per 30 days since the first order.",
        Unit.RATIO,
        Missing.NEVER,
        Grain.ORDERS,
        sql.ratio("30 * COUNT(*)", "MAX(age)"),
    ),
    Feature(
        "spend_velocity",
        "Net revenue per 30 days since the first order.",
        Unit.MONEY,
        Missing.NEVER,
        Grain.ORDERS,
        sql.ratio("30 * SUM(net)", "MAX(age)"),
    ),
    Feature(
        "active_day_share",
        "Share of the days since the first order on which the customer ordered.",
        Unit.SHARE,
        Missing.NEVER,
        Grain.ORDERS,
        sql.ratio(_ORDER_DAYS, "MAX(age)"),
    ),
    Feature(
        "order_frequency_trend",
        "Where the repeat orders lie between the first order and as_of: -1 at the start, 0 evenly, 1 at the end "
        "(centroid of the Laplace trend test).",
        Unit.RATIO,
        Missing.MEDIAN,
        Grain.ORDERS,
        Sql(f"1 - {sql.ratio('2 * (SUM(age) - MAX(age))', '(COUNT(*) - 1) * MAX(age)')}"),
    ),
)
