"""What is in a view, and how it is computed: every customer with features, groups and forecasts, and the summaries."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.errors import InputError
from holdfast.forecast import predict
from holdfast.forecast.days import day_number
from holdfast.store import StoredModel
from holdfast.store.folder import read_json
from holdfast.store.models import FORECASTS, NEXT_ORDER
from holdfast.tables import MONEY
from holdfast.workflows.answer import answer_of
from holdfast.workflows.customers import Grouped, group_customers
from holdfast.workflows.editions import Edition
from holdfast.workflows.listing import GROUPED
from holdfast.workflows.models import load_model
from holdfast.workflows.past import past_of
from holdfast.workflows.plain import plain
from holdfast.workflows.reasoning import write_ground
from holdfast.workflows.shop import Progress, Shop
from holdfast.workflows.training import check_features, write_valued_forecasts

TABLES, FACTS = "view.duckdb", "view.json"

BAND_COLUMN = "p_buy_band"
BANDS = (
    (0.2, "under 20 %"), (0.4, "20 to 40 %"), (0.6, "40 to 60 %"), (0.8, "60 to 80 %"), (1.1, "80 % and more"),
)  # fmt: skip
"""Bands of the chance to order within the horizon: below which chance, and the name; the first that fits counts."""

FORECAST_COLUMNS = (
    "p_buy", "e_orders", "e_spend", "spend_p10", "spend_p90", "p_alive", "historic_revenue", "predicted_revenue",
    "clv_revenue", "clv_margin", "next_order_from", "next_order_to", "p_order_within_year", BAND_COLUMN,
)  # fmt: skip
"""What stands behind the groups where there is a model; windows of the next order are days after as_of."""

TIMELINE = "timeline"
"""The table of orders, sorted by customer."""

PAGES, FIRST = "pages", 20
"""The table with a page for each customer, and how many orders and products stand on it."""

ORDER_FIELDS = ("order_id", "ordered_at", "lines", "units", "amount", "days_since_previous", "undone_at")
PRODUCT_FIELDS = ("product_id", "product_name", "orders", "amount", "last_ordered_at")

_NEW, _KIN = "new_view", "kin_view"


@dataclass(frozen=True, slots=True)
class ViewFacts:
    """What is said of a view as a whole, as JSON knows it: dates and money are texts.

    `horizon_days` is that of revenue at risk, `forecast_days` that of the model, whose forecasts are as of the view's
    own day; where there are none, `no_forecast` says why. `segments` are the summaries of every grouping, `answer` is
    the first answer, `rfm_cutoffs` and `median_revenue` are what somebody who is posted is compared with.
    """

    dataset: str
    as_of: str
    currency: str | None
    horizon_days: int
    customers: int
    revenue: str
    median_revenue: str
    rfm_cutoffs: Mapping[str, Any]
    segments: Mapping[str, Any]
    answer: Mapping[str, Any]
    model: str | None = None
    forecast_days: int | None = None
    no_forecast: str | None = None
    next_order_note: str | None = None


def make_tables(
    shop: Shop, edition: Edition, day: date, *, into: Path, kin: Path | None, progress: Progress
) -> ViewFacts:
    """Write the tables of a view into a DuckDB file.

    `kin` is the folder of a view of the same customers with other forecasts, whose features and groups are taken over.
    """
    with shop.stage(edition.dataset) as (engine, dataset):
        if kin:
            facts = _taken_over(engine, kin)
        else:
            facts = _facts(group_customers(shop, engine, dataset, day, progress=lambda s, n: progress(s, 0.6 * n)))
        progress("Forecasts of every customer", 0.6)
        forecasts, why_not = _forecasts(shop, edition, day, engine, into.with_name(FORECASTS))
        progress("Writing the view", 0.85)
        _write(engine, forecasts, day, is_kin=kin is not None, into=into)
    model = edition.model if forecasts else None
    return replace(
        facts,
        model=model.record.id if model else None,
        forecast_days=model.record.horizon if model else None,
        no_forecast=why_not,
        next_order_note=read_json(model.file(NEXT_ORDER))["sentence"] if model else None,
    )


# --- groups ----------------------------------------------------------------------------------------------------------


def _facts(grouped: Grouped) -> ViewFacts:
    groups, manifest = grouped.groups, grouped.dataset.manifest
    median = Query("median", "the shop", f"SELECT {sql.median('net_revenue')} AS revenue FROM {GROUPED}")
    segments = {
        "risk_cutoffs": groups.risk_cutoffs.words(),
        "risk_bands": groups.bands,
        "rfm_grid": groups.grid,
        "rfm_groups": groups.rfm_groups,
        "rfm_groups_eight": groups.rfm_groups_eight,
        "archetypes": groups.archetypes,
        "fitted_archetypes": groups.fitted_archetypes.as_json(),
        "rules": groups.rules,
    }
    return ViewFacts(
        dataset=manifest.version,
        as_of=grouped.as_of.isoformat(),
        currency=manifest.currency,
        horizon_days=groups.at_risk.horizon,
        customers=groups.customers,
        revenue=plain(groups.revenue),
        median_revenue=f"{grouped.engine.rows(median).one()['revenue']:.4f}",
        rfm_cutoffs=plain(groups.rfm_cutoffs),
        segments=plain(segments),
        answer=plain(answer_of(grouped).as_json()),
    )


def _taken_over(engine: DuckEngine, kin: Path) -> ViewFacts:
    """Bind the customers of a view to the engine, without its forecasts, and return its facts."""
    engine.execute(f"ATTACH {sql.text(str(kin / TABLES))} AS {_KIN} (READ_ONLY)")
    there = {row[0] for row in engine.execute(f"DESCRIBE {_KIN}.{GROUPED}").fetchall()}
    unwanted = [name for name in FORECAST_COLUMNS if name in there]
    columns = f"* EXCLUDE ({', '.join(unwanted)})" if unwanted else "*"
    engine.define(GROUPED, Query(GROUPED, "one customer", f"SELECT {columns} FROM {_KIN}.{GROUPED}"))
    return ViewFacts(**read_json(kin / FACTS))


# --- forecasts -------------------------------------------------------------------------------------------------------


def _forecasts(
    shop: Shop, edition: Edition, day: date, engine: DuckEngine, out: Path
) -> tuple[Path | None, str | None]:
    """A file with the forecasts of the model in use as of the day, or None and why there are none."""
    stored = edition.model
    if stored is None:
        return None, "There is no model in use. Train one."
    record = stored.record
    if day.isoformat() < record.as_of:
        return None, f"Model {record.id} was trained as of {record.as_of} and has seen what came after {day}."
    if record.as_of == day.isoformat() and record.dataset == edition.dataset.manifest.version:
        return stored.file(FORECASTS), None
    try:
        _score(shop, stored, day, engine, out)
    except InputError as error:
        return None, f"{error.what} {error.seen}"
    return out, None


def _score(shop: Shop, stored: StoredModel, day: date, engine: DuckEngine, out: Path) -> None:
    """Forecast as of a day with a model that was trained earlier, or on another version of the data."""
    model = load_model(stored)
    now = past_of(engine, computed={day_number(day): GROUPED}).at(day_number(day))
    check_features(model, now, stored)
    low, high = read_json(stored.file(NEXT_ORDER))["levels"]
    write_valued_forecasts(engine, model, now, predict(model, now), out, shop.settings, levels=(low, high))


# --- reasons ---------------------------------------------------------------------------------------------------------


def make_ground(shop: Shop, edition: Edition, view: Path, day: date, *, into: Path) -> None:
    """Write what the reasons of a view's forecasts rest on into a folder."""
    if edition.model is None:
        return
    with shop.stage(edition.dataset) as (engine, _):
        _taken_over(engine, view)
        now = past_of(engine, computed={day_number(day): GROUPED}).at(day_number(day))
        write_ground(load_model(edition.model), now, into)


