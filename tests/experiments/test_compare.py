"""Two arms compared within strata: by hand, as Welch where there is one stratum, and right about its errors."""

import numpy as np
import pytest
from scipy import stats

from holdfast.errors import InputError
from holdfast.experiments.assign import assign
from holdfast.experiments.compare import Sums, compare


def test_one_stratum_is_welchs_interval() -> None:
    draw = np.random.default_rng(1)
    treated, alone = draw.normal(5, 3, 40), draw.normal(4, 1, 25)
    found = compare(treatment=[Sums.of(treated)], holdout=[Sums.of(alone)])
    welch = stats.ttest_ind(treated, alone, equal_var=False).confidence_interval(0.95)
    assert found is not None
    assert found.estimate == pytest.approx(treated.mean() - alone.mean())
    assert [found.low, found.high] == pytest.approx([welch.low, welch.high])


def test_strata_weigh_by_their_customers_not_by_their_arms() -> None:
    """Rich customers are held out more often: the plain means, 7.3 and 10.9, would say that treating does harm."""
    treatment = [Sums.of(np.array([1.0, 3.0, 1.0, 3.0])), Sums.of(np.array([19.0, 17.0]))]
    holdout = [Sums.of(np.array([1.0, 1.0, 0.0])), Sums.of(np.array([17.0, 18.0, 16.0, 17.0, 17.0]))]
    found = compare(treatment=treatment, holdout=holdout)
    assert found is not None
    assert found.estimate == pytest.approx(7 / 14 * (2 - 2 / 3) + 7 / 14 * (18 - 17))
    assert sum(treatment, Sums()).mean == pytest.approx(44 / 6)


def test_a_stratum_with_one_customer_in_an_arm_is_compared_with_the_others() -> None:
    treatment = [Sums.of(np.array([1.0])), Sums.of(np.array([4.0, 5.0, 6.0]))]
    holdout = [Sums.of(np.array([1.0, 2.0])), Sums.of(np.array([3.0, 3.0, 4.0]))]
    found = compare(treatment=treatment, holdout=holdout)
    assert found is not None
    assert found.estimate == pytest.approx(4.0 - 2.6)


@pytest.mark.parametrize(
    ("treated", "alone"), [([], []), ([1.0], [1.0, 2.0]), ([1.0, 2.0], []), ([0.0, 0.0], [0.0, 0.0, 0.0])]
)
def test_what_cannot_be_compared_is_none(treated: list[float], alone: list[float]) -> None:
    assert compare(treatment=[Sums.of(np.array(treated))], holdout=[Sums.of(np.array(alone))]) is None


def test_arms_in_other_strata_are_refused() -> None:
    with pytest.raises(InputError, match="strata"):
        compare(treatment=[Sums()], holdout=[])


def test_totals_and_costs() -> None:
    found = compare(treatment=[Sums.of(np.array([2.0, 4.0]))], holdout=[Sums.of(np.array([1.0, 1.0, 2.0]))])
    assert found is not None
    whole = found.times(-100).less(5)
    assert whole.estimate == pytest.approx(-100 * found.estimate - 5)
    assert whole.low < whole.estimate < whole.high


@pytest.mark.parametrize("effect", [0.0, 4.0])
def test_the_interval_holds_the_truth_in_95_of_100_lists(effect: float) -> None:
    """Spend with a heavy tail and many zeros, assigned as lists assign; 95 % within four standard errors of 2,000."""
    draw = np.random.default_rng(3)
    worth = draw.lognormal(3, 0.8, 400)
    held = 0
    for seed in range(2_000):
        arms = assign(worth, share=0.3, seed=seed)
        spend = np.where(draw.random(400) < 0.4, worth * draw.lognormal(0, 0.5, 400), 0.0) + np.where(
            arms.held_out, 0.0, effect
        )
        parts = [[Sums.of(spend[(arms.stratum == s) & (arms.held_out == out)]) for s in range(10)] for out in (0, 1)]
        found = compare(treatment=parts[0], holdout=parts[1])
        held += found is not None and found.low <= effect <= found.high
    assert held / 2_000 == pytest.approx(0.95, abs=0.02)


def test_strata_make_the_interval_narrower_where_worth_tells_spend() -> None:
    draw = np.random.default_rng(4)
    worth = draw.lognormal(3, 1.0, 1_000)
    arms = assign(worth, share=0.5, seed=1)
    spend = worth * draw.lognormal(0, 0.2, 1_000)
    treated, alone = (
        [Sums.of(spend[(arms.stratum == s) & (arms.held_out == out)]) for s in range(10)] for out in (0, 1)
    )
    within = compare(treatment=treated, holdout=alone)
    across = compare(treatment=[sum(treated, Sums())], holdout=[sum(alone, Sums())])
    assert within is not None
    assert across is not None
    assert within.high - within.low < 0.6 * (across.high - across.low)
