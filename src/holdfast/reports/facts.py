"""What a report is told: the shapes of results made in other rooms, which reports read without knowing the rooms.

Members mean what the result of the same name says in the room that makes it; shares are 0 to 1, times are in days.
"""
# ruff: noqa: D102 (a sentence under each of these names would only repeat it)

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """Lines that were not kept, for one reason; revenue in the shop's currency."""

    reason: str
    lines: int
    revenue: Decimal


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """The shop and its history; `as_of` is exclusive, `currency` an ISO 4217 code."""

    as_of: date
    currency: str
    first_order: date
    last_order: date
    orders: int
    lines_kept: int
    revenue_kept: Decimal
    rejected: Sequence[LedgerLine]


class Segment(Protocol):
    """One segment of a summary."""

    @property
    def segment(self) -> str: ...
    @property
    def customers(self) -> int: ...
    @property
    def customer_share(self) -> float | None: ...
    @property
    def revenue(self) -> Decimal: ...
    @property
    def revenue_share(self) -> float | None: ...
    @property
    def median_days_since_last_order(self) -> float: ...
    @property
    def median_order_count(self) -> float: ...
    @property
    def median_net_revenue(self) -> Decimal: ...
    @property
    def action(self) -> str: ...


class GridCell(Protocol):
    """One cell of the RFM grid."""

    @property
    def r(self) -> int: ...
    @property
    def fm(self) -> int: ...
    @property
    def group(self) -> str: ...
    @property
    def customers(self) -> int: ...
    @property
    def revenue(self) -> Decimal: ...
    @property
    def revenue_share(self) -> float | None: ...


class Holder(Protocol):
    """One customer at risk."""

    @property
    def customer_id(self) -> str: ...
    @property
    def risk_band(self) -> str: ...
    @property
    def days_since_last_order(self) -> int: ...
    @property
    def median_gap_days(self) -> float: ...
    @property
    def run_rate(self) -> Decimal: ...
    @property
    def revenue_at_risk(self) -> Decimal | None: ...


class BandLapse(Protocol):
    """The lapse share of one risk band."""

    @property
    def band(self) -> str: ...
    @property
    def share(self) -> float | None: ...
    @property
    def basis(self) -> str: ...


class AtRisk(Protocol):
    """Revenue at risk; `amount` is None where it cannot be told, and `missing` says why."""

    @property
    def method(self) -> str: ...
    @property
    def horizon(self) -> int: ...
    @property
    def basis(self) -> str: ...
    @property
    def amount(self) -> Decimal | None: ...
    @property
    def customers(self) -> int: ...
    @property
    def run_rate(self) -> Decimal: ...
    @property
    def gone_customers(self) -> int: ...
    @property
    def gone_run_rate(self) -> Decimal: ...
    @property
    def top(self) -> Sequence[Holder]: ...
    @property
    def top_share(self) -> float | None: ...
    @property
    def lapse_shares(self) -> Sequence[BandLapse]: ...
    @property
    def missing(self) -> str | None: ...


class Cutoffs(Protocol):
    """Cut-offs of the risk bands."""

    def words(self) -> Mapping[str, str]: ...


class Clusters(Protocol):
    """How clear the archetypes are; `reason` says why they are not."""

    @property
    def clear(self) -> bool: ...
    @property
    def reason(self) -> str: ...


class Groupings(Protocol):
    """Every grouping of a shop's customers."""

    @property
    def customers(self) -> int: ...
    @property
    def one_time_customers(self) -> int: ...
    @property
    def revenue(self) -> Decimal: ...
    @property
    def risk_cutoffs(self) -> Cutoffs: ...
    @property
    def bands(self) -> Sequence[Segment]: ...
    @property
    def grid(self) -> Sequence[GridCell]: ...
    @property
    def rfm_groups(self) -> Sequence[Segment]: ...
    @property
    def fitted_archetypes(self) -> Clusters: ...
    @property
    def archetypes(self) -> Sequence[Segment]: ...
    @property
    def at_risk(self) -> AtRisk: ...
