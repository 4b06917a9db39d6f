import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import logit

from holdfast.forecast.btyd import Fit, ParetoNBD, Rung, Summary, pareto_nbd
from holdfast.forecast.model import predict
from holdfast.forecast.reasons.attributed import _handed_on, attributed
from holdfast.forecast.reasons.contributions import LINEAR_READS, contributions
from holdfast.forecast.reasons.history import Typical, parts, typical

from .shops import Trained

CDNOW = ParetoNBD(0.553, 7 * 10.578, 0.606, 7 * 11.669, Fit(-9595.0, converged=True, rung=Rung.PLAIN, starts=1))
"""Pareto/NBD of the CDNOW sample (Fader, Hardie and Lee, 2005), weeks turned into days."""


@pytest.fixture(params=["shop", "young", "without_amounts"])
def each(request: pytest.FixtureRequest) -> Trained:
    found: Trained = request.getfixturevalue(request.param)
    return found


def test_contributions_add_up_to_the_forecast(each: Trained) -> None:
    rows = np.arange(len(each.snapshot))
    found = contributions(each.model, each.snapshot, rows, against=each.background)
    np.testing.assert_allclose(found.baseline + found.values.sum(axis=1), found.log_odds, atol=1e-6)
    np.testing.assert_allclose(found.log_odds, logit(predict(each.model, each.snapshot).p_buy), atol=1e-9)


def test_tracing_back_adds_and_loses_nothing(each: Trained) -> None:
    found = contributions(each.model, each.snapshot, np.arange(len(each.snapshot)), against=each.background)
    names, values = attributed(found)
    assert not {"purchases.log_odds", "history.known_days", "days_since_first_purchase"} & set(names)
    np.testing.assert_allclose(values.sum(axis=1), found.values.sum(axis=1), atol=1e-9)


def test_points_add_up_to_the_chance(each: Trained) -> None:
    found = contributions(each.model, each.snapshot, np.arange(len(each.snapshot)), against=each.background)
    moved = found.points * found.values.sum(axis=1) / 100.0
    np.testing.assert_allclose(found.typical_chance + moved, found.expected.p_buy, atol=1e-6)
    assert (found.points > 0.0).all()


def test_a_customer_is_explained_alike_alone_and_among_others(shop: Trained) -> None:
    together = contributions(shop.model, shop.snapshot, np.array([5, 3, 9]), against=shop.background)
    alone = contributions(shop.model, shop.snapshot, np.array([3]), against=shop.background)
    np.testing.assert_array_equal(together.keys, shop.snapshot.keys[[5, 3, 9]])
    np.testing.assert_allclose(together.values[1], alone.values[0], atol=1e-12)


def test_on_average_contributions_are_nothing(shop: Trained) -> None:
    found = contributions(shop.model, shop.snapshot, shop.background.sample, against=shop.background)
    np.testing.assert_allclose(found.values.mean(axis=0), 0.0, atol=1e-12)


def test_the_linear_model_reads_what_the_design_holds(shop: Trained) -> None:
    assert len(LINEAR_READS) == shop.background.design.scaled.shape[1]
    assert all(sum(read.values()) == 1.0 for read in LINEAR_READS)


def test_shop_without_past_dates_explains_by_history_alone(young: Trained) -> None:
    assert young.model.members is None
    found = contributions(young.model, young.snapshot, np.arange(len(young.snapshot)), against=young.background)
    assert {name for name, column in zip(found.names, found.values.T, strict=True) if np.abs(column).max() > 0} == {
        "history.quiet_days",
        "history.order_days",
    }


# --- the purchase models ---------------------------------------------------------------------------------------------


def test_the_typical_customer_is_the_median_one() -> None:
    summary = Summary(np.array([0.0, 2.0, 4.0]), np.array([0.0, 50.0, 90.0]), np.array([30.0, 60.0, 200.0]), np.ones(3))
    assert typical(summary) == Typical(quiet=30.0, repeats=2.0, span=50.0)


@given(
    quiet=st.floats(1, 700), span=st.floats(1, 700), repeats=st.integers(0, 60), usual_quiet=st.floats(1, 700),
)  # fmt: skip
def test_the_two_parts_add_up_and_longer_silence_never_helps(
    quiet: float, span: float, repeats: int, usual_quiet: float
) -> None:
    span = span if repeats else 0.0
    usual = Typical(usual_quiet, 2.0, 60.0)

    def quiet_for(days: float) -> Summary:
        return Summary(np.array([float(repeats)]), np.array([span]), np.array([span + days]), np.ones(1))

    found = parts(CDNOW, quiet_for(quiet), against=usual, horizon=90)
    longer = parts(CDNOW, quiet_for(1.5 * quiet), against=usual, horizon=90)
    own = logit(np.clip(pareto_nbd.p_order(CDNOW, quiet_for(quiet), horizon=90), 1e-6, 1 - 1e-6))
    assert found.typical_log_odds + found.log_odds.sum() == pytest.approx(float(own[0]), abs=1e-9)
    assert longer.log_odds[0, 0] <= found.log_odds[0, 0] + 1e-9
    assert longer.log_odds[0, 1] == found.log_odds[0, 1]  # the order days say the same, however long ago


def test_the_typical_customer_has_no_parts() -> None:
    summary = Summary(np.array([2.0]), np.array([60.0]), np.array([90.0]), np.ones(1))
    found = parts(CDNOW, summary, against=Typical(30.0, 2.0, 60.0), horizon=90)
    np.testing.assert_allclose(np.hstack([found.log_odds, found.log_orders]), 0.0, atol=1e-12)


# --- tracing back ----------------------------------------------------------------------------------------------------


def test_moves_of_one_direction_share_in_proportion() -> None:
    np.testing.assert_allclose(_handed_on(np.array([2.0]), np.array([[3.0, 1.0]])), [[1.5, 0.5]], atol=1e-12)


def test_the_larger_of_two_opposite_moves_carries_the_sign() -> None:
    shares = _handed_on(np.array([1.0]), np.array([[3.0, -1.0]]))[0]
    assert shares[0] > 1.0
    assert shares[1] < 0.0


@given(
    contribution=arrays(np.float64, 4, elements=st.floats(-5, 5)),
    moves=arrays(np.float64, (4, 3), elements=st.floats(-10, 10, allow_subnormal=False)),
)
def test_handing_on_keeps_the_sum_and_never_explodes(
    contribution: np.ndarray[tuple[int], np.dtype[np.float64]], moves: np.ndarray[tuple[int, int], np.dtype[np.float64]]
) -> None:
    shares = _handed_on(contribution, moves)
    np.testing.assert_allclose(shares.sum(axis=1), contribution, atol=1e-9)
    assert (np.abs(shares) <= 4.0 * np.abs(contribution)[:, None] + 1e-12).all()
