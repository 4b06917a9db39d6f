"""The rows that features sum up: what was known at as_of, at each grain.

Here, and only here, is decided what is known. `$as_of` is exclusive: an order, a return, a reversal, a delivery and a
review are known if they happened before it. `order_status` is never read, for nobody knows when it was written.
`$today` is as_of as a day number, so that age = $today - day, and yesterday's order is one day old.
"""

from collections.abc import Mapping

from holdfast.engine import dialect as sql
from holdfast.engine.dialect import Sql
from holdfast.features.expressions import last_given
from holdfast.features.feature import Grain
from holdfast.tables import MONEY

CHURN_HORIZON = 180
"""Days after which the silence of a customer counts into the churn rate of its city."""

AS_OF = sql.day_start("$as_of")


def _known(moment: str) -> str:
    return f"{moment} < {AS_OF}"


def _standing(reversed_at: str) -> str:
    return f"COALESCE({reversed_at} >= {AS_OF}, TRUE)"


def _whole_cents(amount: str) -> str:
    return sql.cast(f"round({sql.cast(amount, 'DOUBLE')} * 100)", "BIGINT")


# --- orders ----------------------------------------------------------------------------------------------------------

_RETURNED = f"""returned AS (
    SELECT order_key, COUNT(*) AS lines, {sql.cast("SUM(amount)", MONEY)} AS amount
    FROM returns WHERE {_known("returned_at")} GROUP BY order_key
)"""

_LIVE_ORDERS = f"""live_orders AS (
    SELECT *, {_whole_cents("net")} AS net_cents, {_whole_cents(sql.ratio("amount", "units"))} AS unit_price_cents,
        CASE WHEN place = 1 OR gap IS NOT NULL THEN age END AS new_day_age
    FROM (
        SELECT o.customer_key, o.order_key, o.ordered_at, o.day, $today - o.day AS age,
            o.lines, o.products, o.units, o.amount,
            {sql.cast("o.amount + COALESCE(r.amount, 0)", MONEY)} AS net, COALESCE(r.lines, 0) AS returned_lines,
            o.service_amount, o.discount, o.cost, o.shipping,
            o.voucher, o.channel, o.country, o.state, o.city, o.payment_type, o.installments, o.promised_at,
            CASE WHEN {_known("o.delivered_at")} THEN o.delivered_at END AS delivered_at,
            ROW_NUMBER() OVER by_time AS place,
            NULLIF(o.day - LAG(o.day) OVER by_time, 0) AS gap
        FROM orders AS o LEFT JOIN returned AS r ON r.order_key = o.order_key
        WHERE o.customer_key IS NOT NULL AND o.lines > 0 AND {_known("o.ordered_at")} AND {_standing("o.reversed_at")}
        WINDOW by_time AS (PARTITION BY o.customer_key ORDER BY o.order_key)
    ) AS ordered
)"""
"""One row per live order. `net` is its value less what was returned, `unit_price_cents` its mean price of a piece,
`place` its number among the customer's orders from 1, `gap` the days since the order day before (NULL on the
first day and on further orders of one day), `new_day_age` its age if it is the first of its day. Order keys rank a
customer's orders by time and, within a second, by id: an order keeps its place whatever is imported later."""

_REVERSED = f"""reversed_orders AS (
    SELECT customer_key, order_key FROM orders
    WHERE customer_key IS NOT NULL AND lines > 0 AND {_known("ordered_at")} AND {_known("reversed_at")}
)"""


# --- choices: what a customer chose among, and how often -------------------------------------------------------------

_DATE = sql.cast("ordered_at", "DATE")


def _choices(source: str) -> str:
    """`source` has customer_key, choice, amount and ordered_at; a choice is ranked by how often and by how early.

    First and last are dates, not times: this grain has millions of rows, and dates are half as wide.
    """
    return f"""counted AS (
    SELECT customer_key, choice, COUNT(*) AS n, SUM(amount) AS amount,
        MIN({_DATE}) AS first_day, MAX({_DATE}) AS last_day
    FROM ({source}) AS chosen WHERE choice IS NOT NULL GROUP BY customer_key, choice
), choices AS (
    SELECT *,
        ROW_NUMBER() OVER (PARTITION BY customer_key ORDER BY n DESC, choice) AS by_count,
        ROW_NUMBER() OVER (PARTITION BY customer_key ORDER BY first_day, amount DESC, choice) AS by_time
    FROM counted
)"""


