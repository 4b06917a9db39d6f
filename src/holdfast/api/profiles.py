"""One customer: all that is known, what is expected and why, what it ordered and bought."""

from datetime import date, datetime
from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from holdfast.api.customers import AsOf, Value
from holdfast.api.etags import UNCHANGED, InReading, Reading
from holdfast.api.paging import Cursor, Limit, decode, encode
from holdfast.workflows.derived import BeingPreparedError
from holdfast.workflows.opened_views import View
from holdfast.workflows.profiles import (
    Known,
    OrderPage,
    known_customer,
    next_order_of,
    orders_of,
    worth_of,
)
from holdfast.workflows.views import needed_ground

router = APIRouter(tags=["customers"], responses=UNCHANGED)

CustomerId = Annotated[
    str, Path(description="The id as in the file, letter by letter, percent-encoded: `A/1` is `A%2F1`.")
]

_ORDERS = "/orders"


class Forecast(BaseModel):
    """What is expected of a customer within the horizon: estimates, therefore numbers."""

    horizon_days: int
    p_buy: float = Field(description="Chance of an order.")
    churn_probability: float = Field(description="Chance of none: 1 - p_buy.")
    p_buy_band: str
    e_orders: float = Field(description="Expected days with an order.")
    e_spend: float
    spend_p10: float
    spend_p90: float
    p_alive: float


class Worth(BaseModel):
    """What a customer has been worth and will be, as revenue."""

    historic: str = Field(description="Net revenue so far, exact.")
    predicted: float | None = Field(description="Expected revenue of the coming `years`, discounted.")
    total: float | None
    low: float | None = Field(description="`total` if spend within the horizon is its 10 % quantile.")
    high: float | None = Field(description="`total` if spend within the horizon is its 90 % quantile.")
    years: float


class NextOrder(BaseModel):
    """When the next order is expected, given that there is one within a year: with a chance of one half in between."""

    earliest: date
    latest: date
    p_within_year: float
    note: str | None = Field(description="How often such windows held in the past.")


class Reason(BaseModel):
    """A group of reasons: what it adds to the chance in percentage points, and to expected spend."""

    group: str
    points: float
    money: float | None


class Reasons(BaseModel):
    """Why the forecast is what it is, in three sentences and by group."""

    typical: float = Field(description="The chance of a customer without a reason for or against.")
    sentences: list[str]
    reasons: list[Reason]


class Order(BaseModel):
    """An order; `undone_at` is when it was returned or cancelled as a whole."""

    order_id: str | None
    ordered_at: datetime
    lines: int
    units: str | None = Field(description="Units of goods; null where the file gives no quantities.")
    amount: str
    days_since_previous: int | None
    undone_at: datetime | None


class Orders(BaseModel):
    """Orders of a customer, the latest first."""

    total: int
    items: list[Order]
    next_cursor: str | None = Field(default=None, description="For the next page; null on the last one.")


class Product(BaseModel):
    """A product that a customer bought."""

    product_id: str | None
    product_name: str | None
    orders: int
    amount: str
    last_ordered_at: datetime


class Customer(BaseModel):
    """All that is known of a customer before as_of, what is expected, and why."""

    customer_id: str
    as_of: date
    dataset: str
    model: str | None
    currency: str | None
    facts: dict[str, Value] = Field(description="Every feature; `/features` says what each means.")
    groups: dict[str, Value]
    forecast: Forecast | None
    no_forecast: str | None = Field(description="Why there is no forecast.")
    worth: Worth
    next_order: NextOrder | None
    reasons: Reasons | None
    no_reasons: str | None = Field(description="Why there are no reasons.")
    orders: Orders = Field(description="The latest 20.")
    products: list[Product] = Field(description="The 20 that most was spent on.")


