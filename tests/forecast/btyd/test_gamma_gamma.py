import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import betaprime

from holdfast.forecast.arrays import Vector
from holdfast.forecast.btyd import Fit, GammaGamma, Rung, gamma_gamma
from holdfast.forecast.btyd.merging import merge_equal

PLAIN = Fit(0.0, converged=True, rung=Rung.PLAIN, starts=1)


def spenders(n: int, *, seed: int = 1, p: float = 6.25, q: float = 3.74, gamma: float = 15.44) -> tuple[Vector, Vector]:
    """Orders and mean values of customers of the model itself."""
    random = np.random.default_rng(seed)
    orders = random.integers(1, 12, n).astype(np.float64)
    return orders, random.gamma(p * orders) / orders / random.gamma(q, 1 / gamma, n)


def test_the_density_is_a_beta_prime() -> None:
    """Given nu, x z is Gamma(p x, nu): over nu, x z / gamma is beta prime (p x, q)."""
    x, z = spenders(50)
    p, q, gamma = 2.0, 3.0, 12.0
    want = (betaprime.logpdf(x * z / gamma, p * x, q) + np.log(x / gamma)).sum()
    values = merge_equal(x, (np.log(z),), np.ones(50))
    got, _ = gamma_gamma.log_likelihood(values, np.array([p, q - 1, gamma]))
    assert got - np.log(z).sum() == pytest.approx(want, rel=1e-10)


def test_the_gradient_is_that_of_the_likelihood() -> None:
    x, z = spenders(50)
    values = merge_equal(x, (np.log(z),), np.arange(1.0, 51.0))
    at = np.array([2.0, 1.5, 9.0])
    _, gradient = gamma_gamma.log_likelihood(values, at)
    for i, step in enumerate(np.diag(at * 1e-5)):
        up, down = (gamma_gamma.log_likelihood(values, at + sign * step)[0] for sign in (1, -1))
        assert gradient[i] == pytest.approx((up - down) / (2 * step[i]), rel=1e-5)


def test_the_parameters_of_simulated_customers_are_found() -> None:
    model = gamma_gamma.fit(*spenders(60_000))
    assert [model.p, model.q, model.gamma] == pytest.approx([6.25, 3.74, 15.44], rel=0.05)
    assert (model.fit.rung, model.fit.converged) == (Rung.PLAIN, True)
    assert GammaGamma.from_json(json.loads(json.dumps(model.as_json()))) == model


def test_weights_and_repetition_are_the_same() -> None:
    x, z = spenders(400)
    heavy = gamma_gamma.fit(x, z, weight=np.full(400, 3.0))
    repeated = gamma_gamma.fit(np.tile(x, 3), np.tile(z, 3))
    assert heavy.fit.log_likelihood == pytest.approx(repeated.fit.log_likelihood)
    assert heavy.p == pytest.approx(repeated.p, rel=1e-4)


def test_the_currency_does_not_matter() -> None:
    x, z = spenders(2000)
    dollars, cents = gamma_gamma.fit(x, z), gamma_gamma.fit(x, 100 * z)
    assert [cents.p, cents.q, cents.gamma] == pytest.approx([dollars.p, dollars.q, 100 * dollars.gamma], rel=1e-5)
    assert cents.fit.log_likelihood == pytest.approx(dollars.fit.log_likelihood - 2000 * np.log(100))


def test_a_mean_is_pulled_towards_everybody_the_more_the_fewer_its_orders() -> None:
    model = GammaGamma(6.25, 3.74, 15.44, 300.0, PLAIN)
    assert model.population_mean == pytest.approx(35.22, abs=0.01)
    expected = gamma_gamma.expected_value(model, np.array([0.0, 1, 10, 1000]), np.array([0.0, 100, 100, 100]))
    assert expected[0] == pytest.approx(model.population_mean)
    assert np.all(np.diff(expected) > 0)
    assert expected[3] == pytest.approx(100, rel=0.01)


def test_unknown_negative_and_missing_values_get_the_mean_of_everybody() -> None:
    model = GammaGamma(6.25, 3.74, 15.44, 300.0, PLAIN)
    got = gamma_gamma.expected_value(model, np.array([3.0, 3, 3, 0]), np.array([-5.0, 0, np.nan, 20]))
    np.testing.assert_allclose(got, model.population_mean)


def test_who_spent_nothing_takes_no_part() -> None:
    x, z = spenders(500)
    idle = gamma_gamma.fit(np.append(x, [1, 0, 2]), np.append(z, [0, 50, -3]))
    assert idle == gamma_gamma.fit(x, z)


def test_giant_means_are_cut_for_the_fit() -> None:
    x, z = spenders(5000)
    giants = gamma_gamma.fit(np.append(x, [1.0, 1.0]), np.append(z, [1e7, 1e8]))
    plain = gamma_gamma.fit(x, z)
    assert giants.cap < 1000
    assert giants.population_mean == pytest.approx(plain.population_mean, rel=0.02)


POOR: dict[str, tuple[list[float], list[float], Rung, float]] = {
    "nobody": ([], [], Rung.PRIOR, 0.0),
    "no money": ([1, 2], [0, 0], Rung.PRIOR, 0.0),
    "one": ([2], [10], Rung.PRIOR, 10.0),
    "all alike": ([1] * 40, [10] * 40, Rung.PRIOR, 10.0),
    "two": ([1, 2], [3, 5], Rung.PENALISED, 4.2),
}


@pytest.mark.parametrize(("x", "z", "rung", "mean"), POOR.values(), ids=POOR.keys())
@pytest.mark.filterwarnings("error")
def test_poor_histories_get_a_mean(x: list[float], z: list[float], rung: Rung, mean: float) -> None:
    model = gamma_gamma.fit(np.array(x, dtype=np.float64), np.array(z, dtype=np.float64))
    assert model.fit.rung is rung
    assert model.population_mean == pytest.approx(mean, rel=0.02)
    expected = gamma_gamma.expected_value(model, np.array([0.0, 3.0]), np.array([0.0, 8.0]))
    assert np.all(np.isfinite(expected))
    assert np.all(expected >= 0)


def test_tails_too_heavy_for_a_mean_fall_back() -> None:
    """Pareto values with an infinite mean: the likelihood would put the population mean anywhere."""
    z = np.random.default_rng(1).pareto(0.8, 5000) + 1
    model = gamma_gamma.fit(np.ones(5000), z)
    assert model.fit.rung is Rung.PRIOR
    assert model.population_mean == pytest.approx(np.minimum(z, model.cap).mean())


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 400), st.floats(0.01, 1e6)), min_size=1, max_size=30),
    st.integers(0, 400),
    st.floats(0, 1e6),
)
def test_expected_values_lie_between_the_own_mean_and_that_of_everybody(
    rows: list[tuple[int, float]], orders: int, mean: float
) -> None:
    x, z = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
    model = gamma_gamma.fit(x, z)
    (expected,) = gamma_gamma.expected_value(model, np.array([float(orders)]), np.array([mean]))
    ends = sorted((mean, model.population_mean))
    if orders > 0 and mean > 0:
        assert ends[0] * (1 - 1e-9) <= expected <= ends[1] * (1 + 1e-9)
    else:
        assert expected == pytest.approx(model.population_mean)