# --- tables ----------------------------------------------------------------------------------------------------------


def _write(engine: DuckEngine, forecasts: Path | None, day: date, *, is_kin: bool, into: Path) -> None:
    """The table that lists are made of, in the order of a list that nobody sorted; orders; a page for each customer."""
    columns, joined = "g.*", ""
    if forecasts:
        engine.bind("forecasts_of_view", forecasts)
        columns = f"g.*, f.* EXCLUDE (customer_id), {_band('f.p_buy')} AS {BAND_COLUMN}"
        joined = " LEFT JOIN forecasts_of_view AS f USING (customer_id)"
    order = "revenue_at_risk DESC NULLS LAST, net_revenue DESC, customer_id"
    today = None if is_kin else {"as_of": day}
    orders, products = (_KIN_ORDERS, _KIN_PRODUCTS) if is_kin else (_ORDERS, _PRODUCTS)
    engine.execute(f"ATTACH {sql.text(str(into))} AS {_NEW}")
    engine.execute(f"CREATE TABLE {_NEW}.{GROUPED} AS SELECT {columns} FROM {GROUPED} AS g{joined} ORDER BY g.{order}")
    engine.execute(f"CREATE TABLE {_NEW}.{TIMELINE} AS {orders}", today)
    types = {row[0]: row[1] for row in engine.execute(f"DESCRIBE {_NEW}.{GROUPED}").fetchall()}
    engine.execute(f"CREATE TABLE {_NEW}.{PAGES} AS {_pages(types, products)}", today)
    engine.execute(f"CREATE UNIQUE INDEX by_id ON {_NEW}.{PAGES} (customer_id)")
    engine.execute(f"DETACH {_NEW}")
    into.with_name(FORECASTS).unlink(missing_ok=True)


