"""The records of jobs: submitted, found, changed, stopped, queued anew. Nobody works on them here."""

from datetime import timedelta
from typing import Any

import pytest

from holdfast.errors import MappingError, NotFoundError
from holdfast.store.records import Job
from holdfast.workflows.clock import now
from holdfast.workflows.durable import Serializer, ticket_of
from holdfast.workflows.jobs import (
    JobStateError,
    State,
    cancel,
    change,
    find_job,
    jobs_of,
    queue_anew,
    retry,
    seconds_left,
    submit,
)
from holdfast.workflows.service import Service
from tests.workflows.at_work import queue, read


def tickets(service: Service) -> set[str]:
    return {ticket.workflow_id for ticket in service.tickets.client.list_workflows()}


def test_a_submitted_job_waits_and_has_a_ticket(service: Service) -> None:
    job = queue(service, "train", tenant="tea", dates=0)
    assert (job.state, job.progress, job.attempt, job.arguments) == ("queued", 0.0, 1, {"dates": 0})
    assert tickets(service) == {f"{job.id}.1"}


def test_a_job_id_of_ones_own_is_submitted_once(service: Service) -> None:
    first, second = (
        submit(service, tenant="tea", kind="train", arguments={}, by="test", job_id="job_x-train") for _ in range(2)
    )
    assert first.id == second.id == "job_x-train"
    assert tickets(service) == {"job_x-train.1"}


def test_jobs_belong_to_their_tenant(service: Service) -> None:
    job = queue(service, "train", tenant="tea")
    with service.database.begin() as session:
        assert session.scalars(jobs_of("coffee")).all() == []
        assert [each.id for each in session.scalars(jobs_of("tea", state=State.QUEUED, kind="train"))] == [job.id]
        assert session.scalars(jobs_of("tea", kind="import")).all() == []
        for act in (find_job, cancel, retry, change):
            with pytest.raises(NotFoundError):
                act(session, tenant="coffee", job_id=job.id)


def test_a_waiting_job_is_cancelled_at_once_and_can_be_run_again(service: Service) -> None:
    job = queue(service, "train")
    with service.database.begin() as session:
        cancel(session, tenant="tea", job_id=job.id)
    gone = read(service, job)
    assert gone.state == "cancelled"
    assert gone.ended_at is not None
    with service.database.begin() as session, pytest.raises(JobStateError):
        cancel(session, tenant="tea", job_id=job.id)
    with service.database.begin() as session:
        again = retry(session, tenant="tea", job_id=job.id)
    assert (again.state, again.attempt, again.stop_asked, again.ended_at) == ("queued", 2, False, None)


def test_a_waiting_job_is_not_run_again(service: Service) -> None:
    job = queue(service, "train")
    with service.database.begin() as session, pytest.raises(JobStateError) as refused:
        retry(session, tenant="tea", job_id=job.id)
    assert refused.value.status == 409


def test_another_priority_is_another_ticket(service: Service) -> None:
    job = queue(service, "train")
    with service.database.begin() as session:
        assert change(session, tenant="tea", job_id=job.id, label="nightly").attempt == 1
        assert change(session, tenant="tea", job_id=job.id, priority=5).attempt == 1
        moved = change(session, tenant="tea", job_id=job.id, priority=1)
    assert (moved.attempt, moved.priority, moved.label) == (2, 1, "nightly")
    assert ticket_of(moved) == f"{job.id}.2"
    with service.database.begin() as session:
        session.get_one(Job, job.id).state = "running"
    with service.database.begin() as session, pytest.raises(JobStateError):
        change(session, tenant="tea", job_id=job.id, priority=2)


def test_what_is_queued_anew_starts_from_nothing() -> None:
    job: Any = Job(id="j", attempt=3, state="failed", progress=0.7, step="x", worker="w", problem={"code": "bug"})
    job.started_at = job.ended_at = now()
    queue_anew(job)
    assert (job.attempt, job.state, job.progress, job.step, job.worker) == (4, "queued", 0.0, "", None)
    assert (job.problem, job.started_at, job.ended_at) == (None, None, None)


@pytest.mark.parametrize(
    ("state", "progress", "left"),
    [("running", 0.25, 90.0), ("running", 0.01, None), ("running", 1.0, 0.0), ("queued", 0.5, None)],
)
def test_time_left(state: str, progress: float, left: float | None) -> None:
    job = Job(state=state, progress=progress, started_at=now())
    assert job.started_at is not None
    assert seconds_left(job, at=job.started_at + timedelta(seconds=30)) == left


def test_what_the_queue_remembers_is_json() -> None:
    kept = Serializer()
    assert kept.deserialize(kept.serialize({"a": [1, None, "é"]})) == {"a": [1, None, "é"]}
    refused = kept.deserialize(
        kept.serialize(MappingError("No.", seen="This.", todo="That.", details={"columns": ["a"]}))
    )
    assert isinstance(refused, MappingError)
    assert refused.problem() == {
        "code": "doubtful_mapping", "what": "No.", "seen": "This.", "todo": "That.", "details": {"columns": ["a"]},
    }  # fmt: skip
    assert str(kept.deserialize(kept.serialize(ValueError("x")))) == "ValueError: x"
    with pytest.raises(TypeError):
        kept.serialize(object())
