"""Models: train, list, read, compare, put in use, roll back, delete; what they saw."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from holdfast.access.audit import note
from holdfast.access.caller import Caller
from holdfast.api.callers import Analyst, InService, Viewer
from holdfast.api.jobs import Accepted, accepted
from holdfast.api.paging import Cursor, Limit, Page, decode, encode
from holdfast.api.proved import Backtest
from holdfast.errors import NotFoundError
from holdfast.store import StoredModel, list_models, needed_model, read_dataset
from holdfast.store import default_model as default_of
from holdfast.store.folder import read_json
from holdfast.store.models import BACKTEST, MODEL
from holdfast.workflows.clock import now
from holdfast.workflows.jobs import submit
from holdfast.workflows.plain import plain
from holdfast.workflows.promotion import champion_of, judge
from holdfast.workflows.reading import shop_of
from holdfast.workflows.registry import history, promote, remove, roll_back
from holdfast.workflows.service import Service
from holdfast.workflows.shop import Shop

router = APIRouter(prefix="/models", tags=["models"])


class Model(BaseModel):
    """A trained model."""

    id: str
    in_use: bool = Field(description="Whether it is the default model.")
    created_at: datetime
    dataset: str = Field(description="The version of the data set it learned from.")
    as_of: str = Field(description="It knows every day before this one.")
    horizon_days: int
    customers: int
    state: str = Field(description="ready, degraded or not yet.")
    grade: str = Field(description="Against the simple rule, by its backtest; empty without one.")
    sentence: str = Field(description="What its backtest showed.")


class ModelInDetail(Model):
    """A model with where it comes from."""

    sha256: str
    settings: dict[str, Any]
    libraries: dict[str, str]
    events: list["Event"] = Field(description="What happened to it, the latest first.")


class Event(BaseModel):
    """Something that happened to a model."""

    model: str
    event: str
    at: datetime
    actor: str
    details: dict[str, Any]


class Training(BaseModel):
    """What to train."""

    as_of: str | None = Field(default=None, description="Day to look from; default: the data set's proposal.")
    horizon_days: int | None = Field(default=None, ge=1, le=730)
    past_dates: int = Field(default=3, ge=0, le=24, description="Past dates to replay as proof.")
    promote: bool = Field(
        default=True, description="Whether to put it in use if its backtest is not worse than that of the one in use."
    )
    label: str = Field(default="", max_length=200)


class Choice(BaseModel):
    """Which model to put in use."""

    model: str
    force: bool = Field(default=False, description="Also if its backtest is worse.")


class Chosen(BaseModel):
    """The model in use, and why it may be."""

    model: str | None
    why: str = ""


class Compared(BaseModel):
    """Two models beside each other."""

    champion: str
    challenger: str
    promote: bool = Field(description="Whether the challenger may take the champion's place by itself.")
    why: str
    metrics: dict[str, Backtest | None] = Field(description="By model, its backtest; null without one.")


class SeenDataset(BaseModel):
    """The data set a model learned from; its contents only while that version is kept."""

    version: str
    as_of: str
    kept: bool
    rows: dict[str, int] = Field(default_factory=dict)
    first_order: str | None = None
    last_order: str | None = None
    imports: list[str] = Field(default_factory=list)
    policy: dict[str, Any] = Field(default_factory=dict)


class Existence(BaseModel):
    """Whether a model knows a customer."""

    customer_id: str
    exists: bool


@router.post("", status_code=202)
def train_model(
    request: Request,
    response: Response,
    caller: Analyst,
    service: InService,
    body: Annotated[Training | None, Body()] = None,
) -> Accepted:
    """Train a model on everything known before a day, with proof on past dates. Answers with the job."""
    wanted = body or Training()
    arguments = {
        "as_of": wanted.as_of,
        "horizon": wanted.horizon_days,
        "dates": wanted.past_dates,
        "promote": wanted.promote,
    }
    job = submit(service, tenant=caller.tenant, kind="train", arguments=arguments, by=caller.actor, label=wanted.label)
    return accepted(request, response, job)


@router.get("")
def list_all(caller: Viewer, service: InService, limit: Limit = 100, cursor: Cursor = None) -> Page[Model]:
    """Models, the newest first."""
    shop = shop_of_caller(service, caller)
    models = sorted(list_models(shop.folder), key=lambda model: model.record.id, reverse=True)
    if cursor is not None:
        (last,) = decode(cursor, parts=1)
        models = [model for model in models if model.record.id < str(last)]
    chosen = default_of(shop.folder)
    items = [_shown(model, chosen) for model in models[:limit]]
    return Page(items=items, next_cursor=encode([items[-1].id]) if len(models) > limit else None)


@router.get("/default")
def read_default(caller: Viewer, service: InService) -> Chosen:
    """The model in use; null where there is none."""
    return Chosen(model=default_of(shop_of_caller(service, caller).folder))


@router.put("/default")
def choose_default(request: Request, body: Choice, caller: Analyst, service: InService) -> Chosen:
    """Put a model in use. Refused (409) where its backtest is worse than that of the one in use, unless forced."""
    with service.database.begin() as session:
        shop = service.shop(session, caller.tenant)
        verdict = promote(session, shop, body.model, actor=caller.actor, force=body.force)
        _note(session, request, caller, "promote model", body.model)
    return Chosen(model=body.model, why=verdict.why)


@router.post("/default/rollback")
def roll_back_default(request: Request, caller: Analyst, service: InService) -> Chosen:
    """Put the model in use again that was in use before."""
    with service.database.begin() as session:
        model = roll_back(session, service.shop(session, caller.tenant), actor=caller.actor)
        _note(session, request, caller, "roll back model", model.record.id)
    return Chosen(model=model.record.id, why="It was in use before.")


@router.get("/history")
def list_events(caller: Viewer, service: InService, limit: Limit = 100) -> Page[Event]:
    """What happened to models, the latest first; nothing is ever taken out of it."""
    with service.database.begin() as session:
        events = history(session, tenant=caller.tenant)[:limit]
        return Page(items=[Event.model_validate(each, from_attributes=True) for each in events])


@router.get("/compare", response_model=Compared)
def compare_models(
    caller: Viewer,
    service: InService,
    challenger: str,
    champion: Annotated[str | None, Query(description="Default: the model in use.")] = None,
) -> Response:
    """Two models beside each other, and whether the challenger may take the champion's place."""
    folder = shop_of_caller(service, caller).folder
    new = needed_model(folder, challenger)
    old = needed_model(folder, champion) if champion else champion_of(folder)
    verdict = judge(old, new)
    models = [model for model in (old, new) if model is not None]
    compared = {
        "champion": old.record.id if old else "",
        "challenger": new.record.id,
        "promote": verdict.promote,
        "why": verdict.why,
        "metrics": {model.record.id: stored_part(model, BACKTEST) for model in models},
    }
    return JSONResponse(compared)


