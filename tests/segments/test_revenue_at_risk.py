from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np
import pytest

from holdfast.engine import DuckEngine
from holdfast.segments import SegmentConfig, SegmentResult, assign
from holdfast.segments.churn_ratio import RiskBand
from holdfast.segments.lapse_share import AtRiskConfig, Basis, Lapse, gone, shares_of_bands

from .customers import Customer, keep

MEDIUM, HIGH = RiskBand.MEDIUM, RiskBand.HIGH


@pytest.fixture
def engine() -> Iterator[DuckEngine]:
    with DuckEngine(threads=1) as opened:
        yield opened


def seen(customers: int, lapsed: int, run_rate: str = "1000", lapsed_run_rate: str = "250") -> Lapse:
    return Lapse(customers, lapsed, Decimal(run_rate), Decimal(lapsed_run_rate))


def assigned(engine: DuckEngine, now: Sequence[Customer], earlier: Sequence[Customer] | None) -> SegmentResult:
    keep(engine, now)
    if earlier is not None:
        keep(engine, earlier, table="earlier")
    return assign(engine, earlier=None if earlier is None else "earlier", config=SegmentConfig())


def per_customer(engine: DuckEngine) -> dict[int, tuple[Decimal | None, Decimal | None]]:
    rows = engine.execute("SELECT customer_key, run_rate, revenue_at_risk FROM customers_grouped").fetchall()
    return {key: (run_rate, at_risk) for key, run_rate, at_risk in rows}


@pytest.mark.parametrize(
    ("days", "gap", "is_gone"),
    [
        (180, 20, False),
        (181, 20, True),
        (181, 89.5, True),
        (181, 90, False),
        (365, 120, False),
        (366, 120, True),
        (380, 400, False),
        (401, 400, True),
        (9999, np.nan, False),
    ],
)
def test_who_is_gone(days: int, gap: float, is_gone: bool) -> None:
    customers = {"days_since_last_order": np.array([days]), "median_gap_days": np.array([gap])}
    assert gone(customers, config=AtRiskConfig()).tolist() == [is_gone]


def test_a_band_is_measured_alone_pooled_or_not_at_all() -> None:
    config = AtRiskConfig()
    alone = shares_of_bands({MEDIUM: seen(30, 10), HIGH: seen(40, 20, "1000", "600")}, config=config)
    assert [(s.share, s.basis) for s in alone] == [(0.25, Basis.MEASURED), (0.6, Basis.MEASURED)]
    pooled = shares_of_bands({MEDIUM: seen(29, 10), HIGH: seen(40, 20, "3000", "1750")}, config=config)
    assert [(s.share, s.basis) for s in pooled] == [(0.5, Basis.POOLED), (1750 / 3000, Basis.MEASURED)]
    assert pooled[0].seen == seen(29, 10)
    both = shares_of_bands({MEDIUM: seen(15, 10), HIGH: seen(15, 5, "1000", "750")}, config=config)
    assert [(s.share, s.basis) for s in both] == [(0.5, Basis.POOLED)] * 2
    nothing = shares_of_bands({MEDIUM: seen(29, 10)}, config=config)
    assert [(s.share, s.basis) for s in nothing] == [(None, Basis.CANNOT_TELL)] * 2
    penniless = shares_of_bands({MEDIUM: seen(50, 10, "0", "0")}, config=config)
    assert [s.basis for s in penniless] == [Basis.CANNOT_TELL] * 2


def one_horizon_ago(now_days: int) -> tuple[list[Customer], list[Customer]]:
    """40 late customers 90 days ago of 10.00 a day: 30 of them came back, 10 with half of the money did not."""
    back = [Customer(i, days=45, gap=30, orders=5, revenue="3650", tenure=500) for i in range(100, 130)]
    lost = [Customer(i, days=45, gap=30, orders=5, revenue="10950", tenure=500) for i in range(130, 140)]
    later = [
        Customer(c.key, days=now_days, gap=30, orders=6, revenue=c.revenue, recent="0", tenure=590) for c in back
    ] + [Customer(c.key, days=135, gap=30, orders=5, revenue=c.revenue, recent="0", tenure=590) for c in lost]
    return [*back, *lost], later


