"""Features: every column of a customer, what it means, and what stands where it is missing."""

from collections.abc import Collection
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from holdfast.api.callers import InService, Viewer
from holdfast.errors import NotFoundError
from holdfast.workflows.columns import Kind, columns
from holdfast.workflows.reading import shop_of
from holdfast.workflows.shop import Shop
from holdfast.workflows.views import needed_view

router = APIRouter(tags=["features"])


class Feature(BaseModel):
    """A column of `/customers`: its name in conditions and orders, and what it means."""

    name: str
    kind: Kind
    definition: str
    unit: str
    type: str = Field(description="SQL type. DECIMAL is exact, and text in JSON.")
    missing: str = Field(description="What stands where a customer has no value.")
    needs: list[str] = Field(description="Columns of the file without which it is absent, as table.column.")
    in_this_shop: bool | None = Field(description="Whether this shop has it; null where there are no orders yet.")


class FeatureList(BaseModel):
    """The catalogue, whole."""

    items: list[Feature]
    next_cursor: Literal[None] = None


@router.get("/features")
def list_features(caller: Viewer, service: InService) -> FeatureList:
    """Every column a customer can have: features, then groups, then forecasts."""
    there = _columns_of(shop_of(service, caller.tenant))
    return FeatureList(
        items=[
            Feature(
                name=each.name,
                kind=each.kind,
                definition=each.definition,
                unit=each.unit,
                type=each.type,
                missing=each.missing,
                needs=list(each.needs),
                in_this_shop=None if there is None else each.name in there,
            )
            for each in columns()
        ]
    )


def _columns_of(shop: Shop) -> Collection[str] | None:
    """The columns that may be asked for in the present edition; None without orders.

    They are known once the customers are computed, so this waits for that, as every list does: whoever asks for columns
    on a mere guess is refused.
    """
    try:
        return needed_view(shop).types
    except NotFoundError:
        return None
