"""Revenue at risk in the next 90 days: run rate x lapse share, until there are forecasts.

**At risk** are customers in the medium and high bands who are not gone and have a run rate above zero. Each one's
revenue at risk is run rate x lapse share of the band (both: see `lapse_share`), rounded to the cent, so that a list of
customers adds up to its headline. Gone customers are counted apart. One-time buyers have no rhythm: nothing can be
told, and both amounts are NULL rather than zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.segments.churn_ratio import RiskBand
from holdfast.segments.lapse_share import LATE, RHYTHMIC, AtRiskConfig, Basis, LapseShare, listed
from holdfast.segments.summary import GROUPED, share
from holdfast.units import to_cents

METHOD = "run rate x lapse share"


@dataclass(frozen=True, slots=True)
class Holder:
    """One customer at risk; money to the cent; times in days."""

    customer_id: str
    risk_band: RiskBand
    days_since_last_order: int
    median_gap_days: float
    run_rate: Decimal
    revenue_at_risk: Decimal | None


@dataclass(frozen=True, slots=True)
class RevenueAtRisk:
    """The headline and what it rests on; money in the shop's currency, to the cent.

    `amount` is None where it cannot be told, and `missing` then says what is missing. `customers` hold `run_rate`, of
    which `amount` is at risk; `shop_run_rate` is that of all repeat customers who are not gone. `top` are the largest
    holders (by run rate where the amount cannot be told), with `top_share` of the amount.
    """

    method: str
    horizon: int
    basis: Basis
    amount: Decimal | None
    customers: int
    run_rate: Decimal
    shop_run_rate: Decimal
    gone_customers: int
    gone_run_rate: Decimal
    top: tuple[Holder, ...]
    top_share: float | None
    lapse_shares: tuple[LapseShare, ...]
    missing: str | None


def at_risk(
    engine: DuckEngine, *, shares: Sequence[LapseShare], config: AtRiskConfig, table: str = GROUPED
) -> RevenueAtRisk:
    """The headline, from a table with risk_band, is_gone, run_rate and revenue_at_risk for every customer."""
    totals = engine.rows(_totals(table)).one()
    holders = tuple(_holder(row) for row in engine.rows(_holders(table, config.top)).dicts())
    basis = _weakest(shares)
    told = basis is not Basis.CANNOT_TELL
    amount = to_cents(totals["amount"]) if told else None
    held = sum((holder.revenue_at_risk or Decimal(0) for holder in holders), Decimal(0))
    return RevenueAtRisk(
        method=METHOD,
        horizon=config.horizon,
        basis=basis,
        amount=amount,
        customers=totals["customers"],
        run_rate=to_cents(totals["run_rate"]),
        shop_run_rate=to_cents(totals["shop_run_rate"]),
        gone_customers=totals["gone_customers"],
        gone_run_rate=to_cents(totals["gone_run_rate"]),
        top=holders,
        top_share=None if amount is None else share(held, amount),
        lapse_shares=tuple(shares),
        missing=None if told else _missing(shares, config),
    )


def _weakest(shares: Sequence[LapseShare]) -> Basis:
    bases = {s.basis for s in shares}
    return next(basis for basis in (Basis.CANNOT_TELL, Basis.POOLED, Basis.MEASURED) if basis in bases)


def _missing(shares: Sequence[LapseShare], config: AtRiskConfig) -> str:
    late = sum(s.seen.customers for s in shares)
    seen = f"{config.horizon} days ago {late} repeat customers were past their usual gap"
    if late >= config.enough_customers:
        return f"{seen}, and none of them had spent anything in the year before"
    return f"{seen}; at least {config.enough_customers} are needed to see how many of them come back"


def _exposed() -> str:
    return f"risk_band IN ({listed(*LATE)}) AND NOT is_gone AND run_rate > 0"


def _totals(table: str) -> Query:
    repeat = f"risk_band IN ({listed(*RHYTHMIC)}) AND NOT is_gone"
    return Query(
        "revenue_at_risk",
        "the shop",
        f"""
        SELECT {sql.count_where(_exposed())} AS customers, {sql.sum_where("run_rate", _exposed())} AS run_rate,
            {sql.sum_where("revenue_at_risk", _exposed())} AS amount, {sql.sum_where("run_rate", repeat)}
            AS shop_run_rate, {sql.count_where("is_gone")} AS gone_customers,
            {sql.sum_where("run_rate", "is_gone")} AS gone_run_rate
        FROM {sql.name(table)}
        """,
    )


def _holders(table: str, top: int) -> Query:
    return Query(
        "largest_holders",
        "one customer at risk",
        f"""
        SELECT customer_id, risk_band, days_since_last_order, median_gap_days, run_rate, revenue_at_risk
        FROM {sql.name(table)}
        WHERE {_exposed()}
        ORDER BY COALESCE(revenue_at_risk, run_rate) DESC, customer_id
        LIMIT $top
        """,
        {"top": top},
    )


def _holder(row: Mapping[str, Any]) -> Holder:
    amount = row["revenue_at_risk"]
    return Holder(
        customer_id=row["customer_id"],
        risk_band=RiskBand(row["risk_band"]),
        days_since_last_order=row["days_since_last_order"],
        median_gap_days=row["median_gap_days"],
        run_rate=to_cents(row["run_rate"]),
        revenue_at_risk=to_cents(amount) if amount is not None else None,
    )
