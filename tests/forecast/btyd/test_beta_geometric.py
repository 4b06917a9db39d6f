"""BG/NBD and MBG/NBD against their closed forms, numeric derivatives and simulated customers."""

import json
from types import ModuleType

import numpy as np
import pytest
from scipy.special import beta as beta_function
from scipy.special import betaincinv, gamma, hyp2f1

from holdfast.forecast.arrays import Vector
from holdfast.forecast.btyd import BGNBD, MBGNBD, Fit, Rung, Summary, bg_nbd, mbg_nbd
from holdfast.forecast.btyd.beta_geometric import orders_if_alive
from tests.forecast.btyd.shops import customers, simulate

Four = tuple[float, float, float, float]

PARAMETERS: list[Four] = [(0.243, 4.414, 0.793, 2.426), (1.4, 30.0, 2.2, 9.0), (6.0, 8.0, 0.1, 0.3)]
HISTORIES = customers(
    (0, 0, 39), (0, 0, 0.1), (1, 1.7, 38.9), (2, 30.4, 38.9), (26, 30.9, 31), (9, 20, 39), (3, 39, 39)
)

PLAIN = Fit(0.0, converged=True, rung=Rung.PLAIN, starts=1)
BOTH = pytest.mark.parametrize("module", [bg_nbd, mbg_nbd], ids=["bg_nbd", "mbg_nbd"])


def model_of(module: ModuleType, parameters: Four) -> BGNBD | MBGNBD:
    return BGNBD(*parameters, PLAIN) if module is bg_nbd else MBGNBD(*parameters, PLAIN)


def stayed_and_left(module: ModuleType, at: Four, rows: Summary) -> tuple[Vector, Vector]:
    """The likelihood of what was seen with the customer still there, and with the customer gone at the last order.

    As in the papers, without logarithms: lambda^x (1 - p)^c e^(-lambda T) and lambda^x (1 - p)^(c - 1) p
    e^(-lambda t_x), integrated over lambda and p.
    """
    r, alpha, a, b = at
    x = rows.frequency
    c = x + (module is mbg_nbd)
    pace = gamma(r + x) / gamma(r) * alpha**r
    stayed = pace * (alpha + rows.T) ** -(r + x) * beta_function(a, b + c) / beta_function(a, b)
    gone = np.where(c > 0, beta_function(a + 1, b + np.maximum(c, 1) - 1) / beta_function(a, b), 0.0)
    return stayed, pace * (alpha + rows.recency) ** -(r + x) * gone


@BOTH
@pytest.mark.parametrize("at", PARAMETERS)
def test_the_likelihood_is_that_of_the_papers(module: ModuleType, at: Four) -> None:
    stayed, left = stayed_and_left(module, at, HISTORIES)
    got = [
        module.log_likelihood(customers(row), np.array(at))[0]
        for row in zip(HISTORIES.frequency, HISTORIES.recency, HISTORIES.T, strict=True)
    ]
    np.testing.assert_allclose(got, np.log(stayed + left), rtol=1e-11)
    np.testing.assert_allclose(module.p_alive(model_of(module, at), HISTORIES), stayed / (stayed + left), rtol=1e-11)


