"""Every customer into every grouping, in one table, with the summaries of each."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.errors import InputError, NotFoundError
from holdfast.segments import archetypes, lapse_share, rfm_grid
from holdfast.segments.archetypes import ArchetypeConfig, Archetypes
from holdfast.segments.churn_ratio import RiskBand, RiskCutoffs, risk_bands
from holdfast.segments.lapse_share import AtRiskConfig, LapseShare
from holdfast.segments.revenue_at_risk import RevenueAtRisk, at_risk
from holdfast.segments.rfm_grid import Cell, RfmCutoffs
from holdfast.segments.rule_segments import RuleResult, count_rules
from holdfast.segments.rules import RuleSet
from holdfast.segments.summary import GROUPED, SegmentSummary, summarise
from holdfast.units import to_cents

Columns = dict[str, npt.NDArray[Any]]

_LABELS = "customer_labels"
_EARLIER_LABELS = "earlier_labels"


@dataclass(frozen=True, slots=True)
class SegmentConfig:
    """What the groupings are made with. `rfm` None takes the cut-offs from the shop's own ranks."""

    risk: RiskCutoffs = field(default_factory=RiskCutoffs)
    rfm: RfmCutoffs | None = None
    archetypes: ArchetypeConfig = field(default_factory=ArchetypeConfig)
    at_risk: AtRiskConfig = field(default_factory=AtRiskConfig)
    rules: RuleSet | None = None


@dataclass(frozen=True, slots=True)
class SegmentResult:
    """The groupings of a shop, with the cut-offs they were made with; revenue in the shop's currency, to the cent."""

    customers: int
    one_time_customers: int
    revenue: Decimal
    risk_cutoffs: RiskCutoffs
    bands: tuple[SegmentSummary, ...]
    rfm_cutoffs: RfmCutoffs
    grid: tuple[Cell, ...]
    rfm_groups: tuple[SegmentSummary, ...]
    rfm_groups_eight: tuple[SegmentSummary, ...]
    fitted_archetypes: Archetypes
    archetypes: tuple[SegmentSummary, ...]
    rules: RuleResult | None
    at_risk: RevenueAtRisk


def assign(
    engine: DuckEngine,
    *,
    table: str = "customers_asof",
    earlier: str | None,
    config: SegmentConfig,
    keep_as: str = GROUPED,
    previous: Archetypes | None = None,
) -> SegmentResult:
    """Add every grouping to `table` and keep it as `keep_as`; returns the summaries.

    `table` is one row per customer as of today; `earlier` is the same as of one horizon (config.at_risk.horizon days)
    ago, or None where the history does not reach back so far. Added are risk_band, r_score, f_score, m_score, fm_score,
    rfm_group, rfm_group_eight, archetype, is_gone, and, in money for the horizon, run_rate and revenue_at_risk (see
    `revenue_at_risk`). `previous` is an earlier fit whose archetypes keep their names. Raises InputError without
    customers, and NotFoundError where `table` lacks a column, such as products for archetypes with engagement.
    """
    customers = engine.columns(_needed(engine, table, config.archetypes.features))
    if not len(customers["customer_key"]):
        raise InputError(
            "There is nobody to group.",
            seen=f"{table} has no customers.",
            todo="Choose a later as_of, or import orders.",
        )
    cutoffs = config.rfm or rfm_grid.rank_cutoffs(customers)
    fitted = archetypes.fit(customers, config=config.archetypes, previous=previous)
    labels = _rhythm_labels(customers, config) | _rfm_labels(customers, cutoffs)
    engine.bind_columns(_LABELS, labels | {"archetype": archetypes.predict(fitted, customers)})

    shares = _lapse_shares(engine, table, earlier, config)
    engine.keep(keep_as, _grouped(table, shares, config))
    engine.drop(_LABELS)
    return _result(engine, keep_as, config, cutoffs=cutoffs, fitted=fitted, shares=shares)


