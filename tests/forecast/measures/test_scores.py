import json
import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from holdfast.errors import InputError
from holdfast.forecast.labels import Outcomes
from holdfast.forecast.measures.scores import (
    Scores,
    TotalScores,
    captured_share,
    equal_mass_bins,
    expected_calibration_error,
    normalised_gini,
    score,
    score_ranking,
    total_scores,
)


def what_happened(spend: list[float]) -> Outcomes:
    """Somebody who spent, bought, on one day."""
    amounts = np.array(spend, dtype=np.float64)
    return Outcomes(amounts > 0, (amounts > 0).astype(np.int64), amounts)


def numbers(*values: float) -> npt.NDArray[np.float64]:
    return np.array(values, dtype=np.float64)


def test_a_small_table_by_hand() -> None:
    found = score(what_happened([30, 0, 10, 0, 0]), p_buy=numbers(0.9, 0.8, 0.7, 0.2, 0.1))
    assert (found.customers, found.buyers, found.base_rate) == (5, 2, 0.4)
    assert found.auc == pytest.approx(5 / 6)  # of six pairs only (0.7, 0.8) is the wrong way round
    assert found.average_precision == pytest.approx((1 + 2 / 3) / 2)
    assert found.log_loss == pytest.approx(-math.log(0.9 * 0.2 * 0.7 * 0.8 * 0.9) / 5)
    assert found.brier == pytest.approx((0.01 + 0.64 + 0.09 + 0.04 + 0.01) / 5)
    assert found.ece == pytest.approx((0.1 + 0.8 + 0.3 + 0.2 + 0.1) / 5)
    assert found.captured_buyers == pytest.approx(0.25)  # half of the first customer, who is one of two buyers
    assert found.gain_buyers == pytest.approx(2.5)
    assert (found.orders, found.spend, found.captured_spend) == (None, None, None)


def test_totals_by_hand() -> None:
    found = total_scores(numbers(10, 0, 5, 0), numbers(1, 2, 3, 4))
    # shares by forecast 0, 1/3, 1/3, 1; by themselves 2/3, 1, 1, 1; both less (4 + 1) / 8
    assert found.gini == pytest.approx((5 / 12 - 5 / 8) / (11 / 12 - 5 / 8))
    assert found.mae == pytest.approx(17 / 4)
    assert found.rmse == pytest.approx(math.sqrt(105 / 4))
    assert found.bias == pytest.approx(-1 / 3)
    assert found.spearman == pytest.approx(-3 / math.sqrt(4.5 * 5))


def test_spend_and_orders_are_scored_where_they_are_forecast() -> None:
    happened = what_happened([80, 0, 20, 0, 0, 0, 0, 0, 0, 0])
    exact = score(happened, e_orders=happened.orders.astype(np.float64), e_spend=happened.spend)
    perfect = TotalScores(gini=1.0, mae=0.0, rmse=0.0, spearman=1.0, bias=0.0)
    assert (exact.orders, exact.spend) == (perfect, perfect)
    assert exact.captured_spend == pytest.approx(0.8)
    assert exact.gain_spend == pytest.approx(8)
    assert (exact.auc, exact.log_loss) == (None, None)


def test_calibration_error_by_hand() -> None:
    p = np.repeat([0.25, 0.75], 10)
    bought = np.array([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1], dtype=np.bool_)
    # ten bins of two: |1 - .25|, four times |0 - .25|, |.5 - .75|, four times |1 - .75|
    assert expected_calibration_error(bought, p) == pytest.approx((0.75 + 9 * 0.25) / 10)


def test_bins_are_of_equal_mass_and_the_first_ones_take_what_is_over() -> None:
    assert [len(rows) for rows in equal_mass_bins(np.linspace(0, 1, 23))] == [3, 3, 3, 2, 2, 2, 2, 2, 2, 2]
    assert [rows.tolist() for rows in equal_mass_bins(numbers(0.3, 0.1, 0.2))] == [[1], [2], [0]]
    assert equal_mass_bins(np.empty(0)) == []


def test_a_rule_that_only_ranks() -> None:
    found = score_ranking(what_happened([0, 40, 0, 60]), -numbers(300, 10, 30, 10))
    assert found.auc == 1.0
    assert found.average_precision == 1.0
    assert found.captured_spend == pytest.approx(0.4 * 0.5)  # 0.4 of a customer, and both of the first are equal
    assert found.captured_buyers == pytest.approx(0.4 * 0.5)
    assert (found.log_loss, found.brier, found.ece) == (None, None, None)


@pytest.mark.parametrize("everybody", [True, False])
def test_one_class_cannot_be_ranked_but_can_be_forecast(everybody: bool) -> None:
    happened = what_happened([5.0 if everybody else 0.0] * 4)
    found = score(happened, p_buy=np.full(4, 0.25), e_spend=np.full(4, 2.0))
    assert (found.auc, found.average_precision) == (None, None)
    assert found.log_loss == pytest.approx(-math.log(0.25 if everybody else 0.75))
    assert found.brier == pytest.approx(0.5625 if everybody else 0.0625)
    assert found.ece == pytest.approx(0.75 if everybody else 0.25)
    assert found.captured_buyers == (pytest.approx(0.1) if everybody else None)
    assert found.spend == TotalScores(
        gini=None,
        mae=3.0 if everybody else 2.0,
        rmse=3.0 if everybody else 2.0,
        spearman=None,
        bias=2.0 / 5.0 - 1 if everybody else None,
    )


