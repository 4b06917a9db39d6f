"""The members of the blend: eight learners that err in different ways, trained on the same lessons.

Half of the trees start from what the purchase models expect and learn only what these do not know; the other half start
from each fold's mean. A binary, a Poisson and a Tweedie objective answer the three questions: who, how often, how much.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

import numpy as np
from scipy.special import logit

from holdfast.forecast.arrays import Integers, Vector
from holdfast.forecast.learning import linear
from holdfast.forecast.learning.design import LEAST_VALUE, Columns, Design
from holdfast.forecast.learning.lessons import Lesson
from holdfast.forecast.learning.level import shift_to
from holdfast.forecast.learning.linear import Linear
from holdfast.forecast.learning.purchases import LEAST_CHANCE, Outlook
from holdfast.forecast.learning.trees import Boosting, Table, Trees, correction

SPEND_CAP = 0.995
"""Spend above this quantile of a fold's buyers counts as that quantile when learning: one giant order is no pattern."""

_BRIEF, _LONG = 80, 150
_SLOW, _STEADY = 0.03, 0.04


class View(StrEnum):
    """The form of the customers that a learner reads."""

    RANKED = "ranked"
    PLAIN = "plain"


class Base(StrEnum):
    """What a learner starts from: the purchase models moved to the fold's level, or the fold's mean."""

    PURCHASES = "purchases"
    MEAN = "mean"


class Target(StrEnum):
    """What is learned, each on the scale of its link: log-odds of buying, log orders, log spend."""

    BUYS = "buys"
    ORDERS = "orders"
    SPEND = "spend"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one set of trees is made."""

    target: Target
    view: View
    base: Base
    boosting: Boosting


RECIPES: Mapping[str, Recipe] = {
    "buys beyond purchases": Recipe(Target.BUYS, View.RANKED, Base.PURCHASES, Boosting("binary", _BRIEF, _SLOW)),
    "buys by rank": Recipe(Target.BUYS, View.RANKED, Base.MEAN, Boosting("binary", _LONG, _STEADY)),
    "buys by value": Recipe(Target.BUYS, View.PLAIN, Base.MEAN, Boosting("binary", _LONG, _STEADY)),
    "orders beyond purchases": Recipe(Target.ORDERS, View.RANKED, Base.PURCHASES, Boosting("poisson", _BRIEF, _SLOW)),
    "orders by value": Recipe(Target.ORDERS, View.PLAIN, Base.MEAN, Boosting("poisson", _LONG, _STEADY)),
    "spend beyond purchases": Recipe(Target.SPEND, View.RANKED, Base.PURCHASES, Boosting("tweedie", _BRIEF, _SLOW)),
    "spend by value": Recipe(Target.SPEND, View.PLAIN, Base.MEAN, Boosting("tweedie", _LONG, _STEADY)),
}
LINEAR_NAME = "logistic regression"


@dataclass(frozen=True, slots=True)
class Members:
    """The trained learners by their name in RECIPES (spend is missing where nobody spent), and the linear model."""

    trees: Mapping[str, Trees]
    linear: Linear

    def as_json(self) -> dict[str, Any]:
        """Trees as text, slopes as numbers."""
        return {"trees": {name: trees.text for name, trees in self.trees.items()}, "linear": self.linear.as_json()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The members that `as_json` stored."""
        trees = {name: Trees(text) for name, text in stored["trees"].items()}
        return cls(trees, Linear.from_json(stored["linear"]))


def fit(lessons: Sequence[Lesson], *, seed: int) -> Members:
    """Train every member on the lessons, stacked; at least one lesson."""
    weight = np.concatenate([np.full(len(lesson), lesson.fold.weight) for lesson in lessons])
    trees: dict[str, Trees] = {}
    for view in View:
        table = Table(np.vstack([columns_of(lesson.design, view) for lesson in lessons]), weight)
        for name, recipe in RECIPES.items():
            if recipe.view is view and (recipe.target is not Target.SPEND or _anybody_spent(lessons)):
                label = np.concatenate([_label(lesson, recipe.target) for lesson in lessons])
                base = np.concatenate([_base_of(lesson, recipe) for lesson in lessons])
                trees[name] = table.boost(recipe.boosting, label=label, base=base, seed=seed)
    nth: Integers = np.repeat(np.arange(len(lessons)), [len(lesson) for lesson in lessons])
    scaled = np.vstack([lesson.design.scaled for lesson in lessons])
    bought = np.concatenate([lesson.outcomes.bought for lesson in lessons])
    return Members(trees, linear.fit(scaled, bought, fold=nth, weight=weight))


def opinions(members: Members, design: Design, outlook: Outlook) -> dict[str, Vector]:
    """What each member says of each customer, on the scale of its link and up to a constant, shape (n,)."""
    said = {
        name: starting_point(outlook, RECIPES[name]) + correction(trees, columns_of(design, RECIPES[name].view))
        for name, trees in members.trees.items()
    }
    return said | {LINEAR_NAME: linear.log_odds(members.linear, design.scaled)}


def columns_of(design: Design, view: View) -> Columns:
    """The columns of a view."""
    return design.ranked if view is View.RANKED else design.plain


def starting_point(outlook: Outlook, recipe: Recipe) -> Vector:
    """What trees are added to when predicting: the purchase models, or nothing."""
    if recipe.base is Base.MEAN:
        return np.zeros(len(outlook.p_order))
    return _expected(outlook, recipe.target)


def as_log_odds(log_orders: Vector) -> Vector:
    """The log-odds of at least one order where orders are Poisson with this log mean."""
    log_odds: Vector = logit(np.clip(-np.expm1(-np.exp(log_orders)), LEAST_CHANCE, 1.0 - LEAST_CHANCE))
    return log_odds


# --- labels and bases ------------------------------------------------------------------------------------------------


def _expected(outlook: Outlook, target: Target) -> Vector:
    if target is Target.BUYS:
        return outlook.log_odds
    if target is Target.ORDERS:
        return np.log(outlook.orders)
    return np.log(np.maximum(outlook.spend, LEAST_VALUE))


def _label(lesson: Lesson, target: Target) -> Vector:
    if target is Target.BUYS:
        return lesson.outcomes.bought.astype(np.float64)
    if target is Target.ORDERS:
        return lesson.outcomes.orders.astype(np.float64)
    return capped(lesson.outcomes.spend)


def capped(spend: Vector) -> Vector:
    """Spend, cut at the SPEND_CAP quantile of those who spent."""
    spent = spend[spend > 0]
    return np.minimum(spend, np.quantile(spent, SPEND_CAP)) if len(spent) else spend


def _base_of(lesson: Lesson, recipe: Recipe) -> Vector:
    """Where the trees start at a fold, so that its level teaches them nothing."""
    label = _label(lesson, recipe.target)
    if recipe.base is Base.MEAN:
        mean = float(np.clip(label.mean(), 0.5 / len(label), None))
        constant = logit(min(mean, 1.0 - 0.5 / len(label))) if recipe.target is Target.BUYS else np.log(mean)
        return np.full(len(label), float(constant))
    expected = _expected(lesson.outlook, recipe.target)
    if recipe.target is Target.BUYS:
        return expected + shift_to(expected, float(label.mean()))
    return expected + float(np.log(max(label.sum(), 0.5) / np.exp(expected).sum()))


def _anybody_spent(lessons: Sequence[Lesson]) -> bool:
    return any(bool((lesson.outcomes.spend > 0).any()) for lesson in lessons)
