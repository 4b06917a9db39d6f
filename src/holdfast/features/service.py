"""How orders are paid, shipped and delivered, by which channel they come, and what they earn."""

from holdfast.engine import dialect as sql
from holdfast.engine.dialect import Sql
from holdfast.features.expressions import first_given, last_given, share_where, where_given
from holdfast.features.feature import DECIMAL, DOUBLE, INTEGER, LABEL, Feature, Grain, Missing, Unit

_DELAY = f"({sql.day_number('delivered_at')} - {sql.day_number('promised_at')})"
_DELIVERY_DAYS = f"({sql.day_number('delivered_at')} - day)"
_PROMISE = ("orders.delivered_at", "orders.promised_at")


def _order(
    name: str,
    definition: str,
    unit: Unit,
    expression: str,
    needs: tuple[str, ...],
    missing: Missing = Missing.MEDIAN,
    sql_type: str = DOUBLE,
) -> Feature:
    return Feature(name, definition, unit, missing, Grain.ORDERS, Sql(expression), sql_type, needs)


PAYING: tuple[Feature, ...] = (
    _order(
        "mean_installments",
        "Mean number of instalments of an order.",
        Unit.INSTALMENTS,
        sql.mean("installments"),
        ("orders.installments",),
    ),
    _order(
        "max_installments",
        "Most instalments of an order.",
        Unit.INSTALMENTS,
        "MAX(installments)",
        ("orders.installments",),
    ),
    _order(
        "voucher_order_share",
        "Share of orders with a voucher.",
        Unit.SHARE,
        share_where("voucher IS NOT NULL"),
        ("orders.voucher",),
        Missing.NEVER,
    ),
    _order(
        "days_since_last_voucher",
        "Days since the last order with a voucher.",
        Unit.DAYS,
        f"MIN({where_given('voucher', 'age')})",
        ("orders.voucher",),
        sql_type=INTEGER,
    ),
    _order(
        "gross_margin",
        "Value less cost of the orders whose cost is known, before returns.",
        Unit.MONEY,
        "SUM(amount - cost)",
        ("orders.cost",),
        sql_type=DECIMAL,
    ),
    _order(
        "gross_margin_share",
        "Gross margin over the value of the orders whose cost is known.",
        Unit.SHARE,
        sql.ratio("SUM(amount - cost)", f"SUM({where_given('cost', 'amount')})"),
        ("orders.cost",),
    ),
)

SHIPPING: tuple[Feature, ...] = (
    _order(
        "freight_total",
        "Freight paid.",
        Unit.MONEY,
        "COALESCE(SUM(shipping), 0)",
        ("orders.shipping",),
        Missing.ZERO,
        DECIMAL,
    ),
    _order(
        "freight_share",
        "Freight over goods and freight of the orders whose freight is known.",
        Unit.SHARE,
        sql.ratio("SUM(shipping)", f"SUM({where_given('shipping', 'amount')}) + SUM(shipping)"),
        ("orders.shipping",),
    ),
    _order(
        "mean_delivery_days",
        "Mean days from order to delivery, of the orders delivered before as_of.",
        Unit.DAYS,
        sql.mean(_DELIVERY_DAYS),
        ("orders.delivered_at",),
    ),
    _order(
        "last_delivery_days",
        "Days from order to delivery of the latest order delivered before as_of.",
        Unit.DAYS,
        last_given(_DELIVERY_DAYS),
        ("orders.delivered_at",),
        sql_type=INTEGER,
    ),
    _order(
        "mean_delivery_delay",
        "Mean days from promised to actual delivery; below zero is early.",
        Unit.DAYS,
        sql.mean(_DELAY),
        _PROMISE,
    ),
    _order(
        "last_delivery_delay",
        "Days from promised to actual delivery of the latest order delivered before as_of.",
        Unit.DAYS,
        last_given(_DELAY),
        _PROMISE,
        sql_type=INTEGER,
    ),
    _order(
        "late_delivery_share",
        "Share of deliveries after the promised day.",
        Unit.SHARE,
        sql.ratio(sql.count_where(f"{_DELAY} > 0"), f"COUNT({_DELAY})"),
        _PROMISE,
    ),
)


def _label(name: str, definition: str, expression: Sql, needs: str) -> Feature:
    return _order(name, definition, Unit.LABEL, expression, (needs,), Missing.UNKNOWN, LABEL)


ORIGIN: tuple[Feature, ...] = (
    _label("first_channel", "Channel of the first order that names one.", first_given("channel"), "orders.channel"),
    _label("last_channel", "Channel of the latest order that names one.", last_given("channel"), "orders.channel"),
    _order(
        "channel_count",
        "Different channels used.",
        Unit.KINDS,
        "COUNT(DISTINCT channel)",
        ("orders.channel",),
        Missing.NEVER,
        INTEGER,
    ),
    _label("country", "Country of the latest order that names one.", last_given("country"), "orders.country"),
    _label("state", "State of the latest order that names one.", last_given("state"), "orders.state"),
    _label("city", "City of the latest order that names one.", last_given("city"), "orders.city"),
    Feature(
        "acquisition_channel",
        "Channel that won the customer, as the shop says.",
        Unit.LABEL,
        Missing.UNKNOWN,
        Grain.PROFILE,
        Sql("channel"),
        LABEL,
        ("customers.channel",),
    ),
    Feature(
        "acquisition_cost",
        "What winning the customer cost, as the shop says.",
        Unit.MONEY,
        Missing.MEDIAN,
        Grain.PROFILE,
        Sql("acquisition_cost"),
        DECIMAL,
        ("customers.acquisition_cost",),
    ),
)

SERVICE: tuple[Feature, ...] = (*PAYING, *SHIPPING, *ORIGIN)
