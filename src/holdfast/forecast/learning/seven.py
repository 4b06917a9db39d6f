"""The small model: seven features alone, so that anybody who posts them can be scored without the shop's history.

Two parts, as for the large one: who orders (logistic regression), and how many order days and how much spend if so
(generalised linear models with a log link). Everything it needs of the shop is inside: it never asks how a customer
compares with the others of the day.

The names are those that other tools use for the same seven; they exist only in this compatibility schema.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from scipy.special import expit
from sklearn.linear_model import LogisticRegression, TweedieRegressor
from threadpoolctl import threadpool_limits

from holdfast.errors import InputError
from holdfast.forecast.arrays import Matrix, Vector
from holdfast.forecast.folds import plan
from holdfast.forecast.labels import Outcomes
from holdfast.forecast.learning.lessons import Lesson, teaches
from holdfast.forecast.learning.members import capped
from holdfast.forecast.past import Past

SEVEN: Mapping[str, str] = {
    "recency_days": "days_since_last_order",
    "frequency": "order_count",
    "monetary": "net_revenue",
    "avg_basket_value": "mean_order_value",
    "unique_products": "unique_products",
    "avg_interpurchase_days": "mean_gap_days",
    "purchase_span_days": "purchase_span_days",
}
"""Their name -> our feature. A shop without products has no `unique_products`, and its model does without."""

GAP = "avg_interpurchase_days"

PENALTY = 1.0
"""Ridge penalty of the logistic regression, 1 / C, and of the others per customer (see fit); columns are scaled."""

FURTHEST = 4.0
"""Scaled values are cut here: what no customer of the shop was near to is no reason for an endless forecast."""

LARGEST_RATE = 4.0
"""A customer's orders or spend given an order are at most e^4 (55) times the usual ones."""

SPEND_POWER = 1.5
"""Variance of spend given an order ~ mean^1.5 (Tweedie): between counts and amounts, and zero is allowed."""

LEAST_CHANCE = 1e-6

NOTHING = -100.0
"""The log of next to nothing, where nobody ordered twice or spent anything; unlike minus infinity, JSON can hold it."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What a past date teaches: the seven by their names here (NaN where missing), what came, and what it counts."""

    columns: Mapping[str, Vector]
    outcomes: Outcomes
    weight: float
    window: int


@dataclass(frozen=True, slots=True)
class Slopes:
    """A linear predictor on the scaled columns."""

    intercept: float
    slopes: tuple[float, ...]

    def at(self, scaled: Matrix) -> Vector:
        """Its value for each row, shape (n,)."""
        found: Vector = self.intercept + scaled @ np.array(self.slopes)
        return found


@dataclass(frozen=True, slots=True)
class Seven:
    """The fitted model, ready to be stored as JSON.

    Column j goes in as (log(1 + x) - means[j]) / scales[j], a missing one as means[j]; the last column says that there
    is no gap yet. `window` is how many days ahead it learned, `horizon` how many it speaks of; `spend_scale` is the
    mean spend of somebody who orders. `customers` counts rows over all past dates.
    """

    names: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    buys: Slopes
    more_orders: Slopes
    spend: Slopes
    spend_scale: float
    window: int
    horizon: int
    dates: int
    customers: int
    buyers: int

    def as_json(self) -> dict[str, Any]:
        """Plain lists, numbers and texts."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The model that `as_json` stored, also after a trip through JSON text."""
        slopes = {name: _slopes_from(stored[name]) for name in ("buys", "more_orders", "spend")}
        rows = {name: tuple(stored[name]) for name in ("names", "means", "scales")}
        return cls(**{**stored, **slopes, **rows})


@dataclass(frozen=True, slots=True, eq=False)
class SevenForecasts:
    """P(order), expected order days and expected spend within the model's horizon, one value per row posted."""

    p_buy: Vector
    e_orders: Vector
    e_spend: Vector


# --- what it learns from ---------------------------------------------------------------------------------------------


def rows_at_folds(past: Past, *, as_of: int, horizon: int) -> tuple[Rows, ...]:
    """The rows of every past date to learn from, with what was known at the start of day `as_of`."""
    days = past.order_days_at(as_of).day
    if not len(days):
        return ()
    found = []
    for fold in plan(first_day=int(days.min()), as_of=as_of, horizon=horizon):
        then = past.at(fold.day)
        happened = past.after(then, horizon=fold.window, known=as_of)
        found.append(Rows(seven_of(then.features.columns), happened, fold.weight, fold.window))
    return tuple(found)


def rows_of_lesson(lesson: Lesson) -> Rows:
    """The same from a lesson of the large model, whose plain columns hold the seven as they are."""
    plain = {name: lesson.design.plain[:, at].astype(np.float64) for at, name in enumerate(lesson.design.names)}
    return Rows(seven_of(plain), lesson.outcomes, lesson.fold.weight, lesson.fold.window)


def seven_of(columns: Mapping[str, Vector]) -> dict[str, Vector]:
    """Those of the seven that our features hold, under their names here. One with no value at all is left out."""
    held = {theirs: columns[ours] for theirs, ours in SEVEN.items() if ours in columns}
    return {name: values for name, values in held.items() if not np.isnan(values).all() or name == GAP}


# --- fit and predict -------------------------------------------------------------------------------------------------


