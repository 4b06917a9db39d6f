"""Which sale a return or cancellation undoes, where that is certain.

A cancellation seldom names the order it cancels. It belongs to a sale of the same customer, product and unit price made
before it: first to the latest one of exactly the same quantity (as brackets close: the return of the second of two
equal purchases takes the second), then, if it brings back only a part, to the latest one that is large enough. A return
that fits no sale is left over.
"""

from holdfast.engine import DuckEngine, Query

_THING = "customer_id, thing, price"


def match_returns(engine: DuckEngine, *, lines: str, keep_as: str) -> None:
    """Match the returns among `lines` with the lines that are returnable, and keep the pairs as `keep_as`.

    One row per return line that found its sale: source, row_number (of the return), sale_source, sale_row, returned_at,
    quantity and amount (negative), is_whole (the sale line is wholly undone from then on).
    """
    valued = f"""
        SELECT source, row_number, customer_id, COALESCE(product_id, '') AS thing, ordered_at, is_return,
            abs(COALESCE(quantity, 1)) AS units, line_amount AS amount,
            COALESCE(abs(unit_price), abs(line_amount)) AS price
        FROM {lines}"""
    returned = f"{valued} WHERE is_return AND reason IS NULL"
    engine.keep("returned", Query("returned", "one return line of somebody known", returned))
    movements = f"""
        SELECT * FROM returned UNION ALL
        SELECT s.* FROM ({valued} WHERE is_returnable AND customer_id IS NOT NULL) AS s
        JOIN (SELECT DISTINCT {_THING} FROM returned) AS r USING ({_THING})"""
    engine.keep("movements", Query("movements", "one sale or return of a thing that was ever returned", movements))
    engine.keep("whole", Query("whole", "one return of a whole sale line", _whole()))
    engine.keep("partial", Query("partial", "one return of a part of a sale line", _partial()))
    engine.keep(
        keep_as,
        Query(
            "undone",
            "one return line that found its sale",
            """
        SELECT * FROM whole UNION ALL SELECT * FROM partial""",
        ),
    )
    for name in ("returned", "movements", "whole", "partial"):
        engine.drop(name)


def _whole() -> str:
    """Brackets: at equal depth, a return closes the sale right before it."""
    at = "ORDER BY ordered_at, is_return, source, row_number"
    return f"""
        WITH deep AS (
            SELECT *, SUM(CASE WHEN is_return THEN -1 ELSE 1 END) OVER (PARTITION BY {_THING}, units {at}
                ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) + CASE WHEN is_return THEN 1 ELSE 0 END AS depth
            FROM movements
        ), paired AS (
            SELECT *, lag(source) OVER level AS sale_source, lag(row_number) OVER level AS sale_row,
                lag(is_return) OVER level AS after_return
            FROM deep WINDOW level AS (PARTITION BY {_THING}, units, depth {at})
        )
        SELECT source, row_number, sale_source, sale_row, ordered_at AS returned_at,
            -units AS quantity, amount, TRUE AS is_whole
        FROM paired WHERE is_return AND NOT after_return"""


def _partial() -> str:
    """A smaller return goes to the latest sale before it, as long as that sale has units left."""
    at = "ORDER BY ordered_at, is_return, source, row_number"
    so_far = "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"
    return f"""
        WITH open_ends AS (
            SELECT m.* FROM movements AS m
            LEFT JOIN whole AS r ON m.source = r.source AND m.row_number = r.row_number
            LEFT JOIN whole AS s ON m.source = s.sale_source AND m.row_number = s.sale_row
            WHERE r.source IS NULL AND s.source IS NULL
        ), numbered AS (
            SELECT *, SUM(CASE WHEN is_return THEN 0 ELSE 1 END) OVER (PARTITION BY {_THING} {at} {so_far}) AS nth_sale
            FROM open_ends
        ), filled AS (
            SELECT r.*, s.source AS sale_source, s.row_number AS sale_row, s.units AS sold, SUM(r.units) OVER (
                PARTITION BY s.source, s.row_number ORDER BY r.ordered_at, r.source, r.row_number {so_far}) AS returned
            FROM numbered AS r JOIN numbered AS s USING ({_THING}, nth_sale)
            WHERE r.is_return AND NOT s.is_return
        )
        SELECT source, row_number, sale_source, sale_row, ordered_at AS returned_at,
            -units AS quantity, amount, returned = sold AS is_whole
        FROM filled WHERE returned <= sold"""
