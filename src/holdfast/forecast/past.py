"""A shop's past as a forecast sees it: what was known at the start of any day, and what came afterwards.

The room reads nothing by itself. A `Past` is handed two callables, one for features and one for order days, both as of
a day; everything else follows from them. Nothing dated on or after the day asked for may be in their answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from holdfast.errors import InputError
from holdfast.forecast.arrays import Integers, Vector
from holdfast.forecast.btyd import Summary, summarise
from holdfast.forecast.days import day_date
from holdfast.forecast.labels import OrderDays, Outcomes, outcomes, select


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """The features of every customer with an order: `keys` rising, each column of the same length, NaN where missing.

    `ratios` names the columns that mean the same in every shop and season (shares and quotients). All others are
    magnitudes, which grow with the shop, and are compared by rank.
    """

    keys: Integers
    columns: Mapping[str, Vector]
    ratios: frozenset[str]


FeaturesAt: TypeAlias = Callable[[int], Features]
OrderDaysAt: TypeAlias = Callable[[int], OrderDays]


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """What was known at the start of `day` of each customer with an order before it; one row per customer.

    `keys` are the customers' keys, rising. `spend` is what they had spent by then, returns taken off. `history_days`
    is how long the shop's own history was.
    """

    day: int
    history_days: int
    keys: Integers
    summary: Summary
    spend: Vector
    features: Features

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def order_days(self) -> Vector:
        """Order days of each customer so far, at least 1."""
        return self.summary.frequency + 1.0


@dataclass(frozen=True, slots=True)
class Past:
    """The history of a shop, to be looked at from any day. Customers of order days are indexed by their key."""

    features_at: FeaturesAt
    order_days_at: OrderDaysAt

    def without_features(self) -> "Past":
        """The same past for those who read only orders."""
        return Past(
            lambda day: Features(np.unique(self.order_days_at(day).customer), {}, frozenset()), self.order_days_at
        )

    def first_day(self, day: int) -> int:
        """The day of the first order, as known at the start of `day`. Raises InputError if nobody had ordered."""
        return int(self._orders_before(day).day.min())

    def at(self, day: int) -> Snapshot:
        """What was known at the start of `day` (days since 1970-01-01). Raises InputError if nobody had ordered."""
        history = self._orders_before(day)
        keys, place = np.unique(history.customer, return_inverse=True)
        features = self.features_at(day)
        if not np.array_equal(features.keys, keys):
            raise InputError(
                "Features and orders are not about the same customers.",
                seen=f"{len(features.keys)} customers with features, {len(keys)} with orders before {day_date(day)}.",
                todo="Compute both from the same data set, as of the same day.",
            )
        return Snapshot(
            day=day,
            history_days=day - int(history.day.min()),
            keys=keys,
            summary=summarise(place.astype(np.int64), history.day, customers=len(keys), as_of=day),
            spend=np.bincount(place, weights=history.spend, minlength=len(keys)).astype(np.float64),
            features=features,
        )

    def after(self, snapshot: Snapshot, *, horizon: int, known: int) -> Outcomes:
        """What the customers of a snapshot did in the `horizon` days from it on, as known at the start of day `known`.

        Raises InputError where the window was not over by then: it would look as if customers had left.
        """
        end = snapshot.day + horizon
        if end > known:
            raise InputError(
                "That window is not over yet.",
                seen=f"Its last day is {day_date(end - 1)}; known is what was before {day_date(known)}.",
                todo="Choose an earlier date or a shorter horizon.",
            )
        happened = outcomes(self.order_days_at(known), cutoff=snapshot.day, horizon=horizon)
        missing = int(snapshot.keys.max()) + 1 - len(happened)
        if missing > 0:  # everything they ever ordered has been cancelled since
            happened = _padded(happened, missing)
        return select(happened, snapshot.keys)

    def _orders_before(self, day: int) -> OrderDays:
        history = self.order_days_at(day)
        if len(history.day) == 0:
            raise InputError(
                "Nobody had ordered by then.", seen=f"No order before {day_date(day)}.", todo="Choose a later date."
            )
        return history


def _padded(happened: Outcomes, missing: int) -> Outcomes:
    return Outcomes(
        np.pad(happened.bought, (0, missing)),
        np.pad(happened.orders, (0, missing)),
        np.pad(happened.spend, (0, missing)),
    )
