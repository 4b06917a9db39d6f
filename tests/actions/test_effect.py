"""What an action does to the chance of an order, and what is believed after seeing what it did."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logit

from holdfast.actions.effect import Arms, Effect, Evidence, believed_after, measured
from holdfast.errors import InputError

CHANCES = np.array([0.0, 0.02, 0.2, 0.5, 0.8, 0.98, 1.0])


def test_points_are_those_of_an_even_chance() -> None:
    effect = Effect.of_points(5, give_or_take=2)
    assert effect.points == pytest.approx(5)
    assert effect.treated(np.array([0.5]))[0] == pytest.approx(0.55)
    assert effect.treated(np.array([0.5]), deviations=1)[0] == pytest.approx(0.57, abs=5e-4)
    assert effect.evidence is Evidence.RULE_OF_THUMB


def test_it_moves_most_those_who_are_of_two_minds() -> None:
    moved = Effect.of_points(5, give_or_take=2).treated(CHANCES) - CHANCES
    assert np.argmax(moved) == 3
    assert moved[[0, 6]] == pytest.approx(0.0, abs=1e-9)
    assert moved[1] < moved[2] < moved[3] > moved[4] > moved[5]


def test_one_below_zero_drives_them_away() -> None:
    away = Effect.of_points(-5, give_or_take=2).treated(CHANCES)
    assert (away[1:-1] < CHANCES[1:-1]).all()


@settings(deadline=None)
@given(st.floats(-40, 40), st.floats(0.1, 40), st.floats(-3, 3))
def test_a_chance_stays_a_chance_and_keeps_its_place(points: float, doubt: float, deviations: float) -> None:
    treated = Effect.of_points(points, give_or_take=doubt).treated(CHANCES, deviations=deviations)
    assert ((treated >= 0) & (treated <= 1)).all()
    assert (np.diff(treated) >= 0).all()


@pytest.mark.parametrize(("points", "doubt"), [(46, 1), (-46, 1), (float("nan"), 1), (1, 0), (1, -1), (1, 46)])
def test_what_is_no_effect_is_refused(points: float, doubt: float) -> None:
    with pytest.raises(InputError):
        Effect.of_points(points, give_or_take=doubt)


def test_a_measured_odds_ratio_is_woolfs() -> None:
    """With large counts the correction of a half is nothing: log(0.3 / 0.7) - log(0.2 / 0.8), and Woolf's error."""
    found = measured(Arms(treated=100_000, treated_buyers=30_000, holdout=100_000, holdout_buyers=20_000))
    assert found is not None
    assert found.mean == pytest.approx(logit(0.3) - logit(0.2), abs=1e-4)
    assert found.deviation == pytest.approx((1 / 30_000 + 1 / 70_000 + 1 / 20_000 + 1 / 80_000) ** 0.5, rel=1e-4)
    assert found.evidence is Evidence.HERE


def test_an_arm_without_buyers_still_tells_something() -> None:
    found = measured(Arms(treated=10, treated_buyers=3, holdout=10, holdout_buyers=0))
    assert found is not None
    assert 0 < found.mean < 2 * found.deviation
    assert measured(Arms(treated=10, treated_buyers=3, holdout=0, holdout_buyers=0)) is None


@pytest.mark.parametrize("arms", [(1, 2, 1, 0), (1, 0, 1, 2), (-1, 0, 1, 0), (1, -1, 1, 0)])
def test_arms_that_cannot_be_are_refused(arms: tuple[int, int, int, int]) -> None:
    with pytest.raises(InputError):
        Arms(*arms)


def test_belief_lies_between_what_was_believed_and_what_was_seen() -> None:
    prior = Effect(0.2, 0.2)
    seen = Effect(-0.1, 0.2, Evidence.HERE)
    after = believed_after(prior, seen)
    assert after.mean == pytest.approx(0.05)
    assert after.deviation == pytest.approx(0.2 / 2**0.5)
    assert believed_after(prior, None) == prior
    assert believed_after(prior, Effect(-0.1, 0.1, Evidence.HERE)).evidence is Evidence.HERE
    assert believed_after(prior, Effect(-0.1, 0.4, Evidence.HERE)).evidence is Evidence.RULE_OF_THUMB


def test_belief_comes_to_the_truth_and_its_interval_holds_it() -> None:
    """Campaigns with a true effect drawn from the prior: 80 % of the 80 % intervals hold it."""
    draw = np.random.default_rng(3)
    prior, held = Effect(0.2, 0.2), 0
    for _ in range(4000):
        truth = draw.normal(prior.mean, prior.deviation)
        base = draw.uniform(0.1, 0.6)
        treated = Effect(truth, 1.0).treated(np.array([base]))[0]
        arms = Arms(2000, int(draw.binomial(2000, treated)), 1000, int(draw.binomial(1000, base)))
        after = believed_after(prior, measured(arms))
        held += abs(truth - after.mean) < 1.2816 * after.deviation
    assert 0.78 < held / 4000 < 0.82