@BOTH
@pytest.mark.parametrize("at", PARAMETERS)
def test_the_gradient_is_that_of_the_likelihood(module: ModuleType, at: Four) -> None:
    weighted = Summary(HISTORIES.frequency, HISTORIES.recency, HISTORIES.T, np.arange(1.0, 8.0))
    point = np.array(at)
    _, gradient = module.log_likelihood(weighted, point)
    for i, step in enumerate(np.diag(point * 1e-5)):
        up, down = (module.log_likelihood(weighted, point + sign * step)[0] for sign in (1, -1))
        assert gradient[i] == pytest.approx((up - down) / (2 * step[i]), rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("at", PARAMETERS)
@pytest.mark.parametrize("horizon", [0.1, 13.0, 39.0])
def test_expected_orders_of_the_bg_nbd(at: Four, horizon: float) -> None:
    """Fader, Hardie and Lee (2005), equations 9 and 10."""
    r, alpha, a, b = at
    x, scale = HISTORIES.frequency, alpha + HISTORIES.T
    f = hyp2f1(r + x, b + x, a + b + x - 1, horizon / (scale + horizon))
    if_alive = (a + b + x - 1) / (a - 1) * (1 - (scale / (scale + horizon)) ** (r + x) * f)
    model = BGNBD(*at, PLAIN)
    want = if_alive * bg_nbd.p_alive(model, HISTORIES)
    np.testing.assert_allclose(bg_nbd.expected_orders(model, HISTORIES, horizon=horizon), want, rtol=1e-8)

    f = hyp2f1(r, b, a + b - 1, horizon / (alpha + horizon))
    want = (a + b - 1) / (a - 1) * (1 - (alpha / (alpha + horizon)) ** r * f)
    assert bg_nbd.expected_orders_of_new(model, days=np.array([horizon]))[0] == pytest.approx(want, rel=1e-8)


@pytest.mark.parametrize("at", PARAMETERS)
def test_expected_orders_of_new_customers_of_the_mbg_nbd(at: Four) -> None:
    """b / (a - 1) [1 - (alpha / (alpha + t))^r 2F1(r, b + 1; a + b; t / (alpha + t))]."""
    r, alpha, a, b = at
    f = hyp2f1(r, b + 1, a + b, 39 / (alpha + 39))
    want = b / (a - 1) * (1 - (alpha / (alpha + 39)) ** r * f)
    curve = mbg_nbd.expected_orders_of_new(MBGNBD(*at, PLAIN), days=np.array([39.0]))
    assert curve[0] == pytest.approx(want, rel=1e-8)


@pytest.mark.parametrize("reach", [0.01, 1.0, 8.9, 9.1, 100.0])
@pytest.mark.parametrize(("a", "b"), [(0.05, 0.1), (0.8, 2.4), (1.0, 300.0), (60.0, 400.0), (2.0, 0.01)])
@pytest.mark.parametrize("shape", [0.02, 1.0, 40.0])
def test_the_quadrature(reach: float, a: float, b: float, shape: float) -> None:
    """Against the mean over 200,000 slices of equal probability, at a few parts in a thousand."""
    p = np.maximum(betaincinv(a, b, (np.arange(200_000) + 0.5) / 200_000), 1e-300)
    want = -(np.expm1(-shape * np.log1p(p * reach)) / p).mean()
    one = np.ones(1)
    got = orders_if_alive(shape * one, one, a, b * one, reach * one)[0]
    assert got == pytest.approx(want, rel=2e-3)


@BOTH
def test_nothing_special_happens_at_a_equal_to_one(module: ModuleType) -> None:
    near, there = (model_of(module, (0.5, 5.0, a, 2.0)) for a in (1 + 1e-9, 1.0))
    got, want = (module.expected_orders(model, HISTORIES, horizon=39.0) for model in (there, near))
    np.testing.assert_allclose(got, want, rtol=1e-7)


def test_who_never_came_back() -> None:
    """Is alive for the BG/NBD, but hardly likely to order; may be gone for the MBG/NBD."""
    silent = customers((0, 0, 300))
    sure, doubtful = BGNBD(*PARAMETERS[0], PLAIN), MBGNBD(*PARAMETERS[0], PLAIN)
    assert bg_nbd.p_alive(sure, silent).tolist() == [1.0]
    assert bg_nbd.p_order(sure, silent, horizon=10.0)[0] < 0.01
    assert 0.5 < mbg_nbd.p_alive(doubtful, silent)[0] < 0.95


@BOTH
def test_hundreds_of_orders_in_fifty_years(module: ModuleType) -> None:
    long = customers((700, 18_250, 18_250), (700, 9_000, 18_250), (0, 0, 18_250), (18_249, 18_249, 18_250))
    at: Four = (0.7, 60.0, 0.4, 20.0)
    value, gradient = module.log_likelihood(long, np.array(at))
    assert np.isfinite(value)
    assert np.all(np.isfinite(gradient))
    alive = module.p_alive(model_of(module, at), long)
    assert alive[0] > 0.99
    assert alive[1] < 1e-6


TRUE: Four = (0.8, 20.0, 0.9, 3.0)


@BOTH
def test_the_parameters_of_simulated_customers_are_found(module: ModuleType) -> None:
    known = simulate(
        40_000, rate=TRUE[:2], leaving=TRUE[2:], first=module is mbg_nbd, until=100.0, horizon=1.0, seed=3
    ).known
    model = module.fit(known)
    assert [model.r, model.alpha, model.a, model.b] == pytest.approx(TRUE, rel=0.12)
    assert model.a / (model.a + model.b) == pytest.approx(0.9 / 3.9, rel=0.05)
    assert type(model).from_json(json.loads(json.dumps(model.as_json()))) == model


@BOTH
def test_forecasts_come_true(module: ModuleType) -> None:
    """In each fifth of the customers by forecast: the share who ordered, and the orders."""
    future = simulate(
        60_000, rate=TRUE[:2], leaving=TRUE[2:], first=module is mbg_nbd, until=100.0, horizon=30.0, seed=4
    )
    model = model_of(module, TRUE)
    chance = module.p_order(model, future.known, horizon=30.0)
    orders = module.expected_orders(model, future.known, horizon=30.0)
    for group in np.array_split(np.argsort(chance), 5):
        bought = (future.orders[group] > 0).mean()
        assert chance[group].mean() == pytest.approx(bought, abs=4 * np.sqrt(0.25 / len(group)))
        spread = future.orders[group].std() / np.sqrt(len(group))
        assert orders[group].mean() == pytest.approx(future.orders[group].mean(), abs=4 * spread + 1e-3)
