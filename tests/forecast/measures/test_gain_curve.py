"""The gain curve, on lists short enough to count by hand."""

import numpy as np

from holdfast.forecast.measures.gain_curve import STEPS, GainPoint, gain_curves


def test_the_first_half_of_a_perfect_list_holds_everything() -> None:
    spend = np.array([0.0, 30.0, 0.0, 10.0])
    curve = gain_curves([(spend, {"ours": spend, "backwards": -spend})])
    assert curve["ours"][0] == GainPoint(0.0, 0.0)
    assert curve["ours"][STEPS.index(0.25)] == GainPoint(0.25, 0.75)
    assert curve["ours"][STEPS.index(0.5)] == GainPoint(0.5, 1.0)
    assert curve["backwards"][STEPS.index(0.5)] == GainPoint(0.5, 0.0)
    assert {points[-1] for points in curve.values()} == {GainPoint(1.0, 1.0)}


def test_dates_are_averaged_and_dates_without_spend_left_out() -> None:
    ranking = np.array([2.0, 1.0])
    dates = [(np.array(spend), {"ours": ranking}) for spend in ([4.0, 0.0], [0.0, 4.0], [0.0, 0.0])]
    assert gain_curves(dates)["ours"][STEPS.index(0.5)] == GainPoint(0.5, 0.5)


def test_a_list_on_which_all_are_equal_gains_nothing() -> None:
    curve = gain_curves([(np.array([5.0, 0.0, 0.0, 1.0]), {"random": np.ones(4)})])["random"]
    assert np.allclose([point.spend for point in curve], STEPS)


def test_without_any_spend_there_is_no_curve() -> None:
    assert gain_curves([(np.zeros(3), {"ours": np.arange(3.0)})]) == {}
