"""The tables of the first answer."""

from collections.abc import Sequence
from decimal import Decimal

from holdfast.reports import figures
from holdfast.reports.facts import Groupings, Segment, ShopFacts
from holdfast.reports.report_table import Kind, ReportColumn, ReportTable

GRID = "rfm_grid"


def tables(shop: ShopFacts, groupings: Groupings) -> tuple[ReportTable, ...]:
    """All tables, in reading order."""
    return (
        _holders(groupings),
        _bands(groupings),
        _grid(groupings),
        _segments("rfm_groups", "RFM groups", groupings.rfm_groups),
        _segments("archetypes", "Archetypes", groupings.archetypes, note=groupings.fitted_archetypes.reason),
        _ledger(shop),
    )


def grid_picture(grid: ReportTable) -> ReportTable:
    """The RFM grid as people know it: R up the side, FM along, and in each cell group, customers and revenue share."""
    cells = {(row[0], row[1]): row for row in grid.texts(currency="")}
    rs, fms = sorted({r for r, _ in cells}, reverse=True), sorted({fm for _, fm in cells})

    def cell(r: str, fm: str) -> str:
        _, _, group, customers, _, share = cells[r, fm]
        return f"{group}\n{customers} · {share}"

    columns = (ReportColumn("R \\ FM", Kind.TEXT), *(ReportColumn(fm, Kind.TEXT) for fm in fms))
    rows = tuple((r, *(cell(r, fm) for fm in fms)) for r in rs)
    return ReportTable(grid.name, grid.title, columns, rows, grid.note)


def _holders(groupings: Groupings) -> ReportTable:
    at_risk = groupings.at_risk
    return ReportTable(
        "holders",
        "Who holds it",
        (
            ReportColumn("Customer", Kind.TEXT),
            ReportColumn("Risk", Kind.TEXT),
            ReportColumn("Days since last order", Kind.COUNT),
            ReportColumn("Usual gap, days", Kind.NUMBER),
            ReportColumn(f"Run rate, {at_risk.horizon} days", Kind.MONEY),
            ReportColumn("Revenue at risk", Kind.MONEY),
        ),
        tuple(
            (
                holder.customer_id,
                str(holder.risk_band),
                holder.days_since_last_order,
                holder.median_gap_days,
                str(holder.run_rate),
                None if holder.revenue_at_risk is None else str(holder.revenue_at_risk),
            )
            for holder in at_risk.top
        ),
    )


def _bands(groupings: Groupings) -> ReportTable:
    words = groupings.risk_cutoffs.words()
    found = {band.segment: band for band in groupings.bands}
    return ReportTable(
        "risk_bands",
        "Risk bands",
        (
            ReportColumn("Risk", Kind.TEXT),
            ReportColumn("Cut-off", Kind.TEXT),
            ReportColumn("Customers", Kind.COUNT),
            ReportColumn("Share of customers", Kind.SHARE),
            ReportColumn("Revenue", Kind.MONEY),
            ReportColumn("Share of revenue", Kind.SHARE),
        ),
        tuple(
            (name, words[name], band.customers, band.customer_share, str(band.revenue), band.revenue_share)
            for name, band in ((name, found[name]) for name in words if name in found)
        ),
        note="Churn ratio = days since the last order / the customer's median gap in days.",
    )


def _grid(groupings: Groupings) -> ReportTable:
    return ReportTable(
        GRID,
        "RFM grid",
        (
            ReportColumn("R", Kind.COUNT),
            ReportColumn("FM", Kind.COUNT),
            ReportColumn("Group", Kind.TEXT),
            ReportColumn("Customers", Kind.COUNT),
            ReportColumn("Revenue", Kind.MONEY),
            ReportColumn("Share of revenue", Kind.SHARE),
        ),
        tuple((c.r, c.fm, c.group, c.customers, str(c.revenue), c.revenue_share) for c in groupings.grid),
        note="R: recency, FM: the mean of frequency and monetary value; 5 is best.",
    )


def _segments(name: str, title: str, segments: Sequence[Segment], note: str = "") -> ReportTable:
    return ReportTable(
        name,
        title,
        (
            ReportColumn("Segment", Kind.TEXT),
            ReportColumn("Customers", Kind.COUNT),
            ReportColumn("Revenue", Kind.MONEY),
            ReportColumn("Share of revenue", Kind.SHARE),
            ReportColumn("Days since last order, median", Kind.NUMBER),
            ReportColumn("Orders, median", Kind.NUMBER),
            ReportColumn("Net revenue, median", Kind.MONEY),
            ReportColumn("Action", Kind.TEXT),
        ),
        tuple(
            (
                s.segment,
                s.customers,
                str(s.revenue),
                s.revenue_share,
                s.median_days_since_last_order,
                s.median_order_count,
                str(s.median_net_revenue),
                str(s.action),
            )
            for s in segments
        ),
        note=note,
    )


def _ledger(shop: ShopFacts) -> ReportTable:
    """Lines in = kept + rejected, to the cent."""
    rejected = tuple((line.reason, line.lines, str(line.revenue)) for line in shop.rejected)
    lines_rejected = sum(line.lines for line in shop.rejected)
    revenue_rejected = sum((line.revenue for line in shop.rejected), Decimal(0))
    totals = (
        ("rejected", lines_rejected, str(revenue_rejected)),
        ("kept", shop.lines_kept, str(shop.revenue_kept)),
        ("in the files", shop.lines_kept + lines_rejected, str(shop.revenue_kept + revenue_rejected)),
    )
    return ReportTable(
        "ledger",
        "Ledger",
        (ReportColumn("Lines", Kind.TEXT), ReportColumn("Number", Kind.COUNT), ReportColumn("Revenue", Kind.MONEY)),
        (*rejected, *totals),
        note=f"Lines in the files = kept + rejected. {figures.counted(shop.orders, 'order')} kept.",
    )
