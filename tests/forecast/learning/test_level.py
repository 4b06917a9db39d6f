import json
from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit

from holdfast.forecast.arrays import Vector
from holdfast.forecast.folds import Fold
from holdfast.forecast.labels import Outcomes
from holdfast.forecast.learning.level import FoldLevel, Followed, Level, Source, forecast_level, measure, shift_to
from tests.forecast.shop import outlook

RECENT = FoldLevel(
    day=900, window=90, weight=1.0, history_days=900, customers=1000, buyers=300, shift=0.5, orders=0.3, spend=-0.2,
    last_year=False,
)  # fmt: skip
LAST_YEAR = replace(
    RECENT, day=635, weight=0.35, history_days=180, customers=250, buyers=100, shift=-0.6, orders=-0.4, spend=0.1,
    last_year=True,
)  # fmt: skip


def outcomes(orders: list[int], spend: list[float]) -> Outcomes:
    counts = np.array(orders, dtype=np.int64)
    return Outcomes(counts > 0, counts, np.array(spend))


def measured(p_order: Vector, orders: Vector, happened: Outcomes) -> FoldLevel:
    fold = Fold(day=100, window=30, weight=0.5)
    return measure(fold, history_days=100, outlook=outlook(p_order, orders), outcomes=happened, last_year=False)


# --- meeting a mean --------------------------------------------------------------------------------------------------


@given(
    st.lists(st.floats(-30, 30), min_size=1, max_size=50).map(np.array),
    st.floats(1e-5, 1 - 1e-5),
)
def test_a_shift_meets_the_mean(log_odds: Vector, mean: float) -> None:
    shift = shift_to(log_odds, mean)
    assert expit(log_odds + shift).mean() == pytest.approx(mean, abs=1e-9)


def test_a_shift_of_one_customer_is_a_difference_of_log_odds() -> None:
    assert shift_to(np.array([0.0]), 0.8) == pytest.approx(np.log(4))
    assert shift_to(np.full(9, logit(0.3)), 0.3) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("mean", [0.0, 1.0])
def test_nobody_and_everybody_are_met_as_far_as_numbers_go(mean: float) -> None:
    log_odds = np.array([-3.0, 0.0, 2.0])
    shift = shift_to(log_odds, mean)
    assert np.isfinite(shift)
    assert expit(log_odds + shift).mean() == pytest.approx(mean, abs=2e-6)


# --- measuring a fold ------------------------------------------------------------------------------------------------


def test_a_fold_tells_how_far_the_purchase_models_were_off() -> None:
    p, orders = np.array([0.2, 0.2, 0.2, 0.2]), np.array([0.5, 0.5, 0.5, 0.5])
    seen = measured(p, orders, outcomes([1, 2, 0, 0], [12.0, 12.0, 0.0, 0.0]))
    assert (seen.day, seen.window, seen.weight, seen.history_days) == (100, 30, 0.5, 100)
    assert (seen.customers, seen.buyers) == (4, 2)
    assert seen.shift == pytest.approx(logit(0.5) - logit(0.2))
    assert seen.orders == pytest.approx(np.log(3 / 2))
    assert seen.spend == pytest.approx(np.log(24 / 20))


def test_totals_that_are_far_off_are_limited_to_a_factor_of_e() -> None:
    p = np.array([0.5, 0.5])
    many = measured(p, np.array([0.5, 0.5]), outcomes([50, 50], [5000.0, 0.0]))
    none = measured(p, np.array([0.5, 0.5]), outcomes([0, 0], [0.0, 0.0]))
    assert (many.orders, many.spend, none.orders, none.spend) == (1.0, 1.0, -1.0, -1.0)


@pytest.mark.parametrize(("orders", "mean"), [([0, 0, 0, 0], 1 / 8), ([1, 1, 1, 1], 7 / 8)])
def test_nobody_and_everybody_count_as_half_a_buyer_from_it(orders: list[int], mean: float) -> None:
    seen = measured(np.full(4, 0.5), np.full(4, 0.5), outcomes(orders, [0.0] * 4))
    assert seen.shift == pytest.approx(logit(mean))


