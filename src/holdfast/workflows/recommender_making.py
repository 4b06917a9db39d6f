"""What to offer is learned once for an edition of a shop and a day, and kept beside the data set it was learned from.

A request that is the first to ask waits in a small shop; in a large one it is told to come again, while a thread
learns.
"""

from dataclasses import asdict
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from filelock import Timeout

from holdfast.actions.recommendations import NEVER, NO_CATEGORY, Evaluation, Purchases, study
from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.errors import NotFoundError
from holdfast.features import available_columns, customers_asof
from holdfast.forecast.days import day_date, day_number
from holdfast.segments import score
from holdfast.segments.rfm_grid import DEFAULT_GROUPS, rank_cutoffs
from holdfast.workflows.derived import (
    PATIENCE_SECONDS,
    BeingPreparedError,
    alone,
    being_prepared,
    beside,
    keep_the_latest,
    place_of,
    publish,
)
from holdfast.workflows.editions import Edition, needed_edition
from holdfast.workflows.latest import Latest
from holdfast.workflows.recommender_files import FACTS, PRODUCTS, Recommender, read_recommender, write_recommender
from holdfast.workflows.shop import Progress, Shop, no_progress

FORMAT = 1
"""Raised when the files change, so that older ones are made anew."""

MOST_IN_A_REQUEST = 60_000
"""Lines up to which a request waits: a few seconds on two cores."""

KEPT = 4
"""Days of one data set that stay, the latest learned."""

MOST_BYTES = 400_000_000
"""What all that is held may take: dozens of shops with thousands of products each."""

NOBODY = "customers without orders"
"""The segment of customers whom the day has not seen yet."""

SEGMENTS = (*sorted({name for row in DEFAULT_GROUPS.rows.values() for name in row}), NOBODY)

_THEN = "customers_then"

_held: Latest[Path, Recommender] = Latest(MOST_BYTES, weight=lambda found: found.bytes)


def needed_recommender(
    shop: Shop,
    *,
    as_of: str | date | None = None,
    edition: Edition | None = None,
    wait: bool = False,
    progress: Progress = no_progress,
) -> Recommender:
    """What was learned of a shop as of a day, learned if need be; `wait` for it, however long that takes.

    Raises NotFoundError for a shop without orders or products, InputError for a day nothing can be seen from, and
    BeingPreparedError where it takes longer than anybody would wait for a page.
    """
    known = edition or needed_edition(shop)
    day = known.day(as_of)
    folder = _place(shop, known, day)
    if not (folder / FACTS).exists():
        if wait:
            _make(shop, known, day, progress=progress, patience=-1)
        else:
            _make_for_a_request(shop, known, day)
    return _opened(folder)


def _place(shop: Shop, edition: Edition, day: date) -> Path:
    settings = shop.settings
    tag = sha256(f"{settings.horizon_days} {settings.seed}".encode()).hexdigest()[:8]
    name = f"{day:%Y%m%d}-{FORMAT}-{tag}"
    return place_of(shop, edition.dataset, "recommendations", name)


def _opened(folder: Path) -> Recommender:
    def read() -> Recommender:
        _held.drop(lambda path: not (path / FACTS).exists())
        with DuckEngine(memory_limit="256MB", threads=1, spill=folder.parent) as engine:
            engine.bind("listed", folder / PRODUCTS)
            text = "SELECT product_key, product_id, product_name, category FROM listed ORDER BY product_key"
            rows = engine.rows(Query("names", "one product", text)).rows
        count = max((row[0] for row in rows), default=-1) + 1
        ids, names, categories = [""] * count, [""] * count, [""] * count
        for key, product_id, name, category in rows:
            ids[key], names[key], categories[key] = product_id, name or product_id, category or ""
        return read_recommender(folder, names=tuple(names), ids=tuple(ids), categories=tuple(categories))

    return _held.get(folder, read)


# --- learning --------------------------------------------------------------------------------------------------------


def _make(
    shop: Shop, edition: Edition, day: date, *, progress: Progress = no_progress, patience: float = PATIENCE_SECONDS
) -> None:
    target = _place(shop, edition, day)
    with alone(shop, "learning", patience=patience) as work:
        if (target / FACTS).exists():
            return
        with shop.stage(edition.dataset) as (engine, dataset):
            progress("Purchases", 0.05)
            purchases = _purchases(engine)
            found = study(
                purchases,
                day=day_number(day),
                horizon=shop.settings.horizon_days,
                category=_categories(engine, purchases.products),
                segments_at=lambda then: _segments(engine, then, purchases.customers),
                segments=len(SEGMENTS),
                seed=shop.settings.seed,
                progress=progress,
            )
            progress("Writing", 0.95)
            facts = {
                "dataset": dataset.manifest.version,
                "as_of": day.isoformat(),
                "currency": dataset.manifest.currency,
                "customers": int((np.diff(found.histories.start) > 0).sum()),
                "in_range": int(found.fitted.in_range.sum()),
                "why": found.why,
                "score_is_chance": found.chances.new is not None,
                "evaluation": _evaluation(found.evaluation),
            }
            engine.write(Query("products", "one product", _PRODUCTS, {"as_of": day}), work / PRODUCTS)
            write_recommender(found, facts, work)
        publish(shop, edition.dataset, work, target)
        keep_the_latest(target, KEPT)


