import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import chisquare, norm

from holdfast.forecast.arrays import Vector
from holdfast.forecast.folds import Fold
from holdfast.forecast.labels import Outcomes
from holdfast.forecast.learning.blend import Expected
from holdfast.forecast.learning.design import Design
from holdfast.forecast.learning.lessons import Lesson
from holdfast.forecast.learning.level import FoldLevel, Level, Source
from holdfast.forecast.learning.purchases import Outlook
from holdfast.forecast.learning.spread import (
    INTENSITIES,
    LEVELS,
    RECENT_ERROR,
    SEASON_ERROR,
    Spread,
    fit_spread,
    level_error,
    quantiles,
    variance,
)

CERTAIN = Spread((tuple([1.0] * len(LEVELS)),) * len(INTENSITIES), 0)
"""Everybody who orders spends what is expected."""


def crowd(n: int, *, seed: int) -> Expected:
    random = np.random.default_rng(seed)
    p_buy = random.uniform(0.05, 0.95, n)
    orders = p_buy * random.uniform(1.0, 4.0, n)
    return Expected(p_buy, orders, orders * random.lognormal(3.0, 1.0, n))


def drawn_spend(expected: Expected, *, log_spread: float, seed: int, level: float = 0.0) -> Vector:
    """Zero, or the expectation given an order times a log-normal factor of mean one."""
    random = np.random.default_rng(seed)
    bought = random.random(len(expected.p_buy)) < expected.p_buy
    factor = np.exp(log_spread * random.normal(size=len(bought)) - log_spread**2 / 2 + level)
    spend: Vector = np.where(bought, expected.spend / expected.p_buy * factor, 0.0)
    return spend


def lesson(expected: Expected, spend: Vector, *, last_year: bool = False) -> Lesson:
    n = len(spend)
    nothing = np.zeros((n, 0), dtype=np.float32)
    fold_level = FoldLevel(0, 90, 1.0, 400, n, int((spend > 0).sum()), 0.0, 0.0, 0.0, last_year)
    value = expected.spend / expected.orders
    return Lesson(
        Fold(0, 90, 1.0),
        fold_level,
        Design((), nothing, nothing, np.zeros((n, 0))),
        Outlook(expected.p_buy, expected.orders, np.ones(n), value),
        Outcomes(spend > 0, (spend > 0).astype(np.int64), spend),
    )


def level(source: Source, *spends: float) -> Level:
    folds = tuple(FoldLevel(-nth, 90, 1.0, 400, 100, 50, 0.0, 0.0, move, False) for nth, move in enumerate(spends))
    return Level(0.0, 0.0, 0.0, source, folds)


def test_one_customer_in_ten_ends_above_p90_and_the_rank_of_the_outcome_is_uniform() -> None:
    """Learned from one draw of a shop, judged on another: the randomised probability integral transform is flat."""
    past, now = crowd(20_000, seed=1), crowd(5_000, seed=2)
    spread = fit_spread([lesson(past, drawn_spend(past, log_spread=0.8, seed=3))])
    spend = drawn_spend(now, log_spread=0.8, seed=4)
    low, high = quantiles(spread, now, (0.1, 0.9))
    likely = now.p_buy > 0.1
    assert 0.09 <= (spend > high)[likely].mean() <= 0.11
    assert (spend < low).mean() <= 0.1

    table = np.array(quantiles(spread, now, [nth / 10 for nth in range(1, 10)]))
    least, most = (table < spend).sum(axis=0), (table <= spend).sum(axis=0)
    none = np.random.default_rng(5).random(len(spend)) * (1 - now.p_buy) * 10
    place = np.where(spend > 0, most, np.minimum(none.astype(np.int64), 9))
    assert ((place >= least) & (place <= 9)).all()
    assert chisquare(np.bincount(place, minlength=10)).pvalue > 1e-3


