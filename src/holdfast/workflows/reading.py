"""Reading a shop for the doors that serve many: which shop, and what a list of customers holds."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from holdfast.engine import Rows
from holdfast.errors import InputError, NotFoundError
from holdfast.settings import Settings
from holdfast.store.records import Tenant
from holdfast.workflows.listing import (
    Asked,
    Place,
    count_query,
    customers_query,
    known_column,
    order_of,
    place_from,
    shown_columns,
)
from holdfast.workflows.opened_views import View
from holdfast.workflows.service import Service, settings_of
from holdfast.workflows.shop import Shop


def shop_of(service: Service, tenant: str) -> Shop:
    """The shop of a tenant under its present settings; NotFoundError if there is no such tenant.

    As `service.shop`, for doors that ask at every request: without a lock, and with settings checked once.
    """
    chosen = sa.select(Tenant.settings).where(Tenant.name == tenant)
    with service.database.engine.connect().execution_options(only_reads=True) as connection:
        own = connection.execute(chosen).one_or_none()
    if own is None:
        raise NotFoundError(
            f"There is no tenant {tenant!r}.", seen="No record of it.", todo="List the tenants, or make it first."
        )
    return _shop(service.settings, tenant, json.dumps(own[0], sort_keys=True))


@lru_cache(maxsize=1024)
def _shop(settings: Settings, tenant: str, own: str) -> Shop:
    return Shop.open(settings_of(settings, tenant, json.loads(own)))


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """Some customers of a list, how many the whole list has, and where the page ends; None on the last one."""

    items: list[dict[str, Any]]
    total: int
    ends_at: Place | None


def page_of_customers(view: View, asked: Asked, *, limit: int, after: Sequence[Any] | None) -> CustomerPage:
    """The first `limit` customers after a place, as JSON knows them."""
    order = order_of(view.types, asked)
    place = place_from(after, order, view.types) if after is not None else None
    shown = shown_columns(view.types, asked)
    wider = replace(asked, columns=(*shown, *(name for name, _ in order)))
    query = customers_query(view.types, wider, limit=limit + 1, after=place)
    with view.engine() as engine:
        items = as_json(engine.rows(query))
    ends_at = [items[limit - 1][name] for name, _ in order] if len(items) > limit else None
    return CustomerPage([{name: item[name] for name in shown} for item in items[:limit]], _total(view, asked), ends_at)


def _total(view: View, asked: Asked) -> int:
    def count() -> int:
        with view.engine() as engine:
            return int(engine.rows(count_query(view.types, asked)).one()["n"])

    return view.counts.get((asked.where, asked.search, asked.rule), count)


def as_json(rows: Rows) -> list[dict[str, Any]]:
    """Rows as JSON knows them, money and moments as text; looked at column by column, for there may be many."""
    columns = [[plain_value(value) for value in column] for column in zip(*rows.rows, strict=True)]
    return [dict(zip(rows.names, row, strict=True)) for row in zip(*columns, strict=True)]


def plain_value(value: Any) -> Any:
    """A value of a row as JSON knows it."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, datetime) else value


def write_list(view: View, asked: Asked, out: Path) -> int:
    """Write all customers of a list to a .csv or .parquet file; returns how many."""
    with view.engine() as engine:
        return engine.write(customers_query(view.types, asked, limit=None), out)


@dataclass(frozen=True, slots=True)
class Points:
    """Customers in columns of equal length, and how many there are in all; `colour` may be empty."""

    total: int
    ids: list[str]
    x: list[float]
    y: list[float]
    colour: list[Any]


def points_of(view: View, asked: Asked, *, x: str, y: str, colour: str | None, most: int) -> Points:
    """Two figures of each customer of a list, as floats, and what colours it; InputError for columns of labels."""
    for name in (x, y):
        if known_column(name, view.types) and view.types[name] in ("VARCHAR", "BOOLEAN"):
            raise InputError(
                f"{name} is no figure.", seen=f"It holds {view.types[name]}.", todo="Ask for a column of numbers."
            )
    with view.engine() as engine:
        found = engine.rows(customers_query(view.types, asked, limit=most))
    at = {name: place for place, name in enumerate(found.names)}
    rows = [row for row in found.rows if row[at[x]] is not None and row[at[y]] is not None]
    return Points(
        total=_total(view, replace(asked, columns=())),
        ids=[row[at["customer_id"]] for row in rows],
        x=[float(row[at[x]]) for row in rows],
        y=[float(row[at[y]]) for row in rows],
        colour=[plain_value(row[at[colour]]) for row in rows] if colour else [],
    )
