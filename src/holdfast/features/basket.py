"""What an order of the customer is like: its value, its size and its prices."""

from holdfast.engine import dialect as sql
from holdfast.engine.dialect import Sql
from holdfast.features.expressions import ORDERS, first_given, last_given, share_where
from holdfast.features.feature import DECIMAL, DOUBLE, INTEGER, Feature, Grain, Missing, Unit

_UNITS = ("orders.units",)
_PRODUCTS = ("order_lines.product_key",)


def _order(
    name: str,
    definition: str,
    unit: Unit,
    expression: str,
    missing: Missing = Missing.NEVER,
    sql_type: str = DOUBLE,
    needs: tuple[str, ...] = (),
) -> Feature:
    return Feature(name, definition, unit, missing, Grain.ORDERS, Sql(expression), sql_type, needs)


_VALUE: tuple[Feature, ...] = (
    _order("mean_order_value", "Net revenue per order.", Unit.MONEY, sql.ratio("SUM(net)", ORDERS)),
    _order("median_order_value", "Median net value of an order.", Unit.MONEY, sql.median("CAST(net AS DOUBLE)")),
    _order("min_order_value", "Net value of the smallest order.", Unit.MONEY, "MIN(net)", sql_type=DECIMAL),
    _order("max_order_value", "Net value of the largest order.", Unit.MONEY, "MAX(net)", sql_type=DECIMAL),
    _order("first_order_value", "Net value of the first order.", Unit.MONEY, first_given("net"), sql_type=DECIMAL),
    _order("last_order_value", "Net value of the last order.", Unit.MONEY, last_given("net"), sql_type=DECIMAL),
    _order(
        "std_order_value",
        "Standard deviation of the net values of orders; missing for one order.",
        Unit.MONEY,
        f"{sql.std('net_cents')} / 100",
        Missing.MEDIAN,
    ),
    Feature(
        "order_value_variation",
        "Standard deviation of the net values of orders over their mean; missing for one order.",
        Unit.RATIO,
        Missing.MEDIAN,
        Grain.CUSTOMER,
        sql.ratio("std_order_value", "mean_order_value"),
        uses=("std_order_value", "mean_order_value"),
    ),
    Feature(
        "last_order_value_ratio",
        "Net value of the last order over the mean of all; missing if the mean is zero.",
        Unit.RATIO,
        Missing.MEDIAN,
        Grain.CUSTOMER,
        sql.ratio("last_order_value", "mean_order_value"),
        uses=("last_order_value", "mean_order_value"),
    ),
    _order(
        "largest_order_share",
        "Net value of the largest order over net revenue; missing if nothing is left of it.",
        Unit.RATIO,
        sql.ratio("MAX(net)", "SUM(net)"),
        Missing.MEDIAN,
    ),
)

_SIZE: tuple[Feature, ...] = (
    _order(
        "units_bought",
        "Pieces bought.",
        Unit.PIECES,
        "SUM(units)",
        sql_type=DECIMAL,
        missing=Missing.MEDIAN,
        needs=_UNITS,
    ),
    _order(
        "units_per_order",
        "Pieces per order.",
        Unit.PIECES,
        sql.ratio("SUM(units)", ORDERS),
        missing=Missing.MEDIAN,
        needs=_UNITS,
    ),
    _order("lines_per_order", "Lines per order.", Unit.LINES, sql.ratio("SUM(lines)", ORDERS)),
    _order(
        "products_per_order",
        "Different products per order.",
        Unit.PRODUCTS,
        sql.ratio("SUM(products)", ORDERS),
        needs=_PRODUCTS,
    ),
    _order(
        "max_products_per_order",
        "Different products in the widest order.",
        Unit.PRODUCTS,
        "MAX(products)",
        sql_type=INTEGER,
        needs=_PRODUCTS,
    ),
    _order(
        "single_product_share",
        "Share of orders with a single product.",
        Unit.SHARE,
        share_where("products = 1"),
        needs=_PRODUCTS,
    ),
    _order(
        "service_share",
        "Share of services (postage, fees) in all that was charged.",
        Unit.SHARE,
        sql.ratio("SUM(service_amount)", "SUM(amount) + SUM(service_amount)"),
        Missing.MEDIAN,
    ),
)

_PRICES: tuple[Feature, ...] = (
    _order(
        "mean_unit_price",
        "Mean price paid for a piece.",
        Unit.MONEY,
        sql.ratio("SUM(amount)", "SUM(units)"),
        Missing.MEDIAN,
        needs=_UNITS,
    ),
    _order(
        "min_order_unit_price",
        "Price of a piece in the order with the lowest mean price.",
        Unit.MONEY,
        sql.ratio("MIN(unit_price_cents)", "100"),
        Missing.MEDIAN,
        needs=_UNITS,
    ),
    _order(
        "max_order_unit_price",
        "Price of a piece in the order with the highest mean price.",
        Unit.MONEY,
        sql.ratio("MAX(unit_price_cents)", "100"),
        Missing.MEDIAN,
        needs=_UNITS,
    ),
    _order(
        "unit_price_variation",
        "Standard deviation of the orders' mean prices over their mean; missing for one order.",
        Unit.RATIO,
        sql.ratio(sql.std("unit_price_cents"), sql.mean("unit_price_cents")),
        Missing.MEDIAN,
        needs=_UNITS,
    ),
    _order(
        "price_sensitivity",
        "Where the customer's mean price lies in its own range: 1 buys mostly near its cheapest, 0 near its dearest; "
        "missing without a range.",
        Unit.RATIO,
        sql.ratio(
            f"MAX(unit_price_cents) - {sql.mean('unit_price_cents')}", "MAX(unit_price_cents) - MIN(unit_price_cents)"
        ),
        Missing.MEDIAN,
        needs=_UNITS,
    ),
    _order(
        "discount_share",
        "Discounts over what the orders would have cost without.",
        Unit.SHARE,
        sql.ratio("COALESCE(SUM(discount), 0)", "SUM(amount) + COALESCE(SUM(discount), 0)"),
        Missing.MEDIAN,
        needs=("orders.discount",),
    ),
    _order(
        "discounted_order_share",
        "Share of orders with a discount.",
        Unit.SHARE,
        share_where("discount > 0"),
        needs=("orders.discount",),
    ),
)

BASKET: tuple[Feature, ...] = (*_VALUE, *_SIZE, *_PRICES)