def fit_seven(rows: Sequence[Rows], *, horizon: int) -> Seven | None:
    """Fit on past dates; None where none of them has both buyers and others enough to teach anything."""
    told = [each for each in rows if teaches(each.outcomes.bought)]
    if not told:
        return None
    names = tuple(name for name in SEVEN if all(name in each.columns for each in told))
    raw = np.vstack([_raw(each.columns, names) for each in told])
    weight = np.concatenate([np.full(len(each.outcomes), each.weight) for each in told])
    means, scales = _scaling(raw)
    scaled = _scaled(raw, means, scales)
    bought = np.concatenate([each.outcomes.bought for each in told])
    orders = np.concatenate([each.outcomes.orders for each in told])[bought].astype(np.float64)
    spend = np.concatenate([capped(each.outcomes.spend) for each in told])[bought]
    spend_scale = float(np.average(spend, weights=weight[bought]))
    with threadpool_limits(limits=1):
        buys = _logistic(scaled, bought.astype(np.float64), weight)
        more_orders = _log_linear(scaled[bought], orders - 1.0, weight[bought], power=1.0)
        relative = spend / spend_scale if spend_scale > 0 else spend
        worth = _log_linear(scaled[bought], relative, weight[bought], power=SPEND_POWER)
    return Seven(
        names=names,
        means=tuple(float(mean) for mean in means),
        scales=tuple(float(scale) for scale in scales),
        buys=buys,
        more_orders=more_orders,
        spend=worth,
        spend_scale=spend_scale,
        window=told[0].window,
        horizon=horizon,
        dates=len(told),
        customers=len(bought),
        buyers=int(bought.sum()),
    )


def predict_seven(model: Seven, features: Mapping[str, Vector]) -> SevenForecasts:
    """Score customers by their seven features alone, each a Vector of shape (n,); NaN says that a value is not known.

    `recency_days`, `avg_interpurchase_days` and `purchase_span_days` are in days, `monetary` and `avg_basket_value` in
    the shop's currency. Where the model learned a window shorter than its horizon, the chance of no order is taken to
    go on at the same rate. Raises InputError for a feature that is missing, or not finite. Never NaN, never negative.
    """
    _check(model, features)
    scaled = _scaled(_raw(features, model.names), np.array(model.means), np.array(model.scales))
    stretch = model.horizon / model.window
    within = np.clip(expit(model.buys.at(scaled)), LEAST_CHANCE, 1.0 - LEAST_CHANCE)
    p_buy = -np.expm1(stretch * np.log1p(-within))
    orders = within * (1.0 + _bounded(model.more_orders.at(scaled))) * stretch
    spend = within * _bounded(model.spend.at(scaled)) * model.spend_scale * stretch
    return SevenForecasts(p_buy, np.maximum(orders, p_buy), spend)


# --- columns ---------------------------------------------------------------------------------------------------------


def _raw(columns: Mapping[str, Vector], names: Sequence[str]) -> Matrix:
    """Logs of the columns, negative values as 0; the gap of somebody with a single order is missing."""
    values = {name: np.log1p(np.maximum(columns[name], 0.0)) for name in names}
    if GAP in values:
        values[GAP] = np.where(columns["frequency"] > 1, values[GAP], np.nan)
    return np.column_stack([values[name] for name in names])


def _scaling(raw: Matrix) -> tuple[Vector, Vector]:
    """Median and standard deviation of what is known of each column; one that never varies is left alone."""
    known = [column[~np.isnan(column)] for column in raw.T]
    means = np.array([np.median(column) if len(column) else 0.0 for column in known])
    spreads = np.array([column.std() if len(column) else 0.0 for column in known])
    return means, np.where(spreads > 1e-9, spreads, 1.0)


def _scaled(raw: Matrix, means: Vector, scales: Vector) -> Matrix:
    """Scaled columns, 0 where missing, and the flag of a missing value in any of them."""
    missing = np.isnan(raw)
    scaled = np.where(missing, 0.0, np.clip((raw - means) / scales, -FURTHEST, FURTHEST))
    return np.column_stack([scaled, missing.any(axis=1).astype(np.float64)])


def _check(model: Seven, features: Mapping[str, Vector]) -> None:
    absent = [name for name in model.names if name not in features]
    if absent:
        raise InputError(
            "Features are missing.",
            seen=f"Not given: {', '.join(absent)}.",
            todo=f"Give {', '.join(model.names)}; a value that is not known may be missing in a row.",
        )
    endless = [name for name in model.names if np.isinf(features[name]).any()]
    if endless:
        raise InputError(
            "A feature is not a number.", seen=f"Infinite: {', '.join(endless)}.", todo="Give finite numbers, or none."
        )


# --- parts of the fit ------------------------------------------------------------------------------------------------


def _logistic(scaled: Matrix, bought: Vector, weight: Vector) -> Slopes:
    model = LogisticRegression(C=1.0 / PENALTY, max_iter=1000)
    model.fit(scaled, bought, sample_weight=weight)
    return Slopes(float(model.intercept_[0]), tuple(float(slope) for slope in model.coef_[0]))


def _log_linear(scaled: Matrix, amount: Vector, weight: Vector, *, power: float) -> Slopes:
    """A generalised linear model with a log link; where all amounts are zero it says next to nothing for everybody."""
    if not amount.any():
        return Slopes(NOTHING, (0.0,) * scaled.shape[1])
    model = TweedieRegressor(power=power, link="log", alpha=PENALTY / 100, solver="newton-cholesky", max_iter=100)
    model.fit(scaled, amount, sample_weight=weight)
    found = Slopes(float(model.intercept_), tuple(float(slope) for slope in model.coef_))
    off = float(weight @ amount) / float(weight @ _bounded(found.at(scaled)))
    return Slopes(found.intercept + float(np.log(off)), found.slopes)


def _bounded(log_amount: Vector) -> Vector:
    found: Vector = np.exp(np.minimum(log_amount, LARGEST_RATE))
    return found


def _slopes_from(stored: Mapping[str, Any]) -> Slopes:
    return Slopes(stored["intercept"], tuple(stored["slopes"]))
