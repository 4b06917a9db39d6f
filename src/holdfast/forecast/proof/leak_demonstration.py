"""The leak that most churn tutorials have, reproduced: 100 % accuracy that means nothing.

Call a customer churned after so many days without an order, give the model those days as a feature, and it is right
by construction. The same model against what customers did next is hardly better than guessing.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import logit

from holdfast.errors import InputError
from holdfast.forecast.arrays import Flags, Vector
from holdfast.forecast.labels import Outcomes
from holdfast.forecast.learning.seven import seven_of
from holdfast.forecast.learning.trees import Boosting, Table, correction
from holdfast.forecast.measures.scores import auc
from holdfast.forecast.past import Snapshot
from holdfast.forecast.proof.leak_check import halves

CHURNED_AFTER = 90
BOOSTING = Boosting("binary", 150, 0.1)
RECENCY = "recency_days"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a model seems to reach, and what it reaches against the future; accuracy at even odds, AUC of churn."""

    accuracy: float
    auc: float | None
    accuracy_ahead: float
    auc_ahead: float | None


@dataclass(frozen=True, slots=True)
class LeakDemonstration:
    """Models on customers they were not trained on.

    `leaking` was trained on "no order for CHURNED_AFTER days" with recency among its features, `without_recency` on the
    same label with the other six, `honest` on what came after the date, with all seven. `majority` is the accuracy of
    always giving the more frequent answer to what came.
    """

    customers: int
    leaking: Claim
    without_recency: Claim
    honest: Claim
    majority: float

    def as_json(self) -> dict[str, Any]:
        """Plain numbers."""
        return asdict(self)


def demonstrate_leak(snapshot: Snapshot, outcomes: Outcomes, *, seed: int = 0) -> LeakDemonstration:
    """Show the leak on a shop's customers: half of them train, the other half are judged.

    Raises InputError where the shop has too few customers of either kind to show anything.
    """
    seven = seven_of(snapshot.features.columns)
    called = snapshot.summary.T - snapshot.summary.recency > CHURNED_AFTER
    left = ~outcomes.bought
    train = halves(snapshot.keys)
    for label in (called, left):
        if any(len(np.unique(label[half])) < 2 for half in (train, ~train)):
            raise InputError(
                "The leak cannot be shown here.",
                seen=f"{len(snapshot)} customers, {int(called.sum())} called churned, {int(left.sum())} who left.",
                todo="Take a date with customers of both kinds.",
            )
    six = {name: values for name, values in seven.items() if name != RECENCY}

    def claim(columns: dict[str, Vector], label: Flags) -> Claim:
        odds = _fitted(columns, label, train, seed)
        return Claim(
            accuracy=_accuracy(label[~train], odds),
            auc=auc(label[~train], odds),
            accuracy_ahead=_accuracy(left[~train], odds),
            auc_ahead=auc(left[~train], odds),
        )

    share_left = float(left[~train].mean())
    return LeakDemonstration(
        customers=int((~train).sum()),
        leaking=claim(seven, called),
        without_recency=claim(six, called),
        honest=claim(seven, left),
        majority=max(share_left, 1.0 - share_left),
    )


def _fitted(columns: dict[str, Vector], label: Flags, train: Flags, seed: int) -> Vector:
    """Log-odds of the label for the customers that did not train."""
    table = np.column_stack(list(columns.values())).astype(np.float32)
    n = int(train.sum())
    usual = float(logit(label[train].mean()))
    rows = Table(table[train], np.ones(n))
    trees = rows.boost(BOOSTING, label=label[train].astype(np.float64), base=np.full(n, usual), seed=seed)
    return usual + correction(trees, table[~train])


def _accuracy(label: Flags, log_odds: Vector) -> float:
    return float(((log_odds > 0) == label).mean())
