"""Jobs: work in the background, started, watched, moved in the queue, stopped and run again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from holdfast.access.audit import note
from holdfast.access.caller import Caller
from holdfast.api.callers import Analyst, InService, Viewer, reading
from holdfast.api.paging import Cursor, Limit, Page, newest_first
from holdfast.api.streaming import EVENT_STREAM, Thing, changes
from holdfast.errors import NotFoundError
from holdfast.store.records import Job as Record
from holdfast.workflows import jobs
from holdfast.workflows.clock import instant, now
from holdfast.workflows.job_arguments import (
    BacktestArguments,
    RebuildArguments,
    RunArguments,
    TrainArguments,
    UndoArguments,
)
from holdfast.workflows.jobs import ENDED, FIRST, LAST, UNDER_WAY, USUAL, State, find_job, jobs_of, seconds_left
from holdfast.workflows.service import Service
from holdfast.workflows.uploads import discard_files_of

router = APIRouter(prefix="/jobs", tags=["jobs"])

Priority = Annotated[int, Field(ge=FIRST, le=LAST, description="Among the tenant's waiting jobs, 1 goes first.")]
Label = Annotated[str, Field(max_length=200, description="A name for people.")]


class Job(BaseModel):
    """Work in the background."""

    id: str
    kind: str
    label: str
    priority: int
    state: State
    progress: float = Field(ge=0, le=1, description="Share of the work that is done; never falls within an attempt.")
    step: str = Field(description="What is going on.")
    seconds_left: float | None = Field(description="An estimate, while it runs; null where nobody can tell yet.")
    stopping: bool = Field(description="Somebody asked to stop it, and it has not stopped yet.")
    attempt: int = Field(description="Grows whenever it is queued anew.")
    arguments: dict[str, Any]
    result: dict[str, Any] | None = Field(description="What it made, once it succeeded; lists leave it out.")
    problem: dict[str, Any] | None = Field(description="Why it failed: code, what, seen, todo, details.")
    created_at: datetime
    created_by: str
    started_at: datetime | None
    ended_at: datetime | None


class Accepted(BaseModel):
    """Work that goes on in the background; follow it at `Location`."""

    job_id: str
    state: State
    subject: str | None = Field(description="The thing that the job makes or works on, where it has an id already.")


class _NewJob(BaseModel):
    label: Label = ""
    priority: Priority = USUAL


class NewTraining(_NewJob):
    """Train a model."""

    kind: Literal["train"]
    arguments: TrainArguments = TrainArguments()


class NewRun(_NewJob):
    """Run the chain, or some of its steps."""

    kind: Literal["run"]
    arguments: RunArguments = RunArguments()


class NewBacktest(_NewJob):
    """Replay past dates."""

    kind: Literal["backtest"]
    arguments: BacktestArguments = BacktestArguments()


class NewRebuild(_NewJob):
    """Clean all imports anew."""

    kind: Literal["rebuild"]
    arguments: RebuildArguments = RebuildArguments()


class NewUndo(_NewJob):
    """Take an import back."""

    kind: Literal["undo"]
    arguments: UndoArguments


NewJob = Annotated[NewTraining | NewRun | NewBacktest | NewRebuild | NewUndo, Field(discriminator="kind")]


class Change(BaseModel):
    """Another place in the queue, or another name; what is absent stays."""

    priority: Priority | None = None
    label: Label | None = None


@router.post("", status_code=202)
def create_job(request: Request, response: Response, caller: Analyst, service: InService, body: NewJob) -> Accepted:
    """Queue a job. Imports and predictions have addresses of their own: `/imports`, `/predictions`."""
    job = jobs.submit(
        service,
        tenant=caller.tenant,
        kind=body.kind,
        arguments=body.arguments.model_dump(mode="json", exclude_none=True),
        by=caller.actor,
        label=body.label,
        priority=body.priority,
    )
    return accepted(request, response, job)


@router.get("")
def list_jobs(
    caller: Viewer,
    service: InService,
    state: State | None = None,
    kind: str | None = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[Job]:
    """Jobs, the newest first, without their results."""
    return _page(service, jobs_of(caller.tenant, state=state, kind=kind), limit=limit, cursor=cursor)


@router.get("/events", response_class=StreamingResponse, responses=EVENT_STREAM)
def follow_jobs(request: Request, caller: Viewer, service: InService) -> StreamingResponse:
    """All jobs of the tenant that are under way, then each again when it changes, without results."""
    since = instant()
    watched = jobs_of(caller.tenant).where(sa.or_(Record.state.in_(UNDER_WAY), Record.ended_at >= since))

    def look() -> tuple[dict[str, Thing], bool]:
        with reading(service) as session:
            found = session.scalars(watched.order_by(Record.created_at, Record.id)).all()
        return _things(found), False

    return changes(request, look)


@router.get("/{job_id}")
def read_job(job_id: str, caller: Viewer, service: InService) -> Job:
    """A job: how far it is, and what came of it."""
    return shown(_found(service, caller, job_id))


@router.get("/{job_id}/events", response_class=StreamingResponse, responses=EVENT_STREAM)
def follow_job(request: Request, job_id: str, caller: Viewer, service: InService) -> StreamingResponse:
    """The job, then again whenever it changes, without its result; ends when the job does."""
    _found(service, caller, job_id)

    def look() -> tuple[dict[str, Thing], bool]:
        job = _found(service, caller, job_id)
        return _things([job]), job.state in ENDED

    return changes(request, look)


@router.patch("/{job_id}")
def change_job(job_id: str, caller: Analyst, service: InService, body: Change) -> Job:
    """Move a waiting job in the queue, or rename any."""
    with service.database.begin() as session:
        job = jobs.change(session, tenant=caller.tenant, job_id=job_id, priority=body.priority, label=body.label)
    if body.priority is not None and job.state == State.QUEUED:
        service.tickets.send(job)
    return shown(job)


@router.post("/{job_id}/cancel")
def cancel_job(request: Request, job_id: str, caller: Analyst, service: InService) -> Job:
    """Stop a job: at once if it waits, soon if it runs. What it did so far counts for nothing."""
    with service.database.begin() as session:
        job = jobs.cancel(session, tenant=caller.tenant, job_id=job_id)
        if job.state == State.CANCELLED:
            discard_files_of(service.shop(session, caller.tenant).folder, job)
        _note(session, request, caller, "cancel job", job_id)
    return shown(job)


@router.post("/{job_id}/retry", status_code=202)
def retry_job(request: Request, response: Response, job_id: str, caller: Analyst, service: InService) -> Accepted:
    """Run a job again that failed or was cancelled, with the same arguments."""
    with service.database.begin() as session:
        job = jobs.retry(session, tenant=caller.tenant, job_id=job_id)
        _note(session, request, caller, "retry job", job_id)
    service.tickets.send(job)
    return accepted(request, response, job)


def accepted(request: Request, response: Response, job: Record, *, subject: str | None = None) -> Accepted:
    """The answer of every route that starts a job: its id, and where to follow it."""
    response.headers["Location"] = str(request.app.url_path_for("read_job", job_id=job.id))
    return Accepted(job_id=job.id, state=State(job.state), subject=subject)


def shown(job: Record, *, result: bool = True) -> Job:
    """A job as JSON."""
    return Job(
        id=job.id,
        kind=job.kind,
        label=job.label,
        priority=job.priority,
        state=State(job.state),
        progress=job.progress,
        step=job.step,
        seconds_left=seconds_left(job, at=instant()),
        stopping=job.stop_asked and job.state in UNDER_WAY,
        attempt=job.attempt,
        arguments=job.arguments,
        result=job.result if result else None,
        problem=job.problem,
        created_at=job.created_at,
        created_by=job.created_by,
        started_at=job.started_at,
        ended_at=job.ended_at,
    )


def list_of_kind(service: Service, caller: Caller, kind: str, *, limit: int, cursor: str | None) -> Page[Job]:
    """The jobs of a kind, for the rooms that show their jobs under a name of their own."""
    return _page(service, jobs_of(caller.tenant, kind=kind), limit=limit, cursor=cursor)


def read_of_kind(service: Service, caller: Caller, kind: str, job_id: str) -> Job:
    """A job of that kind; NotFoundError for one of another kind as well."""
    job = _found(service, caller, job_id)
    if job.kind != kind:
        raise NotFoundError(f"There is no {kind} {job_id!r}.", seen=f"It is a {job.kind} job.", todo="List them.")
    return shown(job)


def _page(service: Service, chosen: sa.Select[Record], *, limit: int, cursor: str | None) -> Page[Job]:
    with reading(service) as session:
        return newest_first(
            session, chosen, Record, limit=limit, cursor=cursor, shown=lambda job: shown(job, result=False)
        )


def _found(service: Service, caller: Caller, job_id: str) -> Record:
    with reading(service) as session:
        return find_job(session, tenant=caller.tenant, job_id=job_id)


def _things(found: Sequence[Record]) -> dict[str, Thing]:
    """Jobs for a stream; the time left goes with what else there is to say, it is no news by itself."""
    things = {}
    for job in found:
        as_json = shown(job, result=False)
        things[job.id] = Thing(as_json.model_dump_json(), as_json.model_dump_json(exclude={"seconds_left"}))
    return things


def _note(session: sa.orm.Session, request: Request, caller: Caller, action: str, job_id: str) -> None:
    note(session, caller, action, job_id, now=now(), request_id=request.state.request_id)
