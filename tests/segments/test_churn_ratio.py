import numpy as np
import pytest

from holdfast.errors import PolicyError
from holdfast.segments.churn_ratio import RiskCutoffs, risk_bands


@pytest.mark.parametrize(
    ("ratio", "band"),
    [
        (0.0, "low"),
        (0.9999, "low"),
        (1.0, "medium"),
        (1.5, "medium"),
        (2.0, "medium"),
        (2.0001, "high"),
        (400.0, "high"),
    ],
)
def test_both_ends_of_the_cut_offs_belong_to_medium(ratio: float, band: str) -> None:
    customers = {"order_day_count": np.array([2]), "churn_ratio": np.array([ratio])}
    assert risk_bands(customers, cutoffs=RiskCutoffs()).tolist() == [band]


def test_one_time_buyers_are_told_apart_and_a_missing_ratio_is_never_guessed() -> None:
    customers = {"order_day_count": np.array([1, 1, 3]), "churn_ratio": np.array([np.nan, 0.5, np.nan])}
    assert risk_bands(customers, cutoffs=RiskCutoffs()).tolist() == ["one_time", "one_time", "unknown"]


def test_cut_offs_are_parameters_and_are_printed() -> None:
    cutoffs = RiskCutoffs(medium_from=1.25, high_above=3)
    customers = {"order_day_count": np.array([2, 2, 2]), "churn_ratio": np.array([1.2, 1.25, 3.1])}
    assert risk_bands(customers, cutoffs=cutoffs).tolist() == ["low", "medium", "high"]
    assert [cutoffs.words()[band] for band in ("low", "medium", "high")] == [
        "churn ratio below 1.25",
        "churn ratio 1.25 to 3",
        "churn ratio above 3",
    ]


@pytest.mark.parametrize(("medium_from", "high_above"), [(2, 1), (0, 1), (-1, 2), (float("nan"), 2), (1, float("inf"))])
def test_contradictory_cut_offs_are_refused(medium_from: float, high_above: float) -> None:
    with pytest.raises(PolicyError, match="cut-offs"):
        RiskCutoffs(medium_from=medium_from, high_above=high_above)
