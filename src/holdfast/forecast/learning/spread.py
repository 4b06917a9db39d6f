"""How far a customer's spend may lie from what is expected: the distribution of spend given an order, from the past.

A customer who orders spends more or less than expected by a factor; the factors of all buyers at the folds, taken
from expectations that had not seen the outcome, are that distribution. Unconditionally, spend is zero with probability
1 - p and such a factor times the expectation otherwise: the 10 % quantile of most customers is zero, as it should be.

At the folds the level is known, in the forecast it is not: the shop as a whole may sell more or less than expected. So
the factors are mixed over the error of the level. Where the level comes from the same season last year, so do the
factors: in autumn customers differ more than in summer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from scipy.special import expit, logit
from scipy.stats import norm

from holdfast.forecast.arrays import Integers, Vector
from holdfast.forecast.learning.blend import Expected
from holdfast.forecast.learning.lessons import Lesson
from holdfast.forecast.learning.level import Level, Source

LEVELS = tuple(float(level) for level in np.linspace(0.005, 0.995, 100))
"""The quantiles that are kept of the factors."""

INTENSITIES = (1.0, 1.25, 1.75, 3.0)
"""Customers are told apart by expected orders given at least one: the more orders, the narrower the spread."""

LEAST_FACTORS = 200
"""A class with fewer buyers uses the factors of everybody."""

DEFAULT_LOG_SPREAD = 0.9
"""Where the past has too few buyers: log-normal factors of this spread, as in shops that had enough."""


SEASON_ERROR, RECENT_ERROR, BLIND_ERROR = 0.06, 0.2, 0.35
"""Log error of the level where last year decides, where recent dates do, and where no past date was seen.

With them the 80 % interval of the shop's spend held at 17 of 20 past dates of one shop where last year decided, and at
27 of 36 of four shops where recent dates did. Without any past date nothing can be measured: a guess on the safe side.
"""

MIXED = norm.ppf((np.arange(51) + 0.5) / 51)
"""Errors of the level, in standard deviations, over which factors are mixed."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Quantiles of actual / expected spend given an order, at LEVELS, one row per class of INTENSITIES.

    `buyers` are those it was learned from; 0 where it is the default.
    """

    factors: tuple[tuple[float, ...], ...]
    buyers: int

    def as_json(self) -> dict[str, Any]:
        """Plain numbers."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The spread that `as_json` stored."""
        return cls(tuple(tuple(row) for row in stored["factors"]), stored["buyers"])


def fit_spread(lessons: Sequence[Lesson], *, level: Level | None = None) -> Spread:
    """The factors seen at the folds, by class of intensity, mixed over the error of the `level` if it is given."""
    of_season = [lesson for lesson in lessons if lesson.level.last_year]
    if level and level.source is Source.LAST_YEAR and of_season:
        lessons = of_season
    found = [_factors(lesson) for lesson in lessons]
    factors = np.concatenate([np.zeros(0), *(factor for factor, _ in found)])
    classes = np.concatenate([np.zeros(0, dtype=np.int64), *(nth for _, nth in found)])
    everybody = _quantiles(factors) if len(factors) >= LEAST_FACTORS else _default()
    rows = [
        _quantiles(factors[classes == nth]) if np.count_nonzero(classes == nth) >= LEAST_FACTORS else everybody
        for nth in range(len(INTENSITIES))
    ]
    error = level_error(level) if level else 0.0
    return Spread(tuple(tuple(float(value) for value in _mixed(row, error)) for row in rows), len(factors))


def level_error(level: Level) -> float:
    """The standard deviation of log(actual / expected) of the shop's total spend in the horizon.

    Where last year decides, how far it was off at this year's recent dates counts too; where recent dates decide, how
    far they were from one another: a level that has just moved will again.
    """
    if level.source is Source.LAST_YEAR:
        return float(np.hypot(SEASON_ERROR, level.surprise))
    if level.source is Source.PURCHASES:
        return BLIND_ERROR
    recent = [fold for fold in level.folds if not fold.last_year]
    spends, weights = np.array([fold.spend for fold in recent]), np.array([fold.weight for fold in recent])
    apart = np.average((spends - np.average(spends, weights=weights)) ** 2, weights=weights)
    return float(np.sqrt(RECENT_ERROR**2 + apart))


def quantiles(spread: Spread, expected: Expected, levels: Sequence[float]) -> list[Vector]:
    """The quantiles of each customer's spend in the horizon, one Vector per level; 0 up to the chance of no order."""
    given_order = np.divide(expected.spend, expected.p_buy)
    classes = _intensity_class(expected.orders / expected.p_buy)
    table = np.array(spread.factors)
    found = []
    for level in levels:
        within = (level - (1.0 - expected.p_buy)) / expected.p_buy
        place = np.clip(within, LEVELS[0], LEVELS[-1])
        factor = np.empty(len(place))
        for nth in range(len(INTENSITIES)):
            here = classes == nth
            factor[here] = np.interp(place[here], LEVELS, table[nth])
        found.append(np.where(within > 0.0, factor * given_order, 0.0))
    return found


def variance(spread: Spread, expected: Expected) -> Vector:
    """The variance of each customer's spend around what is expected, the chance of no order included; in money squared.

    With c the coefficient of variation given an order, it is e^2 ((1 + c^2) / p - 1).
    """
    table = np.array(spread.factors)
    second = (table**2).mean(axis=1) / table.mean(axis=1) ** 2
    classes = _intensity_class(expected.orders / expected.p_buy)
    around: Vector = expected.spend**2 * np.maximum(second[classes] / expected.p_buy - 1.0, 0.0)
    return around


def _factors(lesson: Lesson) -> tuple[Vector, Integers]:
    """Actual over expected spend of a fold's buyers, expectations moved to the fold's level, and each one's class."""
    outlook, happened = lesson.outlook, lesson.outcomes
    p_buy = expit(logit(outlook.p_order) + lesson.level.shift)
    expected = outlook.spend * np.exp(lesson.level.spend)
    orders = np.maximum(outlook.orders * np.exp(lesson.level.orders), p_buy)
    spent = happened.bought & (expected > 0.0)
    return (happened.spend * p_buy)[spent] / expected[spent], _intensity_class((orders / p_buy)[spent])


def _intensity_class(orders_given_one: Vector) -> Integers:
    return np.clip(np.searchsorted(INTENSITIES, orders_given_one, side="right") - 1, 0, len(INTENSITIES) - 1)


def _mixed(row: Vector, error: float) -> Vector:
    """The quantiles of the same factors where the level is off by a log-normal error: each quantile stands alike."""
    return _quantiles(np.outer(np.exp(error * MIXED), row).ravel()) if error > 0.0 else row


def _quantiles(factors: Vector) -> Vector:
    found: Vector = np.quantile(factors, LEVELS)
    return found


def _default() -> Vector:
    found: Vector = np.exp(DEFAULT_LOG_SPREAD * norm.ppf(LEVELS) - DEFAULT_LOG_SPREAD**2 / 2)
    return found
