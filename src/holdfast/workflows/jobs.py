"""Jobs: work that goes on in the background, as records that people read and change.

A job is queued, running, then succeeded, failed or cancelled. Who changes its record here holds the row for that
moment; whoever puts it into the queue afterwards may die before: the workers notice and do it (`mending.py`).
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from holdfast.errors import HoldfastError, NotFoundError
from holdfast.store.records import Job
from holdfast.workflows.clock import instant

if TYPE_CHECKING:
    from holdfast.workflows.service import Service

FIRST, USUAL, LAST = 1, 5, 9
"""Priorities: within a tenant, the smaller number goes first; among tenants they mean nothing."""

ENOUGH_TO_TELL = 0.02
"""Share of the work after which the time left is estimated; before, it would be a guess."""


class State(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED})
UNDER_WAY = frozenset({State.QUEUED, State.RUNNING})


class JobStateError(HoldfastError):
    """The job is in a state that does not allow it."""

    code = "conflict"
    status = 409


def submit(
    service: "Service",
    *,
    tenant: str,
    kind: str,
    arguments: Mapping[str, Any],
    by: str,
    label: str = "",
    priority: int = USUAL,
    job_id: str | None = None,
) -> Job:
    """Queue a new job. With a `job_id` of the caller's choice, a second call finds the job of the first."""
    with service.database.begin() as session:
        job = session.get(Job, job_id) if job_id else None
        if job is None:
            job = add_job(
                session, tenant=tenant, kind=kind, arguments=arguments, by=by, label=label, priority=priority,
                job_id=job_id,
            )  # fmt: skip
    service.tickets.send(job)
    return job


def add_job(
    session: Session,
    *,
    tenant: str,
    kind: str,
    arguments: Mapping[str, Any],
    by: str,
    label: str = "",
    priority: int = USUAL,
    job_id: str | None = None,
) -> Job:
    """The record alone, for a transaction with other records in it; afterwards the ticket has to be sent."""
    job = Job(
        id=job_id or _new_id(),
        tenant=tenant,
        kind=kind,
        label=label,
        priority=priority,
        arguments=dict(arguments),
        state=State.QUEUED.value,
        attempt=1,
        progress=0.0,
        step="",
        stop_asked=False,
        created_at=instant(),
        created_by=by,
    )
    session.add(job)
    return job


def _new_id() -> str:
    """Ids sort as the jobs were submitted: SQLite's queue keeps seconds, and among equals goes by the id."""
    return f"job_{int(instant().timestamp() * 1_000_000):013x}{secrets.token_hex(4)}"


def find_job(session: Session, *, tenant: str, job_id: str, to_change: bool = False) -> Job:
    """A job of the tenant; NotFoundError if there is none. `to_change` holds the row until the transaction ends."""
    job = session.get(Job, job_id, with_for_update=to_change)
    if job is None or job.tenant != tenant:
        raise NotFoundError(f"There is no job {job_id!r}.", seen=f"Tenant {tenant} has no such job.", todo="List them.")
    return job


def jobs_of(tenant: str, *, state: State | None = None, kind: str | None = None) -> sa.Select[Job]:
    """The jobs of a tenant, all or those of a state or a kind."""
    chosen = sa.select(Job).where(Job.tenant == tenant)
    if state is not None:
        chosen = chosen.where(Job.state == state.value)
    return chosen.where(Job.kind == kind) if kind is not None else chosen


def cancel(session: Session, *, tenant: str, job_id: str) -> Job:
    """Stop a job: at once if it waits, at its worker's next chance if it runs. One that comes too late succeeds."""
    job = find_job(session, tenant=tenant, job_id=job_id, to_change=True)
    if job.state in ENDED:
        raise _wrong_state(job, "The job has ended already.", "There is nothing left to cancel.")
    job.stop_asked = True
    if job.state == State.QUEUED:
        job.state, job.ended_at = State.CANCELLED.value, instant()
    return job


def retry(session: Session, *, tenant: str, job_id: str) -> Job:
    """Queue a job anew that failed or was cancelled; afterwards its ticket has to be sent."""
    job = find_job(session, tenant=tenant, job_id=job_id, to_change=True)
    if job.state not in (State.FAILED, State.CANCELLED):
        raise _wrong_state(job, "Only a job that failed or was cancelled can be run again.", "Submit a new one.")
    queue_anew(job)
    return job


def change(session: Session, *, tenant: str, job_id: str, priority: int | None = None, label: str | None = None) -> Job:
    """Rename a job, or let it go earlier or later; with another priority its ticket has to be sent anew."""
    job = find_job(session, tenant=tenant, job_id=job_id, to_change=True)
    if label is not None:
        job.label = label
    if priority is not None and priority != job.priority:
        if job.state != State.QUEUED:
            raise _wrong_state(job, "The order of waiting jobs alone can be changed.", "Cancel it, or let it end.")
        job.priority = priority
        job.attempt += 1
    return job


def queue_anew(job: Job) -> None:
    """Back to the start; tickets of earlier attempts are outdated from now on."""
    job.attempt += 1
    job.state, job.progress, job.step = State.QUEUED.value, 0.0, ""
    job.worker, job.stop_asked = None, False
    job.result = job.problem = job.started_at = job.ended_at = None


def seconds_left(job: Job, *, at: datetime) -> float | None:
    """How long a running job still takes if it goes on as it did; None where nobody can tell."""
    if job.state != State.RUNNING or job.started_at is None or job.progress < ENOUGH_TO_TELL:
        return None
    elapsed = (at - job.started_at).total_seconds()
    return round(elapsed * (1 - job.progress) / job.progress, 1)


def _wrong_state(job: Job, what: str, todo: str) -> JobStateError:
    return JobStateError(what, seen=f"{job.id} is {job.state}.", todo=todo, details={"state": job.state})
