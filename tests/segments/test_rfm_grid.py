from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.engine import DuckEngine
from holdfast.errors import InputError, PolicyError
from holdfast.segments.rfm_grid import (
    DEFAULT_GROUPS,
    EIGHT_GROUPS,
    RfmCutoffs,
    RfmScores,
    grid,
    rank_cutoffs,
    score,
)

Columns = dict[str, npt.NDArray[Any]]

DEFAULT_TABLE = """
5 | New · Promising · Active · Loyal · Champions
4 | Promising · Promising · Active · Loyal · Champions
3 | Almost lost · Needs attention · Needs attention · Loyal · Loyal
2 | Almost lost · Almost lost · At risk · At risk · At risk
1 | Dormant · Dormant · Dormant · Previously loyal · Previously loyal
"""
EIGHT_TABLE = """
5 | New Customers · Potential Loyalists · Potential Loyalists · Champions · Champions
4 | Potential Loyalists · Potential Loyalists · Loyal Customers · Loyal Customers · Champions
3 | Hibernating · Potential Loyalists · Loyal Customers · Loyal Customers · Loyal Customers
2 | Hibernating · Hibernating · At Risk · At Risk · Can't Lose Them
1 | Lost Customers · Lost Customers · At Risk · Can't Lose Them · Can't Lose Them
"""


def columns(days: list[int], orders: list[int], revenue: list[float]) -> Columns:
    return {
        "days_since_last_order": np.array(days, dtype=np.int32),
        "order_count": np.array(orders, dtype=np.int32),
        "net_revenue": np.array(revenue, dtype=np.float64),
    }


def scored(customers: Columns) -> RfmScores:
    return score(customers, cutoffs=rank_cutoffs(customers))


def cells(table: str) -> dict[tuple[int, int], str]:
    rows = [line.split(" | ") for line in table.strip().splitlines()]
    return {(int(r), fm): group for r, groups in rows for fm, group in enumerate(groups.split(" · "), start=1)}


@pytest.mark.parametrize(("table", "written"), [(DEFAULT_GROUPS, DEFAULT_TABLE), (EIGHT_GROUPS, EIGHT_TABLE)])
def test_the_25_cells_of_each_group_table(table: Any, written: str) -> None:
    expected = cells(written)
    assert len(expected) == 25
    assert {cell: table.group(*cell) for cell in expected} == expected
    every = RfmScores(*(np.array([cell[i] for cell in expected]) for i in (0, 1, 1)))
    assert table.groups(every).tolist() == list(expected.values())


def test_ten_different_customers_get_two_of_each_score() -> None:
    scores = scored(columns(list(range(1, 11)), list(range(1, 11)), [float(x) for x in range(1, 11)]))
    assert scores.r.tolist() == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert scores.f.tolist() == scores.m.tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_a_tie_takes_its_lowest_rank() -> None:
    one_time_shop = columns([5] * 100, [1] * 97 + [2, 2, 3], [10.0] * 100)
    scores = scored(one_time_shop)
    assert scores.f.tolist() == [1] * 97 + [5, 5, 5]
    assert set(scores.r.tolist()) == set(scores.m.tolist()) == {1}


def test_customers_who_are_all_the_same_all_score_1() -> None:
    for n in (1, 2, 5, 100):
        scores = scored(columns([30] * n, [2] * n, [0.0] * n))
        assert {*scores.r.tolist(), *scores.f.tolist(), *scores.m.tolist(), *scores.fm.tolist()} == {1}


def test_two_customers() -> None:
    scores = scored(columns([3, 90], [4, 1], [-5.0, 12.0]))
    assert (scores.r.tolist(), scores.f.tolist(), scores.m.tolist()) == ([3, 1], [3, 1], [1, 3])
    assert scores.fm.tolist() == [2, 2]


@pytest.mark.parametrize(
    ("f", "m", "fm"), [(1, 1, 1), (1, 2, 2), (2, 2, 2), (2, 3, 3), (1, 4, 3), (4, 5, 5), (5, 5, 5)]
)
def test_fm_is_rounded_half_up(f: int, m: int, fm: int) -> None:
    assert RfmScores(np.array([1]), np.array([f]), np.array([m])).fm.tolist() == [fm]