@router.get("/customers/{customer_id:path}/orders", response_model=Orders)
def list_customer_orders(
    customer_id: CustomerId,  # noqa: ARG001 - see `sent`
    request: Request,
    reading: InReading,
    as_of: AsOf = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Orders of one customer, the latest first, with the days between them."""
    name, other = customer_behind(request, _ORDERS, reading, as_of)
    if other is not None:
        return other
    after = decode(cursor, parts=2) if cursor else None
    return reading.answer(lambda: _orders(orders_of(reading.view(as_of), name, limit=limit, after=after)), keep=False)


@router.get("/customers/{customer_id:path}", response_model=Customer)
def read_customer(
    customer_id: CustomerId,  # noqa: ARG001 - see `sent`
    request: Request,
    reading: InReading,
    as_of: AsOf = None,
    reasons: Annotated[bool, Query(description="Without them the answer takes a fraction of the time.")] = True,  # noqa: FBT002
) -> Response:
    """One customer: facts, groups, forecast with its reasons, worth, next order, latest orders, favourite products."""
    return _answer(reading, unquote(_sent(request)), as_of, with_reasons=reasons)


def customer_behind(request: Request, ending: str, reading: Reading, as_of: str | None) -> tuple[str, Response | None]:
    """Whose `/orders`, or another ending, an address asks for; an answer where that is part of an id.

    An id such as A/orders is sent as A%2Forders, and means the customer.
    """
    sent = _sent(request)
    if sent.endswith(ending):
        return unquote(sent.removesuffix(ending)), None
    return unquote(sent), _answer(reading, unquote(sent), as_of, with_reasons=True)


def _sent(request: Request) -> str:
    """What stands behind `/customers/` in the address as it was sent: only there an encoded slash is none."""
    raw: bytes = request.scope.get("raw_path") or quote(request.url.path).encode()
    return raw.split(b"?")[0].decode("latin-1").partition("/customers/")[2]


def _answer(reading: Reading, name: str, as_of: str | None, *, with_reasons: bool) -> Response:
    return reading.answer(
        lambda: _customer(reading, reading.view(as_of), name, with_reasons=with_reasons), keep=with_reasons
    )


def _customer(reading: Reading, view: View, customer_id: str, *, with_reasons: bool) -> Customer:
    with view.engine() as engine:
        known = known_customer(view, engine, customer_id)
    why, why_not = _reasons(reading, view, known) if with_reasons else (None, "They were not asked for.")
    coming, facts = next_order_of(view, known), view.facts
    return Customer(
        customer_id=customer_id,
        as_of=date.fromisoformat(facts.as_of),
        dataset=facts.dataset,
        model=facts.model,
        currency=facts.currency,
        facts=dict(known.facts),
        groups=dict(known.groups),
        forecast=_forecast(view, known),
        no_forecast=facts.no_forecast,
        worth=Worth.model_validate(worth_of(known, reading.shop.settings), from_attributes=True),
        next_order=NextOrder.model_validate(coming, from_attributes=True) if coming else None,
        reasons=why,
        no_reasons=why_not,
        orders=_orders(known.orders),
        products=[Product(**each) for each in known.products],
    )


def _forecast(view: View, known: Known) -> Forecast | None:
    if known.forecast is None:
        return None
    own = {"horizon_days": view.facts.forecast_days, "churn_probability": 1.0 - known.forecast["p_buy"]}
    return Forecast.model_validate({**known.forecast, **own})


def _orders(found: OrderPage) -> Orders:
    items = [Order(**each) for each in found.items]
    return Orders(total=found.total, items=items, next_cursor=encode(found.ends_at) if found.ends_at else None)


def _reasons(reading: Reading, view: View, known: Known) -> tuple[Reasons | None, str | None]:
    """The reasons, or why there are none."""
    try:
        ground = needed_ground(reading.shop, reading.edition, view)
    except BeingPreparedError as error:
        return None, f"{error.what} {error.todo}"
    found = ground.reasons(known.row, currency=view.facts.currency) if ground else None
    return (Reasons(**found), None) if found else (None, view.facts.no_forecast)
