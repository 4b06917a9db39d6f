"""The shapes of a column's cells: what is left when every digit becomes a 0. They tell dates and numbers apart.

A million prices have a few dozen shapes, so the whole column is read by SQL and judged in Python:
`12/1/2010 8:26` is `00/0/0000 0:00`, `1.234,50` is `0.000,00`.
"""

from dataclasses import dataclass

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql

MOST_SHAPES = 2_000
"""A column of dates with month names has some hundreds; beyond this it is free text, and nobody asks for the rest."""

_DIGITS, _ZEROS = "123456789", "000000000"


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape, how many cells have it, and one of them."""

    shape: str
    cells: int
    example: str


def shape_of(value: str) -> str:
    """The shape of one cell."""
    return value.strip().translate(str.maketrans(_DIGITS, _ZEROS))


def shapes(engine: DuckEngine, table: str, column: str) -> tuple[Shape, ...]:
    """The shapes of all filled cells of a column, the most frequent first."""
    cell = f"trim(CAST({sql.name(column)} AS VARCHAR))"
    shaped = f"translate({cell}, {sql.text(_DIGITS)}, {sql.text(_ZEROS)})"
    query = Query(
        "shapes",
        "one shape of a cell",
        f"SELECT {shaped} AS shape, COUNT(*) AS cells, min({cell}) AS example FROM {sql.name(table)} "
        f"WHERE {cell} <> '' GROUP BY 1 ORDER BY cells DESC, shape LIMIT {MOST_SHAPES}",
    )
    return tuple(Shape(*row) for row in engine.rows(query).rows)
