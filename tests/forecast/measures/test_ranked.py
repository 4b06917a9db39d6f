from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.forecast.measures.ranked import held_by_first, rank


def test_equal_ranks_form_one_group() -> None:
    ranked = rank(np.array([1.0, 3.0, 1.0, 2.0]))
    assert ranked.rows.tolist() == [1, 3, 0, 2]
    assert ranked.ends.tolist() == [0, 1, 3]
    assert ranked.running(np.array([10.0, 1.0, 20.0, 5.0])).tolist() == [0.0, 1.0, 6.0, 36.0]


def test_an_empty_list_holds_nothing() -> None:
    ranked = rank(np.empty(0))
    assert ranked.running(np.empty(0)).tolist() == [0.0]
    assert held_by_first(ranked, np.empty(0), top=0.1) is None


@pytest.mark.parametrize(
    ("top", "held"),
    [
        (0.0, 0.0),
        (0.125, 0.25),  # half of the first customer
        (0.25, 0.5),
        (0.5, 0.625),  # the second and the third are equal: 1 and 3 are shared as 2 and 2, of 16
        (0.75, 0.75),
        (1.0, 1.0),
    ],
)
def test_a_list_is_cut_within_a_customer_and_equals_share(top: float, held: float) -> None:
    ranked = rank(np.array([4.0, 3.0, 3.0, 1.0]))
    assert held_by_first(ranked, np.array([8.0, 1.0, 3.0, 4.0]), top=top) == pytest.approx(held)


def test_nothing_in_total_has_no_share() -> None:
    assert held_by_first(rank(np.array([1.0, 2.0])), np.zeros(2), top=0.1) is None
    assert (
        held_by_first(rank(np.array([1.0, 2.0])), np.array([5.0, 0.0]), top=0.1, weights=np.array([0.0, 2.0])) is None
    )


customers = st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 50), st.integers(0, 4)), min_size=1, max_size=30)


@given(customers, st.floats(0, 1))
@settings(max_examples=100, deadline=None)
def test_weights_are_repeated_customers(rows: list[tuple[int, int, int]], top: float) -> None:
    by, values, weights = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
    times = weights.astype(np.int64)
    weighted = held_by_first(rank(by), values, top=top, weights=weights)
    repeated = held_by_first(rank(np.repeat(by, times)), np.repeat(values, times), top=top)
    assert weighted == (None if repeated is None else pytest.approx(repeated))


@given(customers, st.floats(0, 1), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_of_rows_decides_nothing(rows: list[tuple[int, int, int]], top: float, random: Any) -> None:
    shuffled = random.sample(rows, len(rows))
    shares = []
    for each in (rows, shuffled):
        by, values, _ = (np.array(column, dtype=np.float64) for column in zip(*each, strict=True))
        shares.append(held_by_first(rank(by), values, top=top))
    assert shares[0] == (None if shares[1] is None else pytest.approx(shares[1]))


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30), st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_a_list_of_equals_holds_what_chance_would(values: list[int], top: float) -> None:
    held = held_by_first(rank(np.zeros(len(values))), np.array(values, dtype=np.float64), top=top)
    assert held == (pytest.approx(top) if sum(values) else None)
