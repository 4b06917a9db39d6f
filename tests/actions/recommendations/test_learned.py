"""What is learned from purchases: histories, rhythms, neighbours and vectors, on tables that can be checked by hand."""

import numpy as np
import pytest

from holdfast.actions.recommendations.factors import ALPHA, PENALTY, fit_factors
from holdfast.actions.recommendations.neighbours import bought_together, in_one_basket
from holdfast.actions.recommendations.purchases import histories
from holdfast.actions.recommendations.rhythm import due, usual_gaps
from tests.actions.recommendations.shops import clubs, purchases


def test_a_history_counts_days_and_lets_them_fade() -> None:
    found = histories(
        purchases([(1, 4, 10), (1, 4, 10), (1, 4, 40), (1, 2, 70), (2, 0, 99), (2, 0, 100)], customers=3, products=5),
        day=100,
        half_life=30,
    )
    assert found.start.tolist() == [0, 0, 2, 3]
    assert found.product.tolist() == [2, 4, 0]
    assert found.times.tolist() == [1, 2, 1]
    assert (found.first.tolist(), found.last.tolist()) == ([70, 10, 99], [70, 40, 99])
    assert found.weight == pytest.approx([0.5, 0.5**3 + 0.5**2, 0.5 ** (1 / 30)])
    assert found.some(np.array([2, 1])).product.tolist() == [0, 2, 4]


def test_what_was_undone_counts_until_the_day_it_was() -> None:
    bought = purchases([(0, 0, 5), (0, 1, 6)], customers=1, products=2, undone={1: 20})
    assert histories(bought, day=20, half_life=30).product.tolist() == [0, 1]
    assert histories(bought, day=21, half_life=30).product.tolist() == [0]


def test_due_is_what_was_last_bought_about_a_gap_ago() -> None:
    days = {0: (0, 30, 60), 1: (0, 30, 89), 2: (0, 5, 10), 3: (60,)}
    bought = purchases([(0, product, day) for product, found in days.items() for day in found], customers=1, products=4)
    of = histories(bought, day=90, half_life=90)
    found = due(of, np.array([np.nan, np.nan, np.nan, 31.0]), day=90)
    assert found.gap == pytest.approx([30, 44.5, 5, 31])
    assert found.is_own.tolist() == [True, True, True, False]
    assert found.is_due.tolist() == [True, False, False, True]  # the third was given up, by 16 gaps


def test_a_product_has_a_usual_gap_from_ten_gaps_on() -> None:
    rows = [(customer, 0, day) for customer in range(10) for day in (0, 20 + customer)]
    of = histories(purchases([*rows, (0, 1, 3), (0, 1, 9)], customers=10, products=2), day=90, half_life=90)
    assert usual_gaps(of)[0] == pytest.approx(24.5)
    assert np.isnan(usual_gaps(of)[1])


def test_neighbours_count_customers_and_orders() -> None:
    rows = [(customer, product, 1) for customer in range(4) for product in (0, 1)]
    rows += [(4, 0, 1), (4, 2, 1), (5, 0, 1), (5, 0, 2), (5, 1, 3)]
    bought = purchases(rows, customers=6, products=3)
    by_customer, by_order = bought_together(bought.pairs()), in_one_basket(bought.baskets())
    assert by_customer.together(0, np.array([0, 1, 2])).tolist() == [0, 5, 0]  # with 2 only once: no evidence
    assert by_order.together(0, np.array([1])).tolist() == [4]
    assert by_order.weight[[0], [1]] == pytest.approx(4 / 7)
    assert by_order.weight[[1], [0]] == pytest.approx(4 / 5)
    others, both = by_customer.of(1)
    assert (others.tolist(), both.tolist()) == ([0], [5])
    # each of five pairs is of a customer with two products: 5 x 1/2, over the lengths of both columns
    assert by_customer.weight[[0], [1]] == pytest.approx(2.5 / np.sqrt((6 * 0.5) * (5 * 0.5)))


def test_vectors_of_customers_are_the_least_squares_of_the_paper() -> None:
    of = histories(clubs(seed=1, customers=60), day=400, half_life=90)
    factors = fit_factors(of, seed=7)
    row, products = 3, factors.products.astype(np.float64)
    places = slice(of.start[row], of.start[row + 1])
    confidence, wanted = np.ones(of.products), np.zeros(of.products)
    confidence[of.product[places]] += ALPHA * of.weight[places]
    wanted[of.product[places]] = 1.0
    left = (products.T * confidence) @ products + PENALTY * np.eye(products.shape[1])
    right = products.T @ (confidence * wanted)
    assert factors.customers(of)[row] == pytest.approx(np.linalg.solve(left, right), rel=1e-3, abs=1e-4)


def test_the_same_seed_learns_the_same() -> None:
    of = histories(clubs(seed=1, customers=60), day=400, half_life=90)
    assert np.array_equal(fit_factors(of, seed=7).products, fit_factors(of, seed=7).products)
