"""The optional tables beside the orders: facts about customers, and reviews, joined to the keys of the stage."""

from collections.abc import Sequence
from pathlib import Path

from holdfast.cleaning.cells import SQL_TYPES, cell
from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.tables import CUSTOMER_FIELDS, CUSTOMERS, REVIEW_FIELDS, REVIEWS, ROW_NUMBER, Field, RawTable, Reading

_YES = "('yes', 'y', 'true', 't', '1', 'ja', 'oui', 'si', 'sí', 'sim', 'opt-in', 'subscribed')"
_NO = "('no', 'n', 'false', 'f', '0', 'nein', 'non', 'não', 'nao', 'opt-out', 'unsubscribed')"


def write_customers(engine: DuckEngine, tables: Sequence[RawTable], *, into: Path) -> int:
    """Write every customer of the stage with what the optional tables say of it; the last row of a customer counts."""
    facts = _typed(engine, tables, CUSTOMER_FIELDS, prefix="customer_facts")
    consent = f"CASE WHEN lower(consent) IN {_YES} THEN TRUE WHEN lower(consent) IN {_NO} THEN FALSE END"
    values = {name: f"f.{name}" for name in CUSTOMERS.names[2:]} | {"consent": consent}
    columns = ", ".join(
        f"{sql.cast(values[c.name], c.type)} AS {c.name}" for c in CUSTOMERS.columns if c.name in values
    )
    latest = f"""
        SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY source DESC, {ROW_NUMBER} DESC)
            AS nth FROM ({facts}) AS all_facts) AS numbered WHERE nth = 1"""
    query = Query(
        "customers",
        CUSTOMERS.grain,
        f"""
        SELECT k.customer_key, k.customer_id, {columns}
        FROM customer_keys AS k LEFT JOIN ({latest}) AS f USING (customer_id) ORDER BY customer_key""",
    )
    return engine.write(query, into / "customers.parquet")


def write_reviews(engine: DuckEngine, tables: Sequence[RawTable], *, into: Path) -> int:
    """Write the reviews of orders in the stage; one without a readable date is never known, so it is left out."""
    facts = _typed(engine, tables, REVIEW_FIELDS, prefix="review_facts")
    columns = ", ".join(f"{sql.cast(c.name, c.type)} AS {c.name}" for c in REVIEWS.columns)
    orders = """
        SELECT order_id, MIN(customer_key) AS customer_key, MIN(order_key) AS order_key
        FROM order_keys GROUP BY order_id"""
    query = Query(
        "reviews",
        REVIEWS.grain,
        f"""
        SELECT {columns} FROM (
            SELECT DISTINCT o.customer_key, o.order_key, r.score, r.text, r.created_at
            FROM ({facts}) AS r JOIN ({orders}) AS o USING (order_id)
            WHERE r.created_at IS NOT NULL AND r.score BETWEEN 1 AND 5
        ) AS known ORDER BY customer_key, created_at, order_key, score, text""",
    )
    return engine.write(query, into / "reviews.parquet")


def _typed(engine: DuckEngine, tables: Sequence[RawTable], fields: Sequence[Field], *, prefix: str) -> str:
    """The union of the tables with their fields typed; an empty table where there is none."""
    nothing = {field.name: sql.cast("NULL", SQL_TYPES[field.kind]) for field in fields}
    empty = ", ".join(f"{value} AS {name}" for name, value in nothing.items())
    selects = [f"SELECT 0 AS source, CAST(0 AS BIGINT) AS {ROW_NUMBER}, {empty} WHERE FALSE"]
    for source, table in enumerate(tables):
        bound = f"{prefix}_{source}"
        engine.bind(bound, Path(table.path))
        types = engine.types(bound)
        given = {f.name: cell(r, f.kind, types[r.column], zone=table.time_zone) for f, r in _given(table, fields)}
        columns = ", ".join(f"{value} AS {name}" for name, value in (nothing | given).items())
        selects.append(f"SELECT {source}, CAST({ROW_NUMBER} AS BIGINT), {columns} FROM {bound}")
    return " UNION ALL ".join(selects)


def _given(table: RawTable, fields: Sequence[Field]) -> list[tuple[Field, Reading]]:
    return [(field, table.readings[field.name]) for field in fields if field.name in table.readings]
