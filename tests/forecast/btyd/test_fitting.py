"""The ladder: an answer for every shop, however little it tells."""

from types import ModuleType

import numpy as np
import pytest

from holdfast.forecast.btyd import Rung, Summary, bg_nbd, mbg_nbd, pareto_nbd
from tests.forecast.btyd.shops import customers, simulate

MODELS = pytest.mark.parametrize(
    "module", [pareto_nbd, bg_nbd, mbg_nbd], ids=lambda module: module.__name__.rpartition(".")[2]
)

POOR = {
    "nobody": Summary(*np.zeros((4, 0))),
    "one customer, one order": customers((0, 0, 100)),
    "one customer, some orders": customers((5, 80, 100)),
    "everybody today": customers(*[(0, 0, 0)] * 5),
    "everybody on one day": customers(*[(0, 0, 50)] * 500),
    "all one-time": customers(*[(0, 0, 1 + i % 400) for i in range(500)]),
    "constant gaps": customers(*[(10, 300, 310)] * 50),
    "constant gaps, last today": customers(*[(10, 300, 300)] * 50),
    "all gone": customers(*[(3, 30, 4000)] * 100),
    "two": customers((0, 0, 10), (3, 40, 50)),
    "fifty years, daily": customers(*[(18_249, 18_249, 18_250)] * 3),
    "fifty years, hardly": customers((700, 700, 18_250), (0, 0, 18_250), (3, 3, 18_250)),
    "one repeat in a thousand": customers((1, 1, 2), *[(0, 0, 1 + i % 365) for i in range(999)]),
}


@MODELS
@pytest.mark.parametrize("known", POOR.values(), ids=POOR.keys())
@pytest.mark.filterwarnings("error")
def test_poor_histories_get_an_answer(module: ModuleType, known: Summary) -> None:
    model = module.fit(known)
    assert model.fit.rung in {Rung.PENALISED, Rung.PRIOR}
    assert model.fit.converged == (model.fit.rung is Rung.PENALISED)
    assert np.isfinite(model.fit.log_likelihood)
    alive = module.p_alive(model, known)
    assert np.all((alive >= 0) & (alive <= 1))
    for horizon in (0.0, 1e-6, 30.0, 365.0, 18_250.0):
        chance = module.p_order(model, known, horizon=horizon)
        orders = module.expected_orders(model, known, horizon=horizon)
        new = module.expected_orders_of_new(model, days=np.array([horizon]))
        assert np.all((chance >= 0) & (chance <= 1))
        assert np.all(np.isfinite(orders))
        assert np.all(orders >= chance - 1e-9)
        assert np.isfinite(new[0])
        assert new[0] >= 0


@MODELS
def test_without_any_time_nothing_is_fitted(module: ModuleType) -> None:
    """Half an order in two years, documented as the last rung."""
    model = module.fit(POOR["everybody today"])
    assert (model.fit.rung, model.fit.converged, model.fit.starts) == (Rung.PRIOR, False, 0)
    assert (model.r, model.alpha) == (1.0, 730.0)


@MODELS
def test_nobody_came_back_leaves_some_hope(module: ModuleType) -> None:
    """A likelihood alone would say never; a shop of 500 one-time buyers may yet see an order."""
    known = POOR["all one-time"]
    orders = module.expected_orders(module.fit(known), known, horizon=365.0).sum()
    assert 1e-4 < orders < 5


@pytest.fixture(scope="module")
def shop() -> Summary:
    return simulate(3000, rate=(0.8, 60.0), lifetime=(0.7, 150.0), until=400.0, horizon=1.0, seed=5).known


@MODELS
def test_a_fit_does_not_depend_on_rows_order_starts_or_repetition(module: ModuleType, shop: Summary) -> None:
    model = module.fit(shop)
    assert (model.fit.rung, model.fit.starts) == (Rung.PLAIN, 3)
    assert module.fit(shop) == model

    backwards = Summary(shop.frequency[::-1], shop.recency[::-1], shop.T[::-1], shop.weight)
    assert module.fit(backwards) == model

    twice = Summary(
        *(np.concatenate([column, column]) for column in (shop.frequency, shop.recency, shop.T, shop.weight))
    )
    heavy = Summary(shop.frequency, shop.recency, shop.T, 2 * shop.weight)
    for other in (module.fit(twice), module.fit(heavy)):
        assert other.fit.log_likelihood == pytest.approx(2 * model.fit.log_likelihood, rel=1e-9)
        assert other.alpha == pytest.approx(model.alpha, rel=1e-3)

    assert module.fit(shop, seed=7).fit.log_likelihood == pytest.approx(model.fit.log_likelihood, abs=1e-4)


@MODELS
def test_a_warm_start_gets_to_the_same_place(module: ModuleType, shop: Summary) -> None:
    before = module.fit(Summary(shop.frequency[:1000], shop.recency[:1000], shop.T[:1000], shop.weight[:1000]))
    warm, cold = module.fit(shop, start=before), module.fit(shop)
    assert warm.fit.starts == 1
    assert warm.fit.log_likelihood == pytest.approx(cold.fit.log_likelihood, abs=1e-4)


@MODELS
def test_a_plain_fit_is_a_maximum(module: ModuleType, shop: Summary) -> None:
    model = module.fit(shop)
    shapes = ("s", "beta") if module is pareto_nbd else ("a", "b")
    best = np.array([model.r, model.alpha, getattr(model, shapes[0]), getattr(model, shapes[1])])
    value, gradient = module.log_likelihood(shop, best)
    assert value == pytest.approx(model.fit.log_likelihood, abs=1e-6)
    assert np.abs(gradient * best).max() / len(shop) < 1e-5
    for factor in np.eye(4) * 0.1:
        for sign in (-1, 1):
            assert module.log_likelihood(shop, best * np.exp(sign * factor))[0] < value
