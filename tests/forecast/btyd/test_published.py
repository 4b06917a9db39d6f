"""The published fits of the CDNOW sample: 2,357 customers, 39 weeks, times in weeks."""

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from holdfast.forecast.btyd import Rung, Summary, bg_nbd, gamma_gamma, mbg_nbd, pareto_nbd
from tests.forecast.btyd.shops import CALIBRATED_UNTIL, WEEK, Purchases, cdnow_sample, customers, in_units

MODELS = (pareto_nbd, bg_nbd, mbg_nbd)


@pytest.fixture(scope="module")
def purchases(data: Path) -> Purchases:
    return cdnow_sample(data)


@pytest.fixture(scope="module")
def weeks(purchases: Purchases) -> Summary:
    return in_units(purchases.calibration(), WEEK)


def test_the_sample_is_that_of_the_papers(weeks: Summary) -> None:
    """Fader, Hardie and Lee (2005): 2,357 customers, 1,411 of them without a repeat; the longest T is 38.86 weeks."""
    assert len(weeks) == 2357
    assert np.count_nonzero(weeks.frequency == 0) == 1411
    assert weeks.frequency.max() == 29
    assert weeks.T.max() == pytest.approx(38.86, abs=0.005)


def test_pareto_nbd(weeks: Summary) -> None:
    """Fader, Hardie and Lee (2005), table 2."""
    model = pareto_nbd.fit(weeks)
    assert [model.r, model.alpha, model.s, model.beta] == pytest.approx([0.553, 10.578, 0.606, 11.669], abs=6e-4)
    assert model.fit.log_likelihood == pytest.approx(-9595.0, abs=0.05)
    assert (model.fit.rung, model.fit.converged) == (Rung.PLAIN, True)


def test_bg_nbd(weeks: Summary) -> None:
    """Fader, Hardie and Lee (2005), table 2."""
    model = bg_nbd.fit(weeks)
    assert [model.r, model.alpha, model.a, model.b] == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=6e-4)
    assert model.fit.log_likelihood == pytest.approx(-9582.4, abs=0.05)
    assert (model.fit.rung, model.fit.converged) == (Rung.PLAIN, True)


def test_mbg_nbd(weeks: Summary) -> None:
    """As fitted by the R package BTYDplus."""
    model = mbg_nbd.fit(weeks)
    assert [model.r, model.alpha, model.a, model.b] == pytest.approx([0.525, 6.183, 0.891, 1.614], abs=6e-4)
    assert (model.fit.rung, model.fit.converged) == (Rung.PLAIN, True)


def test_gamma_gamma(purchases: Purchases, weeks: Summary) -> None:
    """Fader and Hardie (2013): repeat transactions only, 946 customers."""
    first = np.full(len(weeks), CALIBRATED_UNTIL)
    np.minimum.at(first, purchases.customer, purchases.day)
    repeat = (purchases.day > first[purchases.customer]) & (purchases.day <= CALIBRATED_UNTIL)
    dollars = np.bincount(purchases.customer[repeat], weights=purchases.dollars[repeat], minlength=len(weeks))
    mean = dollars / np.maximum(weeks.frequency, 1)
    assert np.count_nonzero(mean > 0) == 946
    model = gamma_gamma.fit(weeks.frequency, mean)
    assert [model.p, model.q, model.gamma] == pytest.approx([6.25, 3.74, 15.44], abs=6e-3)
    assert (model.fit.rung, model.fit.converged) == (Rung.PLAIN, True)


@pytest.mark.parametrize("module", MODELS, ids=lambda module: module.__name__.rpartition(".")[2])
def test_days_and_weeks_give_the_same_model(purchases: Purchases, weeks: Summary, module: ModuleType) -> None:
    days = purchases.calibration()
    by_day, by_week = module.fit(days), module.fit(weeks)
    density = float(weeks.frequency.sum()) * np.log(WEEK)
    assert by_day.fit.log_likelihood == pytest.approx(by_week.fit.log_likelihood - density, abs=1e-6)
    assert by_day.alpha == pytest.approx(by_week.alpha * WEEK, rel=1e-5)
    daily, weekly = (
        module.p_order(model, rows, horizon=horizon)
        for model, rows, horizon in ((by_day, days, 39 * WEEK), (by_week, weeks, 39.0))
    )
    np.testing.assert_allclose(daily, weekly, rtol=1e-5)


def test_a_customer_who_came_back_twice(weeks: Summary) -> None:
    """Hardie's spreadsheet of the BG/NBD: x = 2, t_x = 30.43, T = 38.86 leads to 1.226 orders in the next 39 weeks."""
    orders = bg_nbd.expected_orders(bg_nbd.fit(weeks), customers((2, 30.43, 38.86)), horizon=39.0)
    assert orders[0] == pytest.approx(1.226, abs=6e-4)


def test_new_customers_of_the_bg_nbd(weeks: Summary) -> None:
    """Hardie's spreadsheet of the BG/NBD.

    For week 78 it shows 1.8576, which is the power series of 2F1 after 150 terms; the sum is 1.8580.
    """
    days = np.array([0.1429, 1.0, 3.0, 31.8571, 32.0, 78.0])
    curve = bg_nbd.expected_orders_of_new(bg_nbd.fit(weeks), days=days)
    np.testing.assert_allclose(curve, [0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8580], atol=6e-5)


def test_the_walkthrough_of_the_r_package(weeks: Summary) -> None:
    """BTYD, Pareto/NBD: a new customer's first year, and a customer with x = 26, t_x = 30.86, T = 31."""
    model, busy = pareto_nbd.fit(weeks), customers((26, 30.86, 31.0))
    assert pareto_nbd.expected_orders_of_new(model, days=np.array([52.0]))[0] == pytest.approx(1.473, abs=5e-4)
    assert pareto_nbd.expected_orders(model, busy, horizon=52.0)[0] == pytest.approx(25.46, abs=5e-3)
    assert pareto_nbd.p_alive(model, busy)[0] == pytest.approx(0.9979, abs=5e-5)


@pytest.mark.parametrize("module", [pareto_nbd, bg_nbd], ids=["pareto_nbd", "bg_nbd"])
def test_the_next_39_weeks(purchases: Purchases, weeks: Summary, module: ModuleType) -> None:
    """Orders of weeks 40 to 78, which both papers forecast a little too low."""
    later = (purchases.day > CALIBRATED_UNTIL) & (purchases.day <= CALIBRATED_UNTIL + 39 * int(WEEK))
    forecast = module.expected_orders(module.fit(weeks), weeks, horizon=39.0).sum()
    assert 0.85 < forecast / np.count_nonzero(later) < 1.0
