"""One table for any grouping: who is in each segment, what they are worth, how they are doing, and what to do.

**The action of a segment** follows from its value and its risk, in this order:

1. Value is high where the segment's median customer has brought at least as much as the shop's median customer. (A mean
   would follow the few largest customers, and call a loyal group low.)
2. Risk is high where at least half of the customers that have a churn ratio are in the medium or high band. It is known
   where half of the segment has a churn ratio, or a tenth of it and at least 30 customers.
3. High value and low risk: early access and loyalty perks. High value and high risk: targeted incentive. Low value and
   high risk: low-touch win-back or deprioritise. Everything else, unknown risk included: stay in touch as usual.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.errors import NotFoundError
from holdfast.segments.churn_ratio import RiskBand
from holdfast.units import to_cents

GROUPED = "customers_grouped"

ENOUGH_CUSTOMERS = 30
"""With 30 customers a share is known to about 18 points (binomial, 95 %); with fewer it says little."""


class Action(StrEnum):
    """What to do with a segment."""

    PERKS = "Early access and loyalty perks"
    INCENTIVE = "Targeted incentive"
    LOW_TOUCH = "Low-touch win-back or deprioritise"
    AS_USUAL = "Stay in touch as usual"


@dataclass(frozen=True, slots=True)
class SegmentSummary:
    """One segment; money in the shop's currency, to the cent; times in days; None where nobody has the figure."""

    segment: str
    customers: int
    customer_share: float | None
    revenue: Decimal
    revenue_share: float | None
    mean_days_since_last_order: float
    median_days_since_last_order: float
    mean_order_count: float
    median_order_count: float
    mean_net_revenue: Decimal
    median_net_revenue: Decimal
    mean_churn_ratio: float | None
    median_churn_ratio: float | None
    bands: Mapping[str, int]
    action: Action


def summarise(engine: DuckEngine, *, by: str, table: str = GROUPED, of: str = GROUPED) -> tuple[SegmentSummary, ...]:
    """The segments of the column `by` of `table`, the one with most revenue first.

    `table` holds one row per customer and segment, with risk_band; `of` holds one row per customer of the whole shop,
    which shares refer to. They are the same table wherever a customer is in one segment only.
    """
    if by not in engine.names(table):
        raise NotFoundError(
            "There is no such grouping.", seen=f"{by} is no column of {table}.", todo="Name a column that has groups."
        )
    shop = engine.rows(_totals(of)).one()
    found = engine.rows(_segments(table, by)).dicts()
    return tuple(_summary(row, shop) for row in found)


def share(part: Decimal | int, whole: Decimal | int) -> float | None:
    """`part` of `whole`; None where the whole is zero or less, because a share of nothing is not a number."""
    return float(Decimal(part) / Decimal(whole)) if whole > 0 else None


def _totals(table: str) -> Query:
    return Query(
        "shop_totals",
        "the shop",
        f"""
        SELECT COUNT(*) AS customers, COALESCE(SUM(net_revenue), 0) AS revenue,
            {sql.median("net_revenue")} AS median_revenue
        FROM {sql.name(table)}
        """,
    )


def _segments(table: str, by: str) -> Query:
    days, orders, ratio = "days_since_last_order", "order_count", "churn_ratio"
    bands = ", ".join(f"{sql.count_where(f'risk_band = {sql.text(band)}')} AS band_{band}" for band in RiskBand)
    return Query(
        "segment_summary",
        "one segment",
        f"""
        SELECT {sql.name(by)} AS segment, COUNT(*) AS customers, SUM(net_revenue) AS revenue,
            {sql.mean(days)} AS mean_days, {sql.median(days)} AS median_days,
            {sql.mean(orders)} AS mean_orders, {sql.median(orders)} AS median_orders,
            {sql.median("net_revenue")} AS median_revenue,
            {sql.ratio(sql.exact_sum(ratio), f"COUNT({ratio})")} AS mean_ratio, {sql.median(ratio)} AS median_ratio,
            {bands}
        FROM {sql.name(table)}
        WHERE {sql.name(by)} IS NOT NULL
        GROUP BY {sql.name(by)}
        ORDER BY revenue DESC, segment
        """,
    )


def _summary(row: Mapping[str, Any], shop: Mapping[str, Any]) -> SegmentSummary:
    customers, revenue = row["customers"], row["revenue"]
    bands = {band.value: row[f"band_{band}"] for band in RiskBand}
    return SegmentSummary(
        segment=str(row["segment"]),
        customers=customers,
        customer_share=share(customers, shop["customers"]),
        revenue=to_cents(revenue),
        revenue_share=share(revenue, shop["revenue"]),
        mean_days_since_last_order=row["mean_days"],
        median_days_since_last_order=row["median_days"],
        mean_order_count=row["mean_orders"],
        median_order_count=row["median_orders"],
        mean_net_revenue=to_cents(revenue / customers),
        median_net_revenue=to_cents(Decimal(str(row["median_revenue"]))),
        mean_churn_ratio=row["mean_ratio"],
        median_churn_ratio=row["median_ratio"],
        bands=bands,
        action=action(bands, valuable=row["median_revenue"] >= shop["median_revenue"]),
    )


def action(bands: Mapping[str, int], *, valuable: bool) -> Action:
    """The action of a segment with these customers per risk band, by the rule at the top of this file."""
    low, late = bands["low"], bands["medium"] + bands["high"]
    with_ratio, customers = low + late, sum(bands.values())
    known = 2 * with_ratio >= customers or (10 * with_ratio >= customers and with_ratio >= ENOUGH_CUSTOMERS)
    if not known:
        return Action.AS_USUAL
    at_risk = late >= low
    if valuable:
        return Action.INCENTIVE if at_risk else Action.PERKS
    return Action.LOW_TOUCH if at_risk else Action.AS_USUAL
