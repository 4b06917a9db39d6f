"""Whom to treat within a budget, and where to stop."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.actions.profit import Expected
from holdfast.actions.ranking import Ranking, Stop, rank


def expected(profit: list[float], cost: list[float]) -> Expected:
    earned = np.array(profit, dtype=float)
    return Expected(earned, earned - 1, earned + 1, np.array(cost, dtype=float), np.full(len(profit), 0.1))


def ranked(profit: list[float], cost: list[float], *, eligible: list[bool] | None = None, **limits: float) -> Ranking:
    allowed = np.array(eligible if eligible is not None else [True] * len(profit))
    return rank(expected(profit, cost), eligible=allowed, **limits)  # type: ignore[arg-type]


def test_without_limits_all_who_earn_are_taken_by_profit() -> None:
    found = ranked([1, 5, -2, 3], [1, 1, 1, 1])
    assert list(found.list) == [1, 3, 0]
    assert list(found.order) == [1, 3, 0, 2]
    assert found.stop is Stop.PROFIT


def test_a_budget_takes_those_who_earn_most_for_what_they_cost() -> None:
    found = ranked([10, 9, 9], [10, 3, 3], budget=7)
    assert list(found.list) == [1, 2]
    assert found.stop is Stop.BUDGET
    assert found.at(found.chosen).cost == 6


def test_a_budget_that_is_enough_changes_nothing() -> None:
    assert list(ranked([10, 9, 9], [10, 3, 3], budget=16).list) == list(ranked([10, 9, 9], [10, 3, 3]).list)


def test_contacts_take_those_who_earn_most() -> None:
    found = ranked([10, 9, 8], [10, 3, 3], contacts=1)
    assert list(found.list) == [0]
    assert found.stop is Stop.CONTACTS


def test_who_may_not_be_contacted_is_in_no_list() -> None:
    found = ranked([10, 9, 8], [1, 1, 1], eligible=[False, True, True])
    assert list(found.order) == [1, 2]


@pytest.mark.parametrize("profit", [[], [-1.0, 0.0]])
def test_nobody_may_be_the_answer(profit: list[float]) -> None:
    found = ranked(profit, [1.0] * len(profit), budget=10)
    assert (found.chosen, found.stop) == (0, Stop.NOBODY)
    assert found.curve[0].profit == 0


def test_the_curve_rises_to_the_stop_and_falls_behind_it() -> None:
    draw = np.random.default_rng(5)
    profit = list(draw.normal(0, 10, 1000))
    found = ranked(profit, [1.0] * 1000)
    best = max(found.curve, key=lambda point: point.profit)
    assert best.customers == found.chosen
    assert best.profit == pytest.approx(sum(each for each in profit if each > 0))
    assert found.curve[-1].customers == 1000
    assert found.curve[-1].profit == pytest.approx(sum(profit))
    assert best.profit_high - best.profit == pytest.approx(found.chosen)


AMOUNTS = st.lists(st.tuples(st.integers(-5, 20), st.integers(0, 10)), min_size=1, max_size=8)


@settings(deadline=None)
@given(AMOUNTS, st.integers(0, 30))
def test_the_budget_holds_and_the_best_choice_is_at_most_one_customer_away(
    customers: list[tuple[int, int]], budget: int
) -> None:
    profit, cost = ([float(each[nth]) for each in customers] for nth in (0, 1))
    found = ranked(profit, cost, budget=budget)
    assert sum(cost[at] for at in found.list) <= budget + 1e-6
    subsets = (
        subset
        for size in range(len(customers) + 1)
        for subset in combinations(range(len(customers)), size)
        if sum(cost[at] for at in subset) <= budget
    )
    best = max(sum(profit[at] for at in subset) for subset in subsets)
    taken = sum(profit[at] for at in found.list)
    assert best - taken <= max([0.0, *profit])
