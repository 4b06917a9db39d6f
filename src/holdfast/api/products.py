"""Products: which there are, who buys them, and what goes with each."""

from datetime import date, datetime
from typing import Annotated
from urllib.parse import unquote

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from holdfast.api.customers import AsOf
from holdfast.api.etags import UNCHANGED, InReading, Reading
from holdfast.api.paging import Cursor, Limit, decode, encode
from holdfast.errors import InputError
from holdfast.workflows import products as listing
from holdfast.workflows.recommender_files import Recommender
from holdfast.workflows.recommender_making import needed_recommender

router = APIRouter(tags=["products"], responses=UNCHANGED)


class ShopProduct(BaseModel):
    """A product as of a day, without what was returned by then; money is exact, as text."""

    product_id: str
    product_name: str | None
    category: str | None
    brand: str | None
    customers: int
    orders: int
    units: str | None
    revenue: str
    first_sold_at: datetime
    last_sold_at: datetime


class Products(BaseModel):
    """A page of products."""

    as_of: date
    currency: str | None
    total: int
    items: list[ShopProduct]
    next_cursor: str | None = Field(default=None, description="For the next page; null on the last one.")


class Companion(BaseModel):
    """A product bought with another one."""

    product_id: str
    product_name: str
    both: int = Field(description="Customers who bought both.")
    share: float = Field(description="Their share of the customers of the product asked for.")


class KnownProduct(ShopProduct):
    """One product, with what goes with it."""

    as_of: date
    currency: str | None
    in_range: bool = Field(description="Sold within the last horizon, so that it may be recommended.")
    bought_again: float = Field(
        description="Share of its customers who bought it on another day too, drawn towards that of all products."
    )
    gap_days: float | None = Field(description="Mean days between two purchases by one customer; null below ten gaps.")
    bought_with: list[Companion]


@router.get("/products", response_model=Products)
def list_products(
    reading: InReading,
    search: Annotated[str | None, Query(max_length=200, description="A part of the id or name.")] = None,
    sort: Annotated[
        str | None, Query(max_length=100, description="A column, `-column` for falling. Default: -customers.")
    ] = None,
    as_of: AsOf = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Products that were sold before a day, in pages."""
    first = _place(cursor) if cursor else 0

    def page() -> Products:
        found = _recommender(reading, as_of)
        made = listing.page_of_products(reading.shop, found, search=search, sort=sort, limit=limit, first=first)
        return Products(
            as_of=date.fromisoformat(found.facts["as_of"]),
            currency=found.facts["currency"],
            total=made.total,
            items=[ShopProduct(**each) for each in made.items],
            next_cursor=encode([made.next_place]) if made.next_place is not None else None,
        )

    return reading.answer(page)


@router.get("/products/{product_id:path}", response_model=KnownProduct)
def read_product(
    product_id: Annotated[str, Path(description="The id as in the file, percent-encoded.")],  # noqa: ARG001
    request: Request,
    reading: InReading,
    as_of: AsOf = None,
) -> Response:
    """One product: who bought it, how often again, and what goes with it."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    name = unquote(raw.split(b"?")[0].decode("latin-1").partition("/products/")[2])

    def known() -> KnownProduct:
        found = _recommender(reading, as_of)
        made = listing.known_product(reading.shop, found, name)
        return KnownProduct(
            **made.figures,
            as_of=date.fromisoformat(found.facts["as_of"]),
            currency=found.facts["currency"],
            in_range=made.in_range,
            bought_again=made.bought_again,
            gap_days=made.gap_days,
            bought_with=[Companion.model_validate(each, from_attributes=True) for each in made.bought_with],
        )

    return reading.answer(known)


def _recommender(reading: Reading, as_of: str | None) -> Recommender:
    return needed_recommender(reading.shop, as_of=as_of, edition=reading.edition)


def _place(cursor: str) -> int:
    (place,) = decode(cursor, parts=1)
    if not isinstance(place, int) or not 0 <= place < 2**31:
        raise InputError("This is no cursor.", seen=cursor[:80], todo="Use `next_cursor` of the page before as it was.")
    return place
