"""Customers as points: two figures of each, and what colours them, column by column, for a chart of all at once."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from holdfast.api.customers import AsOf, Value
from holdfast.api.etags import UNCHANGED, InReading
from holdfast.workflows.listing import Asked
from holdfast.workflows.opened_views import View
from holdfast.workflows.reading import points_of

router = APIRouter(tags=["customers"], responses=UNCHANGED)

MOST = 200_000
"""Points of one answer: what a browser draws without stutter, in 5 MB."""

Column = Annotated[str, Query(max_length=100, description="A column; `/features` lists them.")]


class Points(BaseModel):
    """Customers in columns of equal length; those without a value in `x` or `y` are left out."""

    as_of: date
    dataset: str
    currency: str | None
    total: int = Field(description="How many there are; more than the columns hold where they are very many.")
    ids: list[str]
    x: list[float]
    y: list[float]
    colour: list[Value] = Field(description="Empty where no column was asked for.")


@router.get("/points", response_model=Points)
def list_points(
    reading: InReading,
    x: Column = "days_since_last_order",
    y: Column = "net_revenue",
    colour: Column | None = None,
    where: Annotated[list[str], Query(max_length=50, description="Conditions, as for `/customers`.")] = [],  # noqa: B006
    search: Annotated[str | None, Query(max_length=200, description="A part of the id.")] = None,
    as_of: AsOf = None,
) -> Response:
    """Two figures of every customer that fits, as numbers: for a chart, not for sums. Most by `y` first."""
    asked = Asked(tuple(where), search, f"-{y}", (x, y, *([colour] if colour else [])))
    return reading.answer(lambda: _points(reading.view(as_of), asked, x, y, colour))


def _points(view: View, asked: Asked, x: str, y: str, colour: str | None) -> Points:
    found = points_of(view, asked, x=x, y=y, colour=colour, most=MOST)
    return Points.model_construct(
        as_of=date.fromisoformat(view.facts.as_of),
        dataset=view.facts.dataset,
        currency=view.facts.currency,
        total=found.total,
        ids=found.ids,
        x=found.x,
        y=found.y,
        colour=found.colour,
    )
