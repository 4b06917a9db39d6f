"""Contributions: what each column adds to the forecast of a customer, for who wants more than three sentences."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from holdfast.api.callers import InService, Viewer
from holdfast.forecast.reasons import waterfall
from holdfast.store import needed_model
from holdfast.workflows.explaining import shapley_of
from holdfast.workflows.reading import shop_of

router = APIRouter(prefix="/models", tags=["models"])


class Contribution(BaseModel):
    """What a column adds to the log-odds, and from where to where that takes them."""

    name: str
    number: float | None = Field(description="The customer's number in that column; null where it is missing.")
    contribution: float
    start: float
    end: float


class Contributed(BaseModel):
    """From the baseline to a customer's log-odds, the largest contribution first; the last one is all the rest."""

    customer_id: str
    baseline: float
    log_odds: float
    steps: list[Contribution]


class Contributions(BaseModel):
    """Contributions to the forecasts of some customers."""

    model: str
    items: list[Contributed]


@router.get("/{model_id}/shapley")
def read_shapley(
    model_id: str,
    caller: Viewer,
    service: InService,
    customer: Annotated[list[str], Query(max_length=200, description="Ids, one or several.")],
) -> Contributions:
    """The raw contributions of the columns to the log-odds of some customers, as of the day of the model."""
    shop = shop_of(service, caller.tenant)
    needed_model(shop.folder, model_id)
    found = shapley_of(shop, customer, model_id=model_id)
    return Contributions(
        model=model_id,
        items=[
            Contributed(
                customer_id=name,
                baseline=shown.baseline,
                log_odds=shown.log_odds,
                steps=[Contribution.model_validate(step, from_attributes=True) for step in shown.steps],
            )
            for row, name in enumerate(customer)
            for shown in [waterfall(found, row)]
        ],
    )