def _pages(types: Mapping[str, str], products: str) -> str:
    """One row a customer with all there is to know in five columns: a row of 130 takes five times as long to fetch."""
    arrays = ", ".join(
        f"array_value({', '.join(f'CAST(g.{sql.name(name)} AS {pack.type})' for name in pack.names)}) AS {pack.column}"
        for pack in packs(types)
    )
    bought = "struct_pack(orders := latest.orders, products := favourites.products)"
    return f"""
        WITH latest AS (
            SELECT customer_key, COUNT(*) AS order_total,
                {_first((*ORDER_FIELDS, "order_key"), "ordered_at DESC, order_key DESC")} AS orders
            FROM {_NEW}.{TIMELINE} GROUP BY customer_key
        ), favourites AS ({products})
        SELECT g.customer_id, g.customer_key, {arrays}, CAST(to_json({bought}) AS VARCHAR) AS bought, latest.order_total
        FROM {_NEW}.{GROUPED} AS g LEFT JOIN latest USING (customer_key) LEFT JOIN favourites USING (customer_key)"""


@dataclass(frozen=True, slots=True)
class Pack:
    """An array of a page: its column, the type of its values, and the columns of customers that stand in it."""

    column: str
    type: str
    names: tuple[str, ...]


def packs(types: Mapping[str, str]) -> tuple[Pack, ...]:
    """The arrays that hold the columns of customers: numbers, exact money, texts."""
    kinds: dict[str, list[str]] = {"DOUBLE": [], MONEY: [], "VARCHAR": []}
    for name, kind in types.items():
        if name not in ("customer_key", "customer_id"):
            kinds[kind if kind in (MONEY, "VARCHAR") else "DOUBLE"].append(name)
    return tuple(Pack(f"pack_{nth}", kind, tuple(names)) for nth, (kind, names) in enumerate(kinds.items()) if names)


def _first(fields: tuple[str, ...], order: str) -> str:
    """The first rows of a customer in some order, as a list; money as text, so that JSON keeps it exact."""
    exact = {"units", "amount"}
    row = ", ".join(f"{each} := {f'CAST({each} AS VARCHAR)' if each in exact else each}" for each in fields)
    return f"list_slice(list(struct_pack({row}) ORDER BY {order}), 1, {FIRST})"


def _band(chance: str) -> str:
    tests = " ".join(f"WHEN {chance} < {bound} THEN {sql.text(name)}" for bound, name in BANDS)
    return f"CASE {tests} END"


# What customers bought, for all of them as `customers.one_customer` tells it of one.

_ORDERS = """
    SELECT customer_key, order_key, order_id, ordered_at, lines, units, amount,
        day - lag(day) OVER (PARTITION BY customer_key ORDER BY ordered_at) AS days_since_previous,
        CASE WHEN reversed_at < CAST($as_of AS TIMESTAMP) THEN reversed_at END AS undone_at
    FROM orders WHERE customer_key IS NOT NULL AND ordered_at < CAST($as_of AS TIMESTAMP)
    ORDER BY customer_key, ordered_at DESC, order_key DESC"""

_PRODUCTS = f"""
    SELECT customer_key, {_first(PRODUCT_FIELDS, "amount DESC, product_id")} AS products
    FROM (
        SELECT l.customer_key, p.product_id, p.product_name, COUNT(DISTINCT l.order_key) AS orders,
            SUM(l.amount) AS amount, MAX(l.ordered_at) AS last_ordered_at
        FROM order_lines AS l JOIN products AS p USING (product_key)
        WHERE l.customer_key IS NOT NULL AND l.ordered_at < CAST($as_of AS TIMESTAMP) AND NOT l.is_service
            AND (l.reversed_at IS NULL OR l.reversed_at >= CAST($as_of AS TIMESTAMP))
        GROUP BY l.customer_key, p.product_id, p.product_name
    ) AS bought GROUP BY customer_key"""

_KIN_ORDERS = f"SELECT * FROM {_KIN}.{TIMELINE}"
_KIN_PRODUCTS = f"SELECT customer_key, CAST(bought AS JSON) -> '$.products' AS products FROM {_KIN}.{PAGES}"
