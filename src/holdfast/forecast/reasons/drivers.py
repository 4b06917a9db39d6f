"""What forecasts of a shop go with, over all: groups and columns by the points they move, and in which direction.

These are associations. Customers who bought yesterday are more likely to order, but nobody becomes likelier to order
because a date in a table is changed; so every driver is "associated with", never a cause.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from scipy.stats import rankdata

from holdfast.forecast.arrays import Vector
from holdfast.forecast.learning.lessons import sampled
from holdfast.forecast.model import Model
from holdfast.forecast.past import Snapshot
from holdfast.forecast.reasons.attributed import attributed
from holdfast.forecast.reasons.contributions import Background, background, contributions
from holdfast.forecast.reasons.groups import GROUPS, Group, by_group, group_of
from holdfast.forecast.reasons.shapley_data import numbers_of

CUSTOMERS = 2_000
"""Customers looked at: the mean of a contribution's size is then known to about 2 % of itself."""

CLEAR = 0.3
"""From this rank correlation of number and contribution on, one direction describes a driver."""

LEAST_KNOWN = 10
"""A direction needs this many customers with a number."""


class Direction(StrEnum):
    """What a higher number of a column goes with."""

    MORE = "higher is associated with a higher chance to order"
    LESS = "higher is associated with a lower chance to order"
    NEITHER = "associated with the chance to order, in no single direction"


@dataclass(frozen=True, slots=True)
class GroupDriver:
    """A group, the mean size of its contribution in percentage points of p_buy, and its share of all groups' (0-1)."""

    group: Group
    points: float
    share: float


@dataclass(frozen=True, slots=True)
class ColumnDriver:
    """A column of a group, with the mean size of its contribution in percentage points, and its direction."""

    name: str
    group: Group
    points: float
    direction: Direction


@dataclass(frozen=True, slots=True)
class Drivers:
    """The drivers of a shop's forecasts, the strongest first, over so many `customers`."""

    customers: int
    typical: float
    groups: tuple[GroupDriver, ...]
    columns: tuple[ColumnDriver, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain numbers and texts; with the sentence that belongs beside any picture of them."""
        return {**asdict(self), "note": "Associated with the chance to order; not shown to cause it."}


def drivers(
    model: Model, snapshot: Snapshot, *, against: Background | None = None, customers: int = CUSTOMERS
) -> Drivers:
    """The drivers over about `customers` customers, chosen by their key: the same ones each time."""
    base = against or background(model, snapshot)
    rows = sampled(snapshot.keys, customers / len(snapshot))
    found = contributions(model, snapshot, rows, against=base)
    names, values = attributed(found)
    points = found.points[:, None] * values
    sizes, of_groups = np.abs(points).mean(axis=0), np.abs(by_group(names, points)).mean(axis=0)
    total = float(of_groups.sum())
    columns = [
        ColumnDriver(
            name, group_of(name), float(size), _direction(numbers_of(name, snapshot, base)[rows], points[:, at])
        )
        for at, (name, size) in enumerate(zip(names, sizes, strict=True))
        if size > 0.0
    ]
    groups = [
        GroupDriver(group, float(size), float(size) / total)
        for group, size in zip(GROUPS, of_groups, strict=True)
        if size > 0.0
    ]
    return Drivers(
        customers=len(rows),
        typical=found.typical_chance,
        groups=tuple(sorted(groups, key=lambda driver: -driver.points)),
        columns=tuple(sorted(columns, key=lambda driver: -driver.points)),
    )


def _direction(numbers: Vector, points: Vector) -> Direction:
    """By the rank correlation among those who have the number."""
    known = ~np.isnan(numbers)
    number, point = rankdata(numbers[known]), rankdata(points[known])
    if len(number) < LEAST_KNOWN or number.std() == 0.0 or point.std() == 0.0:
        return Direction.NEITHER
    correlation = float(np.corrcoef(number, point)[0, 1])
    if abs(correlation) < CLEAR:
        return Direction.NEITHER
    return Direction.MORE if correlation > 0.0 else Direction.LESS
