"""The Olist tables joined into what every other shop brings: one table of order lines and one of reviews.

The person is `customer_unique_id` (`customer_id` is one per order). Revenue is the item's price and each row is one
unit; freight is shipping. Payments are kept apart from revenue: of each order's only its main type by value, its most
instalments, and whether a voucher paid. The tables are told by their columns, so folder, zip, CSV and Parquet all do.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.engine.dialect import Sql
from holdfast.errors import InputError
from holdfast.sources.opened import OpenedTable
from holdfast.tables import DAMAGED, MONEY, ROW_NUMBER

ROLES: Mapping[str, tuple[str, ...]] = {
    "orders": (
        "order_id", "customer_id", "order_status", "order_purchase_timestamp", "order_delivered_customer_date",
        "order_estimated_delivery_date",
    ),
    "customers": ("customer_id", "customer_unique_id", "customer_city", "customer_state"),
    "items": ("order_id", "order_item_id", "product_id", "seller_id", "price", "freight_value"),
    "payments": ("order_id", "payment_type", "payment_installments", "payment_value"),
    "reviews": ("order_id", "review_score", "review_comment_title", "review_comment_message", "review_creation_date"),
    "products": ("product_id", "product_category_name", "product_photos_qty"),
    "translation": ("product_category_name", "product_category_name_english"),
}  # fmt: skip
"""The tables used, by the columns that tell them; sellers and geolocation add nothing to an order line."""

REQUIRED = ("orders", "customers", "items")


@dataclass(frozen=True, slots=True)
class Olist:
    """The joined tables, `lines` and, where there are any, `reviews`; and what a person should know of the joining."""

    lines: OpenedTable
    reviews: OpenedTable | None
    used: tuple[OpenedTable, ...]


def roles_of(opened: Sequence[OpenedTable]) -> dict[str, OpenedTable] | None:
    """Which table plays which part; None where these are not the Olist tables."""
    found: dict[str, OpenedTable] = {}
    for table in opened:
        role = next((role for role, columns in ROLES.items() if set(columns) <= set(table.columns)), None)
        if role and role in found:
            raise InputError(
                f"Two tables are the Olist {role}.",
                seen=f"{found[role].file} and {table.file} have the same columns.",
                todo="Import one copy of the Olist tables at a time.",
            )
        if role:
            found[role] = table
    return found if set(REQUIRED) <= found.keys() else None


def join(roles: Mapping[str, OpenedTable], *, engine: DuckEngine, into: Path) -> Olist:
    """Join the tables into Parquet files in the folder `into`."""
    for role, table in roles.items():
        engine.bind(f"olist_{role}", table.path)
    _prepare(engine, roles)
    into.mkdir(parents=True, exist_ok=True)
    lines = _written(engine, _lines(engine), into / "olist_lines.parquet", roles, _notes(engine, roles))
    if lines.rows != roles["items"].rows:
        raise InputError(
            "The Olist tables do not fit together.",
            seen=f"{roles['items'].rows:,} order items became {lines.rows:,} lines, so an id stands twice in a table "
            "that should have it once (orders, customers, products or translation).",
            todo="Check that each table is one whole, unchanged export.",
        )
    reviews = None
    if "reviews" in roles:
        reviews = _written(engine, _reviews(engine), into / "olist_reviews.parquet", {"reviews": roles["reviews"]}, ())
    return Olist(lines, reviews, tuple(roles.values()))


def _prepare(engine: DuckEngine, roles: Mapping[str, OpenedTable]) -> None:
    """Payments per order and category per product, empty where their tables are absent."""
    none = "CAST(NULL AS VARCHAR)"
    paid = (
        _payments()
        if "payments" in roles
        else (
            f"SELECT {none} AS order_id, {none} AS payment_type, CAST(NULL AS BIGINT) AS payment_installments, "
            f"{none} AS voucher WHERE FALSE"
        )
    )
    engine.keep("olist_paid", Query("olist_paid", "one paid order", paid))
    category, translated = "products.product_category_name", ""
    if "translation" in roles:
        category = "COALESCE(english.product_category_name_english, products.product_category_name)"
        translated = "LEFT JOIN olist_translation AS english USING (product_category_name)"
    named = f"SELECT products.product_id, {category} AS product_category FROM olist_products AS products {translated}"
    unnamed = f"SELECT {none} AS product_id, {none} AS product_category WHERE FALSE"
    engine.keep("olist_named", Query("olist_named", "one product", named if "products" in roles else unnamed))


def _payments() -> str:
    """Per order: the type that paid most (by name where two paid the same), the most instalments, any voucher."""
    value, parts = sql.try_cast("payment_value", MONEY), sql.try_cast("payment_installments", "BIGINT")
    by_type = (
        f"SELECT order_id, payment_type, SUM({value}) AS paid, MAX({parts}) AS parts FROM olist_payments "
        "WHERE order_id IS NOT NULL GROUP BY order_id, payment_type"
    )
    ranked = (
        "SELECT *, row_number() OVER (PARTITION BY order_id ORDER BY paid DESC NULLS LAST, payment_type) AS place "
        f"FROM ({by_type}) AS by_type"
    )
    return (
        "SELECT order_id, MAX(payment_type) FILTER (WHERE place = 1) AS payment_type, "
        "MAX(parts) AS payment_installments, MAX(CASE WHEN payment_type = 'voucher' THEN 'voucher' END) AS voucher "
        f"FROM ({ranked}) AS ranked GROUP BY order_id"
    )


def _lines(engine: DuckEngine) -> Query:
    """The items in their order, each with its order, person, product and payment."""
    return Query(
        "olist_lines",
        "one unit of a product in an order",
        f"SELECT items.{ROW_NUMBER}, {_damaged(engine, 'olist_items', 'items')}items.order_id, items.product_id, "
        "items.seller_id, items.price, items.freight_value, 1 AS quantity, customers.customer_unique_id, "
        "customers.customer_city, customers.customer_state, orders.order_status, orders.order_purchase_timestamp, "
        "orders.order_delivered_customer_date, orders.order_estimated_delivery_date, named.product_category, "
        "paid.payment_type, paid.payment_installments, paid.voucher "
        "FROM olist_items AS items LEFT JOIN olist_orders AS orders ON items.order_id = orders.order_id "
        "LEFT JOIN olist_customers AS customers ON orders.customer_id = customers.customer_id "
        "LEFT JOIN olist_named AS named ON items.product_id = named.product_id "
        f"LEFT JOIN olist_paid AS paid ON items.order_id = paid.order_id ORDER BY items.{ROW_NUMBER}",
    )


def _reviews(engine: DuckEngine) -> Query:
    """The reviews with title and message as one text."""
    text = "NULLIF(trim(concat_ws(': ', review_comment_title, review_comment_message)), '')"
    return Query(
        "olist_reviews",
        "one review of one order",
        f"SELECT {ROW_NUMBER}, {_damaged(engine, 'olist_reviews')}order_id, review_score, {text} AS review_text, "
        f"review_creation_date FROM olist_reviews ORDER BY {ROW_NUMBER}",
    )


def _damaged(engine: DuckEngine, table: str, alias: str | None = None) -> Sql:
    """The column of damaged rows, where the file had some: they are carried to the ledger."""
    return Sql(f"{alias or table}.{DAMAGED}, " if DAMAGED in engine.names(table) else "")


def _notes(engine: DuckEngine, roles: Mapping[str, OpenedTable]) -> tuple[str, ...]:
    """What the join leaves out, counted."""
    counted = Query(
        "olist_left_out",
        "one row",
        "SELECT COUNT(*) AS orders, "
        f"{sql.count_where('with_items.order_id IS NULL')} AS without_items, "
        f"{sql.count_where('paid.order_id IS NULL')} AS without_payment "
        "FROM olist_orders AS orders LEFT JOIN olist_paid AS paid ON orders.order_id = paid.order_id "
        "LEFT JOIN (SELECT DISTINCT order_id FROM olist_items) AS with_items ON orders.order_id = with_items.order_id "
        "WHERE orders.order_id IS NOT NULL",
    )
    seen = engine.rows(counted).one()
    notes = [
        f"{seen['without_items']:,} of {seen['orders']:,} orders have no items and so no lines.",
        "The person is customer_unique_id: customer_id is one per order.",
    ]
    if "payments" in roles:
        notes.append(f"Payments are kept apart from revenue; orders without any: {seen['without_payment']:,}.")
    damaged = [table.file for role, table in roles.items() if role != "items" and table.notes]
    notes += [f"{file}: see its own notes, its damaged rows could not be joined." for file in damaged]
    return tuple(notes)


def _written(
    engine: DuckEngine, query: Query, path: Path, parts: Mapping[str, OpenedTable], notes: tuple[str, ...]
) -> OpenedTable:
    """A joined table as if it had been opened; its checksum is that of its parts."""
    rows = engine.write(query, path)
    checksum = hashlib.sha256("".join(sorted(table.sha256 for table in parts.values())).encode()).hexdigest()
    engine.bind(query.name, path)
    return OpenedTable(
        path=path,
        file=next(iter(parts.values())).file if len(parts) == 1 else "olist",
        table=query.name,
        sha256=checksum,
        rows=rows,
        columns=tuple(name for name in engine.names(query.name) if name not in (ROW_NUMBER, DAMAGED)),
        facts={"format": "Olist", "joined from": ", ".join(table.file for table in parts.values())},
        notes=notes,
    )