def test_edited_cut_offs_replace_ranks() -> None:
    cutoffs = RfmCutoffs(recency=(365, 180, 90, 30), frequency=(2, 3, 5, 10), monetary=(50, 100, 500, None))
    scores = score(columns([30, 31, 366], [10, 9, 1], [50.0, 49.99, 1e9]), cutoffs=cutoffs)
    assert scores.r.tolist() == [5, 4, 1]
    assert scores.f.tolist() == [5, 4, 1]
    assert scores.m.tolist() == [2, 1, 4]


@pytest.mark.parametrize(
    ("recency", "frequency"),
    [
        ((30, 90, 180, 365), (2, 3, 5, 10)),
        ((365, 180, 90, 30), (10, 5, 3, 2)),
        ((365, 180, 90, 30), (2, None, 5, 10)),
        ((365, 180, 90, 30), (2, 3, 5, float("nan"))),
        ((365, 180, 90), (2, 3, 5, 10)),
    ],
)
def test_cut_offs_that_contradict_themselves_are_refused(recency: Any, frequency: Any) -> None:
    with pytest.raises(PolicyError, match="cut-offs"):
        RfmCutoffs(recency=recency, frequency=frequency, monetary=(1, 2, 3, 4))


def test_a_missing_value_is_refused_rather_than_scored() -> None:
    customers = columns([1, 2], [1, 1], [1.0, float("nan")])
    with pytest.raises(InputError, match="net_revenue"):
        rank_cutoffs(customers)


shops = st.lists(
    st.tuples(st.integers(1, 400), st.integers(1, 6), st.integers(-3, 60).map(lambda x: x / 2)), min_size=1, max_size=60
).map(lambda rows: columns(*map(list, zip(*rows, strict=True))))


@given(shops)
def test_a_score_is_how_many_customers_are_strictly_worse(shop: Columns) -> None:
    scores = scored(shop)
    n = len(scores.r)
    for got, worth in (
        (scores.r, -shop["days_since_last_order"]),
        (scores.f, shop["order_count"]),
        (scores.m, shop["net_revenue"]),
    ):
        worse = (worth[:, None] > worth[None, :]).sum(axis=1)
        assert got.tolist() == (1 + 5 * worse // n).tolist()


@given(shops, st.randoms(use_true_random=False))
def test_scores_do_not_depend_on_the_order_of_customers_or_on_who_else_is_scored(shop: Columns, random: Any) -> None:
    scores = scored(shop)
    order = list(range(len(scores.r)))
    random.shuffle(order)
    shuffled = scored({name: values[order] for name, values in shop.items()})
    assert shuffled.fm.tolist() == scores.fm[order].tolist()
    assert shuffled.r.tolist() == scores.r[order].tolist()
    posted = score({name: values[:1] for name, values in shop.items()}, cutoffs=rank_cutoffs(shop))
    assert (posted.r[0], posted.fm[0]) == (scores.r[0], scores.fm[0])


@given(shops)
@settings(max_examples=25)
def test_the_grid_holds_every_customer_and_all_revenue(shop: Columns) -> None:
    scores = scored(shop)
    with DuckEngine(threads=1) as engine:
        cents = (shop["net_revenue"] * 100).astype(np.int64)
        engine.bind_columns("in_cents", {"r_score": scores.r, "fm_score": scores.fm, "cents": cents})
        engine.execute(
            "CREATE TEMP TABLE customers_grouped AS "
            "SELECT r_score, fm_score, CAST(cents / 100 AS DECIMAL(18,4)) AS net_revenue FROM in_cents"
        )
        found = grid(engine)
    total = Decimal(int(cents.sum())) / 100
    assert [(cell.r, cell.fm) for cell in found] == [(r, fm) for r in (5, 4, 3, 2, 1) for fm in (1, 2, 3, 4, 5)]
    assert sum(cell.customers for cell in found) == len(scores.r)
    assert sum(cell.revenue for cell in found) == total
    assert all(cell.group == DEFAULT_GROUPS.group(cell.r, cell.fm) for cell in found)
    shares = [cell.revenue_share for cell in found]
    if total > 0:
        assert sum(share or 0 for share in shares) == pytest.approx(1)
    else:
        assert shares == [None] * 25
