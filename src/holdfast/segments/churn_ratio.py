"""Risk bands by churn ratio: days since the last order, measured in the customer's own usual gaps.

A churn ratio of 1 says that the usual time between two orders has passed since the last one; 2 says twice that time.
A customer with a single order day has no gap. Such customers are told apart, never given an invented gap.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from holdfast.errors import PolicyError


class RiskBand(StrEnum):
    """How late a customer is by its own rhythm."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    ONE_TIME = "one_time"
    """At most one order day: there is no rhythm yet."""
    UNKNOWN = "unknown"
    """Several order days, yet no churn ratio was given."""


@dataclass(frozen=True, slots=True)
class RiskCutoffs:
    """Low below `medium_from`, high above `high_above`, medium between the two, both ends included."""

    medium_from: float = 1.0
    high_above: float = 2.0

    def __post_init__(self) -> None:
        if not (0 < self.medium_from <= self.high_above < math.inf):
            raise PolicyError(
                "The cut-offs of the risk bands contradict each other.",
                seen=f"medium from {self.medium_from:g}, high above {self.high_above:g}.",
                todo="Give two positive numbers, the first no larger than the second (default: 1 and 2).",
            )

    def words(self) -> dict[str, str]:
        """Each band's cut-off, to be printed wherever the bands are."""
        return {
            RiskBand.LOW.value: f"churn ratio below {self.medium_from:g}",
            RiskBand.MEDIUM.value: f"churn ratio {self.medium_from:g} to {self.high_above:g}",
            RiskBand.HIGH.value: f"churn ratio above {self.high_above:g}",
            RiskBand.ONE_TIME.value: "one order day, no rhythm yet",
            RiskBand.UNKNOWN.value: "several order days, churn ratio missing",
        }


def risk_bands(customers: Mapping[str, npt.NDArray[Any]], *, cutoffs: RiskCutoffs) -> npt.NDArray[np.object_]:
    """The risk band of each customer, as text.

    `customers` holds, one value per customer: order_day_count, and churn_ratio (days since the last order / median
    gap in days between order days; NaN where there is none).
    """
    ratio = customers["churn_ratio"].astype(np.float64)
    bands = np.full(len(ratio), RiskBand.UNKNOWN.value, dtype=object)
    bands[ratio < cutoffs.medium_from] = RiskBand.LOW.value
    bands[(ratio >= cutoffs.medium_from) & (ratio <= cutoffs.high_above)] = RiskBand.MEDIUM.value
    bands[ratio > cutoffs.high_above] = RiskBand.HIGH.value
    bands[customers["order_day_count"] <= 1] = RiskBand.ONE_TIME.value
    return bands
