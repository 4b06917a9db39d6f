"""Predictions: of one customer at once, of a few in one call, of everybody by a job whose table is kept."""

from datetime import datetime
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Body, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field, model_validator

from holdfast.access.audit import note
from holdfast.api.callers import Analyst, InService, Viewer
from holdfast.api.files import FILE, MEDIA, made_for_download
from holdfast.api.jobs import Accepted, accepted
from holdfast.api.paging import Cursor, Limit, Page, newest_first
from holdfast.store import needed_model
from holdfast.store.records import Prediction as Record
from holdfast.store.records import new_id
from holdfast.workflows.clock import now
from holdfast.workflows.exporting import write_as_csv
from holdfast.workflows.jobs import submit
from holdfast.workflows.predicting import Question, predict_customers
from holdfast.workflows.predictions import delete_prediction, find_prediction, table_of
from holdfast.workflows.reading import shop_of

router = APIRouter(tags=["predictions"])

MOST_AT_ONCE = 1000


class SevenFeatures(BaseModel):
    """Seven features of a customer, by the names that other tools use for them."""

    recency_days: float = Field(ge=0, description="Days since the last order.")
    frequency: float = Field(ge=1, description="Orders so far.")
    monetary: float = Field(ge=0, description="Net revenue so far, in the shop's currency.")
    avg_basket_value: float = Field(ge=0, description="Mean value of an order.")
    unique_products: float | None = Field(default=None, ge=0, description="Different products bought.")
    avg_interpurchase_days: float | None = Field(
        default=None, ge=0, description="Mean days between orders; absent for a single order."
    )
    purchase_span_days: float = Field(ge=0, description="Days from the first to the last order.")


class Asked(BaseModel):
    """A customer by its id, by features, or both: then the stored customer is meant."""

    customer_id: str | None = Field(default=None, min_length=1, max_length=500)
    features: SevenFeatures | None = None

    @model_validator(mode="after")
    def _somebody(self) -> "Asked":
        if self.customer_id is None and self.features is None:
            raise ValueError("Give a customer_id, features, or both.")
        return self

    def question(self) -> Question:
        """In the workflow's words."""
        return Question(self.customer_id, self.features.model_dump() if self.features else None)


class AskedWithModel(Asked):
    """Somebody, and the model to ask."""

    model: str | None = Field(default=None, description="Default: the model in use.")


class AskedTogether(BaseModel):
    """Several customers in one call."""

    customers: list[Asked] = Field(min_length=1, max_length=MOST_AT_ONCE)
    model: str | None = Field(default=None, description="Default: the model in use.")


class LifetimeValue(BaseModel):
    """What a customer has been worth and will be, as revenue."""

    historic: float | None = Field(description="Net revenue until as_of.")
    predicted: float = Field(description="Expected revenue of the coming `years`, discounted.")
    total: float | None
    low: float | None = Field(description="`total` if spend within the horizon is its 10 % quantile.")
    high: float | None = Field(description="`total` if spend within the horizon is its 90 % quantile.")
    years: float
    currency: str | None


class Predicted(BaseModel):
    """What is expected of a customer."""

    customer_id: str | None
    source: Literal["stored customer", "features"]
    note: str = Field(description="What to know about this answer; empty if there is nothing.")
    model: str
    as_of: str
    horizon_days: int
    p_buy: float = Field(description="Probability of an order within the horizon.")
    churn_probability: float = Field(description="Probability of no order within the horizon: 1 - p_buy.")
    threshold: float = Field(description="The churn_probability from which errors cost least.")
    at_risk: bool = Field(description="Whether churn_probability reaches the threshold.")
    e_orders: float = Field(description="Expected order days within the horizon.")
    e_spend: float = Field(description="Expected spend within the horizon.")
    spend_p10: float
    spend_p90: float
    lifetime_value: LifetimeValue
    segment: str | None = Field(description="RFM group.")
    action: str | None = Field(description="What to do with customers like this one.")


class PredictedTogether(BaseModel):
    """Predictions in the order they were asked for; customers nobody knows are listed apart."""

    items: list[Predicted]
    unknown: list[str] = Field(description="Ids that the model does not know, given without features.")


class Wanted(BaseModel):
    """A prediction of everybody."""

    name: str = Field(default="", max_length=200)
    model: str | None = Field(default=None, description="Default: the model in use.")
    as_of: str | None = Field(default=None, description="Default: the data set's proposal.")


class Name(BaseModel):
    """Another name."""

    name: str = Field(min_length=1, max_length=200)


class Prediction(BaseModel):
    """A table of forecasts of every customer."""

    id: str
    name: str
    model: str
    dataset: str
    as_of: str
    horizon: int
    customers: int
    summary: dict[str, Any] = Field(description="Totals, and how far they can be trusted.")
    created_at: datetime
    created_by: str
    job_id: str


