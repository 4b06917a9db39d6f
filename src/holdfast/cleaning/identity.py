"""What came before: orders and rows that more than one file brings, found before any policy is applied.

An order is its order id. If a later file repeats an order line for line, the repetition is skipped (already_imported);
if it brings other lines for it, the later version counts and the earlier one is set aside (replaced). Rows without an
order id are a multiset: of n equal rows in one file and m in another, max(n, m) count.
"""

from holdfast.cleaning.reasons import Reason
from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql


def find_repeated(engine: DuckEngine, *, lines: str, keep_as: str) -> None:
    """Keep (source, row_number, reason) of every row that another file's rows make superfluous."""
    engine.keep(
        "fingerprints",
        Query(
            "fingerprints",
            "one row of a file",
            f"SELECT source, row_number, order_id, content FROM {lines}",
        ),
    )
    engine.keep(
        keep_as,
        Query(
            "repeated",
            "one superfluous row",
            f"""
        {_repeated_orders()} UNION ALL {_repeated_rows()}""",
        ),
    )
    engine.drop("fingerprints")


def _repeated_orders() -> str:
    repeated, replaced = sql.text(Reason.ALREADY_IMPORTED), sql.text(Reason.REPLACED)
    return f"""
        SELECT f.source, f.row_number, CASE WHEN v.is_repeated THEN {repeated} ELSE {replaced} END AS reason
        FROM fingerprints AS f JOIN (
            SELECT *, MAX(CASE WHEN is_repeated THEN NULL ELSE source END) OVER (PARTITION BY order_id) AS valid_source
            FROM (
                SELECT source, order_id, COALESCE(
                    n = lag(n) OVER earlier AND content = lag(content) OVER earlier, FALSE) AS is_repeated
                FROM (SELECT source, order_id, COUNT(*) AS n, SUM(CAST(content AS HUGEINT)) AS content FROM fingerprints
                    WHERE order_id IS NOT NULL GROUP BY source, order_id) AS versions
                WINDOW earlier AS (PARTITION BY order_id ORDER BY source)
            ) AS compared
        ) AS v ON f.source = v.source AND f.order_id = v.order_id
        WHERE v.is_repeated OR v.source <> v.valid_source"""


def _repeated_rows() -> str:
    return f"""
        SELECT r.source, r.row_number, {sql.text(Reason.ALREADY_IMPORTED)} AS reason
        FROM (SELECT source, row_number, content,
                row_number() OVER (PARTITION BY source, content ORDER BY row_number) AS nth
            FROM fingerprints WHERE order_id IS NULL) AS r
        JOIN (SELECT source, content, MAX(n) OVER (
                    PARTITION BY content ORDER BY source ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS known
            FROM (SELECT source, content, COUNT(*) AS n FROM fingerprints
                WHERE order_id IS NULL GROUP BY source, content) AS counted
        ) AS k ON r.source = k.source AND r.content = k.content
        WHERE r.nth <= k.known"""