def test_run_rate_times_lapse_share_to_the_cent(engine: DuckEngine) -> None:
    earlier, later = one_horizon_ago(now_days=90)
    watched = [
        Customer(1, days=40, gap=30, revenue="5000", recent="3650", tenure=800),  # a year: 3650 x 90 / 365 = 900
        Customer(2, days=40, gap=30, revenue="1000.01", tenure=180),  # shorter: 1000.01 x 90 / 180
        Customer(3, days=40, gap=30, revenue="100", tenure=45),  # at least 90 days
        Customer(4, days=10, gap=30, revenue="5000"),  # not late
        Customer(5, days=300, gap=30, revenue="5000"),  # gone
        Customer(6, days=40, revenue="5000"),  # one order: nothing can be told
        Customer(7, days=40, gap=30, revenue="-20"),  # returned more than was bought
    ]
    result = assigned(engine, [*later, *watched], earlier)
    at_risk = result.at_risk
    medium = at_risk.lapse_shares[0]
    assert (medium.seen.customers, medium.seen.lapsed) == (40, 10)
    assert medium.seen.run_rate == 30 * 900 + 10 * 2700
    assert (medium.share, medium.basis) == (0.5, Basis.MEASURED)
    amounts = per_customer(engine)
    assert amounts[1] == (Decimal(900), Decimal(450))
    assert amounts[2] == (Decimal("500.01"), Decimal("250.00"))
    assert amounts[3] == (Decimal(100), Decimal(50))
    assert amounts[4] == (Decimal("1232.88"), Decimal(0))
    assert amounts[5] == (Decimal("1232.88"), Decimal(0))
    assert amounts[6] == (None, None)
    assert amounts[7] == (Decimal(0), Decimal(0))
    assert (at_risk.amount, at_risk.customers, at_risk.run_rate) == (Decimal("750.00"), 3, Decimal("1500.01"))
    assert (at_risk.gone_customers, at_risk.gone_run_rate) == (1, Decimal("1232.88"))
    assert at_risk.shop_run_rate == Decimal("2732.89")
    assert [(h.customer_id, h.revenue_at_risk) for h in at_risk.top] == [
        ("c1", Decimal("450.00")),
        ("c2", Decimal("250.00")),
        ("c3", Decimal("50.00")),
    ]
    assert at_risk.top_share == 1


def test_the_day_that_decides_who_came_back(engine: DuckEngine) -> None:
    earlier, back = one_horizon_ago(now_days=90)
    assert assigned(engine, back, earlier).at_risk.lapse_shares[0].seen.lapsed == 10
    earlier, too_late = one_horizon_ago(now_days=91)
    assert assigned(engine, too_late, earlier).at_risk.lapse_shares[0].seen.lapsed == 40


def test_customers_whose_orders_were_all_returned_since_did_not_come_back(engine: DuckEngine) -> None:
    earlier, later = one_horizon_ago(now_days=20)
    assert assigned(engine, later[1:], earlier).at_risk.lapse_shares[0].seen.lapsed == 11


def test_long_gone_customers_change_neither_the_amount_nor_the_share(engine: DuckEngine) -> None:
    earlier, later = one_horizon_ago(now_days=20)
    late = Customer(1, days=40, gap=30, revenue="3650", tenure=800)
    alone = assigned(engine, [late, *later], earlier).at_risk
    ghosts = [Customer(i, days=200, gap=20, revenue="99999") for i in range(500, 600)]
    ghosts_before = [Customer(c.key, days=c.days - 5, gap=20, revenue="99999") for c in ghosts]
    haunted = assigned(engine, [late, *later, *ghosts], [*earlier, *ghosts_before]).at_risk
    assert (haunted.amount, haunted.customers, haunted.lapse_shares) == (
        alone.amount,
        alone.customers,
        alone.lapse_shares,
    )
    assert haunted.gone_customers == 100


def test_without_a_past_the_amount_cannot_be_told_but_who_is_late_can(engine: DuckEngine) -> None:
    late = [Customer(i, days=40, gap=30, revenue=str(365 * i), tenure=800) for i in (1, 2, 3)]
    for earlier, number in ((None, 0), ([Customer(1, days=40, gap=30)], 1)):
        at_risk = assigned(engine, late, earlier).at_risk
        assert (at_risk.basis, at_risk.amount, at_risk.top_share) == (Basis.CANNOT_TELL, None, None)
        assert (at_risk.customers, at_risk.run_rate) == (3, Decimal("540.00"))
        assert [h.customer_id for h in at_risk.top] == ["c3", "c2", "c1"]
        assert at_risk.missing is not None
        assert f"{number} repeat customers were past their usual gap; at least 30 are needed" in at_risk.missing
        assert all(at_risk is None for _, at_risk in per_customer(engine).values())


def test_customers_who_spent_nothing_in_the_past_tell_nothing(engine: DuckEngine) -> None:
    idle = [Customer(i, days=45, gap=30, revenue="0") for i in range(40)]
    at_risk = assigned(engine, [Customer(i, days=40, gap=30) for i in range(3)], idle).at_risk
    assert at_risk.missing is not None
    assert at_risk.missing.endswith("usual gap, and none of them had spent anything in the year before")


def test_the_twenty_largest_holders_and_their_share(engine: DuckEngine) -> None:
    earlier, later = one_horizon_ago(now_days=20)
    late = [Customer(i, days=40, gap=30, revenue="3650", tenure=800) for i in range(30)]
    at_risk = assigned(engine, [*late, *later], earlier).at_risk
    assert len(at_risk.top) == 20
    assert (at_risk.customers, at_risk.amount) == (30, Decimal("13500.00"))
    assert at_risk.top_share == pytest.approx(20 / 30)
    total = sum(amount or 0 for _, amount in per_customer(engine).values())
    assert total == at_risk.amount
