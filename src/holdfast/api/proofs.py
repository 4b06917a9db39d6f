"""What a model is worth, and what moves it: metrics, backtest, card, drivers."""

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel, Field

from holdfast.api.callers import InService, Viewer
from holdfast.api.models import shop_of_caller, stored_part
from holdfast.api.proved import Backtest, Card, Drivers
from holdfast.errors import NotFoundError
from holdfast.store import needed_model
from holdfast.store.models import BACKTEST, CARD, CARD_PAGE, NEXT_ORDER, SEVEN
from holdfast.workflows.explaining import model_drivers
from holdfast.workflows.plain import plain

router = APIRouter(prefix="/models", tags=["models"])


class Metrics(BaseModel):
    """How good a model was on past dates, beside simpler methods. None of it is known without a backtest."""

    model: str
    grade: str
    sentence: str
    methods: list[dict[str, Any]] = Field(description="One row a method, with intervals of the gain.")
    ece: float | None = Field(description="Expected calibration error.")
    threshold: dict[str, Any] | None
    next_order: dict[str, Any] = Field(description="How often windows of the next order held.")
    seven: dict[str, Any] | None = Field(description="The small model on seven features: what it was fitted on.")


@router.get("/{model_id}/metrics")
def read_metrics(model_id: str, caller: Viewer, service: InService) -> Metrics:
    """How good the model was on past dates, beside simpler methods."""
    model = needed_model(shop_of_caller(service, caller).folder, model_id)
    proof = stored_part(model, BACKTEST) or {}
    seven = stored_part(model, SEVEN)
    return Metrics(
        model=model.record.id,
        grade=model.record.grade,
        sentence=model.record.sentence,
        methods=proof.get("table", []),
        ece=proof.get("ece"),
        threshold=proof.get("threshold"),
        next_order=stored_part(model, NEXT_ORDER) or {},
        seven={name: seven[name] for name in ("names", "dates", "customers", "buyers", "window", "horizon")}
        if seven
        else None,
    )


@router.get("/{model_id}/backtest", response_model=Backtest)
def read_backtest(model_id: str, caller: Viewer, service: InService) -> Response:
    """The whole backtest: every date, every method, reliability, gain and cost curves."""
    model = needed_model(shop_of_caller(service, caller).folder, model_id)
    return JSONResponse(stored_part(model, BACKTEST) or _without("backtest", model_id))


@router.get("/{model_id}/card", response_model=Card)
def read_card(model_id: str, caller: Viewer, service: InService) -> Response:
    """The model card: what it is for, what it saw, how good it was, the leak check."""
    model = needed_model(shop_of_caller(service, caller).folder, model_id)
    return JSONResponse(stored_part(model, CARD) or _without("card", model_id))


@router.get("/{model_id}/card.md", response_class=PlainTextResponse)
def read_card_page(model_id: str, caller: Viewer, service: InService) -> PlainTextResponse:
    """The model card as a page of Markdown."""
    page = needed_model(shop_of_caller(service, caller).folder, model_id).file(CARD_PAGE)
    if not page.exists():
        _without("card", model_id)
    return PlainTextResponse(page.read_text(encoding="utf-8"), media_type="text/markdown")


@router.get("/{model_id}/drivers", response_model=Drivers)
def read_drivers(model_id: str, caller: Viewer, service: InService) -> Response:
    """What the forecasts of the whole shop are associated with."""
    return JSONResponse(plain(model_drivers(shop_of_caller(service, caller), model_id=model_id)))


def _without(thing: str, model_id: str) -> dict[str, Any]:
    raise NotFoundError(
        f"{model_id} has no {thing}.", seen="It was trained without past dates.", todo="Train one with past dates."
    )
