"""What came back, and when."""

from holdfast.engine import dialect as sql
from holdfast.engine.dialect import Sql
from holdfast.features.expressions import ORDERS, share_where
from holdfast.features.feature import DECIMAL, INTEGER, Feature, Grain, Missing, Unit

RETURNS: tuple[Feature, ...] = (
    Feature(
        "return_line_count",
        "Lines returned or cancelled.",
        Unit.LINES,
        Missing.ZERO,
        Grain.RETURNS,
        ORDERS,
        INTEGER,
    ),
    Feature(
        "returned_value",
        "Value of what was returned or cancelled.",
        Unit.MONEY,
        Missing.ZERO,
        Grain.RETURNS,
        Sql("-SUM(amount)"),
        DECIMAL,
    ),
    Feature(
        "days_since_last_return",
        "Days since the last return or cancellation.",
        Unit.DAYS,
        Missing.MEDIAN,
        Grain.RETURNS,
        Sql(f"$today - MAX({sql.day_number('returned_at')})"),
        INTEGER,
    ),
    Feature(
        "returned_revenue_share",
        "Value returned over all that was bought, orders returned as a whole included.",
        Unit.SHARE,
        Missing.MEDIAN,
        Grain.CUSTOMER,
        sql.ratio("returned_value", "net_revenue + returned_value"),
        uses=("returned_value", "net_revenue"),
    ),
    Feature(
        "returned_order_share",
        "Share of orders of which something was returned, but not all.",
        Unit.SHARE,
        Missing.NEVER,
        Grain.ORDERS,
        share_where("returned_lines > 0"),
    ),
    Feature(
        "reversed_order_count",
        "Orders returned or cancelled as a whole; they do not count as orders.",
        Unit.ORDERS,
        Missing.ZERO,
        Grain.REVERSALS,
        ORDERS,
        INTEGER,
    ),
)
