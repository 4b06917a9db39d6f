"""How much a shop's customers spend, and how much of it late customers take away: measured on the shop's own past.

- **Run rate**: what a customer would spend in the horizon by going on as before: net revenue of the last 365 days, or
  of the time since the first order if that is shorter (but at least 90 days), scaled to the horizon; never negative.
- **Lapse share** of a risk band: of the run rate its customers held one horizon ago, the share held by those who have
  not ordered since. It is one of money: large customers come back more often, so the share of customers who lapsed,
  shown beside it, would overstate the loss (up to three times on Online Retail II).
- **Gone** customers are left out: what left long ago cannot leave in the next 90 days. Somebody with a median gap under
  90 days is gone after 180 days without an order, everybody else after 365.

A band with fewer than 30 customers one horizon ago takes the share of medium and high together ("pooled"); where these
are too few as well, the answer is "cannot tell".
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
from holdfast.segments.summary import ENOUGH_CUSTOMERS, share
from holdfast.tables import MONEY

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
            WHERE l.risk_band IN ({listed(*LATE)}) AND NOT l.is_gone
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
    return f"CASE WHEN l.risk_band IN ({listed(*RHYTHMIC)}) THEN {rate} END"


def _windows(config: AtRiskConfig) -> dict[str, object]:
    return {
        "longest_window": config.longest_window,
        "shortest_window": config.shortest_window,
        "horizon": config.horizon,
    }


def listed(*bands: RiskBand) -> str:
    """The bands between the brackets of an IN."""
    return ", ".join(sql.text(band) for band in bands)


def _cents(amount: str) -> sql.Sql:
    return sql.cast(f"round({amount}, 2)", MONEY)
