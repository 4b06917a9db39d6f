from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.errors import InputError
from holdfast.forecast.arrays import Vector
from holdfast.forecast.learning.level import Source
from holdfast.forecast.learning.spread import INTENSITIES, LEVELS, SEASON_ERROR, Spread
from holdfast.forecast.model import ForecastConfig, Forecasts, Model, fit
from holdfast.forecast.totals import Total, totals
from tests.forecast.drawn_shops import drawn, past_of

CERTAIN = Spread((tuple([1.0] * len(LEVELS)),) * len(INTENSITIES), 0)
"""Everybody who orders spends what is expected."""


@pytest.fixture(scope="module")
def model() -> Model:
    """A model whose level is last year's."""
    found = fit(past_of(drawn(40, days=300)), as_of=300, config=ForecastConfig(horizon=90))
    return replace(found, level=replace(found.level, source=Source.LAST_YEAR), spread=CERTAIN)


def forecasts(p_buy: Vector, value: Vector) -> Forecasts:
    """At most one order each."""
    zeros = np.zeros(len(p_buy))
    return Forecasts(np.arange(len(p_buy)), p_buy, p_buy, p_buy * value, zeros, zeros, zeros)


def test_the_interval_holds_what_is_drawn(model: Model) -> None:
    """100 customers, each with a coin of its own, and a level that is off for all of them: eight times in ten."""
    random = np.random.default_rng(1)
    p_buy, value = random.uniform(0.05, 0.4, 100), random.lognormal(3.0, 0.5, 100)
    found = totals(model, forecasts(p_buy, value))
    level = np.exp(SEASON_ERROR * random.normal(size=(4_000, 1)))
    bought = random.random((4_000, 100)) < p_buy * level
    for total, drawn_totals in ((found.buyers, bought.sum(axis=1)), (found.spend, bought @ value)):
        inside = (drawn_totals >= total.p10) & (drawn_totals <= total.p90)
        assert inside.mean() == pytest.approx(0.8, abs=0.05)
        assert total.p50 == pytest.approx(np.median(drawn_totals), rel=0.05)


def test_of_thousands_only_the_level_is_uncertain(model: Model) -> None:
    found = totals(model, forecasts(np.full(1_000_000, 0.3), np.full(1_000_000, 50.0)))
    assert found.spend.expected == pytest.approx(15_000_000)
    half_width = np.exp(1.2816 * SEASON_ERROR)
    assert found.spend.p90 / found.spend.p50 == pytest.approx(half_width, rel=1e-3)
    assert found.orders.p50 / found.orders.p10 == pytest.approx(half_width, rel=1e-3)
    assert (found.level_error, found.source) == (SEASON_ERROR, Source.LAST_YEAR)


def test_of_one_customer_the_order_itself_is(model: Model) -> None:
    """With 30 % there is no order at P10 and P50; at P90 there is."""
    found = totals(model, forecasts(np.array([0.3]), np.array([100.0])))
    assert (found.spend.p10, found.spend.p50) == (0.0, 0.0)
    assert found.spend.p90 == pytest.approx(100.0, rel=0.1)
    assert (found.buyers.expected, found.buyers.p10, found.buyers.p50) == (0.3, 0.0, 0.0)
    assert found.buyers.p90 == pytest.approx(1.0, rel=0.1)


def test_a_part_of_the_customers(model: Model) -> None:
    p_buy, value = np.array([0.2, 0.6, 0.4]), np.array([10.0, 20.0, 30.0])
    part = totals(model, forecasts(p_buy, value), chosen=np.array([True, False, True]))
    assert part.customers == 2
    assert part == totals(model, forecasts(p_buy[[0, 2]], value[[0, 2]]))
    assert part.spend.expected == pytest.approx(14.0)


def test_nobody_and_no_amounts(model: Model) -> None:
    p_buy = np.array([0.2, 0.6])
    nobody = totals(model, forecasts(p_buy, p_buy), chosen=np.array([False, False]))
    assert nobody.spend == nobody.orders == nobody.buyers == Total(0.0, 0.0, 0.0, 0.0)
    assert totals(model, forecasts(p_buy, np.zeros(2))).spend == Total(0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize("flags", [np.array([True]), np.array([1, 0])])
def test_flags_that_do_not_fit_are_refused(model: Model, flags: Vector) -> None:
    with pytest.raises(InputError, match="which customers"):
        totals(model, forecasts(np.array([0.2, 0.6]), np.ones(2)), chosen=flags)  # type: ignore[arg-type]


@given(st.lists(st.tuples(st.floats(1e-6, 1 - 1e-6), st.floats(0.0, 1e6)), min_size=1, max_size=40))
@settings(max_examples=100, deadline=None)
def test_quantiles_rise_and_are_never_negative(model: Model, rows: list[tuple[float, float]]) -> None:
    p_buy, value = (np.array(column) for column in zip(*rows, strict=True))
    found = totals(model, forecasts(p_buy, value))
    for total in (found.buyers, found.orders, found.spend):
        assert 0.0 <= total.p10 <= total.p50 <= total.p90 < np.inf
    assert found.buyers.p90 <= len(rows)
