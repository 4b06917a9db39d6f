"""The Pareto/NBD against its closed form, against numeric derivatives and against simulated customers."""

import json

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import gammaln, hyp2f1

from holdfast.forecast.arrays import Vector
from holdfast.forecast.btyd import Fit, ParetoNBD, Rung, Summary, pareto_nbd
from holdfast.forecast.btyd.decay_integral import Decay, integral
from tests.forecast.btyd.shops import customers, simulate

PARAMETERS = [(0.55, 10.6, 0.61, 11.7), (1.4, 3.0, 2.2, 40.0), (0.3, 90.0, 0.05, 2.0), (5.0, 20.0, 1.0, 20.0)]
HISTORIES = customers(
    (0, 0, 39), (0, 0, 0.1), (1, 1.7, 38.9), (2, 30.4, 38.9), (26, 30.9, 31), (9, 20, 39), (3, 39, 39), (40, 35, 300)
)


def model_of(parameters: tuple[float, float, float, float]) -> ParetoNBD:
    return ParetoNBD(*parameters, Fit(0.0, converged=True, rung=Rung.PLAIN, starts=1))


def closed_form(parameters: tuple[float, float, float, float], rows: Summary) -> Vector:
    """The log likelihood of each row: Fader and Hardie (2005), with the Gaussian hypergeometric function."""
    r, alpha, s, beta = parameters
    x, power = rows.frequency, r + s + rows.frequency
    far, second = (alpha, s + 1) if alpha >= beta else (beta, r + x)

    def term(at: Vector) -> Vector:
        f: Vector = hyp2f1(power, second, power + 1, abs(alpha - beta) / (far + at)) * (far + at) ** -power
        return f

    between = term(rows.recency) - term(rows.T)
    alive = (alpha + rows.T) ** -(r + x) * (beta + rows.T) ** -s
    pace: Vector = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    return pace + np.log(alive + s / power * between)


def each(parameters: tuple[float, float, float, float], rows: Summary) -> Vector:
    """The log likelihood of each row."""
    one = [customers((x, t, T)) for x, t, T in zip(rows.frequency, rows.recency, rows.T, strict=True)]
    return np.array([pareto_nbd.log_likelihood(row, np.array(parameters))[0] for row in one])


@pytest.mark.parametrize("parameters", PARAMETERS)
def test_the_likelihood_is_that_of_the_closed_form(parameters: tuple[float, float, float, float]) -> None:
    np.testing.assert_allclose(each(parameters, HISTORIES), closed_form(parameters, HISTORIES), rtol=1e-9)


