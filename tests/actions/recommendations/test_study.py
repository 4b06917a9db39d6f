"""What is offered, and whether it would have been worth it: shops in which the truth is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.actions.recommendations import NOTHING, Label, Method, Purchases, offer, why_due, why_new
from holdfast.actions.recommendations.judging import LEAST_JUDGED, Measured, chosen, judged, truths
from holdfast.actions.recommendations.purchases import histories
from tests.actions.recommendations.shops import alike, clubs, purchases, studied


def test_where_customers_differ_another_method_than_popularity_is_chosen() -> None:
    found = studied(clubs(seed=3))
    assert found.method in (Method.SIMILAR_CUSTOMERS, Method.BOUGHT_WITH, Method.SAME_BASKET)
    assert found.evaluation is not None
    assert found.evaluation.new[found.method].low > 0
    offered = offer(found.fitted, found.method, found.chances, found.histories, found.segment, n=5, again=False)
    club = np.arange(400)[:, None] % 2
    of_own_club = (offered.products // 20 == club) | (offered.products == NOTHING)
    assert of_own_club.mean() > 0.95


def test_where_customers_are_alike_popularity_is_used_and_it_is_said() -> None:
    found = studied(alike(seed=3))
    assert found.method is Method.POPULAR
    assert "popular" in found.why


def test_a_short_past_tells_nothing() -> None:
    found = studied(clubs(seed=3, days=20), day=20)
    assert (found.method, found.evaluation) == (Method.POPULAR, None)
    assert "too short" in found.why


@settings(deadline=None, max_examples=5)
@given(st.integers(0, 1000))
def test_nothing_later_than_the_day_changes_anything(seed: int) -> None:
    shop = clubs(seed=seed, customers=80)
    later = shop.day >= 300
    known = Purchases(
        shop.customer[~later], shop.product[~later], shop.order[~later], shop.day[~later], shop.undone[~later],
        shop.customers, shop.products,
    )  # fmt: skip
    with_later, without = studied(shop, day=300, horizon=60), studied(known, day=300, horizon=60)
    assert with_later.method is without.method
    lists = [
        offer(each.fitted, each.method, each.chances, each.histories, each.segment, n=10)
        for each in (with_later, without)
    ]
    assert np.array_equal(lists[0].products, lists[1].products)
    assert np.array_equal(lists[0].score, lists[1].score)


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 1000), st.integers(1, 12))
def test_lists_hold_nothing_twice_nothing_out_of_range_and_fall(seed: int, n: int) -> None:
    found = studied(clubs(seed=seed, customers=60))
    offered = offer(found.fitted, found.method, found.chances, found.histories, found.segment, n=n)
    bought = found.histories.bought.toarray() > 0
    assert offered.is_again.sum(axis=1).max() <= n / 2
    for row, products in enumerate(offered.products.tolist()):
        shown = [product for product in products if product != NOTHING]
        assert len(shown) == len(set(shown))
        assert all(found.fitted.in_range[product] for product in shown)
        assert [bool(bought[row, product]) for product in shown] == offered.is_again[row, : len(shown)].tolist()
    assert (np.diff(np.where(np.isfinite(offered.score), offered.score, -1.0), axis=1) <= 0).all()


def test_who_bought_everything_is_offered_nothing_new() -> None:
    rows = [(customer, product, 10 * customer) for customer in range(30) for product in range(3)]
    found = studied(purchases(rows, customers=30, products=3), day=300)
    offered = offer(found.fitted, found.method, found.chances, found.histories, found.segment, n=10, again=False)
    assert (offered.products == NOTHING).all()


def test_a_shop_with_one_product_is_no_error() -> None:
    found = studied(purchases([(c, 0, 7 * c) for c in range(50)], customers=51, products=1), day=350)
    offered = offer(found.fitted, found.method, found.chances, found.histories, found.segment, n=2, again=False)
    assert offered.products[50].tolist() == [0, NOTHING]  # the one who bought nothing
    assert offered.products[0].tolist() == [NOTHING, NOTHING]


def test_what_was_not_sold_for_a_horizon_is_out_of_range() -> None:
    rows = [(customer, 0, 10) for customer in range(20)] + [(customer, 1, 390) for customer in range(20)]
    found = studied(purchases(rows, customers=21, products=2))
    assert found.fitted.in_range.tolist() == [False, True]


def test_measures_by_hand() -> None:
    # the first customer had one product, and it stood second; the second had two, at places 1 and 3; the third none
    bought = purchases([(0, 5, 1), (1, 1, 1), (1, 2, 1), (2, 9, 1)], customers=3, products=12)
    before = histories(purchases([(c, 11, 0) for c in range(3)], customers=3, products=12), day=1, half_life=30)
    truth, _ = truths(before, bought, seed=1)
    lists = np.array([[0, 5, 3], [1, 0, 2], [0, 1, NOTHING]])
    found = judged({Method.POPULAR: lists}, truth, in_range=8, seed=1)[Method.POPULAR]
    gain = 1 / np.log2(np.array([2, 3, 4]))
    assert found.customers == 3
    assert found.hit_rate == pytest.approx(2 / 3)
    assert found.recall == pytest.approx((1 + 1 + 0) / 3)
    assert found.ndcg == pytest.approx((gain[1] + (gain[0] + gain[2]) / (gain[0] + gain[1])) / 3)
    assert found.coverage == pytest.approx(5 / 8)
    assert (found.gain, found.low, found.high) == (0, 0, 0)


def test_only_what_is_surely_better_takes_the_place_of_popularity() -> None:
    usual = Measured(LEAST_JUDGED, 0.3, 0.1, 0.05, 0.1)
    better = Measured(LEAST_JUDGED, 0.4, 0.2, 0.08, 0.2, 0.03, 0.01, 0.05)
    unsure = Measured(LEAST_JUDGED, 0.5, 0.2, 0.09, 0.2, 0.04, -0.01, 0.09)
    assert chosen({"popular": usual, "bought_with": unsure})[0] is Method.POPULAR
    assert chosen({"popular": usual, "bought_with": better, "same_basket": unsure})[0] is Method.BOUGHT_WITH
    few = {
        name: Measured(LEAST_JUDGED - 1, 0.4, 0.2, 0.08, 0.2, 0.03, 0.01, 0.05) for name in ("popular", "bought_with")
    }
    assert chosen(few)[0] is Method.POPULAR
    assert chosen({})[0] is Method.POPULAR


def test_explanations_hold_the_numbers_they_rest_on() -> None:
    rows = [(customer, product, 350) for customer in range(12) for product in (0, 1)]
    rows += [(customer, 0, 360) for customer in range(12, 20)]
    rows += [(20, 0, 300), (20, 0, 330), (20, 0, 360), (0, 2, 1)]
    found = studied(purchases(rows, customers=21, products=3))
    one = found.histories.some(np.array([15]))

    def named(product: int) -> str:
        return ("Heart", "Star", "Moon")[product]

    why = why_new(found.fitted, Method.BOUGHT_WITH, one, "New", 1, named, category=None)
    assert (why.label, why.because) == (Label.BOUGHT_WITH, (0,))
    assert why.sentence == "Bought with Heart by 12 of 21 customers."
    popular = why_new(found.fitted, Method.POPULAR, one, "New", 1, named, category=None)
    assert popular.sentence == "12 customers bought it in the last 90 days."
    again = why_due(found.fitted, found.histories.some(np.array([20])), 0)
    assert (again.label, again.sentence) == (
        Label.DUE_AGAIN,
        "Bought on 3 days, usually every 30 days; last 40 days ago.",
    )
