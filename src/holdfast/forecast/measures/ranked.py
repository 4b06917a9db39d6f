"""A list of customers by rank, sorted once, so that what its first part holds can be read off under any weights."""

from dataclasses import dataclass

import numpy as np

from holdfast.forecast.arrays import Integers, Vector


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """The rows from first to last, and where in `rows` each group of equal ranks ends (its last place)."""

    rows: Integers
    ends: Integers

    def running(self, values: Vector) -> Vector:
        """The running total of `values` (one per customer) after each group, from 0; shape (groups + 1,)."""
        return np.append(0.0, np.cumsum(values[self.rows])[self.ends])


def rank(ranking: Vector) -> Ranked:
    """The list that `ranking` (one finite value per customer) makes, the largest value first."""
    rows = np.argsort(-ranking, kind="stable").astype(np.int64)
    listed = ranking[rows]
    steps = np.flatnonzero(listed[1:] != listed[:-1])
    ends = np.append(steps, len(rows) - 1) if len(rows) else steps
    return Ranked(rows, ends.astype(np.int64))


def held_by_first(ranked: Ranked, values: Vector, *, top: float, weights: Vector | None = None) -> float | None:
    """The share of the total of `values` (at least 0) among the first `top` of the list; None without a total.

    `weights` say how often each customer counts. The list is cut at exactly `top` of all customers, if need be within
    one. Customers of equal rank share their total evenly, so that the order of rows decides nothing, and a list on
    which all are equal holds `top`.
    """
    counts = np.ones(len(values)) if weights is None else weights
    listed, held = ranked.running(counts), ranked.running(counts * values)
    if not held[-1] > 0:
        return None
    return min(float(np.interp(top * listed[-1], listed, held) / held[-1]), 1.0)