def test_a_shop_without_amounts_has_no_level_of_spend() -> None:
    worthless = outlook(np.array([0.5]), np.array([1.0]), np.array([0.0]))
    seen = measure(Fold(1, 1, 1.0), history_days=1, outlook=worthless, outcomes=outcomes([1], [0.0]), last_year=False)
    assert seen.spend == 0.0


# --- the level of the forecast ---------------------------------------------------------------------------------------


def test_without_folds_the_purchase_models_stand_alone() -> None:
    assert forecast_level([], customers=1000) == Level(0.0, 0.0, 0.0, Source.PURCHASES, ())


def test_one_recent_fold_is_shrunk_towards_no_move() -> None:
    level = forecast_level([RECENT], customers=1000)
    assert level.source is Source.RECENT
    assert level.folds == (RECENT,)
    assert (level.shift, level.orders, level.spend) == pytest.approx((0.5 / 1.25, 0.3 / 1.25, -0.2 / 1.25))


def test_recent_folds_are_averaged_by_weight() -> None:
    older = replace(RECENT, weight=0.5, shift=-0.25, orders=0.0, spend=0.4)
    level = forecast_level([RECENT, older], customers=1000)
    assert level.shift == pytest.approx((0.5 - 0.5 * 0.25) / 1.75)
    assert level.orders == pytest.approx(0.3 / 1.75)
    assert level.spend == pytest.approx((-0.2 + 0.5 * 0.4) / 1.75)


@pytest.mark.parametrize(("seen", "counts"), [(333, 0.0), (500, 0.5), (667, 1.0), (1500, 1.0)])
def test_a_fold_counts_as_far_as_it_saw_todays_shop(seen: int, counts: float) -> None:
    level = forecast_level([replace(RECENT, customers=seen)], customers=1000)
    assert level.shift == pytest.approx(0.5 * counts / (counts + 0.25), abs=1e-3)
    assert level.source is (Source.RECENT if counts else Source.PURCHASES)


def test_no_recent_fold_moves_the_level_by_more_than_a_factor_of_e() -> None:
    level = forecast_level([replace(RECENT, shift=9.0, orders=-9.0, spend=9.0)], customers=1000)
    assert (level.shift, level.orders, level.spend) == pytest.approx((0.8, -0.8, 0.8))


def test_last_year_decides_alone_and_as_it_is() -> None:
    level = forecast_level([RECENT, LAST_YEAR], customers=1000)
    assert level.source is Source.LAST_YEAR
    assert (level.shift, level.orders, level.spend) == (-0.6, -0.4, 0.1)
    assert level.folds == (RECENT, LAST_YEAR)


def test_last_year_moves_the_level_by_no_more_than_a_factor_of_e() -> None:
    level = forecast_level([replace(LAST_YEAR, shift=-2.4, orders=1.0)], customers=1000)
    assert (level.shift, level.orders) == (-1.0, 1.0)


@pytest.mark.parametrize(
    ("then", "now", "guide"),
    [
        (0.5, 0.5, 1.0),  # this year followed last year
        (0.5, 0.9, 1.0),  # more than followed: still no more than last year
        (0.5, 0.0, 0.1 / 0.35),  # it did not follow
        (0.5, 0.2, (0.1 + 0.1) / 0.35),
        (0.5, -0.2, 0.0),  # it went the other way
        (0.3, 0.0, 0.1 / 0.19),  # one fold off by 0.3 weighs about as much as the belief in last year
        (0.0, 0.7, 1.0),  # last year said nothing
    ],
)
def test_last_year_counts_as_far_as_it_was_a_guide_to_this_year(then: float, now: float, guide: float) -> None:
    before = replace(LAST_YEAR, day=535, shift=then, orders=then, spend=then, last_year=False)
    recent = replace(RECENT, shift=now, orders=now, spend=now)
    level = forecast_level([recent, LAST_YEAR], customers=1000, years_before={recent.day: before})
    assert level.source is Source.LAST_YEAR
    assert (level.shift, level.orders, level.spend) == pytest.approx((-0.6 * guide, -0.4 * guide, 0.1 * guide))
    assert level.surprise == pytest.approx(abs(now - guide * then))
    assert astuple(level.followed) == pytest.approx((guide, guide, guide))


