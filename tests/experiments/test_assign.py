"""Who is left alone: at random, alike in worth, the same from the same seed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, chisquare

from holdfast.errors import InputError
from holdfast.experiments.assign import assign

WORTH = np.random.default_rng(1).lognormal(3, 1.5, 1_000)


def test_the_same_seed_draws_the_same_customers_and_another_one_others() -> None:
    first, again, other = (assign(WORTH, share=0.2, seed=seed).held_out for seed in (7, 7, 8))
    assert (first == again).all()
    assert (first != other).any()


def test_every_stratum_gives_its_share() -> None:
    drawn = assign(WORTH, share=0.2, seed=7)
    for nth in range(10):
        members = drawn.stratum == nth
        assert members.sum() == 100
        assert drawn.held_out[members].sum() == 20
    assert drawn.probability == 0.2
    top = WORTH[drawn.stratum == 9]
    assert top.min() >= WORTH[drawn.stratum == 8].max()


def test_the_arms_are_more_alike_in_worth_than_by_plain_chance() -> None:
    def apart(held_out: np.ndarray) -> float:
        return abs(float(np.log(WORTH)[held_out].mean() - np.log(WORTH)[~held_out].mean()))

    plain = [np.random.default_rng(seed).random(1_000) < 0.2 for seed in range(200)]
    ours = [assign(WORTH, share=0.2, seed=seed).held_out for seed in range(200)]
    assert np.mean([apart(each) for each in ours]) < 0.5 * np.mean([apart(each) for each in plain])


def test_everybody_is_held_out_with_the_probability_that_is_written_down() -> None:
    """Also where the share of a stratum is no whole number: 30 customers, of whom 10 % are held out, in one stratum."""
    draws = np.array([assign(WORTH[:33], share=0.1, seed=seed).held_out for seed in range(3_000)])
    assert set(draws.sum(axis=1)) == {3, 4}
    assert binomtest(int(draws.sum()), draws.size, 0.1).pvalue > 0.001
    assert chisquare(draws.sum(axis=0)).pvalue > 0.001


@settings(deadline=None)
@given(st.integers(0, 400), st.floats(0, 1), st.integers(0, 2**32))
def test_any_list_can_be_drawn(customers: int, share: float, seed: int) -> None:
    drawn = assign(WORTH[:customers], share=share, seed=seed)
    assert abs(drawn.held_out.sum() - customers * share) < max(len(np.unique(drawn.stratum)), 1)


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(InputError):
        assign(WORTH, share=share, seed=1)
