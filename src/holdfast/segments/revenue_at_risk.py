"""Revenue at risk in the next 90 days: run rate x lapse share, until there are forecasts.

- **Run rate**: what a customer would spend in the horizon by going on as before: net revenue of the last 365 days, or
  of the time since the first order if that is shorter (but at least 90 days), scaled to the horizon; never negative.
- **Lapse share** of a risk band: of the run rate its customers held one horizon ago, the share held by those who have
  not ordered since. It is measured on the shop's own past, and in money: large customers come back more often, so the
  share of customers who lapsed, shown beside it, would overstate the loss (up to three times on Online Retail II).
- **At risk** are customers in the medium and high bands with a run rate above zero. Each one's revenue at risk is run
  rate x lapse share, rounded to the cent, so that a list of customers adds up to its headline.
- **Gone** customers are not at risk: what left long ago cannot leave in the next 90 days. Somebody with a median gap
  under 90 days is gone after 180 days without an order, everybody else after 365. They are counted apart, and they are
  left out of the lapse share for the same reason.
- One-time buyers have no rhythm: nothing can be told, and both amounts are NULL rather than zero.

A band with fewer than 30 customers one horizon ago takes the share of medium and high together ("pooled"); where these
are too few as well, the answer is "cannot tell", with what is missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.segments.churn_ratio import RiskBand
from holdfast.segments.summary import ENOUGH_CUSTOMERS, GROUPED, share
from holdfast.tables import MONEY
from holdfast.units import to_cents

METHOD = "run rate x lapse share"
LATE = (RiskBand.MEDIUM, RiskBand.HIGH)
RHYTHMIC = (RiskBand.LOW, *LATE)


@dataclass(frozen=True, slots=True)
class AtRiskConfig:
    """All in days but `enough_customers`, the least number of past customers a share is measured on, and `top`."""

    horizon: int = 90
    longest_window: int = 365
    shortest_window: int = 90
    fast_gap: int = 90
    fast_gone_after: int = 180
    slow_gone_after: int = 365
    enough_customers: int = ENOUGH_CUSTOMERS
    top: int = 20


class Basis(StrEnum):
    """What a lapse share rests on."""

    MEASURED = "measured"
    POOLED = "pooled"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Lapse:
    """What became of some customers within one horizon: sums, so that those of two bands can be added."""

    customers: int
    lapsed: int
    run_rate: Decimal
    lapsed_run_rate: Decimal

    def __add__(self, other: "Lapse") -> "Lapse":
        return Lapse(
            self.customers + other.customers,
            self.lapsed + other.lapsed,
            self.run_rate + other.run_rate,
            self.lapsed_run_rate + other.lapsed_run_rate,
        )

    def share(self, enough_customers: int) -> float | None:
        """The share of the run rate that lapsed; None with too few customers, or without any run rate."""
        return share(self.lapsed_run_rate, self.run_rate) if self.customers >= enough_customers else None


NOBODY = Lapse(0, 0, Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class LapseShare:
    """The lapse share used for a band, what it rests on, and what was seen in the band itself one horizon ago."""

    band: RiskBand
    share: float | None
    basis: Basis
    seen: Lapse


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


def gone(customers: Mapping[str, npt.NDArray[Any]], *, config: AtRiskConfig) -> npt.NDArray[np.bool_]:
    """TRUE for those who left long ago; needs days_since_last_order and median_gap_days (NaN for one-day buyers).

    Nobody is gone within the own usual gap: who orders every 400 days is not gone after 380.
    """
    silent = customers["days_since_last_order"].astype(np.float64)
    gap = customers["median_gap_days"].astype(np.float64)
    limit = np.where(gap < config.fast_gap, config.fast_gone_after, config.slow_gone_after)
    return np.asarray((silent > limit) & (silent > gap), dtype=np.bool_)


def lapse_shares(
    engine: DuckEngine, *, earlier: str, labels: str, now: str, config: AtRiskConfig
) -> tuple[LapseShare, ...]:
    """The lapse shares of the medium and the high band.

    `earlier` is the customer table of one horizon ago, `labels` has its customer_key, risk_band and is_gone, and `now`
    is the customer table of today. Whoever's last order lies within the horizon came back; whoever is no longer in
    `now` (all orders returned since) did not.
    """
    lapsed = "n.days_since_last_order IS NULL OR n.days_since_last_order > $horizon"
    query = Query(
        "lapse_shares",
        "one risk band",
        f"""
        SELECT risk_band, COUNT(*) AS customers, {sql.count_where("lapsed")} AS lapsed, SUM(run_rate) AS run_rate,
            {sql.sum_where("run_rate", "lapsed")} AS lapsed_run_rate
        FROM (
            SELECT l.risk_band, {_cents(_run_rate())} AS run_rate, {lapsed} AS lapsed
            FROM {sql.name(earlier)} AS c
            JOIN {sql.name(labels)} AS l ON c.customer_key = l.customer_key
            LEFT JOIN {sql.name(now)} AS n ON c.customer_key = n.customer_key
            WHERE l.risk_band IN ({_listed(*LATE)}) AND NOT l.is_gone
        ) AS late
        GROUP BY risk_band
        """,
        _windows(config),
    )
    seen = {RiskBand(row.pop("risk_band")): Lapse(**row) for row in engine.rows(query).dicts()}
    return shares_of_bands(seen, config=config)


def shares_of_bands(seen: Mapping[RiskBand, Lapse], *, config: AtRiskConfig) -> tuple[LapseShare, ...]:
    """A lapse share for each late band, pooled where the band is too small to be measured alone."""
    by_band = {band: seen.get(band, NOBODY) for band in LATE}
    pooled = sum(by_band.values(), NOBODY).share(config.enough_customers)

    def of(band: RiskBand) -> LapseShare:
        own = by_band[band].share(config.enough_customers)
        if own is not None:
            return LapseShare(band, own, Basis.MEASURED, by_band[band])
        return LapseShare(band, pooled, Basis.CANNOT_TELL if pooled is None else Basis.POOLED, by_band[band])

    return tuple(of(band) for band in LATE)


def amount_columns(shares: Sequence[LapseShare], *, config: AtRiskConfig) -> tuple[sql.Sql, dict[str, object]]:
    """The select list `run_rate, revenue_at_risk` (DECIMAL, whole cents), with its parameters.

    Reads a customer table `c` (net_revenue_365d, days_since_first_purchase) and its labels `l` (risk_band, is_gone).
    Each amount is computed from the customer's own row and rounded once; sums of them are exact.
    """
    lapse = " ".join(f"WHEN l.risk_band = {sql.text(s.band)} THEN $lapse_{s.band}" for s in shares)
    at_risk = f"({_run_rate()}) * (CASE WHEN l.is_gone THEN 0 {lapse} ELSE 0 END)"
    columns = sql.Sql(f"{_cents(_run_rate())} AS run_rate, {_cents(at_risk)} AS revenue_at_risk")
    return columns, _windows(config) | {f"lapse_{s.band}": s.share for s in shares}


def _run_rate() -> str:
    """What a customer `c` with labels `l` would spend in the horizon by going on as before; NULL without a rhythm."""
    window = "least($longest_window, greatest($shortest_window, c.days_since_first_purchase))"
    rate = f"{sql.ratio('greatest(c.net_revenue_365d, 0)', window)} * $horizon"
    return f"CASE WHEN l.risk_band IN ({_listed(*RHYTHMIC)}) THEN {rate} END"


def _windows(config: AtRiskConfig) -> dict[str, object]:
    return {
        "longest_window": config.longest_window,
        "shortest_window": config.shortest_window,
        "horizon": config.horizon,
    }


def _listed(*bands: RiskBand) -> str:
    return ", ".join(sql.text(band) for band in bands)


def _cents(amount: str) -> sql.Sql:
    return sql.cast(f"round({amount}, 2)", MONEY)


def at_risk(
    engine: DuckEngine, *, shares: Sequence[LapseShare], config: AtRiskConfig, table: str = GROUPED
) -> RevenueAtRisk:
    """The headline, from a table with risk_band, is_gone, run_rate and revenue_at_risk for every customer."""
    totals = engine.rows(_totals(table)).one()
    holders = tuple(_holder(row) for row in engine.rows(_holders(table, config.top)).dicts())
    basis = _weakest(shares)
    told = basis is not Basis.CANNOT_TELL
    amount = to_cents(totals["amount"]) if told else None
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
        top_share=None
        if amount is None
        else share(sum((h.revenue_at_risk or Decimal(0) for h in holders), Decimal(0)), amount),
        lapse_shares=tuple(shares),
        missing=None if told else _missing(shares, config),
    )


def _weakest(shares: Sequence[LapseShare]) -> Basis:
    bases = {s.basis for s in shares}
    return next(basis for basis in (Basis.CANNOT_TELL, Basis.POOLED, Basis.MEASURED) if basis in bases)


def _missing(shares: Sequence[LapseShare], config: AtRiskConfig) -> str:
    late = sum(s.seen.customers for s in shares)
    return (
        f"{config.horizon} days ago {late} repeat customers were past their usual gap; "
        f"at least {config.enough_customers} are needed to see how many of them come back"
    )


def _exposed() -> str:
    return f"risk_band IN ({_listed(*LATE)}) AND NOT is_gone AND run_rate > 0"


def _totals(table: str) -> Query:
    repeat = f"risk_band IN ({_listed(*RHYTHMIC)}) AND NOT is_gone"
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
