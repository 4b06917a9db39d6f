"""Why: the reasons of single customers, and what drives the forecast of the whole shop, from a stored model."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from holdfast.engine import DuckEngine, Query
from holdfast.errors import NotFoundError
from holdfast.forecast import Model, Snapshot
from holdfast.forecast.days import day_date
from holdfast.forecast.reasons import Drivers, Explanations, ShapleyTable, background, drivers, explain, shapley_table
from holdfast.store import ModelRecord, StoredModel, needed_model
from holdfast.store.models import FORECASTS
from holdfast.workflows.exporting import check_format
from holdfast.workflows.models import load_model
from holdfast.workflows.past import past_of
from holdfast.workflows.shop import Progress, Shop, no_progress

MOST_SHAPLEY_ROWS = 2_000
"""Customers in a table of Shapley values: a sample for plots."""


@dataclass(frozen=True, slots=True)
class Explained:
    """Reasons of some customers as of the day their model was trained."""

    record: ModelRecord
    as_of: date
    customer_ids: tuple[str, ...]
    explanations: Explanations
    currency: str | None

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        entries = self.explanations.as_json()
        items = [{"customer_id": name, **entry} for name, entry in zip(self.customer_ids, entries, strict=True)]
        for item in items:
            item.pop("customer_key")
        return {
            "model": self.record.id,
            "as_of": self.as_of.isoformat(),
            "horizon_days": self.record.horizon,
            "currency": self.currency,
            "items": items,
        }


def explain_customers(
    shop: Shop, customer_ids: Sequence[str], *, model_id: str | None = None, progress: Progress = no_progress
) -> Explained:
    """Why these customers are expected to order or not; NotFoundError for an id without an order by then."""
    stored = needed_model(shop.folder, model_id)
    model = load_model(stored)
    with shop.stage() as (engine, dataset):
        progress("What is known of every customer", 0.1)
        now = past_of(engine).at(model.as_of)
        rows = _rows(engine, now, customer_ids)
        progress("Reasons", 0.7)
        currency = dataset.manifest.currency
        found = explain(model, now, rows, currency=currency)
    return Explained(stored.record, day_date(model.as_of), tuple(customer_ids), found, currency)


def most_valuable_leaver(shop: Shop, stored: StoredModel) -> str | None:
    """The customer with most revenue among those more likely gone than not; None where nobody is."""
    with shop.engine() as engine:
        engine.bind("forecasts", stored.file(FORECASTS))
        text = """SELECT customer_id FROM forecasts WHERE p_buy < 0.5
            ORDER BY historic_revenue DESC, customer_id LIMIT 1"""
        found = engine.rows(Query("leaver", "one customer", text)).rows
    return str(found[0][0]) if found else None


def model_drivers(shop: Shop, *, model_id: str | None = None, progress: Progress = no_progress) -> Drivers:
    """What the forecasts of the whole shop are associated with, strongest first."""
    model, now = _model_and_day(shop, model_id, progress)
    return drivers(model, now)


def shapley_of(shop: Shop, customer_ids: Sequence[str], *, model_id: str | None = None) -> ShapleyTable:
    """The raw contributions to the log-odds of some customers."""
    model = load_model(needed_model(shop.folder, model_id))
    with shop.stage() as (engine, _):
        now = past_of(engine).at(model.as_of)
        rows = _rows(engine, now, customer_ids)
    return shapley_table(model, now, rows, against=background(model, now))


def write_shapley(
    shop: Shop,
    out: Path,
    *,
    model_id: str | None = None,
    rows: int = MOST_SHAPLEY_ROWS,
    progress: Progress = no_progress,
) -> int:
    """Write the Shapley values of a sample of customers, in log-odds, one column per feature; returns the rows."""
    check_format(out)
    stored = needed_model(shop.folder, model_id)
    model = load_model(stored)
    with shop.stage() as (engine, _):
        progress("What is known of every customer", 0.1)
        now = past_of(engine).at(model.as_of)
        chosen = np.unique(np.linspace(0, len(now) - 1, min(rows, len(now))).astype(np.int64))
        progress("Shapley values", 0.5)
        table = shapley_table(model, now, chosen, against=background(model, now))
        columns = {name: table.contributions[:, at] for at, name in enumerate(table.names)}
        engine.bind_columns("shapley", {"customer_key": now.keys[chosen], **columns})
        text = "SELECT c.customer_id, s.* EXCLUDE (customer_key) FROM shapley AS s JOIN customers AS c"
        return engine.write(
            Query("shapley", "one customer", f"{text} USING (customer_key) ORDER BY c.customer_id"), out
        )


def _model_and_day(shop: Shop, model_id: str | None, progress: Progress) -> tuple[Model, Snapshot]:
    model = load_model(needed_model(shop.folder, model_id))
    with shop.stage() as (engine, _):
        progress("What is known of every customer", 0.1)
        return model, past_of(engine).at(model.as_of)


def _rows(engine: DuckEngine, now: Snapshot, customer_ids: Sequence[str]) -> npt.NDArray[np.int64]:
    """The places of customers in a snapshot, by their ids."""
    text = "SELECT customer_id, customer_key FROM customers WHERE list_contains($ids, customer_id)"
    query = Query("keys", "one customer", text, {"ids": list(customer_ids)})
    keys = dict(engine.rows(query).rows)
    places = {int(key): place for place, key in enumerate(now.keys)}
    unknown = [name for name in customer_ids if places.get(keys.get(name, -1)) is None]
    if unknown:
        raise NotFoundError(
            f"There is no customer {unknown[0]!r} with an order before {day_date(now.day)}.",
            seen=f"{len(now):,} customers had ordered by then.",
            todo="Check the id. Ids are those of the file, letter by letter.",
        )
    return np.array([places[keys[name]] for name in customer_ids], dtype=np.int64)