def test_all_zero_spend_leaves_the_probabilities_judged() -> None:
    happened = Outcomes(np.array([True, False]), np.array([1, 0]), np.zeros(2))
    found = score(happened, p_buy=numbers(0.8, 0.3), e_orders=numbers(1, 0.2), e_spend=numbers(9, 1))
    assert found.auc == 1.0
    assert found.spend == TotalScores(gini=None, mae=5.0, rmse=math.sqrt(41), spearman=None, bias=None)
    assert (found.captured_spend, found.gain_spend) == (None, None)


def test_nobody_and_one_customer() -> None:
    nothing = TotalScores(gini=None, mae=None, rmse=None, spearman=None, bias=None)
    empty = np.empty(0)
    found = score(what_happened([]), p_buy=empty, e_orders=empty, e_spend=empty)
    assert found == Scores(0, 0, None, orders=nothing, spend=nothing)
    one = score(what_happened([7]), p_buy=numbers(1.0), e_spend=numbers(7.0))
    assert one.auc is None
    assert one.brier == pytest.approx(0, abs=1e-9)
    assert one.captured_spend == pytest.approx(0.1)


def test_a_sure_forecast_that_fails_costs_a_finite_amount() -> None:
    found = score(what_happened([0, 1]), p_buy=numbers(1.0, 0.0))
    assert found.log_loss == pytest.approx(-math.log(1e-6))


@pytest.mark.parametrize("bad", [np.nan, -0.1, 1.1])
def test_a_forecast_that_is_none_is_refused(bad: float) -> None:
    with pytest.raises(InputError, match="p_buy"):
        score(what_happened([0, 1]), p_buy=numbers(0.5, bad))


def test_scores_are_plain_json() -> None:
    found = score(what_happened([30, 0, 10]), p_buy=numbers(0.9, 0.8, 0.7), e_spend=numbers(1, 2, 3))
    again: dict[str, Any] = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert again["auc"] == found.auc
    assert found.spend is not None
    assert again["spend"]["bias"] == found.spend.bias
    assert again["orders"] is None


def random_shop(seed: int, n: int) -> tuple[Outcomes, npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    random = np.random.default_rng(seed)
    p = np.round(random.beta(0.5, 1, n), 2)  # rounded: with ties, and with 0 and 1
    spend = np.where(random.random(n) < p, np.round(np.exp(random.normal(3, 1.5, n)), 2), 0.0)
    return what_happened(spend.tolist()), p, np.round(random.gamma(1, 30, n))


@pytest.mark.parametrize("seed", range(5))
def test_agreement_with_scikit_learn_and_scipy(seed: int) -> None:
    happened, p, e_spend = random_shop(seed, 400)
    found = score(happened, p_buy=p, e_spend=e_spend)
    clipped = np.clip(p, 1e-6, 1 - 1e-6)
    assert found.auc == roc_auc_score(happened.bought, clipped)
    assert found.average_precision == average_precision_score(happened.bought, clipped)
    assert found.log_loss == log_loss(happened.bought, clipped)
    assert found.brier == brier_score_loss(happened.bought, clipped)
    assert found.spend is not None
    assert found.spend.spearman == spearmanr(happened.spend, e_spend).statistic


@given(st.integers(0, 10_000), st.integers(2, 60))
@settings(max_examples=60, deadline=None)
def test_every_score_stays_within_its_bounds(seed: int, n: int) -> None:
    happened, p, e_spend = random_shop(seed, n)
    found = score(happened, p_buy=p, e_orders=p, e_spend=e_spend)
    for share in (
        found.auc,
        found.average_precision,
        found.brier,
        found.ece,
        found.captured_buyers,
        found.captured_spend,
    ):
        assert share is None or 0 <= share <= 1
    for totals in (found.orders, found.spend):
        assert totals is not None
        assert totals.gini is None or -1 - 1e-9 <= totals.gini <= 1 + 1e-9
        assert totals.spearman is None or -1 - 1e-9 <= totals.spearman <= 1 + 1e-9
        assert totals.bias is None or totals.bias >= -1
    json.dumps(found.as_json(), allow_nan=False)


@given(st.integers(0, 10_000), st.integers(2, 60))
@settings(max_examples=60, deadline=None)
def test_a_ranking_is_judged_by_its_order_alone(seed: int, n: int) -> None:
    happened, p, _ = random_shop(seed, n)
    plain, stretched = score_ranking(happened, p), score_ranking(happened, 100 * p**3 - 7)
    assert plain.auc == (None if stretched.auc is None else pytest.approx(stretched.auc))
    backwards = score_ranking(happened, -p)
    assert plain.auc is None or plain.auc + (backwards.auc or 0) == pytest.approx(1)


@given(st.lists(st.integers(0, 100), min_size=2, max_size=40))
@settings(max_examples=60, deadline=None)
def test_nothing_beats_the_perfect_order(spend: list[int]) -> None:
    actual = np.array(spend, dtype=np.float64)
    best = captured_share(actual, actual, top=0.3)
    other = captured_share(actual, np.roll(actual, 1), top=0.3)
    assert (best is None) == (other is None) == (sum(spend) == 0)
    assert best is None or other is None or best >= other - 1e-12
    assert normalised_gini(actual, actual) == (pytest.approx(1) if len(set(spend)) > 1 else None)
