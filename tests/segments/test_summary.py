from collections.abc import Iterator, Mapping
from decimal import Decimal

import pytest

from holdfast.engine import DuckEngine, Query
from holdfast.errors import NotFoundError
from holdfast.segments.summary import Action, action, share, summarise

from .customers import Customer, keep


@pytest.fixture
def engine() -> Iterator[DuckEngine]:
    with DuckEngine(threads=1) as opened:
        yield opened


def group(engine: DuckEngine, customers: list[Customer], groups: Mapping[int, tuple[str | None, str]]) -> None:
    """Keep customers_grouped with a column `team` and a risk band."""
    keep(engine, customers)
    teams = " ".join(f"WHEN {key} THEN '{team}'" for key, (team, _) in groups.items() if team)
    bands = " ".join(f"WHEN {key} THEN '{band}'" for key, (_, band) in groups.items())
    engine.keep(
        "customers_grouped",
        Query(
            "customers_grouped",
            "one customer",
            f"SELECT *, CASE customer_key {teams} END AS team, CASE customer_key {bands} END AS risk_band "
            "FROM customers_asof",
        ),
    )


def test_the_figures_of_each_segment(engine: DuckEngine) -> None:
    group(
        engine,
        [
            Customer(1, days=10, gap=20, orders=4, revenue="100.10"),
            Customer(2, days=30, gap=10, orders=3, revenue="50.05"),
            Customer(3, days=50, orders=1, revenue="1.005"),
            Customer(4, days=9, orders=1, revenue="-0.50"),
            Customer(5, days=9, orders=1, revenue="0"),
        ],
        {1: ("red", "low"), 2: ("red", "high"), 3: ("red", "one_time"), 4: ("blue", "one_time"), 5: (None, "one_time")},
    )
    red, blue = summarise(engine, by="team")
    assert (red.segment, red.customers, red.customer_share) == ("red", 3, 0.6)
    assert red.revenue == Decimal("151.16")
    assert red.revenue_share == pytest.approx(151.155 / 150.655)
    assert (red.mean_days_since_last_order, red.median_days_since_last_order) == (30, 30)
    assert red.mean_order_count == pytest.approx(8 / 3)
    assert red.median_order_count == 3
    assert (red.mean_net_revenue, red.median_net_revenue) == (Decimal("50.39"), Decimal("50.05"))
    assert (red.mean_churn_ratio, red.median_churn_ratio) == (1.75, 1.75)
    assert red.bands == {"low": 1, "medium": 0, "high": 1, "one_time": 1, "unknown": 0}
    assert (blue.revenue, blue.mean_churn_ratio, blue.median_churn_ratio) == (Decimal("-0.50"), None, None)


@pytest.mark.parametrize("revenue", ["0", "-3.20"])
def test_a_shop_without_revenue_has_no_revenue_shares(engine: DuckEngine, revenue: str) -> None:
    group(engine, [Customer(1, revenue=revenue)], {1: ("only", "one_time")})
    (only,) = summarise(engine, by="team")
    assert only.revenue_share is None
    assert only.customer_share == 1
    assert share(1, 0) is None


def test_an_unknown_grouping_is_refused(engine: DuckEngine) -> None:
    group(engine, [Customer(1)], {1: ("only", "one_time")})
    with pytest.raises(NotFoundError, match="no such grouping"):
        summarise(engine, by="colour")


@pytest.mark.parametrize(
    ("low", "late", "one_time", "valuable", "expected"),
    [
        (60, 40, 0, True, Action.PERKS),
        (50, 50, 0, True, Action.INCENTIVE),
        (10, 90, 0, False, Action.LOW_TOUCH),
        (90, 10, 0, False, Action.AS_USUAL),
        (0, 0, 50, True, Action.AS_USUAL),
        (0, 0, 50, False, Action.AS_USUAL),
        (0, 3, 3, False, Action.LOW_TOUCH),
        (0, 3, 4, False, Action.AS_USUAL),
        (0, 30, 270, True, Action.INCENTIVE),
        (0, 30, 271, True, Action.AS_USUAL),
        (0, 29, 31, True, Action.AS_USUAL),
    ],
)
def test_the_action_follows_value_and_risk(
    low: int, late: int, one_time: int, valuable: bool, expected: Action
) -> None:
    bands = {"low": low, "medium": late - late // 2, "high": late // 2, "one_time": one_time, "unknown": 0}
    assert action(bands, valuable=valuable) is expected


def test_value_is_judged_by_the_median_customer_not_by_a_whale(engine: DuckEngine) -> None:
    loyal = [Customer(i, gap=30, revenue="900") for i in range(4)]
    small = [Customer(i, gap=30, revenue="10") for i in range(4, 9)]
    whale = Customer(9, gap=30, revenue="100000")
    teams = {c.key: ("loyal" if c in loyal else "rest", "low") for c in (*loyal, *small, whale)}
    group(engine, [*loyal, *small, whale], teams)
    assert {s.segment: s.action for s in summarise(engine, by="team")} == {
        "loyal": Action.PERKS,
        "rest": Action.AS_USUAL,
    }
