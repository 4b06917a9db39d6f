import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.errors import InputError
from holdfast.forecast.labels import NEVER, OrderDays, before, first_days, last_days, order_day_counts, outcomes, select
from tests.forecast.histories import history

SHOP = history(
    (0, 5, 10.0), (0, 10, 20.0), (0, 19, 30.0), (0, 20, 40.0), (1, 9, 50.0), (3, 10, -8.0), (3, 11, 3.0), customers=4
)
"""Customer 2 has no order at all; customer 3 returned more than was bought."""


def test_the_cut_off_day_belongs_to_the_window_and_its_last_day_does_not() -> None:
    found = outcomes(SHOP, cutoff=10, horizon=10)
    assert found.bought.tolist() == [True, False, False, True]
    assert found.orders.tolist() == [2, 0, 0, 2]
    assert found.spend.tolist() == [50.0, 0.0, 0.0, 0.0]
    assert len(found) == 4


def test_the_floor_is_on_the_total_of_a_customer_and_not_on_each_day() -> None:
    shop = history((0, 1, -8.0), (0, 2, 11.0), (1, 1, -8.0), (1, 2, 3.0), customers=2)
    assert outcomes(shop, cutoff=0, horizon=5).spend.tolist() == [3.0, 0.0]


def test_known_is_every_day_before_as_of() -> None:
    known = before(SHOP, 10)
    assert known.customers == 4
    assert list(zip(known.customer.tolist(), known.day.tolist(), known.spend.tolist(), strict=True)) == [
        (0, 5, 10.0),
        (1, 9, 50.0),
    ]


def test_first_and_last_days() -> None:
    assert first_days(SHOP).tolist() == [5, 9, NEVER, 10]
    assert last_days(SHOP).tolist() == [20, 9, NEVER, 11]
    assert order_day_counts(SHOP).tolist() == [4, 1, 0, 2]


def test_a_population_is_selected_by_flag_or_by_index() -> None:
    everybody = outcomes(SHOP, cutoff=10, horizon=10)
    assert select(everybody, order_day_counts(before(SHOP, 10)) > 0).orders.tolist() == [2, 0]
    assert select(everybody, np.array([3, 0])).spend.tolist() == [0.0, 50.0]


def test_a_shop_without_orders_and_a_shop_without_customers() -> None:
    nobody = history(customers=0)
    assert len(outcomes(nobody, cutoff=0, horizon=90)) == 0
    silent = history(customers=2)
    assert outcomes(silent, cutoff=0, horizon=90).bought.tolist() == [False, False]
    assert first_days(silent).tolist() == last_days(silent).tolist() == [NEVER, NEVER]


@pytest.mark.parametrize("horizon", [0, -1])
def test_a_window_has_at_least_one_day(horizon: int) -> None:
    with pytest.raises(InputError, match=f"horizon of {horizon} days"):
        outcomes(SHOP, cutoff=10, horizon=horizon)


@pytest.mark.parametrize(
    ("customer", "day", "spend", "seen"),
    [
        ([0, 0], [1, 1], [1, 1], "twice"),
        ([0, 0], [2, 1], [1, 1], "out of order"),
        ([1, 0], [1, 2], [1, 1], "out of order"),
        ([0, 2], [1, 2], [1, 1], "from 0 to 2 for 2 customers"),
        ([-1, 0], [1, 2], [1, 1], "from -1 to 0"),
        ([0, 1], [1, 2], [1], "2 customers, 2 days and 1 amounts"),
        ([0, 1], [1, 2], [1, np.nan], "not a number"),
        ([0, 1], [1, 2], [1, np.inf], "not a number"),
    ],
)
def test_rows_of_another_kind_are_refused(customer: list[int], day: list[int], spend: list[float], seen: str) -> None:
    with pytest.raises(InputError, match=seen):
        OrderDays(2, np.array(customer), np.array(day), np.array(spend, dtype=np.float64))


days: st.SearchStrategy[set[tuple[int, int]]] = st.sets(
    st.tuples(st.integers(0, 5), st.integers(-400, 400)), max_size=60
)


@given(days, st.integers(-420, 420), st.integers(1, 200))
@settings(max_examples=60, deadline=None)
def test_a_window_is_the_sum_of_its_days(rows: set[tuple[int, int]], cutoff: int, horizon: int) -> None:
    shop = history(*((customer, day, float(1 + day % 7)) for customer, day in rows), customers=6)
    whole = outcomes(shop, cutoff=cutoff, horizon=horizon)
    by_day = [outcomes(shop, cutoff=day, horizon=1) for day in range(cutoff, cutoff + horizon)]
    total: npt.NDArray[np.float64] = np.sum([each.spend for each in by_day], axis=0)
    assert whole.orders.tolist() == np.sum([each.orders for each in by_day], axis=0).tolist()
    assert whole.spend.tolist() == total.tolist()
    assert whole.bought.tolist() == (whole.orders > 0).tolist()


@given(days, st.integers(-420, 420))
@settings(max_examples=60, deadline=None)
def test_what_is_known_and_what_is_to_come_make_up_the_history(rows: set[tuple[int, int]], as_of: int) -> None:
    shop = history(*((customer, day, 1.0) for customer, day in rows), customers=6)
    known, to_come = before(shop, as_of), outcomes(shop, cutoff=as_of, horizon=1000)
    assert (order_day_counts(known) + to_come.orders).tolist() == order_day_counts(shop).tolist()
    assert (last_days(known) < as_of).all()