def _purchases(engine: DuckEngine) -> Purchases:
    """Goods of known customers, returned ones with their day; keys are the places."""
    columns = engine.columns(Query("purchases", "one customer, order and product", _LINES))
    if not len(columns["customer"]):
        raise NotFoundError(
            "Cannot tell what to offer.",
            seen="No line of this shop names a product, or none of those has a customer.",
            todo="Map a column to product_id and import the file again.",
        )
    whole = {name: column.astype(np.int64) for name, column in columns.items()}
    return Purchases(**whole, customers=int(whole["customer"].max()) + 1, products=int(whole["product"].max()) + 1)


_LINES = f"""
    SELECT customer_key AS customer, product_key AS product, order_key AS "order",
        MIN(date_diff('day', DATE '1970-01-01', CAST(ordered_at AS DATE))) AS day,
        MAX(CASE WHEN reversed_at IS NULL THEN {NEVER}
            ELSE date_diff('day', DATE '1970-01-01', CAST(reversed_at AS DATE)) END) AS undone
    FROM order_lines WHERE customer_key IS NOT NULL AND product_key IS NOT NULL AND NOT is_service
    GROUP BY ALL ORDER BY customer, product, "order\""""

_PRODUCTS = """
    WITH sold AS (
        SELECT product_key, COUNT(DISTINCT customer_key) AS customers, COUNT(DISTINCT order_key) AS orders,
            SUM(quantity) AS units, SUM(amount) AS revenue, MIN(ordered_at) AS first_sold_at,
            MAX(ordered_at) AS last_sold_at
        FROM order_lines
        WHERE product_key IS NOT NULL AND NOT is_service AND ordered_at < CAST($as_of AS TIMESTAMP)
            AND (reversed_at IS NULL OR reversed_at >= CAST($as_of AS TIMESTAMP))
        GROUP BY product_key
    )
    SELECT p.product_key, p.product_id, p.product_name, p.category, p.brand, s.* EXCLUDE (product_key)
    FROM sold AS s JOIN products AS p USING (product_key) ORDER BY p.product_key"""


def _categories(engine: DuckEngine, products: int) -> npt.NDArray[np.int64]:
    text = "SELECT product_key, dense_rank() OVER (ORDER BY category) AS nth FROM products WHERE category IS NOT NULL"
    rows = engine.columns(Query("categories", "one product", text))
    found = np.full(products, NO_CATEGORY, dtype=np.int64)
    keys = rows["product_key"].astype(np.int64)
    there = keys < products
    found[keys[there]] = rows["nth"][there].astype(np.int64) - 1
    return found


def _segments(engine: DuckEngine, day: int, customers: int) -> npt.NDArray[np.int64]:
    """The RFM group of every customer as of a day, by place in SEGMENTS."""
    names = ("days_since_last_order", "order_count", "net_revenue")
    found = np.full(customers, len(SEGMENTS) - 1, dtype=np.int64)
    if not customers_asof(engine, as_of=day_date(day), available=available_columns(engine), names=names, keep_as=_THEN):
        return found
    text = f"SELECT customer_key, {', '.join(names)} FROM {sql.name(_THEN)}"
    columns = engine.columns(Query(_THEN, "one customer", text))
    engine.drop(_THEN)
    keys = columns.pop("customer_key").astype(np.int64)
    groups = DEFAULT_GROUPS.groups(score(columns, cutoffs=rank_cutoffs(columns)))
    there = keys < customers
    place = {name: nth for nth, name in enumerate(SEGMENTS)}
    found[keys[there]] = [place[str(name)] for name in groups[there]]
    return found


def _evaluation(found: Evaluation | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "as_of": day_date(found.day).isoformat(),
        "until": day_date(found.day + found.horizon).isoformat(),
        "horizon_days": found.horizon,
        "method": found.method.value,
        "new": [{"method": name} | asdict(measured) for name, measured in found.new.items()],
        "all": [{"method": name} | asdict(measured) for name, measured in found.everything.items()],
    }


# --- while somebody waits, or beside ---------------------------------------------------------------------------------


def _make_for_a_request(shop: Shop, edition: Edition, day: date) -> None:
    if edition.dataset.manifest.rows["order_lines"] > MOST_IN_A_REQUEST:
        beside.begin(_place(shop, edition, day), lambda: _make(shop, edition, day, patience=-1))
        raise _being_prepared(day)
    try:
        _make(shop, edition, day)
    except Timeout as error:
        raise _being_prepared(day) from error


def _being_prepared(day: date) -> BeingPreparedError:
    return being_prepared(
        f"What to offer as of {day} is being learned.", seen="Nobody asked for it since the data changed."
    )
