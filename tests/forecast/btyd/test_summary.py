from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.errors import NotFoundError
from holdfast.forecast.btyd import Summary, collapse, pareto_nbd, summarise
from tests.forecast.btyd.shops import customers, simulate


def summary_of(*rows: tuple[int, int], as_of: int, n: int) -> Summary:
    who, when = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    return summarise(who, when, customers=n, as_of=as_of)


def test_repeat_days_recency_and_age() -> None:
    """Customer 0 ordered on days 10, 13 (twice) and 30; customer 1 on day 39 only. Day 40 is not known yet."""
    known = summary_of((1, 39), (0, 13), (0, 30), (0, 13), (0, 10), (0, 40), (1, 55), as_of=40, n=2)
    assert known.frequency.tolist() == [2, 0]
    assert known.recency.tolist() == [20, 0]
    assert known.T.tolist() == [30, 1]
    assert known.weight.tolist() == [1, 1]


def test_customers_without_an_order_are_refused() -> None:
    with pytest.raises(NotFoundError, match="1 of 2 customers have none before 1970-02-10"):
        summary_of((0, 5), (1, 40), as_of=40, n=2)


def test_nobody() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    assert len(collapse(summarise(nothing, nothing, customers=0, as_of=40))) == 0


def test_equal_customers_become_one_row() -> None:
    merged = collapse(customers((1, 5, 9), (0, 0, 9), (1, 5, 9), (1, 4, 9), (1, 5, 9)))
    assert merged.frequency.tolist() == [0, 1, 1]
    assert merged.recency.tolist() == [0, 4, 5]
    assert merged.T.tolist() == [9, 9, 9]
    assert merged.weight.tolist() == [1, 1, 3]


ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=60)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.randoms(use_true_random=False), st.integers(4, 20))
def test_collapsing_keeps_customers_and_totals_in_any_order(
    rows: list[tuple[int, int, int]], shuffle: Random, most: int
) -> None:
    histories = [(x, min(a, b) if x else 0, max(a, b)) for x, a, b in rows]
    merged = collapse(customers(*histories), most=most)
    assert len(merged) <= max(most, len({x for x, _, _ in histories}))
    assert merged.weight.sum() == len(rows)
    for column in ("frequency", "recency", "T"):
        total = getattr(customers(*histories), column).sum()
        assert merged.weight @ getattr(merged, column) == pytest.approx(total)
    assert np.all((merged.recency >= 0) & (merged.recency <= merged.T))
    assert np.all(merged.recency[merged.frequency == 0] == 0)

    shuffle.shuffle(histories)
    again = collapse(customers(*histories), most=most)
    np.testing.assert_allclose(again.T, merged.T)
    np.testing.assert_allclose(again.recency, merged.recency)
    np.testing.assert_array_equal(again.weight, merged.weight)


def test_a_fit_hardly_notices_the_grid() -> None:
    """30,000 customers, each with times of its own, in a tenth of as many rows."""
    known = simulate(30_000, rate=(0.55, 10.6), lifetime=(0.6, 11.7), until=80.0, horizon=1.0, seed=1).known
    few = collapse(known, most=3000)
    assert len(few) <= 3000
    full, coarse = pareto_nbd.fit(known), pareto_nbd.fit(few)
    lost = (
        full.fit.log_likelihood
        - pareto_nbd.log_likelihood(known, np.array([coarse.r, coarse.alpha, coarse.s, coarse.beta]))[0]
    )
    assert 0 <= lost < 1.0
    orders = [pareto_nbd.expected_orders(model, known, horizon=13.0).sum() for model in (full, coarse)]
    assert orders[1] / orders[0] == pytest.approx(1, abs=0.005)
