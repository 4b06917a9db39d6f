"""Fewer rows for a fit: equal customers become one row with a weight, and so do near ones where there are too many."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from holdfast.forecast.arrays import Flags, Integers, Vector

MOST_ROWS = 40_000
"""A fit reads at most this many distinct rows, so that its cost stops growing with the number of customers."""

FIRST_CELLS, SHRINK = 512, 0.8
"""The grid starts with this many cells in the range of each coordinate; they shrink in number until the rows fit."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Rows that were merged only where `exact` was equal; `near` are the means of the other columns; all shape (n,)."""

    exact: Vector
    near: tuple[Vector, ...]
    weight: Vector


def merge_equal(exact: Vector, near: Sequence[Vector], weight: Vector) -> Merged:
    """One row for all that are equal. Rows come out sorted, whatever their order was."""
    order = np.lexsort((*reversed(near), exact))
    rows = Merged(exact[order], tuple(column[order] for column in near), weight[order])
    return _joined(rows, _changes(rows.exact, *rows.near))


def merge_near(rows: Merged, coordinates: Sequence[Vector], *, most: int) -> Merged:
    """One row for all of equal `exact` in the same cell of a grid over the coordinates (one value for each row).

    The grid is as fine as leaves `most` rows. A merged row stands at the weighted mean of its rows, so that the error
    of first order cancels. `most` is exceeded only where there are as many values of `exact`.
    """
    cells = float(FIRST_CELLS)
    cell = _cells(rows.exact, coordinates, int(cells))
    while cells > 1 and np.count_nonzero(_changes(np.sort(cell))) > most:
        cells *= SHRINK
        cell = _cells(rows.exact, coordinates, max(1, int(cells)))
    order = np.argsort(cell, kind="stable")
    ordered = Merged(rows.exact[order], tuple(column[order] for column in rows.near), rows.weight[order])
    return _joined(ordered, _changes(cell[order]))


def _cells(exact: Vector, coordinates: Sequence[Vector], cells: int) -> Integers:
    """One number for each combination of `exact` (sorted) and the cells of the coordinates."""
    cell: Integers = np.cumsum(_changes(exact), dtype=np.int64)
    for coordinate in coordinates:
        least, greatest = float(coordinate.min()), float(coordinate.max())
        step = (greatest - least) / cells or 1.0
        cell = cell * cells + np.minimum((coordinate - least) / step, cells - 1).astype(np.int64)
    return cell


def _changes(*columns: Vector | Integers) -> Flags:
    """Where a sorted row differs from the one before it."""
    changed = np.ones(len(columns[0]), dtype=np.bool_)
    changed[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return changed


def _joined(rows: Merged, changed: Flags) -> Merged:
    """One row for each run between changes."""
    if changed.all():
        return rows
    starts = np.flatnonzero(changed)
    total = np.add.reduceat(rows.weight, starts)
    alone = np.diff(starts, append=len(changed)) == 1
    means = (
        np.where(alone, column[starts], np.add.reduceat(rows.weight * column, starts) / total) for column in rows.near
    )
    return Merged(rows.exact[starts], tuple(means), total)
