"""All that a shop holds on one customer, as one JSON object, for whoever asks for it."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from holdfast.engine import DuckEngine, Query
from holdfast.errors import InputError, NotFoundError
from holdfast.store import current_dataset, list_models, read_import
from holdfast.store.models import FORECASTS
from holdfast.store.records import AuditEntry, ListEntry, Prediction, VoucherOffer
from holdfast.tables import STAGE
from holdfast.workflows.clock import stamp
from holdfast.workflows.listing import GROUPED
from holdfast.workflows.plain import plain
from holdfast.workflows.service import Service
from holdfast.workflows.shop import Shop
from holdfast.workflows.tombstones import tombstone, tombstones
from holdfast.workflows.traces import traces
from holdfast.workflows.views import view_if_there

_OF_THEM = "JOIN customers AS c USING (customer_key) WHERE c.customer_id = $id"

TABLES = {
    "customers": "SELECT * FROM customers WHERE customer_id = $id",
    "orders": f"SELECT t.* FROM orders AS t {_OF_THEM} ORDER BY t.ordered_at, t.order_key",
    "order_lines": f"""
        SELECT t.*, p.product_id, p.product_name FROM (SELECT t.* FROM order_lines AS t {_OF_THEM}) AS t
        LEFT JOIN products AS p USING (product_key) ORDER BY t.ordered_at, t.source, t.row_number""",
    "returns": f"SELECT t.* FROM returns AS t {_OF_THEM} ORDER BY t.returned_at, t.source, t.row_number",
    "reviews": f"SELECT t.* FROM reviews AS t {_OF_THEM} ORDER BY t.created_at",
    "rejects": "SELECT * FROM rejects WHERE customer_id = $id ORDER BY source, row_number",
}
"""What the data set says of a customer."""

WITHOUT_VIEW = "Features and groups are computed from the orders; they are being prepared, so ask again for them."


def export_customer(service: Service, shop: Shop, customer_id: str) -> dict[str, Any]:
    """Everything on a customer; NotFoundError where there is nothing."""
    with shop.engine() as engine:
        found = {
            "customer_id": customer_id,
            "tenant": shop.settings.tenant,
            "at": stamp(),
            "was_erased": tombstone(shop, customer_id) in tombstones(shop),
            **_in_dataset(shop, engine, customer_id),
            "raw": _raw(shop, engine, customer_id),
            "forecasts": _in_models(shop, engine, customer_id),
            "predictions": _in_predictions(service, shop, engine, customer_id),
            "voucher_offers": voucher_offers(service, shop.settings.tenant, customer_id),
            "action_lists": list_entries(service, shop.settings.tenant, customer_id),
        }
    parts = (*TABLES, "raw", "forecasts", "predictions", "voucher_offers", "action_lists")
    if not any(found[part] for part in parts):
        raise NotFoundError(
            f"The shop holds nothing on a customer {customer_id[:80]!r}.",
            seen=f"Looked in imports, data set, forecasts, predictions, vouchers and lists of {shop.settings.tenant}.",
            todo="Check the id. Ids are those of the file, letter by letter.",
        )
    found |= {"facts": _facts(shop, customer_id), "lists_that_left": lists_that_left(service, shop.settings.tenant)}
    return dict(plain(found))


def _in_dataset(shop: Shop, engine: DuckEngine, customer_id: str) -> dict[str, Any]:
    """The customer in every table of the data set in force."""
    dataset = current_dataset(shop.folder)
    if dataset is None:
        return {"dataset": None, **{name: [] for name in TABLES}}
    for table in STAGE:
        engine.bind(table.name, dataset.table(table.name))
    found = {name: _rows(engine, text, customer_id) for name, text in TABLES.items()}
    return {"dataset": dataset.manifest.version, **found}


def _raw(shop: Shop, engine: DuckEngine, customer_id: str) -> list[dict[str, Any]]:
    """The customer's rows as they came, of every file."""
    records = [read_import(shop.folder, import_id) for import_id in shop.folder.names("imports")]
    dataset = current_dataset(shop.folder)
    found = traces(engine, records, [customer_id], datasets=[dataset] if dataset else [])
    tables = [
        {"import": t.import_id, "file": t.table.file, "content": t.table.content, "rows": t.rows(engine)} for t in found
    ]
    return [table for table in tables if table["rows"]]


