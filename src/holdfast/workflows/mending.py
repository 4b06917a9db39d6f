"""What workers do besides working: find jobs that were left lying, and see to it that each of them ends.

A record and its ticket are written one after the other, by processes that may be killed in between; a worker may die
for good; an upgrade may change the steps of a job. Every few seconds each worker compares the two and mends what does
not fit. All of it may be done twice, or by several at once.
"""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
import structlog
from dbos import DBOS, WorkflowStatus
from sqlalchemy.orm import Session

from holdfast.store.records import Job, Worker
from holdfast.workflows.clock import instant, now
from holdfast.workflows.durable import STEPS_VERSION, ticket_of
from holdfast.workflows.jobs import UNDER_WAY, State, queue_anew
from holdfast.workflows.service import Service

log = structlog.get_logger(__name__)

SILENCE = timedelta(seconds=60)
"""After which a worker is taken for dead; it gives a sign of life every five seconds."""

WAITING, TAKEN = frozenset({"ENQUEUED", "DELAYED"}), "PENDING"
"""States of a ticket as the queue calls them; in all others it has ended."""

AT_ONCE = 500
"""Tickets looked up, or thrown away, in one query."""

TICKETS_KEPT = timedelta(days=7)
"""How long the queue remembers what has ended, for whoever wants to see what happened; the records stay."""


def mend(service: Service) -> None:
    """Compare every job under way with its ticket, and mend what does not fit."""
    with service.database.begin() as session:
        jobs = session.scalars(sa.select(Job).where(Job.state.in_(UNDER_WAY))).all()
        alive = set(session.scalars(sa.select(Worker.id).where(Worker.seen_at > now() - SILENCE)))
    tickets = _tickets([ticket_of(job) for job in jobs])
    dead = {str(ticket.executor_id) for ticket in tickets.values() if ticket.status == TAKEN} - alive
    if dead:
        log.warning("taking over from workers that fell silent", workers=sorted(dead))
        DBOS._recover_pending_workflows(sorted(dead))  # noqa: SLF001 - what the queue's own control plane calls
    for job in jobs:
        _mend_job(service, job, tickets.get(ticket_of(job)), dead)


def tidy(service: Service) -> None:
    """Throw away tickets that ended long ago, and signs of workers that died long ago."""
    before = now() - TICKETS_KEPT
    old = DBOS.list_workflows(completed_before=before.isoformat(), limit=AT_ONCE, load_input=False, load_output=False)
    if old:
        DBOS.delete_workflows([ticket.workflow_id for ticket in old])
    with service.database.begin() as session:
        session.execute(sa.delete(Worker).where(Worker.seen_at < before))


def _mend_job(service: Service, job: Job, ticket: WorkflowStatus | None, dead: set[str]) -> None:
    if ticket is None and job.state == State.QUEUED:
        service.tickets.send(job)
    elif ticket is None or _outdated(ticket, dead):
        _start_over(service, job)
    elif ticket.status not in WAITING | {TAKEN}:
        _give_up(service, job, ticket)


def _outdated(ticket: WorkflowStatus, dead: set[str]) -> bool:
    """Whether its steps are those of an earlier version, and nobody is at it; a later one is left to later workers."""
    waits = ticket.status in WAITING or (ticket.status == TAKEN and ticket.executor_id in dead)
    return waits and int(ticket.app_version or 0) < int(STEPS_VERSION)


def _start_over(service: Service, job: Job) -> None:
    with service.database.begin() as session:
        found = _unchanged(session, job)
        if found is not None:
            queue_anew(found)
    if found is not None:
        log.warning("a job starts over", job=job.id, attempt=found.attempt)
        service.tickets.send(found)


def _give_up(service: Service, job: Job, ticket: WorkflowStatus) -> None:
    """The queue is done with the ticket, and nobody said so in the record: its workers died too often at it."""
    with service.database.begin() as session:
        found = _unchanged(session, job)
        if found is None:
            return
        found.state, found.ended_at = State.FAILED.value, instant()
        found.problem = {
            "code": "worker_died",
            "what": "The job was given up.",
            "seen": f"Every worker that took it died at it, last at {found.step or 'the beginning'!r}.",
            "todo": "See the log of the workers; too little memory is the usual reason (HOLDFAST_MEMORY_LIMIT).",
            "details": {"ticket": ticket.status},
        }
    log.error("a job was given up", job=job.id, ticket=ticket.status)


def _unchanged(session: Session, job: Job) -> Job | None:
    """The job's row, held, unless it moved on since it was read."""
    found = session.get(Job, job.id, with_for_update=True)
    return found if found is not None and found.attempt == job.attempt and found.state in UNDER_WAY else None


def _tickets(names: Sequence[str]) -> dict[str, WorkflowStatus]:
    """What the queue knows of some tickets, without what was in them."""
    found: dict[str, WorkflowStatus] = {}
    for begin in range(0, len(names), AT_ONCE):
        some = DBOS.list_workflows(
            workflow_ids=list(names[begin : begin + AT_ONCE]), load_input=False, load_output=False
        )
        found |= {ticket.workflow_id: ticket for ticket in some}
    return found
