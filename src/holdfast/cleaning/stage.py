"""Kept lines become the stage: products, orders, order_lines and returns, joined by integer keys.

Keys are ranks of the shop's own ids and times, so the same lines give the same keys in whatever order they came.
"""

from collections.abc import Sequence
from pathlib import Path

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.engine.dialect import Sql
from holdfast.tables import ORDER_LINES, ORDERS, PRODUCTS, RETURNS, Table

_ORDER_FACTS = (
    "currency", "voucher", "channel", "country", "state", "city", "payment_type", "installments", "order_status",
    "delivered_at", "promised_at",
)  # fmt: skip
_LINE_SUMS = ("discount", "cost", "tax", "shipping")
_SOLD = "reason IS NULL AND NOT is_return"
_PRODUCT_FACTS = ("product_name", "category", "brand")


def write_stage(engine: DuckEngine, *, fields: Sequence[str], row_orders: Sequence[int], into: Path) -> dict[str, int]:
    """Write products, orders, order_lines and returns of what `classify` left into the folder; returns their rows.

    `row_orders` are the sources in which each row is an order by itself. Leaves the tables `customer_keys`,
    `order_keys` and `product_keys` in the engine for whoever joins more facts.
    """
    sales = _sales(fields, row_orders)
    engine.keep(
        "customer_keys",
        Query(
            "customer_keys",
            "one customer",
            f"""
        SELECT customer_id, CAST(row_number() OVER (ORDER BY customer_id) AS INTEGER) AS customer_key
        FROM (SELECT DISTINCT customer_id FROM judged WHERE {_SOLD} AND customer_id IS NOT NULL) AS known""",
        ),
    )
    engine.keep("product_keys", Query("products", PRODUCTS.grain, _products(fields)))
    engine.keep("order_keys", Query("orders", ORDERS.grain, _orders(sales, fields)))
    lines = into / "order_lines.parquet"
    rows = {"order_lines": engine.write(Query("order_lines", ORDER_LINES.grain, _order_lines(sales, fields)), lines)}
    engine.bind("written_lines", lines)
    engine.define("orders_with_products", Query("orders_with_products", ORDERS.grain, _WITH_PRODUCTS))
    written = {
        "products": _as_contracted(engine, PRODUCTS, "product_keys", order="product_key"),
        "orders": _as_contracted(engine, ORDERS, "orders_with_products", order="order_key"),
        "returns": _returns(fields, row_orders),
    }
    for name, text in written.items():
        rows[name] = engine.write(Query(name, name, text), into / f"{name}.parquet")
    return rows


def _order_name(row_orders: Sequence[int], *, of: dict[str, str] | None = None) -> Sql:
    """The order a line belongs to: its id; without one, the row itself, or all lines of a customer at one moment."""
    column = {name: name for name in ("source", "row_number", "customer_id", "order_id", "ordered_at")} | (of or {})
    by_row = f"'#' || ({column['source']} + 1) || '-' || {column['row_number']}"
    by_time = f"COALESCE({column['customer_id']}, '') || ' ' || {column['ordered_at']}"
    listed = ", ".join(map(str, row_orders))
    own = f"CASE WHEN {column['source']} IN ({listed}) THEN {by_row} ELSE {by_time} END" if row_orders else by_time
    return Sql(f"COALESCE({column['order_id']}, {own})")


def _sales(fields: Sequence[str], row_orders: Sequence[int]) -> str:
    """The kept sale lines with the order they belong to and the moment from which they are undone."""
    called_off = "CASE WHEN is_called_off THEN cancelled_at END" if "cancelled_at" in fields else "NULL"
    return f"""
        SELECT l.*, COALESCE(customer_id, '') AS buyer, {_order_name(row_orders)} AS order_name,
            {sql.day_number("ordered_at")} AS day, CAST(COALESCE({called_off}, returned_at) AS TIMESTAMP) AS reversed_at
        FROM judged AS l LEFT JOIN (
            SELECT sale_source, sale_row, MAX(returned_at) AS returned_at FROM undone WHERE is_whole
            GROUP BY sale_source, sale_row
        ) AS u ON l.source = u.sale_source AND l.row_number = u.sale_row
        WHERE {_SOLD}"""


def _products(fields: Sequence[str]) -> str:
    """Each product once, with the name, category and brand of its first sale.

    A category that is filled in later stays unknown: otherwise a later row would change features of an earlier day.
    """
    facts = [fact for fact in _PRODUCT_FACTS if fact in fields]
    columns = ", ".join(["product_id", *facts])
    first = ", ".join(f"MAX(CASE WHEN nth = 1 THEN {fact} END) AS {fact}" for fact in facts)
    in_time = ", ".join(["first_at", *(f"COALESCE({fact}, '')" for fact in facts)])
    return f"""
        SELECT CAST(row_number() OVER (ORDER BY product_id) AS INTEGER) AS product_key, * FROM (
            SELECT product_id, {first + ", " if facts else ""} MAX(is_service) AS is_service FROM (
                SELECT *, row_number() OVER (PARTITION BY product_id ORDER BY {in_time}) AS nth FROM (
                    SELECT {columns}, MAX(is_service) AS is_service, MIN(ordered_at) AS first_at
                    FROM judged WHERE {_SOLD} AND product_id IS NOT NULL GROUP BY {columns}
                ) AS named
            ) AS numbered GROUP BY product_id
        ) AS products"""