def _needed(engine: DuckEngine, table: str, features: tuple[str, ...]) -> Query:
    rhythm = ("days_since_last_order", "order_day_count", "median_gap_days", "churn_ratio")
    names = dict.fromkeys(("customer_key", *rhythm, "order_count", "net_revenue", *features))
    there = engine.names(table)
    missing = [name for name in names if name not in there]
    if missing:
        raise NotFoundError(
            "The customers cannot be grouped without a column.",
            seen=f"{table} has no {', '.join(missing)}.",
            todo="Compute the features with it, or choose archetypes without engagement.",
        )
    columns = ", ".join(sql.name(name) for name in names)
    return Query("groupable_customers", "one customer", f"SELECT {columns} FROM {sql.name(table)}")


def _rhythm_labels(customers: Columns, config: SegmentConfig) -> Columns:
    return {
        "customer_key": customers["customer_key"],
        "risk_band": risk_bands(customers, cutoffs=config.risk),
        "is_gone": lapse_share.gone(customers, config=config.at_risk),
    }


def _rfm_labels(customers: Columns, cutoffs: RfmCutoffs) -> Columns:
    scores = rfm_grid.score(customers, cutoffs=cutoffs)
    return {
        "r_score": scores.r.astype(np.int32),
        "f_score": scores.f.astype(np.int32),
        "m_score": scores.m.astype(np.int32),
        "fm_score": scores.fm.astype(np.int32),
        "rfm_group": rfm_grid.DEFAULT_GROUPS.groups(scores),
        "rfm_group_eight": rfm_grid.EIGHT_GROUPS.groups(scores),
    }


def _lapse_shares(engine: DuckEngine, table: str, earlier: str | None, config: SegmentConfig) -> tuple[LapseShare, ...]:
    if earlier is None:
        return lapse_share.shares_of_bands({}, config=config.at_risk)
    past = engine.columns(_needed(engine, earlier, ()))
    engine.bind_columns(_EARLIER_LABELS, _rhythm_labels(past, config))
    shares = lapse_share.lapse_shares(engine, earlier=earlier, labels=_EARLIER_LABELS, now=table, config=config.at_risk)
    engine.drop(_EARLIER_LABELS)
    return shares


def _grouped(table: str, shares: tuple[LapseShare, ...], config: SegmentConfig) -> Query:
    amounts, parameters = lapse_share.amount_columns(shares, config=config.at_risk)
    labels = (
        "risk_band",
        "r_score",
        "f_score",
        "m_score",
        "fm_score",
        "rfm_group",
        "rfm_group_eight",
        "archetype",
        "is_gone",
    )
    return Query(
        "customers_grouped",
        "one customer",
        f"""
        SELECT c.*, {", ".join(f"l.{label}" for label in labels)}, {amounts}
        FROM {sql.name(table)} AS c JOIN {sql.name(_LABELS)} AS l ON c.customer_key = l.customer_key
        """,
        parameters,
    )


def _result(
    engine: DuckEngine,
    table: str,
    config: SegmentConfig,
    *,
    cutoffs: RfmCutoffs,
    fitted: Archetypes,
    shares: tuple[LapseShare, ...],
) -> SegmentResult:
    def by(column: str) -> tuple[SegmentSummary, ...]:
        return summarise(engine, by=column, table=table, of=table)

    bands = by("risk_band")
    cells = rfm_grid.grid(engine, table=table)
    return SegmentResult(
        customers=sum(band.customers for band in bands),
        one_time_customers=sum(band.customers for band in bands if band.segment == RiskBand.ONE_TIME),
        revenue=to_cents(_revenue(engine, table)),
        risk_cutoffs=config.risk,
        bands=bands,
        rfm_cutoffs=cutoffs,
        grid=cells,
        rfm_groups=by("rfm_group"),
        rfm_groups_eight=by("rfm_group_eight"),
        fitted_archetypes=fitted,
        archetypes=by("archetype"),
        rules=count_rules(engine, config.rules, table=table) if config.rules else None,
        at_risk=at_risk(engine, shares=shares, config=config.at_risk, table=table),
    )


def _revenue(engine: DuckEngine, table: str) -> Decimal:
    query = Query("shop_revenue", "the shop", f"SELECT SUM(net_revenue) AS revenue FROM {sql.name(table)}")
    return Decimal(engine.rows(query).one()["revenue"])
