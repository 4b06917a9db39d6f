"""One customer of a view: all that is known, what is expected and why, what it ordered and bought."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from holdfast.engine import DuckEngine, Query
from holdfast.errors import InputError, NotFoundError
from holdfast.features import FEATURE
from holdfast.settings import Settings
from holdfast.workflows.opened_views import View
from holdfast.workflows.reading import as_json, plain_value
from holdfast.workflows.view_making import FIRST, FORECAST_COLUMNS, ORDER_FIELDS, PAGES, TIMELINE, packs


@dataclass(frozen=True, slots=True)
class Worth:
    """What a customer has been worth and will be, as revenue.

    `historic` is exact, as text. `predicted` is discounted over the coming `years`; the interval of `total` is what it
    would be if spend within the horizon were its 10 or 90 % quantile, and the rest moved with it. None without a model.
    """

    historic: str
    predicted: float | None
    total: float | None
    low: float | None
    high: float | None
    years: float


@dataclass(frozen=True, slots=True)
class NextOrder:
    """The days between which the next order is expected, and the chance that there is one within a year."""

    earliest: date
    latest: date
    p_within_year: float
    note: str | None


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Some orders of a customer, the latest first, how many there are, and where the page ends; None on the last."""

    items: list[dict[str, Any]]
    total: int
    ends_at: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class Known:
    """The page of a customer in a view, in its parts; values as JSON knows them, but for those of `row`.

    `orders` are the latest, `products` those that most was spent on.
    """

    row: Mapping[str, Any]
    facts: Mapping[str, Any]
    groups: Mapping[str, Any]
    forecast: Mapping[str, Any] | None
    orders: OrderPage
    products: list[dict[str, Any]]


def known_customer(view: View, engine: DuckEngine, customer_id: str) -> Known:
    """All that a view says of a customer; NotFoundError if there was no order by its day."""
    page = _page(view, engine, customer_id, "*")
    row = _unpacked(page, view.types)
    shown = {name: plain_value(row[name]) for name in view.types if name in row}
    bought = json.loads(page["bought"])
    return Known(
        row={"customer_key": page["customer_key"], **row},
        facts={name: value for name, value in shown.items() if name in FEATURE},
        groups={name: value for name, value in shown.items() if _is_group(name)},
        forecast={name: shown[name] for name in FORECAST_COLUMNS} if shown.get("p_buy") is not None else None,
        orders=_order_page(bought["orders"] or [], total=page["order_total"] or 0, limit=FIRST),
        products=bought["products"] or [],
    )


def _unpacked(page: Mapping[str, Any], types: Mapping[str, str]) -> dict[str, Any]:
    """The columns of a customer out of the arrays of its page."""
    found: dict[str, Any] = {}
    for pack in packs(types):
        found |= zip(pack.names, page[pack.column], strict=True)
    for name, value in found.items():
        convert = _WHOLE.get(types[name])
        if convert and value is not None:
            found[name] = convert(value)
    return found


_WHOLE: Mapping[str, Callable[[Any], Any]] = {"INTEGER": int, "BIGINT": int, "BOOLEAN": bool}
"""What stands as a fraction in an array of numbers, and is none."""


def _page(view: View, engine: DuckEngine, customer_id: str, columns: str) -> dict[str, Any]:
    chosen = f"SELECT {columns} FROM {PAGES} WHERE customer_id = $id"
    found = engine.rows(Query("one_customer", "one customer", chosen, {"id": customer_id})).dicts()
    if not found:
        raise NotFoundError(
            f"There is no customer {customer_id[:80]!r} with an order before {view.facts.as_of}.",
            seen=f"{view.facts.customers:,} others.",
            todo="Check the id, or look from a later as_of. Ids are those of the file, letter by letter.",
        )
    return found[0]


def worth_of(known: Known, settings: Settings) -> Worth:
    """What the customer has been worth and will be."""
    historic, row = known.facts["net_revenue"], known.forecast
    if row is None:
        return Worth(historic, None, None, None, None, settings.value_years)
    spent, predicted = float(historic), row["predicted_revenue"]
    low, high = (
        spent + (predicted * row[name] / row["e_spend"] if row["e_spend"] > 0 else 0.0)
        for name in ("spend_p10", "spend_p90")
    )
    return Worth(historic, predicted, spent + predicted, low, high, settings.value_years)


def next_order_of(view: View, known: Known) -> NextOrder | None:
    """When the customer is expected next, in dates; None without a model."""
    row = known.forecast
    if row is None:
        return None
    today = date.fromisoformat(view.facts.as_of)
    earliest, latest = (today + timedelta(days=int(row[name])) for name in ("next_order_from", "next_order_to"))
    return NextOrder(earliest, latest, row["p_order_within_year"], view.facts.next_order_note)


def orders_of(view: View, customer_id: str, *, limit: int, after: Sequence[Any] | None) -> OrderPage:
    """Orders of a customer, the latest first, from a place (moment, key) on; NotFoundError for a stranger."""
    with view.engine() as engine:
        page = _page(view, engine, customer_id, "customer_key, order_total")
        scope: dict[str, object] = {"customer": page["customer_key"]}
        beyond = ""
        if after is not None:
            scope["moment"], scope["key"] = _place(after)
            beyond = "AND (ordered_at, order_key) < ($moment, $key)"
        text = f"""
            SELECT {", ".join(ORDER_FIELDS)}, order_key FROM {TIMELINE} WHERE customer_key = $customer {beyond}
            ORDER BY ordered_at DESC, order_key DESC LIMIT {limit + 1}"""
        items = as_json(engine.rows(Query("timeline", "one order of the customer", text, scope)))
    return _order_page(items, total=page["order_total"] or 0, limit=limit, more=len(items) > limit)


def _order_page(items: list[dict[str, Any]], *, total: int, limit: int, more: bool | None = None) -> OrderPage:
    """The first `limit` of some orders; `more` says whether any come after them, by default if the total is larger."""
    shown = items[:limit]
    ends_at = (shown[-1]["ordered_at"], shown[-1]["order_key"]) if (total > limit if more is None else more) else None
    return OrderPage([{name: item[name] for name in ORDER_FIELDS} for item in shown], total, ends_at)


def _is_group(name: str) -> bool:
    return name not in FEATURE and name not in FORECAST_COLUMNS and name not in ("customer_key", "customer_id")


def _place(after: Sequence[Any]) -> tuple[datetime, int]:
    """A place as it comes back from outside."""
    moment, key = after
    try:
        return datetime.fromisoformat(str(moment)).replace(tzinfo=None), min(max(int(key), -1), 2**31 - 1)
    except (ValueError, TypeError, OverflowError) as error:
        raise InputError(
            "This is no cursor.", seen=str(after)[:80], todo="Use `next_cursor` of the page before as it was."
        ) from error
