"""Which sale a return or cancellation undoes, where that is certain.

A cancellation seldom names the order it cancels. It belongs to a sale of the same customer, product and unit price made
before it: to the latest untouched one of exactly the same quantity, else to the latest one with enough units left. A
return that fits no sale is left over. Movements are looked at in the order in which they happened, so what comes later
never changes which sale an earlier return undid.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from holdfast.engine import DuckEngine, Query

_UNIT = 10_000  # quantities have four decimals; whole numbers are counted exactly
_THING = "customer_id, thing, price"


class Movement(NamedTuple):
    """One sale or return line of a thing: its position in time among all, and its units in ten-thousandths."""

    thing: int
    position: int
    units: int
    is_return: bool


class Reversal(NamedTuple):
    """A return that found its sale, by their positions; `is_whole`: nothing of the sale is left."""

    back: int
    sale: int
    is_whole: bool


def match_returns(engine: DuckEngine, *, lines: str, keep_as: str) -> None:
    """Match the returns among `lines` with the lines that are returnable, and keep the pairs as `keep_as`.

    One row per return line that found its sale: source, row_number and return_order_id of the return, returned_at,
    quantity and amount (negative), is_whole; of its sale customer_id, product_id, and as sale_source, sale_row,
    sale_order_id and sale_ordered_at what identifies its order.
    """
    engine.keep("movements", Query("movements", "one sale or return of a thing that was ever returned", _moves(lines)))
    scale = f"CAST(units * {_UNIT} AS BIGINT)"
    in_order = f"SELECT thing_number, position, {scale} AS units, is_return FROM movements ORDER BY position"
    columns = engine.columns(Query("movements_in_order", "one movement", in_order))
    fields = (columns[name].tolist() for name in ("thing_number", "position", "units", "is_return"))
    found = list(pair(map(Movement._make, zip(*fields, strict=True))))
    pairs = {
        "back": np.array([each.back for each in found], dtype=np.int64),
        "sale": np.array([each.sale for each in found], dtype=np.int64),
        "is_whole": np.array([each.is_whole for each in found], dtype=np.bool_),
    }
    engine.bind_columns("pairs", pairs)
    engine.keep(keep_as, Query("undone", "one return line that found its sale", _UNDONE))
    engine.drop("movements")
    engine.drop("pairs")


def pair(movements: Iterable[Movement]) -> Iterator[Reversal]:
    """The certain reversals among movements that are sorted by thing and time."""
    thing: int | None = None
    open_sales: list[list[int]] = []  # [position, units sold, units left], the latest last
    for movement in movements:
        if movement.thing != thing:
            thing, open_sales = movement.thing, []
        if not movement.is_return:
            open_sales.append([movement.position, movement.units, movement.units])
            continue
        sale = _sale_of(movement.units, open_sales)
        if sale is None:
            continue
        sale[2] -= movement.units
        if not sale[2]:
            open_sales.remove(sale)
        yield Reversal(movement.position, sale[0], is_whole=not sale[2])


def _sale_of(units: int, open_sales: list[list[int]]) -> list[int] | None:
    latest_first = open_sales[::-1]
    exact = (sale for sale in latest_first if sale[1] == sale[2] == units)
    enough = (sale for sale in latest_first if sale[2] >= units)
    return next(exact, None) or next(enough, None)


def _moves(lines: str) -> str:
    """All movements of things that were ever returned by somebody known, numbered by thing and in time."""
    valued = f"""
        SELECT source, row_number, customer_id, order_id, product_id, ordered_at, is_return, line_amount AS amount,
            abs(COALESCE(quantity, 1)) AS units, COALESCE(product_id, '') AS thing,
            COALESCE(abs(unit_price), abs(line_amount)) AS price
        FROM {lines}"""
    returned = f"{valued} WHERE is_return AND reason IS NULL"
    return f"""
        SELECT *, row_number() OVER (ORDER BY thing_number, ordered_at, is_return, source, row_number) AS position
        FROM (
            SELECT *, dense_rank() OVER (ORDER BY {_THING}) AS thing_number FROM (
                {returned} UNION ALL
                SELECT s.* FROM ({valued} WHERE is_returnable AND customer_id IS NOT NULL) AS s
                SEMI JOIN ({returned}) AS r USING ({_THING})
            ) AS moved
        ) AS numbered"""


_UNDONE = """
    SELECT r.source, r.row_number, r.order_id AS return_order_id, r.ordered_at AS returned_at, -r.units AS quantity,
        r.amount, p.is_whole, s.customer_id, s.product_id, s.source AS sale_source, s.row_number AS sale_row,
        s.order_id AS sale_order_id, s.ordered_at AS sale_ordered_at
    FROM pairs AS p JOIN movements AS r ON p.back = r.position JOIN movements AS s ON p.sale = s.position"""
