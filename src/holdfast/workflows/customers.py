"""Customers as of a date: features, then groups; listed, filtered, written out, or one looked at closely."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from holdfast.engine import DuckEngine, Query, Rows
from holdfast.errors import InputError, NotFoundError
from holdfast.features import available_columns, customers_asof
from holdfast.segments import (
    VOUCHER_RANGES,
    ArchetypeConfig,
    Archetypes,
    AtRiskConfig,
    RiskCutoffs,
    SegmentConfig,
    SegmentResult,
    assign,
    parse_rules,
)
from holdfast.settings import Settings
from holdfast.store import Dataset
from holdfast.workflows.listing import EVERYTHING, GROUPED, Asked, customers_query
from holdfast.workflows.shop import Progress, Shop, as_of_date, no_progress, proposed_as_of

ARCHETYPES = "archetypes.json"
_EARLIER_NAMES = (
    "days_since_last_order",
    "order_day_count",
    "median_gap_days",
    "churn_ratio",
    "order_count",
    "net_revenue",
    "net_revenue_365d",
    "days_since_first_purchase",
)


@dataclass(frozen=True, slots=True)
class Grouped:
    """An engine that holds `customers_grouped` as of a date, the summaries of the groups, and what it was made from."""

    engine: DuckEngine
    dataset: Dataset
    as_of: date
    groups: SegmentResult


@contextmanager
def grouped_customers(
    shop: Shop,
    *,
    as_of: str | date | None = None,
    rules: Mapping[str, Any] | None = None,
    progress: Progress = no_progress,
) -> Iterator[Grouped]:
    """Compute features and groups of every customer as of a date (default: the data set's proposal)."""
    with shop.stage() as (engine, dataset):
        yield group_customers(shop, engine, dataset, as_of_date(as_of, dataset), rules=rules, progress=progress)


def group_customers(
    shop: Shop,
    engine: DuckEngine,
    dataset: Dataset,
    day: date,
    *,
    rules: Mapping[str, Any] | None = None,
    progress: Progress = no_progress,
) -> Grouped:
    """The same in an engine that holds the stage of a data set already."""
    progress("Features of every customer", 0.1)
    available = available_columns(engine)
    if not customers_asof(engine, as_of=day, available=available):
        raise InputError(
            "Nobody had ordered by then.",
            seen=f"as_of {day}, first order {dataset.manifest.first_order}.",
            todo="Choose a later --as-of.",
        )
    progress("Groups", 0.7)
    config = segment_config(shop.settings, rules=rules, columns=engine.types("customers_asof"))
    earlier = _earlier(engine, day, config.at_risk, available)
    is_today = day == proposed_as_of(dataset)
    previous = _previous_archetypes(shop) if is_today else None
    groups = assign(engine, earlier=earlier, config=config, keep_as=GROUPED, previous=previous)
    if is_today:
        _remember_archetypes(shop, groups.fitted_archetypes)
    return Grouped(engine, dataset, day, groups)


def _previous_archetypes(shop: Shop) -> Archetypes | None:
    """The fit that people have seen last, so that archetypes keep their names; None before the first."""
    stored = shop.folder.read_json(ARCHETYPES)
    return Archetypes.from_json(stored) if stored else None


def _remember_archetypes(shop: Shop, fitted: Archetypes) -> None:
    """Keep today's fit for the next time; an answer about the past neither uses nor changes it."""
    if fitted.clear and shop.folder.read_json(ARCHETYPES) != json.loads(json.dumps(fitted.as_json())):
        shop.folder.write_json(ARCHETYPES, fitted.as_json())


def segment_config(settings: Settings, *, rules: Mapping[str, Any] | None, columns: Mapping[str, str]) -> SegmentConfig:
    """The settings in the words of the segments room; the voucher ranges unless other rules are given."""
    medium, high = settings.risk_cutoffs
    return SegmentConfig(
        risk=RiskCutoffs(medium_from=medium, high_above=high),
        archetypes=ArchetypeConfig(
            k=settings.archetypes,
            choose_k=settings.archetypes_by_stability,
            engagement=settings.archetypes_with_engagement,
            seed=settings.seed,
        ),
        at_risk=AtRiskConfig(horizon=settings.horizon_days),
        rules=parse_rules(rules or VOUCHER_RANGES, columns=columns),
    )


def list_customers(
    shop: Shop,
    *,
    as_of: str | date | None = None,
    where: Sequence[str] = (),
    sort: str | None = None,
    limit: int | None = None,
    columns: Sequence[str] = (),
    progress: Progress = no_progress,
) -> tuple[Rows, date]:
    """Customers that meet all conditions (`risk_band=high`), sorted (`-net_revenue` = falling), the first `limit`."""
    with grouped_customers(shop, as_of=as_of, progress=progress) as grouped:
        asked = Asked(where=tuple(where), sort=sort, columns=tuple(columns))
        query = customers_query(grouped.engine.types(GROUPED), asked, limit=limit)
        return grouped.engine.rows(query), grouped.as_of


def write_customers(
    shop: Shop,
    out: Path,
    *,
    as_of: str | date | None = None,
    where: Sequence[str] = (),
    sort: str | None = None,
    limit: int | None = None,
    exact: bool = False,
    progress: Progress = no_progress,
) -> tuple[int, date]:
    """Write customers with all features and groups to a .parquet or .csv file; returns how many, and as of when."""
    with grouped_customers(shop, as_of=as_of, progress=progress) as grouped:
        asked = Asked(where=tuple(where), sort=sort, columns=(EVERYTHING,))
        query = customers_query(grouped.engine.types(GROUPED), asked, limit=limit)
        return grouped.engine.write(query, out, exact=exact), grouped.as_of


def _earlier(engine: DuckEngine, as_of: date, config: AtRiskConfig, available: frozenset[str]) -> str | None:
    """Customers as of one horizon ago, to see what became of each risk band; None if nobody had ordered by then."""
    day = as_of - timedelta(days=int(config.horizon))
    found = customers_asof(engine, as_of=day, available=available, names=_EARLIER_NAMES, keep_as="customers_earlier")
    return "customers_earlier" if found else None


@dataclass(frozen=True, slots=True)
class CustomerProfile:
    """One customer: its features and groups, its orders (latest first) and what it bought most."""

    customer_id: str
    as_of: date
    facts: Mapping[str, Any]
    orders: Rows
    products: Rows
    currency: str | None


def one_customer(shop: Shop, customer_id: str, *, as_of: str | date | None = None) -> CustomerProfile:
    """All that is known of one customer before as_of; NotFoundError if there was no order by then."""
    with grouped_customers(shop, as_of=as_of) as grouped:
        engine = grouped.engine
        chosen = f"SELECT * FROM {GROUPED} WHERE customer_id = $id"
        facts = engine.rows(Query("one_customer", "one customer", chosen, {"id": customer_id})).dicts()
        if not facts:
            raise NotFoundError(
                f"There is no customer {customer_id!r} with an order before {grouped.as_of}.",
                seen=f"{grouped.groups.customers:,} others.",
                todo="Check the id, or look from a later --as-of. Ids are those of the file, letter by letter.",
            )
        scope = {"key": facts[0]["customer_key"], "as_of": grouped.as_of}
        return CustomerProfile(
            customer_id=customer_id,
            as_of=grouped.as_of,
            facts=facts[0],
            orders=engine.rows(Query("timeline", "one order of the customer", _TIMELINE, scope)),
            products=engine.rows(Query("favourites", "one product of the customer", _FAVOURITES, scope)),
            currency=grouped.dataset.manifest.currency,
        )


_TIMELINE = """
    SELECT order_id, ordered_at, lines, units, amount, day - lag(day) OVER (ORDER BY ordered_at) AS days_since_previous,
        CASE WHEN reversed_at < CAST($as_of AS TIMESTAMP) THEN reversed_at END AS undone_at
    FROM orders WHERE customer_key = $key AND ordered_at < CAST($as_of AS TIMESTAMP)
    ORDER BY ordered_at DESC, order_key DESC"""

_FAVOURITES = """
    SELECT p.product_id, p.product_name, COUNT(DISTINCT l.order_key) AS orders, SUM(l.amount) AS amount,
        MAX(l.ordered_at) AS last_ordered_at
    FROM order_lines AS l JOIN products AS p USING (product_key)
    WHERE l.customer_key = $key AND l.ordered_at < CAST($as_of AS TIMESTAMP) AND NOT l.is_service
        AND (l.reversed_at IS NULL OR l.reversed_at >= CAST($as_of AS TIMESTAMP))
    GROUP BY p.product_id, p.product_name ORDER BY amount DESC, p.product_id"""
