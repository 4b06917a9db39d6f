import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.errors import InputError
from holdfast.forecast.labels import Outcomes
from holdfast.forecast.measures.reliability import Share, coverage, reliability, share, spend_coverage
from holdfast.forecast.measures.scores import expected_calibration_error


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe (1998), table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_of_a_share_is_the_published_one(part: int, whole: int, low: float, high: float) -> None:
    found = share(part, whole)
    assert found.value == pytest.approx(part / whole)
    assert [found.low, found.high] == pytest.approx([low, high], abs=5e-5)


def test_a_share_of_nobody_is_no_number() -> None:
    assert share(0, 0) == Share(0, 0, None, None, None)


def test_a_reliability_table_by_hand() -> None:
    p = np.array([0.9, 0.1, 0.2, 0.7, 0.3, 0.8])
    bought = np.array([True, False, True, True, False, False])
    low, high = reliability(bought, p, bins=2)
    assert [low.customers, low.observed.part, high.customers, high.observed.part] == [3, 1, 3, 2]
    assert [low.predicted, low.observed.value] == pytest.approx([0.2, 1 / 3])
    assert [high.predicted, high.observed.value] == pytest.approx([0.8, 2 / 3])


def test_few_customers_have_few_bins_and_nobody_has_none() -> None:
    assert [each.customers for each in reliability(np.array([True, False, True]), np.array([0.2, 0.4, 0.9]))] == [
        1,
        1,
        1,
    ]
    assert reliability(np.empty(0, dtype=np.bool_), np.empty(0)) == ()


@pytest.mark.parametrize("everybody", [True, False])
def test_one_class_is_observed_as_it_is(everybody: bool) -> None:
    for each in reliability(np.full(40, everybody), np.linspace(0, 1, 40)):
        assert each.observed.value == float(everybody)


@given(st.integers(0, 10_000), st.integers(1, 300))
@settings(max_examples=40, deadline=None)
def test_the_table_adds_up_to_the_calibration_error(seed: int, n: int) -> None:
    random = np.random.default_rng(seed)
    p = np.clip(random.random(n), 1e-6, 1 - 1e-6)
    bought = random.random(n) < p
    table = reliability(bought, p)
    assert sum(each.customers for each in table) == n
    gaps = [each.customers / n * abs((each.observed.value or 0) - each.predicted) for each in table]
    assert sum(gaps) == pytest.approx(expected_calibration_error(bought, p))
    assert all(a.predicted <= b.predicted for a, b in itertools.pairwise(table))


def test_coverage_by_hand_borders_are_inside() -> None:
    low, high = np.full(5, 10.0), np.full(5, 20.0)
    found = coverage(np.array([9.0, 10.0, 15.0, 20.0, 21.0]), low=low, high=high)
    assert (found.below.part, found.inside.part, found.above.part) == (1, 3, 1)
    assert (found.below.value, found.inside.value, found.above.value) == (0.2, 0.6, 0.2)


def test_spend_is_judged_where_an_order_is_likely() -> None:
    spend = np.array([0.0, 500.0, 50.0, 500.0])
    happened = Outcomes(spend > 0, (spend > 0).astype(np.int64), spend)
    found = spend_coverage(
        happened,
        p_buy=np.array([0.5, 0.6, 0.9, 0.05]),
        spend_p10=np.array([0, 0, 60.0, 0]),
        spend_p90=np.full(4, 100.0),
    )
    assert (found.below.part, found.inside.part, found.above.part) == (1, 1, 1)
    assert found.above.whole == 3


def test_nobody_likely_has_no_coverage() -> None:
    happened = Outcomes(np.array([False]), np.array([0]), np.zeros(1))
    found = spend_coverage(happened, p_buy=np.array([0.1]), spend_p10=np.zeros(1), spend_p90=np.zeros(1))
    assert found.inside == Share(0, 0, None, None, None)


def test_true_quantiles_cover_eight_of_ten() -> None:
    random = np.random.default_rng(3)
    mean = random.gamma(2, 50, 20_000)
    spend = random.exponential(mean)
    found = coverage(spend, low=-np.log(0.9) * mean, high=-np.log(0.1) * mean)
    assert found.inside.value == pytest.approx(0.8, abs=0.01)
    assert found.above.value == pytest.approx(0.1, abs=0.01)


def test_a_border_that_is_no_number_is_refused() -> None:
    with pytest.raises(InputError, match="high"):
        coverage(np.ones(2), low=np.zeros(2), high=np.array([1.0, np.nan]))