_LIVE_LINE = (
    f"l.customer_key IS NOT NULL AND NOT l.is_service AND {_known('l.ordered_at')} AND {_standing('l.reversed_at')}"
)


def _of_lines(choice: str, *, of_product: bool) -> str:
    join = " LEFT JOIN products AS p ON p.product_key = l.product_key" if of_product else ""
    return _choices(
        f"SELECT l.customer_key, {choice} AS choice, l.amount, l.ordered_at FROM order_lines AS l{join} "
        f"WHERE {_LIVE_LINE}"
    )


def _of_orders(choice: str) -> str:
    return _choices(f"SELECT customer_key, {choice} AS choice, amount, ordered_at FROM live_orders")


# --- places ----------------------------------------------------------------------------------------------------------

_HOMES = f"""homes AS (
    SELECT customer_key, {last_given("country")} AS country, {last_given("state")} AS state,
        {last_given("city")} AS city, COUNT(*) AS orders, SUM(net) AS net,
        CASE WHEN MAX(age) > {CHURN_HORIZON} THEN 1 ELSE 0 END AS matured,
        CASE WHEN MIN(age) > {CHURN_HORIZON} THEN 1 ELSE 0 END AS churned
    FROM live_orders GROUP BY customer_key
)"""
"""A customer is matured if it ordered before the churn horizon began, and churned if it has not ordered since."""

_SEASONS = f"""months AS (
    SELECT COALESCE(state, country) AS region, {sql.month("day")} AS month, COUNT(*) AS n
    FROM live_orders WHERE age <= 365 GROUP BY region, month
), seasons AS (
    SELECT region, SUM(n) AS region_orders, {sql.exact_sum("n * ln(n)")} AS region_terms
    FROM months GROUP BY region
)"""

_PLACES = """places AS (
    SELECT h.customer_key, h.state, h.city, s.region_orders, s.region_terms,
        SUM(h.net) OVER in_state AS state_net, SUM(h.orders) OVER in_state AS state_orders,
        SUM(h.matured) OVER in_city AS city_matured, SUM(h.churned) OVER in_city AS city_churned,
        SUM(h.matured) OVER () AS shop_matured, SUM(h.churned) OVER () AS shop_churned
    FROM homes AS h LEFT JOIN seasons AS s ON s.region = COALESCE(h.state, h.country)
    WINDOW in_state AS (PARTITION BY h.country, h.state), in_city AS (PARTITION BY h.country, h.state, h.city)
)"""


# --- what each grain reads -------------------------------------------------------------------------------------------

_LIVE = (_RETURNED, _LIVE_ORDERS)

STEPS: Mapping[Grain, tuple[str, ...]] = {
    Grain.ORDERS: _LIVE,
    Grain.PRODUCTS: (_of_lines("l.product_key", of_product=False),),
    Grain.CATEGORIES: (_of_lines("p.category", of_product=True),),
    Grain.BRANDS: (_of_lines("COALESCE(p.brand, l.seller)", of_product=True),),
    Grain.SELLERS: (_of_lines("l.seller", of_product=False),),
    Grain.PAYMENTS: (*_LIVE, _of_orders("payment_type")),
    Grain.REVERSALS: (_REVERSED,),
    Grain.PLACES: (*_LIVE, _HOMES, _SEASONS, _PLACES),
}
"""The named steps (common table expressions) of a grain; the last one holds its rows."""

ROWS: Mapping[Grain, Sql] = {
    Grain.ORDERS: Sql("live_orders"),
    Grain.PRODUCTS: Sql("choices"),
    Grain.CATEGORIES: Sql("choices"),
    Grain.BRANDS: Sql("choices"),
    Grain.SELLERS: Sql("choices"),
    Grain.PAYMENTS: Sql("choices"),
    Grain.RETURNS: Sql(f"returns WHERE customer_key IS NOT NULL AND {_known('returned_at')}"),
    Grain.REVERSALS: Sql("reversed_orders"),
    Grain.REVIEWS: Sql(f"reviews WHERE customer_key IS NOT NULL AND {_known('created_at')}"),
    Grain.PLACES: Sql("places"),
    Grain.PROFILE: Sql("customers"),
}
"""Where the rows of a grain are read from."""

ONE_ROW_A_CUSTOMER = frozenset({Grain.PLACES, Grain.PROFILE})
"""Grains that have one row a customer already: their expressions are plain, not aggregates."""
