"""Boosted trees (LightGBM): small, slow learners that start from what is known already.

Source: Ke et al. (2017), "LightGBM: A Highly Efficient Gradient Boosting Decision Tree". One seed and one thread give
the same trees on every run; a model is text, without pickle.
"""

from dataclasses import dataclass
from functools import cached_property

import lightgbm as lgb
import numpy as np

from holdfast.forecast.arrays import Vector
from holdfast.forecast.learning.design import Columns

LEAVES = 8
LEAST_IN_LEAF = 50
FEATURE_SHARE = 0.5
ROW_SHARE = 0.7
RIDGE = 5.0
"""Shallow trees, each on half of the features and 70 % of the rows: buyers are few, features many and correlated."""

TWEEDIE_POWER = 1.3
"""Between Poisson (1) and gamma (2): spend is a sum of a few orders."""


@dataclass(frozen=True, slots=True)
class Boosting:
    """What to learn, and how slowly: `objective` is binary, poisson or tweedie; its link is log-odds, log or log."""

    objective: str
    rounds: int
    learning_rate: float


@dataclass(frozen=True)
class Trees:
    """Trees as LightGBM's text."""

    text: str

    @cached_property
    def booster(self) -> lgb.Booster:
        """The trees, ready to predict."""
        return lgb.Booster(model_str=self.text)


class Table:
    """Rows to learn from, cut into bins once for all learners that read them."""

    def __init__(self, columns: Columns, weight: Vector) -> None:
        self._data = lgb.Dataset(columns, weight=weight, params={"verbose": -1, "num_threads": 1}, free_raw_data=False)
        self._data.construct()

    def boost(self, boosting: Boosting, *, label: Vector, base: Vector, seed: int) -> Trees:
        """Learn what `base` (on the scale of the link, one value per row) does not know yet of the label."""
        self._data.set_label(label)
        self._data.set_init_score(base)
        return Trees(lgb.train(_parameters(boosting, seed), self._data, boosting.rounds).model_to_string())


def correction(trees: Trees, columns: Columns) -> Vector:
    """What the trees add to a base, on the scale of the link, shape (n,)."""
    return np.asarray(trees.booster.predict(columns, raw_score=True, num_threads=1), dtype=np.float64)


def contributions(trees: Trees, columns: Columns) -> Columns:
    """Shapley values of every column for every row (Lundberg et al., 2018), shape (n, k + 1); the last is the bias."""
    found = trees.booster.predict(columns, pred_contrib=True, num_threads=1)
    return np.asarray(found, dtype=np.float32)


def _parameters(boosting: Boosting, seed: int) -> dict[str, object]:
    return {
        "objective": boosting.objective,
        "learning_rate": boosting.learning_rate,
        "num_leaves": LEAVES,
        "min_data_in_leaf": LEAST_IN_LEAF,
        "feature_fraction": FEATURE_SHARE,
        "bagging_fraction": ROW_SHARE,
        "bagging_freq": 1,
        "lambda_l2": RIDGE,
        "tweedie_variance_power": TWEEDIE_POWER,
        "boost_from_average": False,
        "seed": seed,
        "deterministic": True,
        "force_col_wise": True,
        "num_threads": 1,
        "verbose": -1,
    }
