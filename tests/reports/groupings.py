"""Made-up results of the segments room, in the shapes that reports read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from holdfast.reports import LedgerLine, ShopFacts

SHOP = ShopFacts(
    as_of=date(2011, 12, 9),
    currency="GBP",
    first_order=date(2010, 12, 1),
    last_order=date(2011, 12, 8),
    orders=18_532,
    lines_kept=397_884,
    revenue_kept=Decimal("8911407.90"),
    rejected=(
        LedgerLine("no_customer", 135_080, Decimal("1447682.12")),
        LedgerLine("cancelled", 8_945, Decimal("-611342.09")),
    ),
)


@dataclass(frozen=True)
class MadeSegment:
    segment: str
    customers: int = 10
    customer_share: float | None = 0.1
    revenue: Decimal = Decimal("1000.00")
    revenue_share: float | None = 0.25
    median_days_since_last_order: float = 12.0
    median_order_count: float = 3.0
    median_net_revenue: Decimal = Decimal("90.00")
    action: str = "Targeted incentive"


@dataclass(frozen=True)
class MadeCell:
    r: int
    fm: int
    group: str
    customers: int = 4
    revenue: Decimal = Decimal("40.00")
    revenue_share: float | None = 0.04


@dataclass(frozen=True)
class MadeHolder:
    customer_id: str = "14156"
    risk_band: str = "high"
    days_since_last_order: int = 9
    median_gap_days: float = 4.5
    run_rate: Decimal = Decimal("28863.48")
    revenue_at_risk: Decimal | None = Decimal("6149.42")


@dataclass(frozen=True)
class MadeLapse:
    band: str
    share: float | None
    basis: str = "measured"


@dataclass(frozen=True)
class MadeAtRisk:
    method: str = "run rate x lapse share"
    horizon: int = 90
    basis: str = "measured"
    amount: Decimal | None = Decimal("48210.49")
    customers: int = 312
    run_rate: Decimal = Decimal("151000.00")
    gone_customers: int = 0
    gone_run_rate: Decimal = Decimal("0.00")
    top: Sequence[MadeHolder] = (MadeHolder(),) * 20
    top_share: float | None = 0.41
    lapse_shares: Sequence[MadeLapse] = (MadeLapse("medium", 0.18), MadeLapse("high", 0.425))
    missing: str | None = None


@dataclass(frozen=True)
class MadeCutoffs:
    def words(self) -> Mapping[str, str]:
        return {
            "low": "churn ratio below 1",
            "medium": "churn ratio 1 to 2",
            "high": "churn ratio above 2",
            "one_time": "one order day",
            "unknown": "churn ratio missing",
        }


@dataclass(frozen=True)
class MadeClusters:
    clear: bool = True
    reason: str = ""


@dataclass(frozen=True)
class MadeGroupings:
    customers: int = 4_338
    one_time_customers: int = 1_549
    revenue: Decimal = Decimal("8911407.90")
    risk_cutoffs: MadeCutoffs = field(default_factory=MadeCutoffs)
    bands: Sequence[MadeSegment] = (
        MadeSegment("high", 471),
        MadeSegment("low", 1_929),
        MadeSegment("medium", 389),
        MadeSegment("one_time", 1_549),
    )
    grid: Sequence[MadeCell] = tuple(
        MadeCell(r, fm, f"group {r}{fm}") for r in (5, 4, 3, 2, 1) for fm in (1, 2, 3, 4, 5)
    )
    rfm_groups: Sequence[MadeSegment] = (
        MadeSegment("Champions", 682, 0.157, Decimal("5314989.70"), 0.609),
        MadeSegment("Loyal"),
    )
    fitted_archetypes: MadeClusters = field(default_factory=MadeClusters)
    archetypes: Sequence[MadeSegment] = (MadeSegment("Seasonal", 2_367), MadeSegment("Monthly High-Value", 1))
    at_risk: MadeAtRisk = field(default_factory=MadeAtRisk)
