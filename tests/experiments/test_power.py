"""What a list can tell; simulated lists say whether that is true."""

import numpy as np
import pytest
from scipy.stats import norm

from holdfast.errors import InputError
from holdfast.experiments.power import Sensitivity, detectable_difference, detectable_rise, plan


def found_share(p: float, rise: float, held_out: int, treated: int, lists: int = 4_000) -> float:
    """How often the pooled z test finds a rise, in simulated lists."""
    draw = np.random.default_rng(11)
    a, b = draw.binomial(held_out, p, lists) / held_out, draw.binomial(treated, p + rise, lists) / treated
    both = (a * held_out + b * treated) / (held_out + treated)
    z = (b - a) / np.sqrt(both * (1 - both) * (1 / held_out + 1 / treated))
    return float((np.abs(z) > norm.isf(0.025)).mean())


@pytest.mark.parametrize(
    ("p", "held_out", "treated"), [(0.3, 500, 500), (0.1, 400, 3_600), (0.5, 200, 800), (0.02, 5_000, 20_000)]
)
def test_the_detectable_rise_is_found_in_four_of_five_lists(p: float, held_out: int, treated: int) -> None:
    rise = detectable_rise(p, held_out=held_out, treated=treated)
    assert rise is not None
    assert found_share(p, rise, held_out, treated) == pytest.approx(0.8, abs=0.03)
    assert found_share(p, 0.0, held_out, treated) == pytest.approx(0.05, abs=0.015)


def test_a_textbook_value() -> None:
    """Fleiss, Levin & Paik, table A.4: 0.4 against 0.5 takes 388 in each arm (407 with continuity correction)."""
    assert detectable_rise(0.4, held_out=388, treated=388) == pytest.approx(0.1, abs=2e-4)


def test_money_is_that_of_two_means() -> None:
    assert detectable_difference(100.0, held_out=1_570, treated=1_570) == pytest.approx(10.0, abs=0.01)
    assert detectable_difference(100.0, held_out=0, treated=10) is None


def test_the_smallest_holdout_that_can_answer_is_proposed() -> None:
    large = plan(20_000, p=0.3, deviation=80.0, rise=0.035)
    assert large.proposed is not None
    assert large.proposed.share == 0.1
    points = [split.detectable_points for split in large.splits]
    assert points == sorted(points, reverse=True)  # type: ignore[type-var]
    assert "would be found in 80 % of cases" in large.sentence
    assert plan(4_000, p=0.3, deviation=80.0, rise=0.05).proposed.share > 0.1  # type: ignore[union-attr]


def test_a_list_that_cannot_answer_says_so() -> None:
    small = plan(300, p=0.3, deviation=80.0, rise=0.02)
    assert small.proposed is None
    assert "too small" in small.sentence
    assert "points would be found" in small.sentence
    tiny = plan(3, p=0.3, deviation=80.0, rise=0.02)
    assert (tiny.proposed, tiny.splits[-1].detectable_points) == (None, None)
    assert "too small to tell anything" in tiny.sentence


@pytest.mark.parametrize("given", [{"alpha": 0.0}, {"power": 1.0}, {"alpha": 0.9, "power": 0.8}])
def test_impossible_sensitivities_are_refused(given: dict[str, float]) -> None:
    with pytest.raises(InputError):
        Sensitivity(**given)