@pytest.mark.parametrize("parameters", PARAMETERS)
def test_the_gradient_is_that_of_the_likelihood(parameters: tuple[float, float, float, float]) -> None:
    weighted = Summary(HISTORIES.frequency, HISTORIES.recency, HISTORIES.T, np.arange(1.0, 9.0))
    at = np.array(parameters)
    _, gradient = pareto_nbd.log_likelihood(weighted, at)
    for i, step in enumerate(np.diag(at * 1e-5)):
        up, down = (pareto_nbd.log_likelihood(weighted, at + sign * step)[0] for sign in (1, -1))
        assert gradient[i] == pytest.approx((up - down) / (2 * step[i]), rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("parameters", PARAMETERS)
@pytest.mark.parametrize("horizon", [1.0, 13.0, 400.0])
def test_no_order_is_a_longer_silence(parameters: tuple[float, float, float, float], horizon: float) -> None:
    """P(no order in the horizon) is the likelihood of the same history seen until T + horizon by that until T."""
    longer = Summary(HISTORIES.frequency, HISTORIES.recency, HISTORIES.T + horizon, HISTORIES.weight)
    silence = np.exp(closed_form(parameters, longer) - closed_form(parameters, HISTORIES))
    got = pareto_nbd.p_order(model_of(parameters), HISTORIES, horizon=horizon)
    np.testing.assert_allclose(got, 1 - silence, atol=1e-7)


@pytest.mark.parametrize("parameters", PARAMETERS)
def test_alive_and_orders_are_those_of_the_papers(parameters: tuple[float, float, float, float]) -> None:
    """P(alive) and the conditional expectation in the form of Fader and Hardie (2005)."""
    r, alpha, s, beta = parameters
    x, known, t = HISTORIES.frequency, HISTORIES.T, 26.0
    there = gammaln(r + x) - gammaln(r) + r * np.log(alpha / (alpha + known)) + s * np.log(beta / (beta + known))
    alive = np.exp(there - x * np.log(alpha + known) - closed_form(parameters, HISTORIES))
    model = model_of(parameters)
    np.testing.assert_allclose(pareto_nbd.p_alive(model, HISTORIES), alive, rtol=1e-8)
    if s != 1:
        grown = 1 - ((beta + known) / (beta + known + t)) ** (s - 1)
        orders = alive * (r + x) * (beta + known) / ((alpha + known) * (s - 1)) * grown
        np.testing.assert_allclose(pareto_nbd.expected_orders(model, HISTORIES, horizon=t), orders, rtol=1e-8)


def test_nothing_special_happens_at_s_equal_to_one() -> None:
    """The closed form is 0 / 0 there."""
    near, there = (model_of((0.55, 10.6, s, 11.7)) for s in (1 + 1e-9, 1.0))
    np.testing.assert_allclose(
        pareto_nbd.expected_orders(there, HISTORIES, horizon=26.0),
        pareto_nbd.expected_orders(near, HISTORIES, horizon=26.0),
        rtol=1e-7,
    )
    days = np.array([0.0, 1.0, 26.0, 1000.0])
    np.testing.assert_allclose(
        pareto_nbd.expected_orders_of_new(there, days=days), 0.55 * 11.7 / 10.6 * np.log1p(days / 11.7)
    )


def test_a_new_customer_is_a_customer_of_whom_nothing_is_known() -> None:
    model, today = model_of(PARAMETERS[0]), customers((0, 0, 0))
    curve = pareto_nbd.expected_orders_of_new(model, days=np.array([39.0]))
    assert curve == pytest.approx(pareto_nbd.expected_orders(model, today, horizon=39.0))


@pytest.mark.parametrize(
    ("a", "b", "alpha", "beta", "lower", "upper"),
    [
        (0.2, 1.1, 5.0, 80.0, 0.0, 18_250.0),
        (0.2, 1.1, 80.0, 0.01, 0.0, 18_250.0),
        (600.0, 1.5, 30.0, 30.0, 17_000.0, 18_250.0),
        (600.0, 1.5, 30.0, 900.0, 600.0, 18_250.0),
        (3.0, 800.0, 1e4, 1e5, 10.0, 500.0),
        (7.0, 1.01, 1e3, 1e-3, 0.5, 900.0),
        (1e4, 1.5, 1e5, 200.0, 0.0, 900.0),
    ],
)
def test_the_quadrature(a: float, b: float, alpha: float, beta: float, lower: float, upper: float) -> None:
    """Against adaptive integration of the same integrand, over log time so that both ends are seen."""
    scale = min(alpha, beta) + lower

    def integrand(v: float) -> float:
        u = scale * np.expm1(v)
        fall = -a * np.log1p(u / (alpha + lower)) - b * np.log1p(u / (beta + lower))
        return float(np.exp(fall + v) * scale)

    end = float(np.log1p((upper - lower) / scale))
    cuts = [float(end * cut) for cut in np.geomspace(1e-5, 0.9, 40)]
    want = quad(integrand, 0.0, end, points=cuts, epsabs=0, epsrel=1e-12, limit=400)[0]
    row = Decay(np.array([a]), b, alpha, beta, np.array([lower]), np.array([upper - lower]))
    assert integral(row)[0] == pytest.approx(want, rel=1e-8)


def test_hundreds_of_orders_in_fifty_years() -> None:
    """Days; the closed form overflows here."""
    long = customers(
        (700, 18_250, 18_250), (700, 9_000, 18_250), (0, 0, 18_250), (3, 5, 18_250), (18_249, 18_249, 18_250)
    )
    model = model_of((0.7, 60.0, 0.4, 700.0))
    value, gradient = pareto_nbd.log_likelihood(long, np.array([0.7, 60.0, 0.4, 700.0]))
    assert np.isfinite(value)
    assert np.all(np.isfinite(gradient))
    alive = pareto_nbd.p_alive(model, long)
    assert alive[0] > 0.999
    assert alive[1] < 1e-6
    assert pareto_nbd.p_order(model, long, horizon=365.0)[0] > 0.999


@pytest.fixture(scope="module")
def recovered() -> ParetoNBD:
    known = simulate(40_000, rate=(0.8, 20.0), lifetime=(0.7, 25.0), until=100.0, horizon=1.0, seed=3).known
    return pareto_nbd.fit(known)


def test_the_parameters_of_simulated_customers_are_found(recovered: ParetoNBD) -> None:
    assert [recovered.r, recovered.alpha, recovered.s, recovered.beta] == pytest.approx([0.8, 20, 0.7, 25], rel=0.12)
    assert recovered.r / recovered.alpha == pytest.approx(0.04, rel=0.03)


def test_forecasts_come_true() -> None:
    """In each fifth of the customers by forecast: the share who ordered, and the orders."""
    future = simulate(60_000, rate=(0.8, 20.0), lifetime=(0.7, 25.0), until=100.0, horizon=30.0, seed=4)
    model = model_of((0.8, 20.0, 0.7, 25.0))
    chance = pareto_nbd.p_order(model, future.known, horizon=30.0)
    orders = pareto_nbd.expected_orders(model, future.known, horizon=30.0)
    for group in np.array_split(np.argsort(chance), 5):
        bought = (future.orders[group] > 0).mean()
        assert chance[group].mean() == pytest.approx(bought, abs=4 * np.sqrt(0.25 / len(group)))
        spread = future.orders[group].std() / np.sqrt(len(group))
        assert orders[group].mean() == pytest.approx(future.orders[group].mean(), abs=4 * spread + 1e-3)


def test_a_model_survives_json(recovered: ParetoNBD) -> None:
    assert ParetoNBD.from_json(json.loads(json.dumps(recovered.as_json()))) == recovered
