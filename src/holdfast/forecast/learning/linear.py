"""Regularised logistic regression with one intercept per fold, so that it learns who, not when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from sklearn.linear_model import LogisticRegression

from holdfast.forecast.arrays import Flags, Integers, Matrix, Vector

PENALTY = 20.0
"""Ridge penalty, 1 / C. Columns are scaled to a spread of one."""

FREE = 5.0
"""The size of a fold's indicator: its intercept is penalised 25 times less than a slope."""


@dataclass(frozen=True, slots=True)
class Linear:
    """Slopes of the scaled columns; the intercept is left to the level."""

    slopes: tuple[float, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain numbers."""
        return {"slopes": list(self.slopes)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The model that `as_json` stored."""
        return cls(tuple(stored["slopes"]))


def fit(columns: Matrix, bought: Flags, *, fold: Integers, weight: Vector) -> Linear:
    """Fit by penalised maximum likelihood. `fold` is the index of each row's fold; both classes have to be there."""
    indicators = FREE * (fold[:, None] == np.unique(fold)[None, :])
    model = LogisticRegression(C=1.0 / PENALTY, fit_intercept=False, max_iter=1000)
    model.fit(np.hstack([columns, indicators]), bought, sample_weight=weight)
    return Linear(tuple(float(slope) for slope in model.coef_[0][: columns.shape[1]]))


def log_odds(model: Linear, columns: Matrix) -> Vector:
    """Log-odds up to a constant, shape (n,)."""
    found: Vector = columns @ np.array(model.slopes)
    return found
