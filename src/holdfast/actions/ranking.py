"""Whom to treat within a budget: the customers that earn most for what they cost, and where to stop.

Each customer is treated or not, costs and earns what is expected of them, and the budget is not to be exceeded: a
knapsack. Taking customers by profit per cost until the budget is spent is at most the profit of one customer away from
the best choice (Dantzig, 1957, "Discrete-variable extremum problems", Operations Research 5(2)). Where contacts are
what is limited, they are taken by profit. Nobody is taken who is expected to cost more than they return.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from holdfast.actions.effect import Vector
from holdfast.actions.profit import Expected

Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

CURVE_POINTS = 200
"""As many as a chart can show."""


class Stop(StrEnum):
    """Why the list ends where it does."""

    PROFIT = "the next customer costs more than they return"
    BUDGET = "the budget is spent"
    CONTACTS = "no more contacts are allowed"
    NOBODY = "nobody is expected to return more than they cost"


@dataclass(frozen=True, slots=True)
class Point:
    """The first `customers` of the list: what they cost and are expected to earn, with an 80 % interval."""

    customers: int
    cost: float
    profit: float
    profit_low: float
    profit_high: float


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """`order` holds the places of all eligible customers, the best first; the first `chosen` of them are treated.

    `curve` goes beyond them to the end, so that it shows what stopping saves; it begins with nobody.
    """

    order: Places
    chosen: int
    stop: Stop
    curve: tuple[Point, ...]

    @property
    def list(self) -> Places:
        """The places of those to be treated, the best first."""
        return self.order[: self.chosen]

    def at(self, customers: int) -> Point:
        """The point of the curve at so many customers, or the last one before it."""
        return next(point for point in reversed(self.curve) if point.customers <= customers)


def rank(expected: Expected, *, eligible: Flags, budget: float | None = None, contacts: int | None = None) -> Ranking:
    """Whom to treat; `eligible` are those who may be contacted, `budget` and `contacts` are None where unlimited."""
    places = np.flatnonzero(eligible).astype(np.int64)
    order = places[np.argsort(-_worth(expected, places, budget), kind="stable")]
    earns = int((expected.profit[order] > 0).sum())  # both orders put all who earn before all who do not
    affordable = _affordable(expected.cost[order], budget)
    allowed = len(order) if contacts is None else max(contacts, 0)
    chosen = min(earns, affordable, allowed)
    return Ranking(order, chosen, _why(chosen, earns, affordable), _curve(expected, order, chosen))


def _worth(expected: Expected, places: Places, budget: float | None) -> Vector:
    """By what customers are ordered: profit, per cost where the budget is what is short."""
    profit, cost = expected.profit[places], expected.cost[places]
    if budget is None or cost[profit > 0].sum() <= budget:
        return profit
    free = cost <= 0
    return np.where(free, np.where(profit > 0, np.inf, profit), profit / np.where(free, 1.0, cost))


def _affordable(cost: Vector, budget: float | None) -> int:
    """How many of the first the budget pays."""
    if budget is None:
        return len(cost)
    rounding = 1e-9 * max(budget, 1.0)
    return int(np.searchsorted(np.cumsum(cost), budget + rounding, side="right"))


def _why(chosen: int, earns: int, affordable: int) -> Stop:
    if earns == 0:
        return Stop.NOBODY
    if chosen == earns:
        return Stop.PROFIT
    return Stop.BUDGET if chosen == affordable else Stop.CONTACTS


def _curve(expected: Expected, order: Places, chosen: int) -> tuple[Point, ...]:
    """Points spread over the list, with the one where it ends. All share one effect, so intervals add up."""
    sums = [
        np.append(0.0, np.cumsum(column[order]))
        for column in (expected.cost, expected.profit, expected.profit_low, expected.profit_high)
    ]
    spread = np.linspace(0, len(order), min(CURVE_POINTS, len(order) + 1)).round().astype(np.int64)
    return tuple(Point(int(n), *(float(total[n]) for total in sums)) for n in np.unique(np.append(spread, chosen)))