def _orders(sales: str, fields: Sequence[str]) -> str:
    goods = "NOT is_service"
    sums = [f"SUM({name}) AS {name}" for name in _LINE_SUMS if name in fields]
    facts = [f"{sql.first_by(name, 'row_number')} AS {name}" for name in _ORDER_FACTS if name in fields]
    extra = "".join(f", {column}" for column in (*sums, *facts))
    all_undone = f"{sql.count_where(goods)} = {sql.count_where(f'{goods} AND reversed_at IS NOT NULL')}"
    return f"""
        SELECT CAST(row_number() OVER (ORDER BY customer_key NULLS LAST, ordered_at, order_id) AS INTEGER) AS order_key,
            *
        FROM (
            SELECT k.customer_key, o.order_name AS order_id, o.* FROM (
                SELECT buyer, order_name, day, MIN(ordered_at) AS ordered_at,
                    CAST({sql.count_where(goods)} AS INTEGER) AS lines,
                    SUM(CASE WHEN {goods} THEN quantity END) AS units,
                    {sql.sum_where("line_amount", goods)} AS amount,
                    {sql.sum_where("line_amount", "is_service")} AS service_amount,
                    CASE WHEN {all_undone} THEN MAX(CASE WHEN {goods} THEN reversed_at END) END AS reversed_at {extra}
                FROM ({sales}) AS s GROUP BY buyer, order_name, day
            ) AS o LEFT JOIN customer_keys AS k ON o.buyer = k.customer_id
        ) AS keyed"""


_WITH_PRODUCTS = """
    SELECT o.*, COALESCE(l.products, 0) AS products FROM order_keys AS o LEFT JOIN (
        SELECT order_key, COUNT(DISTINCT product_key) AS products
        FROM written_lines WHERE NOT is_service GROUP BY order_key
    ) AS l ON o.order_key = l.order_key"""
"""Products are told apart in the written lines: there both keys are integers, which is less than half the work."""


def _order_lines(sales: str, fields: Sequence[str]) -> str:
    """Sorted by customer and order; columns that the file lacks are added after sorting, which then moves less."""
    given = {*fields, "customer_key", "order_key", "product_key", "is_service", "reversed_at", "source", "row_number"}
    sources = {"amount": "line_amount", "unit_price": _price_of_one()}
    there = [column for column in ORDER_LINES.columns if column.name in given | sources.keys()]
    needed = ", ".join(f"{sql.cast(sources.get(c.name, c.name), c.type)} AS {c.name}" for c in there)
    return f"""
        SELECT {_columns(ORDER_LINES, {column.name for column in there})} FROM (
            SELECT {needed} FROM (
                SELECT s.*, o.customer_key, o.order_key, p.product_key FROM ({sales}) AS s
                JOIN (SELECT buyer, order_name, day, order_key, customer_key FROM order_keys) AS o
                    USING (buyer, order_name, day)
                LEFT JOIN (SELECT product_id, product_key FROM product_keys) AS p USING (product_id)
            ) AS keyed ORDER BY order_key, source, row_number
        ) AS sorted"""


def _price_of_one() -> Sql:
    """As given; where the file has only amounts, the amount by the quantity."""
    return sql.cast("COALESCE(unit_price, line_amount / NULLIF(quantity, 0))", "DECIMAL(18,4)")


def _returns(fields: Sequence[str], row_orders: Sequence[int]) -> str:
    """Returns that found their sale, and orders called off as a whole, each with the order it undoes."""
    sale = {"source": "sale_source", "row_number": "sale_row", "order_id": "sale_order_id"}
    order_name = _order_name(row_orders, of=sale | {"ordered_at": "sale_ordered_at"})
    undoing = f"""
        SELECT COALESCE(customer_id, '') AS buyer, {order_name} AS order_name,
            {sql.day_number("sale_ordered_at")} AS day, product_id, returned_at, quantity,
            amount, is_whole, return_order_id, source, row_number FROM undone"""
    if "cancelled_at" in fields:
        undoing += f"""
            UNION ALL SELECT COALESCE(customer_id, ''), {_order_name(row_orders)}, {sql.day_number("ordered_at")},
                product_id, cancelled_at, -quantity,
                -line_amount, TRUE, order_id, source, row_number
            FROM judged WHERE reason IS NULL AND is_called_off AND NOT is_return"""
    return f"""
        SELECT {_columns(RETURNS, set(RETURNS.names))} FROM (
            SELECT o.customer_key, o.order_key, p.product_key, u.* FROM ({undoing}) AS u
            JOIN order_keys AS o ON u.buyer = o.buyer AND u.order_name = o.order_name AND u.day = o.day
            LEFT JOIN product_keys AS p ON u.product_id = p.product_id
        ) AS keyed ORDER BY customer_key, returned_at, source, row_number"""


def _as_contracted(engine: DuckEngine, table: Table, kept: str, *, order: str) -> str:
    return f"SELECT {_columns(table, set(engine.names(kept)))} FROM {kept} ORDER BY {order}"


def _columns(table: Table, given: set[str]) -> str:
    """The columns of a contract in order, typed; NULL for what the shop does not give."""
    return ", ".join(
        f"{sql.cast(column.name if column.name in given else 'NULL', column.type)} AS {column.name}"
        for column in table.columns
    )
