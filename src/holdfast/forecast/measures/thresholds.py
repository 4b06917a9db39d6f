"""What a threshold on the churn probability gets right and wrong: whom to flag as leaving within the horizon.

Left = no order in the window. Flagged = churn_probability at or above the threshold.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from holdfast.forecast.arrays import Flags, Vector
from holdfast.forecast.measures import predicted

THRESHOLDS = tuple(step / 20 for step in range(1, 20))
"""0.05 to 0.95 in steps of 0.05."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """The four cells at a threshold, in customers."""

    threshold: float
    flagged_left: int
    flagged_stayed: int
    unflagged_left: int
    unflagged_stayed: int

    @property
    def precision(self) -> float | None:
        """Of those flagged, the share that left; None where nobody is flagged."""
        return _ratio(self.flagged_left, self.flagged_left + self.flagged_stayed)

    @property
    def recall(self) -> float | None:
        """Of those who left, the share that was flagged; None where nobody left."""
        return _ratio(self.flagged_left, self.flagged_left + self.unflagged_left)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; None where nobody left and nobody is flagged."""
        return _ratio(2 * self.flagged_left, 2 * self.flagged_left + self.flagged_stayed + self.unflagged_left)

    def row(self) -> dict[str, float | int | None]:
        """Cells and ratios as one row of a table."""
        return {
            "threshold": self.threshold,
            "flagged_left": self.flagged_left,
            "flagged_stayed": self.flagged_stayed,
            "unflagged_left": self.unflagged_left,
            "unflagged_stayed": self.unflagged_stayed,
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
        }


def confusion(bought: Flags, churn_probability: Vector, *, threshold: float) -> Confusion:
    """The four cells at one threshold. Raises InputError for a churn_probability outside 0 to 1."""
    (found,) = confusions(bought, churn_probability, thresholds=(threshold,))
    return found


def confusions(
    bought: Flags, churn_probability: Vector, *, thresholds: Sequence[float] = THRESHOLDS
) -> tuple[Confusion, ...]:
    """The four cells at each threshold, in the order given."""
    p = predicted.probabilities(churn_probability, customers=len(bought), name="churn_probability")
    left, stayed = np.sort(p[~bought]), np.sort(p[bought])
    return tuple(_cells(float(threshold), left, stayed) for threshold in thresholds)


def _cells(threshold: float, left: Vector, stayed: Vector) -> Confusion:
    """The cells from the sorted churn probabilities of those who left and of those who stayed."""
    unflagged_left = int(np.searchsorted(left, threshold))
    unflagged_stayed = int(np.searchsorted(stayed, threshold))
    return Confusion(
        threshold, len(left) - unflagged_left, len(stayed) - unflagged_stayed, unflagged_left, unflagged_stayed
    )


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
