"""The best products of each customer, first those with the largest scores."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from holdfast.actions.recommendations.fitting import Fitted, Method
from holdfast.actions.recommendations.purchases import Histories, Integers, Single

NOTHING = -1
"""Stands in a list that has no more products."""

SCORES_AT_ONCE = 8_000_000
"""Scores that are held at once, customers x products: 32 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """For each customer (row) products, the best first, NOTHING behind the last, and their scores."""

    products: Integers
    scores: Single


def best(
    fitted: Fitted, method: Method, of: Histories, segment: Integers, *, n: int, also_bought: bool = False
) -> Lists:
    """The `n` best products in range by a method, for each customer; what they bought before only if `also_bought`."""
    parts = [
        _best(fitted, method, of.some(rows), segment[rows], n=n, also_bought=also_bought)
        for rows in blocks(len(of), fitted)
    ]
    if not parts:
        return Lists(np.zeros((0, n), dtype=np.int64), np.zeros((0, n), dtype=np.float32))
    return Lists(np.concatenate([part.products for part in parts]), np.concatenate([part.scores for part in parts]))


def blocks(customers: int, fitted: Fitted) -> Iterator[Integers]:
    """Rows of customers, as many at a time as fit."""
    size = max(SCORES_AT_ONCE // max(len(fitted.buyers), 1), 1)
    for first in range(0, customers, size):
        yield np.arange(first, min(first + size, customers))


def _best(fitted: Fitted, method: Method, of: Histories, segment: Integers, *, n: int, also_bought: bool) -> Lists:
    scores = fitted.scores(method, of, segment)
    scores[:, ~fitted.in_range] = -np.inf
    if not also_bought:
        scores[of.owner, of.product] = -np.inf
    return first_of(scores, n)


def first_of(scores: Single, n: int) -> Lists:
    """The places of the `n` largest scores of each row, the largest first; equal ones by place."""
    width = min(n, scores.shape[1])
    if width < scores.shape[1]:
        places = np.sort(np.argpartition(-scores, width - 1, axis=1)[:, :width], axis=1)
    else:
        places = np.tile(np.arange(width), (len(scores), 1))
    found = np.take_along_axis(scores, places, axis=1)
    order = np.argsort(-found, axis=1, kind="stable")
    places, found = np.take_along_axis(places, order, axis=1), np.take_along_axis(found, order, axis=1)
    places = np.where(np.isfinite(found), places, NOTHING)
    short = ((0, 0), (0, n - width))
    return Lists(np.pad(places, short, constant_values=NOTHING), np.pad(found, short, constant_values=-np.inf))
