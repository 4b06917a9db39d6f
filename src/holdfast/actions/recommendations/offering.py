"""The list that a customer is shown: products not bought yet, and among them those that are due again."""

from dataclasses import dataclass

import numpy as np

from holdfast.actions.recommendations.chance import Chances, figures_of_due, figures_of_new
from holdfast.actions.recommendations.fitting import Fitted, Method
from holdfast.actions.recommendations.purchases import Flags, Histories, Integers, Vector
from holdfast.actions.recommendations.ranking import NOTHING, best
from holdfast.actions.recommendations.rhythm import due

MOST_AGAIN = 0.5
"""The part of a list that may be due again: what is bought anyway must not crowd out what is new."""


@dataclass(frozen=True, slots=True, eq=False)
class Offered:
    """For each customer (row) the products of the list, NOTHING behind the last, and which of them are due again.

    `score` is the chance that it is bought within the horizon where that can be told, else only good for the order.
    """

    products: Integers
    is_again: Flags
    score: Vector


def offer(
    fitted: Fitted,
    method: Method,
    chances: Chances,
    of: Histories,
    segment: Integers,
    *,
    n: int,
    again: bool = True,
) -> Offered:
    """The `n` products to offer each customer; those due again, at most half of them, only where chances are known."""
    new = best(fitted, method, of, segment, n=n)
    row, place = np.nonzero(new.products != NOTHING)
    score = np.full(new.products.shape, -np.inf)
    score[row, place] = new.scores[row, place]
    if chances.new is not None:
        score[row, place] = chances.new.chance(figures_of_new(new.scores[row, place], of, row, day=fitted.day))
    if not again or chances.new is None or chances.again is None:
        return Offered(new.products, np.zeros(new.products.shape, dtype=np.bool_), score)
    products, likely = _due_again(fitted, chances, of, n=n)
    return _merged(Offered(new.products, np.zeros(new.products.shape, dtype=np.bool_), score), products, likely, n=n)


def _due_again(fitted: Fitted, chances: Chances, of: Histories, *, n: int) -> tuple[Integers, Vector]:
    """The products due again of each customer, the likeliest first, at most MOST_AGAIN of a list, and their chance."""
    most = int(MOST_AGAIN * n)
    products, likely = np.full((len(of), most), NOTHING, dtype=np.int64), np.full((len(of), most), -np.inf)
    found = due(of, fitted.gap, day=fitted.day)
    places = np.flatnonzero(found.is_due & fitted.in_range[of.product])
    if chances.again is None or not len(places):
        return products, likely
    chance = chances.again.chance(figures_of_due(found, fitted, of, places))
    order = np.lexsort((of.product[places], -chance, of.owner[places]))
    places, chance, owner = places[order], chance[order], of.owner[places][order]
    rank = np.arange(len(owner)) - np.searchsorted(owner, owner)
    kept = rank < most
    products[owner[kept], rank[kept]] = of.product[places][kept]
    likely[owner[kept], rank[kept]] = chance[kept]
    return products, likely


def _merged(new: Offered, products: Integers, likely: Vector, *, n: int) -> Offered:
    """One list of two, by chance."""
    both = np.concatenate([new.products, products], axis=1)
    score = np.concatenate([new.score, likely], axis=1)
    is_again = np.concatenate([new.is_again, np.ones(products.shape, dtype=np.bool_)], axis=1)
    order = np.argsort(-score, axis=1, kind="stable")[:, :n]
    chosen = [np.take_along_axis(each, order, axis=1) for each in (both, is_again, score)]
    return Offered(chosen[0], chosen[1] & (chosen[0] != NOTHING), chosen[2])
