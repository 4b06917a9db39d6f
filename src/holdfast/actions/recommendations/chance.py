"""How likely a recommended product is bought within the horizon, learned on a past date.

One curve is for new products and one for those that are due again, so that the two can stand in one list.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from holdfast.actions.recommendations.fitting import Fitted, Method
from holdfast.actions.recommendations.purchases import Flags, Histories, Integers, Purchases, Single, Vector
from holdfast.actions.recommendations.ranking import NOTHING, best
from holdfast.actions.recommendations.rhythm import Due, due

CANDIDATES = 30
"""New products of a customer that the curve is learned from: more than anybody is shown."""

MOST_ASKED = 4_000
"""Customers it is learned from."""

LEAST_BOUGHT = 30
"""Purchases below which a curve of four figures is a guess."""

Matrix = Vector


@dataclass(frozen=True, slots=True)
class Curve:
    """A logistic regression: the log-odds are `intercept` plus the sum of weights x figures."""

    intercept: float
    weights: tuple[float, ...]

    def chance(self, figures: Matrix) -> Vector:
        """The chance of each row of figures."""
        return np.asarray(1.0 / (1.0 + np.exp(-(self.intercept + figures @ np.array(self.weights)))))


@dataclass(frozen=True, slots=True)
class Chances:
    """The chance of new products, and of products that are due again; None where too few were bought to tell."""

    new: Curve | None = None
    again: Curve | None = None


def figures_of_new(scores: Vector | Single, of: Histories, rows: Integers, *, day: int) -> Matrix:
    """What the chance of a new product follows from: its score, how many products the customer has, how long ago."""
    many, ago = np.diff(of.start)[rows], day - of.latest[rows]
    columns = (np.log(np.maximum(scores, 1e-6)), np.log1p(many), np.log1p(np.maximum(ago, 0)))
    return np.stack(columns, axis=1).astype(np.float64)


def figures_of_due(found: Due, fitted: Fitted, of: Histories, places: Integers) -> Matrix:
    """The same for a product bought before.

    How often, how late in its rhythm, how long that is, how often others buy it again, when the customer was there.
    """
    rows = of.owner[places]
    late = (fitted.day - of.last[places]) / found.gap[places]
    columns = (
        np.log(of.times[places]),
        np.log(np.maximum(late, 1e-3)),
        np.log(found.gap[places]),
        np.log(fitted.again[of.product[places]]),
        np.log1p(np.maximum(fitted.day - of.latest[rows], 0)),
    )
    return np.stack(columns, axis=1).astype(np.float64)


def learn_chances(
    fitted: Fitted, method: Method, of: Histories, segment: Integers, bought: Purchases, *, seed: int
) -> Chances:
    """Learn from what was `bought` within the horizon after the day of `fitted`; `of` are the histories of that day."""
    rows = np.flatnonzero(np.diff(of.start) > 0)
    if len(rows) > MOST_ASKED:
        rows = np.sort(np.random.default_rng(seed).choice(rows, MOST_ASKED, replace=False))
    theirs = of.some(rows)
    wanted = np.unique(bought.customer * bought.products + bought.product)

    def was_bought(row: Integers, product: Integers) -> Flags:
        return np.isin(rows[row] * bought.products + product, wanted)

    lists = best(fitted, method, theirs, segment[rows], n=CANDIDATES)
    row, place = np.nonzero(lists.products != NOTHING)
    new = _curve(
        figures_of_new(lists.scores[row, place], theirs, row, day=fitted.day),
        was_bought(row, lists.products[row, place]),
    )
    found = due(theirs, fitted.gap, day=fitted.day)
    places = np.flatnonzero(found.is_due & fitted.in_range[theirs.product])
    again = _curve(
        figures_of_due(found, fitted, theirs, places),
        was_bought(theirs.owner[places], theirs.product[places].astype(np.int64)),
    )
    return Chances(new, again)


def _curve(figures: Matrix, bought: Flags) -> Curve | None:
    """The curve; where the first figure would make a purchase less likely, which is chance, it does without it."""
    if min(int(bought.sum()), int((~bought).sum())) < LEAST_BOUGHT:
        return None
    found = _fitted(figures, bought)
    if found.weights[0] >= 0:
        return found
    others = _fitted(figures[:, 1:], bought)
    return Curve(others.intercept, (0.0, *others.weights))


def _fitted(figures: Matrix, bought: Flags) -> Curve:
    centre, spread = figures.mean(axis=0), np.maximum(figures.std(axis=0), 1e-9)
    found = LogisticRegression(max_iter=200).fit((figures - centre) / spread, bought)
    weights = found.coef_[0] / spread
    return Curve(float(found.intercept_[0] - weights @ centre), tuple(float(weight) for weight in weights))
