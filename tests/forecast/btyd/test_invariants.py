"""What holds for every model, parameter and customer."""

from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.forecast.btyd import BGNBD, MBGNBD, Fit, ParetoNBD, Rung, Summary, bg_nbd, mbg_nbd, pareto_nbd
from tests.forecast.btyd.shops import customers

PLAIN = Fit(0.0, converged=True, rung=Rung.PLAIN, starts=1)
MODELS = pytest.mark.parametrize(
    ("module", "kind"), [(pareto_nbd, ParetoNBD), (bg_nbd, BGNBD), (mbg_nbd, MBGNBD)], ids=["pareto", "bg", "mbg"]
)

LEAST = 1e-300
"""Below, numbers lose their digits."""

Four = tuple[float, float, float, float]
SHAPES = st.floats(0.01, 200)
PARAMETERS = st.tuples(SHAPES, st.floats(0.1, 1e4), SHAPES, SHAPES)


@st.composite
def histories(draw: st.DrawFn) -> Summary:
    """Up to 20 customers, up to 50 years, one order a day at most."""
    rows = []
    for _ in range(draw(st.integers(1, 20))):
        known = draw(st.integers(0, 18_250))
        t_x = draw(st.integers(0, known))
        x = draw(st.integers(1, min(t_x, 700))) if t_x else 0
        rows.append((x, t_x, known))
    return customers(*rows)


@MODELS
@settings(max_examples=60, deadline=None)
@given(PARAMETERS, histories(), st.floats(0.01, 20_000), st.floats(1.01, 10))
def test_forecasts_are_bounded_and_grow_with_the_horizon(
    module: ModuleType, kind: type[ParetoNBD | BGNBD | MBGNBD], at: Four, known: Summary, horizon: float, factor: float
) -> None:
    model = kind(*at, PLAIN)
    alive = module.p_alive(model, known)
    assert np.all((alive >= 0) & (alive <= 1))
    chance, later = (module.p_order(model, known, horizon=h) for h in (horizon, factor * horizon))
    orders, more = (module.expected_orders(model, known, horizon=h) for h in (horizon, factor * horizon))
    assert np.all((chance >= 0) & (later <= 1))
    assert np.all(later >= chance * (1 - 1e-8) - LEAST)
    assert np.all(chance <= alive * (1 + 1e-8) + LEAST)
    assert np.all(np.isfinite(more))
    assert np.all(more >= orders * (1 - 1e-6) - LEAST)
    assert np.all(orders >= chance * (1 - 1e-6) - LEAST)


@MODELS
@settings(max_examples=60, deadline=None)
@given(PARAMETERS, histories())
def test_without_a_horizon_nothing_is_expected(
    module: ModuleType, kind: type[ParetoNBD | BGNBD | MBGNBD], at: Four, known: Summary
) -> None:
    """And within a moment as much as the rate of an order: P(alive) x (r + x) / (alpha + T)."""
    model = kind(*at, PLAIN)
    assert not module.p_order(model, known, horizon=0.0).any()
    assert not module.expected_orders(model, known, horizon=0.0).any()
    moment = 1e-9
    rate = module.p_alive(model, known) * (model.r + known.frequency) / (model.alpha + known.T)
    np.testing.assert_allclose(module.p_order(model, known, horizon=moment), moment * rate, rtol=1e-4, atol=LEAST)
    np.testing.assert_allclose(
        module.expected_orders(model, known, horizon=moment), moment * rate, rtol=1e-4, atol=LEAST
    )


@MODELS
@settings(max_examples=60, deadline=None)
@given(PARAMETERS, histories())
def test_the_likelihood_is_finite_and_has_a_slope(
    module: ModuleType, kind: type[ParetoNBD | BGNBD | MBGNBD], at: Four, known: Summary
) -> None:
    value, gradient = module.log_likelihood(known, np.array(at))
    assert np.isfinite(value)
    assert np.all(np.isfinite(gradient))


@MODELS
@settings(max_examples=60, deadline=None)
@given(PARAMETERS, st.lists(st.floats(0, 20_000), min_size=2, max_size=8))
def test_the_curve_of_new_customers_rises_from_zero(
    module: ModuleType, kind: type[ParetoNBD | BGNBD | MBGNBD], at: Four, days: list[float]
) -> None:
    curve = module.expected_orders_of_new(kind(*at, PLAIN), days=np.array([0.0, *sorted(days)]))
    assert curve[0] == 0
    assert np.all(np.isfinite(curve))
    assert np.all(np.diff(curve) >= -1e-6 * curve[1:])