def _in_models(shop: Shop, engine: DuckEngine, customer_id: str) -> list[dict[str, Any]]:
    models = list_models(shop.folder)
    rows = [(model.record, _forecasts(engine, model.file(FORECASTS), customer_id)) for model in models]
    return [{"model": r.id, "as_of": r.as_of, "horizon_days": r.horizon, **row} for r, found in rows for row in found]


def _in_predictions(service: Service, shop: Shop, engine: DuckEngine, customer_id: str) -> list[dict[str, Any]]:
    chosen = sa.select(Prediction).where(Prediction.tenant == shop.settings.tenant).order_by(Prediction.created_at)
    with service.database.begin() as session:
        predictions = session.scalars(chosen).all()
    found = []
    for prediction in predictions:
        folder = shop.folder.find(f"predictions/{prediction.id}")
        about = {"prediction": prediction.id, "name": prediction.name, "as_of": prediction.as_of}
        rows = _forecasts(engine, folder / FORECASTS, customer_id) if folder else []
        found += [{**about, "horizon_days": prediction.horizon, **row} for row in rows]
    return found


def _forecasts(engine: DuckEngine, table: Path, customer_id: str) -> list[dict[str, Any]]:
    engine.bind("forecasts", table)
    return _rows(engine, "SELECT * FROM forecasts WHERE customer_id = $id", customer_id)


def _facts(shop: Shop, customer_id: str) -> dict[str, Any]:
    """Features and groups as pages show them, from the view if there is one: making it takes long in a large shop."""
    try:
        view = view_if_there(shop)
    except (InputError, NotFoundError):  # there is no day that anything can be seen from
        view = None
    if view is None:
        return {"note": WITHOUT_VIEW, "values": None}
    with view.engine() as engine:
        rows = _rows(engine, f"SELECT * FROM {GROUPED} WHERE customer_id = $id", customer_id)
    return {"as_of": view.facts.as_of, "values": rows[0] if rows else None}


def voucher_offers(service: Service, tenant: str, customer_id: str) -> list[dict[str, Any]]:
    """What vouchers they were offered, and what came of them; money in cents."""
    chosen = sa.select(VoucherOffer).where(VoucherOffer.tenant == tenant, VoucherOffer.customer_id == customer_id)
    left_out = ("tenant", "customer_id")
    with service.database.begin() as session:
        offers = session.scalars(chosen.order_by(VoucherOffer.created_at, VoucherOffer.id)).all()
    names = [column.name for column in sa.inspect(VoucherOffer).columns if column.name not in left_out]
    return [{name: getattr(offer, name) for name in names} for offer in offers]


def list_entries(service: Service, tenant: str, customer_id: str) -> list[dict[str, Any]]:
    """On which action lists they are or were, and what was to be done."""
    chosen = sa.select(ListEntry).where(ListEntry.tenant == tenant, ListEntry.customer_id == customer_id)
    left_out = ("tenant", "customer_id")
    with service.database.begin() as session:
        entries = session.scalars(chosen.order_by(ListEntry.list_id)).all()
    names = [column.name for column in sa.inspect(ListEntry).columns if column.name not in left_out]
    return [{name: getattr(entry, name) for name in names} for entry in entries]


def lists_that_left(service: Service, tenant: str) -> list[dict[str, Any]]:
    """Lists that somebody took out, which may name the customer."""
    chosen = sa.select(AuditEntry).where(AuditEntry.tenant == tenant, AuditEntry.action.startswith("export"))
    with service.database.begin() as session:
        entries = session.scalars(chosen.order_by(AuditEntry.at)).all()
    return [
        {"at": each.at.isoformat(), "action": each.action, "subject": each.subject, "actor": each.actor}
        for each in entries
    ]


def _rows(engine: DuckEngine, text: str, customer_id: str) -> list[dict[str, Any]]:
    return engine.rows(Query("theirs", "one row of a customer", text, {"id": customer_id})).dicts()
