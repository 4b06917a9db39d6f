import json

import numpy as np
import pytest
from scipy.special import expit

from holdfast.forecast.arrays import Flags, Integers, Matrix
from holdfast.forecast.learning import linear
from holdfast.forecast.learning.linear import Linear, log_odds

ROWS = 4000
SLOPES = np.array([1.0, -0.5, 0.0])
FOLD: Integers = np.repeat(np.arange(2), ROWS // 2)


def two_folds(*, level: tuple[float, float], drift: float) -> tuple[Matrix, Flags]:
    """Two folds of one truth; the base rates are at `level`, and the columns of the second fold lie higher."""
    random = np.random.default_rng(4)
    columns = random.normal(size=(ROWS, 3)) + drift * FOLD[:, None]
    chance = expit(columns @ SLOPES - drift * FOLD * SLOPES.sum() + np.array(level)[FOLD])
    return columns, random.random(ROWS) < chance


def slopes_of(columns: Matrix, bought: Flags, fold: Integers) -> list[float]:
    return list(linear.fit(columns, bought, fold=fold, weight=np.ones(ROWS)).slopes)


def test_the_slopes_are_found() -> None:
    columns, bought = two_folds(level=(-0.5, -0.5), drift=0.0)
    np.testing.assert_allclose(slopes_of(columns, bought, FOLD), SLOPES, atol=0.1)


def test_a_base_rate_that_moves_between_folds_changes_no_slope() -> None:
    steady = slopes_of(*two_folds(level=(-0.5, -0.5), drift=1.0), FOLD)
    columns, bought = two_folds(level=(-1.5, 1.5), drift=1.0)
    moved = slopes_of(columns, bought, FOLD)
    np.testing.assert_allclose(moved, SLOPES, atol=0.15)
    np.testing.assert_allclose(moved, steady, atol=0.15)
    without = slopes_of(columns, bought, np.zeros(ROWS, dtype=np.int64))
    assert np.abs(np.array(without) - SLOPES).max() > 0.4, "one intercept mistakes the season for the customers"


def test_the_fold_numbers_are_only_names() -> None:
    columns, bought = two_folds(level=(-1.0, 1.0), drift=0.5)
    np.testing.assert_allclose(slopes_of(columns, bought, 1 - FOLD), slopes_of(columns, bought, FOLD), atol=1e-3)


def test_log_odds_are_linear_and_have_no_intercept() -> None:
    model = Linear((1.0, -2.0))
    assert log_odds(model, np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 3.0]])).tolist() == [0.0, 1.0, -5.0]


def test_the_weight_of_a_row_counts() -> None:
    """Two kinds of rows that disagree; whoever weighs more is believed."""
    columns = np.array([[1.0], [-1.0], [1.0], [-1.0]] * 200)
    bought = np.array([True, False, False, True] * 200)
    fold = np.zeros(800, dtype=np.int64)
    (heavy_first,) = linear.fit(columns, bought, fold=fold, weight=np.array([1.0, 1.0, 0.1, 0.1] * 200)).slopes
    (heavy_last,) = linear.fit(columns, bought, fold=fold, weight=np.array([0.1, 0.1, 1.0, 1.0] * 200)).slopes
    assert heavy_first == pytest.approx(-heavy_last, rel=1e-3)
    assert heavy_first > 1


def test_two_columns_that_say_the_same_share_the_slope() -> None:
    columns, bought = two_folds(level=(0.0, 0.0), drift=0.0)
    first, _, _, copy = slopes_of(np.column_stack([columns, columns[:, 0]]), bought, FOLD)
    assert first == pytest.approx(copy, abs=1e-3)
    assert first + copy == pytest.approx(1.0, abs=0.1)


def test_a_constant_column_and_a_separable_shop_stay_finite() -> None:
    columns = np.column_stack([np.zeros(100), np.repeat([-1.0, 1.0], 50)])
    bought = np.repeat([False, True], 50)
    flat, steep = linear.fit(columns, bought, fold=np.zeros(100, dtype=np.int64), weight=np.ones(100)).slopes
    assert flat == pytest.approx(0, abs=1e-9)
    assert 0.5 < steep < 5


def test_the_same_rows_give_the_same_slopes_also_through_json() -> None:
    columns, bought = two_folds(level=(-1.0, 0.0), drift=0.2)
    model = linear.fit(columns, bought, fold=FOLD, weight=np.ones(ROWS))
    assert linear.fit(columns, bought, fold=FOLD, weight=np.ones(ROWS)) == model
    assert Linear.from_json(json.loads(json.dumps(model.as_json()))) == model
