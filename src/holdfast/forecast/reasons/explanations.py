"""Why a customer's forecast is what it is: human reasons in percentage points and money, and three sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit

from holdfast.errors import NotFoundError
from holdfast.forecast.arrays import Integers, Matrix, Vector
from holdfast.forecast.model import Model
from holdfast.forecast.past import Snapshot
from holdfast.forecast.reasons.attributed import attributed
from holdfast.forecast.reasons.contributions import Background, Contributions, background, contributions
from holdfast.forecast.reasons.groups import GROUPS, by_group
from holdfast.forecast.reasons.sentences import Reasons, Said, said_of, three_sentences

CHUNK = 10_000
"""Customers explained at once: what is held of them stays below 100 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class Explanations:
    """One row per customer asked for, in that order.

    `typical` is the chance of a customer without a reason for or against, 0-1. `points`, shape (n, number of GROUPS),
    are percentage points of p_buy: typical + sum / 100 = p_buy. `money` is the same in expected spend within the
    horizon, each point worth what an order of the customer is expected to bring; None in a shop without amounts.
    """

    keys: Integers
    horizon: int
    typical: float
    p_buy: Vector
    points: Matrix
    money: Matrix | None
    sentences: tuple[tuple[str, str, str], ...]

    def __len__(self) -> int:
        return len(self.keys)

    def as_json(self) -> list[dict[str, Any]]:
        """Plain numbers and texts, one entry per customer; its reasons by size, the largest first."""
        return [self._entry(row) for row in range(len(self))]

    def _entry(self, row: int) -> dict[str, Any]:
        order = np.argsort(-np.abs(self.points[row]), kind="stable")
        reasons = [
            {
                "group": str(GROUPS[at]),
                "points": float(self.points[row, at]),
                "money": None if self.money is None else float(self.money[row, at]),
            }
            for at in order
        ]
        return {
            "customer_key": int(self.keys[row]),
            "horizon": self.horizon,
            "p_buy": float(self.p_buy[row]),
            "typical": self.typical,
            "reasons": reasons,
            "sentences": list(self.sentences[row]),
        }


def explain(
    model: Model,
    snapshot: Snapshot,
    rows: Integers,
    *,
    against: Background | None = None,
    currency: str | None = None,
    said: Said | None = None,
) -> Explanations:
    """Explain the customers at `rows` of a snapshot (indexes from 0).

    `against` is the snapshot's `background`, and `said` what sentences are made from; make them once where customers
    are explained one by one. `currency` is written behind amounts. Raises NotFoundError for a row that the snapshot
    does not have.
    """
    _check(rows, len(snapshot))
    base = against or background(model, snapshot)
    said = said or said_of(snapshot, currency=currency)
    parts = [_explained(model, snapshot, part, base, said) for part in _chunks(rows)]
    points = np.vstack([np.zeros((0, len(GROUPS))), *(part.points for part in parts)])
    money = np.vstack([np.zeros((0, len(GROUPS))), *(part.money for part in parts if part.money is not None)])
    return Explanations(
        keys=snapshot.keys[rows],
        horizon=model.horizon,
        typical=float(expit(base.baseline)),
        p_buy=np.concatenate([np.zeros(0), *(part.p_buy for part in parts)]),
        points=points,
        money=money if said.has_amounts else None,
        sentences=tuple(sentences for part in parts for sentences in part.sentences),
    )


def _explained(model: Model, snapshot: Snapshot, rows: Integers, base: Background, said: Said) -> Explanations:
    found = contributions(model, snapshot, rows, against=base)
    names, values = attributed(found)
    by_name = found.points[:, None] * values
    points = by_group(names, by_name)
    given_order = found.expected.spend / found.expected.p_buy
    return Explanations(
        keys=found.keys,
        horizon=model.horizon,
        typical=found.typical_chance,
        p_buy=found.expected.p_buy,
        points=points,
        money=points / 100.0 * given_order[:, None] if said.has_amounts else None,
        sentences=tuple(_sentences(said, rows, names, by_name, points, found, model.horizon)),
    )


def _sentences(
    said: Said,
    rows: Integers,
    names: tuple[str, ...],
    by_name: Matrix,
    points: Matrix,
    found: Contributions,
    horizon: int,
) -> Iterator[tuple[str, str, str]]:
    for nth, row in enumerate(rows):
        p_buy = float(found.expected.p_buy[nth])
        reasons = Reasons(int(row), points[nth], names, by_name[nth], p_buy, found.typical_chance, horizon)
        yield three_sentences(said, reasons)


def _chunks(rows: Integers) -> list[Integers]:
    return [rows[first : first + CHUNK] for first in range(0, len(rows), CHUNK)]


def _check(rows: Integers, customers: int) -> None:
    wrong = rows[(rows < 0) | (rows >= customers)]
    if len(wrong):
        raise NotFoundError(
            "There is no such customer in this snapshot.",
            seen=f"Row {wrong[0]} of {customers} customers.",
            todo="Give indexes from 0, as they stand in the snapshot's keys.",
        )
