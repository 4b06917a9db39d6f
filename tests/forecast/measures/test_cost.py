import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.errors import InputError
from holdfast.forecast.measures.cost import CostPoint, CostTerms, business_cost, cost_at

CHURN = np.array([0.4, 0.9, 0.1, 0.6])
BOUGHT = np.array([False, False, True, True])


def test_every_threshold_by_hand() -> None:
    found = business_cost(BOUGHT, CHURN, terms=CostTerms(incentive=5, value=20))
    assert found.curve == (
        CostPoint(None, 0, wasted=0, lost=40),
        CostPoint(0.9, 1, wasted=0, lost=20),
        CostPoint(0.6, 2, wasted=5, lost=20),
        CostPoint(0.4, 3, wasted=5, lost=0),
        CostPoint(0.1, 4, wasted=10, lost=0),
    )
    assert found.best == found.curve[3]
    assert (found.treat_nobody, found.treat_all) == (found.curve[0], found.curve[4])
    assert (found.customers, found.best.cost, found.saving) == (4, 5, 5)


def test_an_incentive_that_keeps_half_of_the_leavers() -> None:
    found = business_cost(BOUGHT, CHURN, terms=CostTerms(incentive=5, value=20, success_rate=0.5))
    assert [point.cost for point in found.curve] == [40, 30, 35, 25, 30]
    assert found.best.threshold == 0.4


def test_values_may_differ_by_customer() -> None:
    found = business_cost(BOUGHT, CHURN, terms=CostTerms(incentive=5, value=np.array([1.0, 100.0, 7.0, 7.0])))
    assert found.best == CostPoint(0.9, 1, wasted=0, lost=1)
    assert found.treat_nobody.cost == 101


@pytest.mark.parametrize(
    ("terms", "flagged"),
    [
        (CostTerms(incentive=100, value=0), 0),
        (CostTerms(incentive=0, value=0), 0),  # all the same: fewest incentives
        (CostTerms(incentive=5, value=20, success_rate=0), 0),  # an incentive without effect
        (CostTerms(incentive=0, value=20), 3),  # free: up to the last leaver, no further
    ],
)
def test_treating_nobody_or_all_may_be_best(terms: CostTerms, flagged: int) -> None:
    found = business_cost(BOUGHT, CHURN, terms=terms)
    assert found.best.flagged == flagged
    assert found.saving == 0


def test_an_incentive_that_works_costs_nothing_unless_value_is_net_of_it() -> None:
    plain = business_cost(BOUGHT, CHURN, terms=CostTerms(incentive=15, value=20))
    net = business_cost(BOUGHT, CHURN, terms=CostTerms(incentive=15, value=5))
    assert (plain.best.flagged, plain.best.cost) == (3, 15)
    assert (net.best.flagged, net.best.cost) == (1, 5)


def test_equal_costs_are_equal_in_spite_of_rounding() -> None:
    """Each incentive wasted is as dear as the customer kept after it: nothing is gained, so none is given."""
    bought = np.array([True, False] * 30)
    found = business_cost(bought, np.linspace(0.9, 0.1, 60), terms=CostTerms(incentive=0.1, value=0.1))
    assert found.best.threshold is None
    assert found.saving == 0


def test_calibrated_probabilities_are_best_cut_where_the_theory_says() -> None:
    """Elkan (2001), equation 2: flag from incentive / (incentive + success rate x value)."""
    random = np.random.default_rng(1)
    churn = random.random(200_000)
    bought = random.random(200_000) >= churn
    terms = CostTerms(incentive=5, value=40, success_rate=0.5)
    found = business_cost(bought, churn, terms=terms)
    assert found.best.threshold == pytest.approx(5 / (5 + 0.5 * 40), abs=0.03)
    assert cost_at(bought, churn, terms=terms, threshold=0.2).cost <= 1.002 * found.best.cost
    assert found.saving > 0


def test_the_curve_is_thinned_and_keeps_what_matters() -> None:
    random = np.random.default_rng(2)
    churn = random.random(5_000)
    found = business_cost(random.random(5_000) >= churn, churn, terms=CostTerms(incentive=3, value=9))
    assert 95 <= len(found.curve) <= 103
    assert found.best in found.curve
    assert (found.curve[0], found.curve[-1]) == (found.treat_nobody, found.treat_all)
    flagged = [point.flagged for point in found.curve]
    assert flagged == sorted(set(flagged))


@pytest.mark.parametrize("everybody", [True, False])
def test_one_class(everybody: bool) -> None:
    found = business_cost(np.full(4, everybody), CHURN, terms=CostTerms(incentive=5, value=20))
    assert found.best == (CostPoint(None, 0, 0, 0) if everybody else CostPoint(0.1, 4, 0, 0))
    assert (found.treat_nobody.cost, found.treat_all.cost) == ((0, 20) if everybody else (80, 0))


def test_nobody_and_one_customer() -> None:
    terms = CostTerms(incentive=5, value=20)
    empty = business_cost(np.empty(0, dtype=np.bool_), np.empty(0), terms=terms)
    assert empty.curve == (CostPoint(None, 0, 0, 0),)
    assert (empty.customers, empty.saving) == (0, 0)
    one = business_cost(np.array([False]), np.array([0.3]), terms=terms)
    assert one.best == CostPoint(0.3, 1, 0, 0)


rows = st.lists(st.tuples(st.booleans(), st.integers(0, 10), st.floats(0, 1000)), min_size=1, max_size=40)


@given(rows, st.floats(0, 50), st.floats(0, 1))
@settings(max_examples=80, deadline=None)
def test_no_point_of_the_curve_is_cheaper_and_each_is_what_its_threshold_costs(
    customers: list[tuple[bool, int, float]], incentive: float, success_rate: float
) -> None:
    bought = np.array([row[0] for row in customers])
    churn = np.array([row[1] / 10 for row in customers])
    terms = CostTerms(incentive, np.array([row[2] for row in customers]), success_rate)
    found = business_cost(bought, churn, terms=terms)
    assert found.saving >= 0
    for point in found.curve:
        assert point.cost >= found.best.cost * (1 - 1e-9) - 1e-9
        again = cost_at(bought, churn, terms=terms, threshold=point.threshold)
        assert again.flagged == point.flagged
        assert [again.wasted, again.lost] == pytest.approx([point.wasted, point.lost], abs=1e-6)


@pytest.mark.parametrize(
    ("incentive", "value", "success_rate"),
    [(-1, 20, 1), (5, -20, 1), (5, 20, 1.1), (5, 20, -0.1), (np.nan, 20, 1), (5, np.inf, 1), (5, 20, np.nan)],
)
def test_impossible_costs_are_refused(incentive: float, value: float, success_rate: float) -> None:
    with pytest.raises(InputError, match="costs cannot be"):
        CostTerms(incentive, value, success_rate)


def test_values_have_to_fit_the_customers() -> None:
    with pytest.raises(InputError, match="value does not fit"):
        business_cost(BOUGHT, CHURN, terms=CostTerms(5, np.ones(3)))
