"""The contributions themselves, for analysts: a table, one customer as a waterfall, all of them as a beeswarm.

Everything here is on the scale of log-odds, in the columns that the members read.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from holdfast.forecast.arrays import Integers, Matrix, Vector
from holdfast.forecast.learning.design import percentile_ranks
from holdfast.forecast.model import Model
from holdfast.forecast.past import Snapshot
from holdfast.forecast.reasons.contributions import Background, contributions
from holdfast.forecast.reasons.groups import KNOWN_DAYS, PURCHASE_HISTORY, QUIET_DAYS

REST = "all other columns"


@dataclass(frozen=True, slots=True, eq=False)
class ShapleyTable:
    """Customers x columns: `contributions` to the log-odds, and the `numbers` they belong to, NaN where missing.

    baseline + the sum of a row of contributions = `log_odds`.
    """

    keys: Integers
    names: tuple[str, ...]
    contributions: Matrix
    numbers: Matrix
    baseline: float
    log_odds: Vector

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class Step:
    """One bar: a column, the customer's number (None where missing), and from where to where it takes the log-odds."""

    name: str
    number: float | None
    contribution: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Waterfall:
    """From the baseline to a customer's log-odds, the largest contribution first; the last step is all the rest."""

    customer_key: int
    baseline: float
    log_odds: float
    steps: tuple[Step, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain numbers and texts."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Swarm:
    """The dots of one column: each customer's contribution, and the rank of its number, 0-1 (None where missing)."""

    name: str
    contributions: tuple[float, ...]
    ranks: tuple[float | None, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain numbers and texts."""
        return asdict(self)


def shapley_table(model: Model, snapshot: Snapshot, rows: Integers, *, against: Background) -> ShapleyTable:
    """The contributions to the customers at `rows`, with the numbers of the columns."""
    found = contributions(model, snapshot, rows, against=against)
    numbers = np.column_stack([numbers_of(name, snapshot, against)[rows] for name in found.names])
    return ShapleyTable(found.keys, found.names, found.values, numbers, found.baseline, found.log_odds)


def numbers_of(name: str, snapshot: Snapshot, against: Background) -> Vector:
    """All customers' numbers of a column: a feature, what a purchase model says, or the history it reads."""
    summary = snapshot.summary
    history = {
        QUIET_DAYS: summary.T - summary.recency,
        PURCHASE_HISTORY: snapshot.order_days,
        KNOWN_DAYS: summary.T,
    }
    if name in history:
        return history[name]
    if name in snapshot.features.columns:
        return snapshot.features.columns[name]
    if name in against.design.names:
        return against.design.plain[:, against.design.names.index(name)].astype(np.float64)
    return np.full(len(snapshot), np.nan)


def waterfall(table: ShapleyTable, row: int, *, most: int = 10) -> Waterfall:
    """The waterfall of one row of a table; `most` columns by themselves, the others in one last step."""
    values = table.contributions[row]
    order = np.argsort(-np.abs(values), kind="stable")
    steps: list[Step] = []
    level = table.baseline
    for at in order[:most]:
        end = level + float(values[at])
        number = float(table.numbers[row, at])
        steps.append(Step(table.names[at], None if np.isnan(number) else number, float(values[at]), level, end))
        level = end
    log_odds = float(table.log_odds[row])
    steps.append(Step(REST, None, log_odds - level, level, log_odds))
    return Waterfall(int(table.keys[row]), table.baseline, log_odds, tuple(steps))


def beeswarm(table: ShapleyTable, *, columns: int = 20, dots: int = 500) -> tuple[Swarm, ...]:
    """The columns with the largest mean contribution by size, each with at most `dots` customers.

    Customers are thinned evenly along their contribution, so both ends of the swarm stay.
    """
    strength = np.abs(table.contributions).sum(axis=0)
    order = np.argsort(-strength, kind="stable")[:columns]
    return tuple(_swarm(table, int(at), dots) for at in order if strength[at] > 0.0)


def _swarm(table: ShapleyTable, at: int, dots: int) -> Swarm:
    values = table.contributions[:, at]
    ranks = percentile_ranks(table.numbers[:, at])
    by_value = np.argsort(values, kind="stable")
    kept = by_value[np.unique(np.linspace(0, len(by_value) - 1, min(dots, len(by_value))).round().astype(np.int64))]
    return Swarm(
        name=table.names[at],
        contributions=tuple(float(value) for value in values[kept]),
        ranks=tuple(None if np.isnan(rank) else float(rank) for rank in ranks[kept]),
    )