@router.get("/{model_id}")
def read_model(model_id: str, caller: Viewer, service: InService) -> ModelInDetail:
    """One model: where it comes from and what happened to it."""
    with service.database.begin() as session:
        shop = service.shop(session, caller.tenant)
        model = needed_model(shop.folder, model_id)
        events = [each for each in history(session, tenant=caller.tenant) if each.model == model_id]
    return ModelInDetail(
        **_shown(model, default_of(shop.folder)).model_dump(),
        sha256=model.record.sha256,
        settings=dict(model.record.settings),
        libraries=dict(model.record.libraries),
        events=[Event.model_validate(each, from_attributes=True) for each in events],
    )


@router.get("/{model_id}/json", response_class=JSONResponse)
def read_model_file(model_id: str, caller: Viewer, service: InService) -> Response:
    """The model itself, as JSON with its checksum: every number it needs to forecast."""
    model = _model(service, caller, model_id)
    return Response(model.file(MODEL).read_bytes(), media_type="application/json")


@router.get("/{model_id}/dataset")
def read_model_dataset(model_id: str, caller: Viewer, service: InService) -> SeenDataset:
    """The data set the model learned from."""
    shop = shop_of_caller(service, caller)
    record = needed_model(shop.folder, model_id).record
    try:
        manifest = read_dataset(shop.folder, record.dataset).manifest
    except NotFoundError:
        return SeenDataset(version=record.dataset, as_of=record.as_of, kept=False)
    return SeenDataset(
        version=record.dataset,
        as_of=record.as_of,
        kept=True,
        rows=dict(manifest.rows),
        first_order=manifest.first_order,
        last_order=manifest.last_order,
        imports=list(manifest.imports),
        policy=plain(manifest.policy),
    )


@router.get("/{model_id}/customers/{customer_id:path}")
def customer_exists(model_id: str, customer_id: str, caller: Viewer, service: InService) -> Existence:
    """Whether the model knows a customer."""
    from holdfast.workflows.predicting import knows  # noqa: PLC0415

    shop = shop_of_caller(service, caller)
    return Existence(customer_id=customer_id, exists=knows(shop, needed_model(shop.folder, model_id), customer_id))


@router.delete("/{model_id}", status_code=204)
def delete(model_id: str, request: Request, caller: Analyst, service: InService) -> None:
    """Delete a model with its files. Refused (409) while it is in use or a job needs it."""
    with service.database.begin() as session:
        remove(session, service.shop(session, caller.tenant), model_id, actor=caller.actor)
        _note(session, request, caller, "delete model", model_id)


# --- parts -----------------------------------------------------------------------------------------------------------


def shop_of_caller(service: Service, caller: Caller) -> Shop:
    """The shop that is asked about."""
    return shop_of(service, caller.tenant)


def _model(service: Service, caller: Caller, model_id: str) -> StoredModel:
    return needed_model(shop_of_caller(service, caller).folder, model_id)


def _shown(model: StoredModel, in_use: str | None) -> Model:
    record = model.record
    return Model(
        id=record.id,
        in_use=record.id == in_use,
        created_at=datetime.fromisoformat(record.created_at),
        dataset=record.dataset,
        as_of=record.as_of,
        horizon_days=record.horizon,
        customers=record.customers,
        state=record.state,
        grade=record.grade,
        sentence=record.sentence,
    )


def stored_part(model: StoredModel, name: str) -> dict[str, Any] | None:
    """A part of a model that is kept as JSON; None where it was not made."""
    path = model.file(name)
    return read_json(path) if path.exists() else None


def _note(session: Any, request: Request, caller: Caller, action: str, subject: str) -> None:
    note(session, caller, action, subject, now=now(), request_id=request.state.request_id)