@router.post("/predict")
def predict(body: AskedWithModel, caller: Viewer, service: InService) -> Predicted:
    """What is expected of one customer, at once. An unknown id is a 404, unless features are given."""
    shop = shop_of(service, caller.tenant)
    (found,) = predict_customers(shop, [body.question()], model_id=body.model, strict=True)
    return Predicted.model_validate(found, from_attributes=True)


@router.post("/predict/batch")
def predict_batch(body: AskedTogether, caller: Viewer, service: InService) -> PredictedTogether:
    """What is expected of up to 1,000 customers, at once."""
    shop = shop_of(service, caller.tenant)
    asked = [each.question() for each in body.customers]
    found = predict_customers(shop, asked, model_id=body.model, strict=False)
    unknown = [str(each.customer_id) for each, answer in zip(asked, found, strict=True) if answer is None]
    items = [Predicted.model_validate(each, from_attributes=True) for each in found if each is not None]
    return PredictedTogether(items=items, unknown=unknown)


@router.post("/predictions", status_code=202)
def create_prediction(
    request: Request,
    response: Response,
    caller: Analyst,
    service: InService,
    body: Annotated[Wanted | None, Body()] = None,
) -> Accepted:
    """Forecast every customer. Answers with the job; the prediction is there when it has succeeded."""
    wanted = body or Wanted()
    with service.database.begin() as session:
        needed_model(service.shop(session, caller.tenant).folder, wanted.model)
    arguments = {"prediction": new_id("pred"), **wanted.model_dump(exclude_none=True)}
    job = submit(service, tenant=caller.tenant, kind="predict", arguments=arguments, by=caller.actor, label=wanted.name)
    return accepted(request, response, job, subject=arguments["prediction"])


@router.get("/predictions")
def list_predictions(caller: Viewer, service: InService, limit: Limit = 100, cursor: Cursor = None) -> Page[Prediction]:
    """Predictions, the newest first."""
    with service.database.begin() as session:
        chosen = sa.select(Record).where(Record.tenant == caller.tenant)
        return newest_first(session, chosen, Record, limit=limit, cursor=cursor, shown=_shown)


@router.get("/predictions/{prediction_id}")
def read_prediction(prediction_id: str, caller: Viewer, service: InService) -> Prediction:
    """One prediction."""
    with service.database.begin() as session:
        return _shown(find_prediction(session, tenant=caller.tenant, prediction_id=prediction_id))


@router.patch("/predictions/{prediction_id}")
def rename_prediction(
    prediction_id: str, request: Request, body: Name, caller: Analyst, service: InService
) -> Prediction:
    """Give a prediction another name."""
    with service.database.begin() as session:
        record = find_prediction(session, tenant=caller.tenant, prediction_id=prediction_id)
        record.name = body.name
        note(session, caller, "rename prediction", prediction_id, now=now(), request_id=request.state.request_id)
        return _shown(record)


@router.delete("/predictions/{prediction_id}", status_code=204)
def remove_prediction(prediction_id: str, request: Request, caller: Analyst, service: InService) -> None:
    """Delete a prediction and its table."""
    with service.database.begin() as session:
        record = find_prediction(session, tenant=caller.tenant, prediction_id=prediction_id)
        delete_prediction(session, service.shop(session, caller.tenant).folder, record)
        note(session, caller, "delete prediction", prediction_id, now=now(), request_id=request.state.request_id)


@router.get("/predictions/{prediction_id}/download", response_class=FileResponse, responses=FILE)
def download_prediction(prediction_id: str, request: Request, caller: Analyst, service: InService) -> FileResponse:
    """The table as Parquet."""
    with service.database.begin() as session:
        find_prediction(session, tenant=caller.tenant, prediction_id=prediction_id)
        folder = service.shop(session, caller.tenant).folder
        note(session, caller, "export prediction", prediction_id, now=now(), request_id=request.state.request_id)
    return FileResponse(
        table_of(folder, prediction_id),
        filename=f"{prediction_id}.parquet",
        media_type=MEDIA[".parquet"],
    )


@router.get("/predictions/{prediction_id}/csv", response_class=FileResponse, responses=FILE)
def download_prediction_as_csv(
    prediction_id: str, request: Request, caller: Analyst, service: InService
) -> FileResponse:
    """The table as CSV; ids that a spreadsheet would take for a formula begin with an apostrophe."""
    with service.database.begin() as session:
        find_prediction(session, tenant=caller.tenant, prediction_id=prediction_id)
        shop = service.shop(session, caller.tenant)
        note(session, caller, "export prediction", prediction_id, now=now(), request_id=request.state.request_id)
    table = table_of(shop.folder, prediction_id)
    return made_for_download(f"{prediction_id}.csv", lambda out: write_as_csv(shop, table, out))


def _shown(record: Record) -> Prediction:
    return Prediction.model_validate(record, from_attributes=True)
