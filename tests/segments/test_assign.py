from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.engine import DuckEngine
from holdfast.errors import InputError, NotFoundError
from holdfast.segments import VOUCHER_RANGES, ArchetypeConfig, SegmentConfig, assign, parse_rules
from holdfast.segments.archetypes import NO_CLEAR_CLUSTERS
from holdfast.segments.rfm_grid import RfmCutoffs

from .customers import Customer, keep

ADDED = {
    "risk_band": "VARCHAR",
    "r_score": "INTEGER",
    "f_score": "INTEGER",
    "m_score": "INTEGER",
    "fm_score": "INTEGER",
    "rfm_group": "VARCHAR",
    "rfm_group_eight": "VARCHAR",
    "archetype": "VARCHAR",
    "is_gone": "BOOLEAN",
    "run_rate": "DECIMAL(18,4)",
    "revenue_at_risk": "DECIMAL(18,4)",
}


@pytest.fixture
def engine() -> Iterator[DuckEngine]:
    with DuckEngine(threads=1) as opened:
        yield opened


def grouped(engine: DuckEngine) -> list[tuple[Any, ...]]:
    return engine.execute("SELECT * FROM customers_grouped ORDER BY customer_key").fetchall()


def test_every_grouping_is_added_behind_the_columns_of_the_customer(engine: DuckEngine) -> None:
    keep(engine, [Customer(7, days=3, gap=10), Customer(9, days=90)])
    given_types = engine.types("customers_asof")
    result = assign(engine, earlier=None, config=SegmentConfig())
    assert list(engine.types("customers_grouped").items()) == [*given_types.items(), *ADDED.items()]
    labels = engine.execute(
        "SELECT customer_key, risk_band, r_score, f_score, m_score, fm_score, rfm_group, rfm_group_eight, archetype "
        "FROM customers_grouped ORDER BY customer_key"
    ).fetchall()
    assert labels == [
        (7, "low", 3, 3, 1, 2, "Needs attention", "Potential Loyalists", NO_CLEAR_CLUSTERS),
        (9, "one_time", 1, 1, 1, 1, "Dormant", "Lost Customers", NO_CLEAR_CLUSTERS),
    ]
    assert (result.customers, result.one_time_customers, result.revenue) == (2, 1, Decimal("200.00"))
    assert result.rules is None


def test_cut_offs_and_rules_of_the_shop_are_used(engine: DuckEngine) -> None:
    keep(engine, [Customer(7, days=40, orders=6), Customer(9, days=90)])
    cutoffs = RfmCutoffs(recency=(400, 300, 200, 100), frequency=(1, 1, 1, 1), monetary=(1, 1, 1, 1))
    rules = parse_rules(VOUCHER_RANGES, columns=engine.types("customers_asof"))
    result = assign(engine, earlier=None, config=SegmentConfig(rfm=cutoffs, rules=rules), keep_as="mine")
    assert result.rfm_cutoffs == cutoffs
    assert [(s.segment, s.customers) for s in result.rfm_groups] == [("Champions", 2)]
    assert result.rules is not None
    assert [s.customers for s in result.rules.segments] == [1, 1, 0, 1, 1, 0, 0, 0]
    assert "rfm_group" in engine.names("mine")


@pytest.mark.parametrize(
    "customers",
    [
        [Customer(1)],
        [Customer(1), Customer(2, gap=5)],
        [Customer(i) for i in range(50)],
        [Customer(i, gap=10, revenue="0") for i in range(5)],
        [Customer(i, gap=10, revenue="-5.00", days=i + 1) for i in range(40)],
        [Customer(i, days=i + 1, gap=i + 1 if i % 2 else None, revenue=str(i), orders=i) for i in range(1, 6)],
    ],
    ids=["one", "two", "all one-time and the same", "no revenue", "negative revenue", "five rows"],
)
def test_small_and_odd_shops_get_an_answer(engine: DuckEngine, customers: list[Customer]) -> None:
    keep(engine, customers)
    result = assign(engine, earlier="customers_asof", config=SegmentConfig())
    n, total = len(customers), sum(Decimal(c.revenue) for c in customers)
    for summary in (result.bands, result.rfm_groups, result.rfm_groups_eight, result.archetypes):
        assert sum(segment.customers for segment in summary) == n
        assert sum(segment.revenue for segment in summary) == total
        assert all((segment.revenue_share is None) == (total <= 0) for segment in summary)
    assert sum(cell.customers for cell in result.grid) == n
    assert result.one_time_customers == sum(c.gap is None for c in customers)
    assert len(grouped(engine)) == n


def test_nobody_to_group_is_an_error(engine: DuckEngine) -> None:
    keep(engine, [Customer(1)])
    engine.execute("DELETE FROM customers_asof")
    with pytest.raises(InputError, match="nobody to group"):
        assign(engine, earlier=None, config=SegmentConfig())


def test_a_shop_without_products_cannot_have_engagement(engine: DuckEngine) -> None:
    keep(engine, [Customer(1)])
    engine.execute("ALTER TABLE customers_asof DROP COLUMN unique_products")
    with pytest.raises(NotFoundError, match="without a column") as refused:
        assign(engine, earlier=None, config=SegmentConfig(archetypes=ArchetypeConfig(engagement=True)))
    assert "unique_products" in refused.value.seen
    assert assign(engine, earlier=None, config=SegmentConfig()).customers == 1


people = st.lists(
    st.builds(
        Customer,
        key=st.just(0),
        days=st.integers(1, 500),
        gap=st.one_of(st.none(), st.integers(1, 200).map(lambda x: x / 2)),
        orders=st.integers(1, 9),
        revenue=st.decimals(-50, 5000, places=2).map(str),
        tenure=st.integers(1, 900),
    ),
    min_size=1,
    max_size=40,
)


@given(people, st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_neither_the_order_of_rows_nor_the_keys_of_customers_matter(drawn: list[Customer], random: Any) -> None:
    customers = [Customer(i, c.days, c.gap, c.orders, c.revenue, c.recent, c.tenure) for i, c in enumerate(drawn)]
    order = list(range(len(customers)))
    random.shuffle(order)
    renamed = [Customer(1000 - c.key, *list(vars(c).values())[1:]) for c in (customers[i] for i in order)]
    with DuckEngine(threads=2) as engine:
        keep(engine, customers)
        first = assign(engine, earlier=None, config=SegmentConfig())
        rows = [row[2:] for row in grouped(engine)]
        keep(engine, renamed)
        second = assign(engine, earlier=None, config=SegmentConfig())
        again = [row[2:] for row in grouped(engine)][::-1]
    assert again == rows
    for part in ("bands", "grid", "rfm_groups", "rfm_groups_eight", "archetypes", "rfm_cutoffs", "fitted_archetypes"):
        assert getattr(second, part) == getattr(first, part)
    assert sum(segment.customers for segment in first.bands) == len(customers)
    assert sum(cell.revenue for cell in first.grid) == first.revenue == sum(Decimal(c.revenue) for c in customers)
