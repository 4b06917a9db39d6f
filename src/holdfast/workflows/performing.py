"""Doing one job: claim it, do it, write down how it ended."""

import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
import structlog

from holdfast.errors import HoldfastError, InputError, StoreError, is_disk_full
from holdfast.store.records import Job
from holdfast.workflows.clock import instant
from holdfast.workflows.jobs import UNDER_WAY, State
from holdfast.workflows.plain import plain
from holdfast.workflows.service import Service
from holdfast.workflows.uploads import discard_files_of
from holdfast.workflows.work import Cancelled, Kinds, Told, Work, mine

log = structlog.get_logger(__name__)

SECONDS_BEFORE_ANOTHER_TRY = 2.0
"""How long to wait for a database that is gone, before the end of a job is written again."""


def perform(
    service: Service, kinds: Kinds, job_id: str, attempt: int, *, worker: str, leaving: Callable[[], bool]
) -> None:
    """Do the job that a ticket stands for; an outdated ticket is nothing to do.

    Raises HandedBack where the job goes on elsewhere.
    """
    job = _claim(service, job_id, attempt, worker=worker)
    if job is None:
        return
    with structlog.contextvars.bound_contextvars(job=job.id, kind=job.kind, tenant=job.tenant):
        log.info("job begins", attempt=job.attempt, worker=worker)
        begun = time.monotonic()
        state, values = _outcome(service, kinds, job, leaving)
        _end(service, job, state, values)
        log.info("job ends", state=state.value, seconds=round(time.monotonic() - begun, 1))


def _claim(service: Service, job_id: str, attempt: int, *, worker: str) -> Job | None:
    """The job, now this worker's; None where the ticket is outdated or the job was cancelled meanwhile."""
    with service.database.begin() as session:
        job = session.get(Job, job_id, with_for_update=True)
        if job is None or job.attempt != attempt or job.state not in UNDER_WAY:
            return None
        if job.stop_asked:
            job.state, job.ended_at = State.CANCELLED.value, instant()
            discard_files_of(service.shop(session, job.tenant).folder, job)
            return None
        job.state, job.worker, job.started_at = State.RUNNING.value, worker, job.started_at or instant()
        return job


def _outcome(service: Service, kinds: Kinds, job: Job, leaving: Callable[[], bool]) -> tuple[State, dict[str, Any]]:
    """Do it, whatever comes of it: a job's mistake must not end the worker."""
    try:
        with service.database.begin() as session:
            shop = service.shop(session, job.tenant)
        result = _known(job.kind, kinds)(Work(service, job, shop, job.arguments, leaving, Told(job.step, job.progress)))
    except Cancelled:
        discard_files_of(shop.folder, job)
        return State.CANCELLED, {}
    except HoldfastError as error:
        return State.FAILED, {"problem": plain(error.problem())}
    except Exception as error:
        log.exception("job failed")
        return State.FAILED, {"problem": _problem_of(error, job)}
    return State.SUCCEEDED, {"result": result, "progress": 1.0, "step": ""}


def _known(kind: str, kinds: Kinds) -> Callable[[Work], dict[str, Any]]:
    """The function of a kind; InputError where there is none, as for a job that a newer version queued."""
    if kind not in kinds:
        raise InputError("There is no such kind of job.", seen=kind, todo=f"Use one of {', '.join(kinds)}.")
    return kinds[kind]


def _problem_of(error: Exception, job: Job) -> dict[str, Any]:
    """A full disk is somebody's to clear; anything else that nobody foresaw is a mistake of ours."""
    if isinstance(error, OSError) and is_disk_full(error):
        problem: dict[str, Any] = plain(StoreError.of_system(error).problem())
        return problem
    return {
        "code": "bug",
        "what": "Something went wrong that should not have.",
        "seen": f"{type(error).__name__} in a job of kind {job.kind}.",
        "todo": f"Look for {job.id} in the worker's log, and report it.",
        "details": {},
    }


def _end(service: Service, job: Job, state: State, values: dict[str, Any]) -> None:
    """Write down how the job ended, however long the database is gone; nothing if the job is no longer ours."""
    ended = sa.update(Job).where(*mine(job)).values(state=state.value, ended_at=instant(), **values)
    while True:
        try:
            with service.database.begin() as session:
                session.execute(ended)
        except sa.exc.OperationalError as error:
            log.warning("the end of a job cannot be written yet", reason=str(error.orig))
            time.sleep(SECONDS_BEFORE_ANOTHER_TRY)
        else:
            return
