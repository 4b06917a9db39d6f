from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from holdfast.forecast.arrays import Vector
from holdfast.forecast.learning import purchases
from holdfast.forecast.learning.design import LARGEST_SCORE, LINEAR, RANKED_MODELS, Design, design, percentile_ranks
from holdfast.forecast.learning.purchases import Outlook, look
from holdfast.forecast.past import Features, Snapshot
from tests.forecast.histories import history
from tests.forecast.shop import simulated, snapshot_of

FEATURES = ("mean_gap_days", "net_revenue", "order_count", "recent_share")
HISTORY, _ = simulated(customers=200, days=300, seed=5)


@pytest.fixture(scope="module")
def today() -> Snapshot:
    return snapshot_of(HISTORY, 300)


@pytest.fixture(scope="module")
def expected(today: Snapshot) -> Outlook:
    return look(purchases.fit(today, seed=0), today, horizon=60)


@pytest.fixture(scope="module")
def made(today: Snapshot, expected: Outlook) -> Design:
    return design(today, expected, features=FEATURES)


def with_columns(snapshot: Snapshot, **columns: Vector) -> Snapshot:
    """The same snapshot with other features."""
    known = snapshot.features
    return replace(snapshot, features=Features(known.keys, {**known.columns, **columns}, known.ratios))


def same(left: Design, right: Design) -> bool:
    pairs = ((left.ranked, right.ranked), (left.plain, right.plain), (left.scaled, right.scaled))
    return all(np.array_equal(one, other, equal_nan=True) for one, other in pairs)


def test_percentile_ranks_share_ties_and_leave_the_missing_out() -> None:
    ranks = percentile_ranks(np.array([10.0, 20.0, np.nan, 20.0, 40.0]))
    np.testing.assert_array_equal(ranks, [0.25, 0.625, np.nan, 0.625, 1.0])
    assert np.isnan(percentile_ranks(np.array([np.nan, np.nan]))).all()
    assert len(percentile_ranks(np.array([]))) == 0


@given(st.lists(st.one_of(st.floats(-1e9, 1e9), st.just(np.nan)), max_size=30), st.integers(1, 1000))
def test_percentile_ranks_know_no_scale(values: list[float], factor: int) -> None:
    column: Vector = np.floor(np.array(values, dtype=np.float64))
    ranks = percentile_ranks(column)
    np.testing.assert_array_equal(ranks, percentile_ranks(column * factor))
    known = ranks[~np.isnan(ranks)]
    assert np.isnan(ranks).tolist() == np.isnan(column).tolist()
    assert np.all((known > 0) & (known <= 1))


def test_magnitudes_are_ranked_and_ratios_stay(today: Snapshot, made: Design) -> None:
    assert made.names == (*FEATURES, *RANKED_MODELS)
    assert len(made) == len(today)
    columns = today.features.columns
    at = {name: nth for nth, name in enumerate(made.names)}
    for name in ("mean_gap_days", "net_revenue", "order_count"):
        ranks = percentile_ranks(columns[name]).astype(np.float32)
        np.testing.assert_array_equal(made.ranked[:, at[name]], ranks)
    np.testing.assert_array_equal(made.ranked[:, at["recent_share"]], columns["recent_share"].astype(np.float32))
    for name in FEATURES:
        np.testing.assert_array_equal(made.plain[:, at[name]], columns[name].astype(np.float32))
    assert np.isnan(made.plain[:, at["mean_gap_days"]]).any(), "missing stays missing"


def test_the_purchase_models_are_columns_too(expected: Outlook, made: Design) -> None:
    at = {name: nth for nth, name in enumerate(made.names)}
    np.testing.assert_allclose(made.plain[:, at["purchases.log_odds"]], expected.log_odds, rtol=1e-5)
    np.testing.assert_allclose(made.ranked[:, at["purchases.log_odds"]], expected.log_odds, rtol=1e-5)
    np.testing.assert_allclose(made.plain[:, at["purchases.p_alive"]], expected.p_alive, rtol=1e-5)
    np.testing.assert_allclose(made.plain[:, at["purchases.log_orders"]], np.log(expected.orders), rtol=1e-5)
    np.testing.assert_allclose(made.plain[:, at["purchases.spend"]], np.log(expected.spend), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(made.ranked[:, at["purchases.value"]], percentile_ranks(expected.value), rtol=1e-6)


def test_a_shop_twice_as_large_is_ranked_the_same(today: Snapshot, expected: Outlook, made: Design) -> None:
    doubled = with_columns(today, net_revenue=2 * today.features.columns["net_revenue"])
    other = design(doubled, replace(expected, value=2 * expected.value), features=FEATURES)
    np.testing.assert_array_equal(other.ranked, made.ranked)
    np.testing.assert_array_equal(other.scaled, made.scaled)
    assert not np.array_equal(other.plain, made.plain, equal_nan=True)


def test_some_rows_are_the_rows_of_the_whole(today: Snapshot, expected: Outlook, made: Design) -> None:
    rows = np.array([3, 4, 50, 120])
    some = design(today, expected, features=FEATURES, rows=rows)
    assert same(some, Design(made.names, made.ranked[rows], made.plain[rows], made.scaled[rows]))


def test_a_feature_the_shop_lacks_is_missing_for_everybody(today: Snapshot, expected: Outlook) -> None:
    made = design(today, expected, features=("review_score", "order_count"))
    assert made.names[:2] == ("review_score", "order_count")
    assert np.isnan(made.ranked[:, 0]).all()
    assert np.isnan(made.plain[:, 0]).all()
    assert not np.isnan(made.plain[:, 1]).any()


def test_columns_for_the_linear_model_have_one_scale(made: Design) -> None:
    assert np.isfinite(made.scaled).all()
    assert np.abs(made.scaled).max() < 20
    for column in range(4):  # silence, repeats, time known, recency
        assert made.scaled[:, column].mean() == pytest.approx(0, abs=1e-9)
        assert made.scaled[:, column].std() == pytest.approx(1)


def test_features_of_the_linear_model_are_normal_scores(today: Snapshot, expected: Outlook) -> None:
    values = np.arange(len(today), dtype=np.float64)
    values[7] = np.nan
    column = 5 + LINEAR.index("favourite_quarter_share")
    scores = design(with_columns(today, favourite_quarter_share=values), expected, features=()).scaled[:, column]
    n = len(today) - 1
    assert scores[7] == 0, "missing counts as the middle"
    assert scores[0] == pytest.approx(max(norm.ppf(0.5 / n), -LARGEST_SCORE))
    assert scores[-1] == pytest.approx(-scores[0])
    assert np.all(np.diff(np.delete(scores, 7)) > 0)
    absent = design(today, expected, features=()).scaled[:, column]
    assert not absent.any()


def test_one_customer_and_customers_who_are_all_alike() -> None:
    for rows in ([(0, 3, 5.0)], [(0, 3, 5.0), (1, 3, 5.0), (2, 3, 5.0)]):
        then = snapshot_of(history(*rows, customers=3), 10)
        made = design(then, look(purchases.fit(then, seed=0), then, horizon=5), features=("net_revenue",))
        assert np.isfinite(made.ranked).all()
        assert np.isfinite(made.scaled).all()
