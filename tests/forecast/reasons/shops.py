"""A small simulated shop whose customers buy until they leave, with a few features of each."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from holdfast.forecast.arrays import Integers, Vector
from holdfast.forecast.labels import OrderDays, before
from holdfast.forecast.model import ForecastConfig, Model, fit
from holdfast.forecast.past import Features, Past, Snapshot
from holdfast.forecast.reasons import Background, background

HORIZON = 60
TODAY = 15_000


@dataclass(frozen=True)
class Trained:
    """A shop's history, what was known of it today, a model of it and the background of its customers."""

    history: OrderDays
    snapshot: Snapshot
    model: Model
    background: Background


def trained(*, customers: int = 400, days: int = 500, amounts: bool = True) -> Trained:
    history = simulated(customers=customers, days=days, amounts=amounts)
    past = past_of(history)
    snapshot = past.at(TODAY)
    model = fit(past, as_of=TODAY, config=ForecastConfig(horizon=HORIZON, seed=1))
    return Trained(history, snapshot, model, background(model, snapshot))


def simulated(*, customers: int, days: int, amounts: bool) -> OrderDays:
    """Exponential gaps of mean 15 to 120 days until the customer leaves, after 200 days on average."""
    rng = np.random.default_rng(7)
    rows: list[tuple[int, int, float]] = []
    for customer in range(customers):
        first = TODAY - days + rng.integers(0, days - 30)
        gap, left = rng.uniform(15, 120), first + rng.exponential(200)
        value = rng.gamma(3.0, 20.0)
        day = float(first)
        while day < TODAY and day <= left:
            rows.append((customer, int(day), round(value * rng.uniform(0.5, 1.5), 2) if amounts else 0.0))
            day += 1.0 + rng.exponential(gap)
    table = np.array(rows)
    return OrderDays(customers, table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2])


def past_of(history: OrderDays, *, change: Callable[[Features], Features] | None = None) -> Past:
    def features_at(day: int) -> Features:
        found = features(before(history, day), day)
        return change(found) if change else found

    return Past(features_at, lambda day: before(history, day))


def features(known: OrderDays, day: int) -> Features:
    """Features of the catalogue by their definitions, one nobody described, and one that most customers lack."""
    keys, place = np.unique(known.customer, return_inverse=True)
    counts = np.bincount(place)
    first, last = known.day[np.cumsum(counts) - counts], known.day[np.cumsum(counts) - 1]
    gaps = [np.diff(known.day[place == at]) for at in range(len(keys))]
    median_gap = np.array([np.median(gap) if len(gap) else np.nan for gap in gaps])
    revenue = np.bincount(place, weights=known.spend)
    quiet = (day - last).astype(np.float64)
    columns = {
        "days_since_last_order": quiet,
        "order_count": counts.astype(np.float64),
        "order_count_90d": _since(place, known, day - 90, len(keys)),
        "order_count_365d": _since(place, known, day - 365, len(keys)),
        "days_since_first_purchase": (day - first).astype(np.float64),
        "net_revenue": revenue,
        "mean_order_value": revenue / counts,
        "median_gap_days": median_gap,
        "churn_ratio": quiet / median_gap,
        "mean_review_score": np.where(keys % 5 == 0, 1.0 + keys % 4, np.nan),
        "loyalty_points": (keys * 37 % 101).astype(np.float64),
    }
    return Features(keys, columns, frozenset({"churn_ratio", "mean_review_score"}))


def without(name: str) -> Callable[[Features], Features]:
    """Features without one column."""

    def change(found: Features) -> Features:
        return replace(found, columns={key: values for key, values in found.columns.items() if key != name})

    return change


def _since(place: Integers, known: OrderDays, day: int, customers: int) -> Vector:
    return np.bincount(place[known.day >= day], minlength=customers).astype(np.float64)