def test_a_level_that_may_be_off_widens_the_interval() -> None:
    past, now = crowd(20_000, seed=1), crowd(20_000, seed=2)
    lessons = [lesson(past, drawn_spend(past, log_spread=0.5, seed=3))]
    narrow, wide = fit_spread(lessons), fit_spread(lessons, level=level(Source.RECENT, -0.3, 0.3))
    assert wide.factors[0][-1] > narrow.factors[0][-1]
    assert wide.factors[0][49] == pytest.approx(narrow.factors[0][49], rel=0.05)

    error = level_error(level(Source.RECENT, -0.3, 0.3))
    above = []
    for nth, away in enumerate(norm.ppf((np.arange(30) + 0.5) / 30)):
        moved = drawn_spend(now, log_spread=0.5, seed=nth, level=error * away)
        above.append([(moved > quantiles(spread, now, (0.9,))[0]).mean() for spread in (narrow, wide)])
    mean_narrow, mean_wide = np.mean(above, axis=0)
    assert mean_narrow > mean_wide
    assert mean_wide == pytest.approx(0.1, abs=0.01)


def test_where_the_level_is_last_years_the_spread_is_too() -> None:
    past = crowd(5_000, seed=1)
    recent = lesson(past, drawn_spend(past, log_spread=0.2, seed=3))
    season = lesson(past, drawn_spend(past, log_spread=1.0, seed=3), last_year=True)
    found = fit_spread([recent, season], level=level(Source.LAST_YEAR))
    assert found == fit_spread([season], level=level(Source.LAST_YEAR))
    assert found.buyers < fit_spread([recent, season], level=level(Source.RECENT, 0.0)).buyers


def test_with_too_few_buyers_the_default_is_used() -> None:
    assert fit_spread([]).buyers == 0
    few = crowd(100, seed=1)
    found = fit_spread([lesson(few, drawn_spend(few, log_spread=0.1, seed=3))])
    assert found.factors == fit_spread([]).factors


def test_the_error_of_the_level_by_hand() -> None:
    assert level_error(level(Source.LAST_YEAR, 0.5, -0.5)) == SEASON_ERROR
    assert level_error(level(Source.RECENT, 0.1, 0.1)) == pytest.approx(RECENT_ERROR)
    assert level_error(level(Source.RECENT, 0.3, -0.3)) == pytest.approx((RECENT_ERROR**2 + 0.3**2) ** 0.5)
    assert level_error(level(Source.PURCHASES)) > RECENT_ERROR


def test_quantiles_by_hand() -> None:
    """Who orders with 30 % and then spends 100: nothing up to the quantile of 70 %, and 100 from there on."""
    expected = Expected(np.array([0.3]), np.array([0.3]), np.array([30.0]))
    found = quantiles(CERTAIN, expected, (0.1, 0.69, 0.71, 0.9))
    assert [float(each[0]) for each in found] == pytest.approx([0.0, 0.0, 100.0, 100.0])


def test_the_variance_is_that_of_what_is_drawn() -> None:
    coin = Expected(np.array([0.3]), np.array([0.3]), np.array([30.0]))
    assert variance(CERTAIN, coin) == pytest.approx([100.0**2 * 0.3 * 0.7])
    row = tuple(float(factor) for factor in np.exp(0.5 * norm.ppf(LEVELS) - 0.125))
    spread = replace(CERTAIN, factors=(row,) * len(INTENSITIES))
    many = Expected(*(np.repeat(each, 400_000) for each in (coin.p_buy, coin.orders, coin.spend)))
    assert variance(spread, coin)[0] == pytest.approx(drawn_spend(many, log_spread=0.5, seed=1).var(), rel=0.02)


def test_a_trip_through_json_changes_nothing() -> None:
    past = crowd(2_000, seed=1)
    spread = fit_spread([lesson(past, drawn_spend(past, log_spread=0.8, seed=3))], level=level(Source.RECENT, 0.1))
    assert Spread.from_json(json.loads(json.dumps(spread.as_json()))) == spread