def test_every_total_is_judged_by_its_own_record() -> None:
    before = replace(LAST_YEAR, day=535, shift=0.5, orders=0.5, spend=0.5, last_year=False)
    recent = replace(RECENT, shift=-0.5, orders=0.5, spend=0.5)
    level = forecast_level([recent, LAST_YEAR], customers=1000, years_before={recent.day: before})
    assert (level.shift, level.orders, level.spend) == pytest.approx((0.0, -0.4, 0.1))
    assert level.followed == Followed(shift=0.0, orders=1.0, spend=1.0)


def test_a_year_before_that_saw_too_little_is_no_evidence_against_last_year() -> None:
    before = replace(LAST_YEAR, day=535, shift=0.5, last_year=False)
    for few in (replace(before, history_days=179), replace(before, customers=249), replace(before, buyers=99)):
        level = forecast_level([RECENT, LAST_YEAR], customers=1000, years_before={900: few})
        assert level.shift == -0.6
    level = forecast_level([RECENT, LAST_YEAR], customers=1000, years_before={901: replace(before, shift=-0.5)})
    assert level.shift == -0.6, "it belongs to another day"


@pytest.mark.parametrize(
    "season",
    [replace(LAST_YEAR, history_days=179), replace(LAST_YEAR, customers=249), replace(LAST_YEAR, buyers=99)],
    ids=["history", "customers", "buyers"],
)
def test_last_year_needs_history_customers_and_buyers(season: FoldLevel) -> None:
    level = forecast_level([RECENT, season], customers=1000)
    alone = forecast_level([RECENT], customers=1000)
    assert level.source is Source.RECENT
    assert (level.shift, level.orders, level.spend) == (alone.shift, alone.orders, alone.spend), "and counts nothing"


def test_last_year_alone_with_too_little_leaves_the_purchase_models() -> None:
    level = forecast_level([replace(LAST_YEAR, buyers=99)], customers=1000)
    assert (level.source, level.shift) == (Source.PURCHASES, 0.0)


def test_a_level_survives_a_trip_through_json() -> None:
    for folds in ([RECENT, LAST_YEAR], [RECENT], []):
        level = replace(forecast_level(folds, customers=1000), followed=Followed(0.1, 0.2, 0.3))
        assert Level.from_json(json.loads(json.dumps(level.as_json()))) == level


def test_a_level_that_did_not_say_how_far_it_followed_last_year_can_still_be_read() -> None:
    level = forecast_level([RECENT, LAST_YEAR], customers=1000)
    older = {name: value for name, value in level.as_json().items() if name != "followed"}
    assert Level.from_json(older) == level


@pytest.mark.parametrize(
    ("source", "followed", "words"),
    [
        (Source.PURCHASES, Followed(), "the purchase models alone"),
        (Source.RECENT, Followed(), "recent past dates"),
        (Source.LAST_YEAR, Followed(), "the same season last year"),
        (Source.LAST_YEAR, Followed(0.996, 1.0, 1.0), "the same season last year"),
        (
            Source.LAST_YEAR,
            Followed(1.0, 0.0, 0.634),
            "the same season last year, followed in part (buyers 100 %, order days 0 %, spend 63 %)",
        ),
        (Source.LAST_YEAR, Followed(0.0, 0.0, 0.004), "the purchase models alone, since last year has been no guide"),
    ],
)
def test_the_words_say_how_far_last_year_was_followed(source: Source, followed: Followed, words: str) -> None:
    level = Level(0.0, 0.0, 0.0, source, (), followed=followed)
    assert level.words == words
    assert level.last_year_counts_for_nothing is words.endswith("no guide")
