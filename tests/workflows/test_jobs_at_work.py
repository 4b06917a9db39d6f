"""A worker does jobs: how they end, in which order, and how they are stopped."""

import threading
from datetime import timedelta

import pytest

from holdfast.store.folder import ShopFolder
from holdfast.store.records import Worker
from holdfast.workflows import work as working_on
from holdfast.workflows.jobs import add_job, cancel, change, find_job, retry
from holdfast.workflows.service import Service
from tests.workflows.at_work import ended, let_go, problem_of, queue, read, traces, until, working


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No long waits."""
    for name, seconds in (("HEARTBEAT", 0.3), ("MENDING", 0.6), ("TO_FINISH", 0.5), ("TO_LET_GO", 1.0)):
        monkeypatch.setattr(f"holdfast.workflows.worker.{name}", seconds)


def test_how_jobs_end(service: Service) -> None:
    with working(service):
        done = ended(service, queue(service, "echo", money="1.50"))
        assert (done.state, done.result, done.progress, done.problem) == ("succeeded", {"money": "1.50"}, 1.0, None)
        assert done.started_at is not None
        assert done.ended_at is not None

        refused = ended(service, queue(service, "refuse"))
        assert refused.state == "failed"
        assert refused.problem == {
            "code": "doubtful_mapping", "what": "No.", "seen": "This.", "todo": "That.", "details": {"columns": ["a"]},
        }  # fmt: skip

        stumbled = ended(service, queue(service, "stumble"))
        assert problem_of(stumbled)["code"] == "bug"
        assert "secret" not in str(stumbled.problem)

        unknown = ended(service, queue(service, "dance"))
        assert problem_of(unknown)["what"] == "There is no such kind of job."

        with service.database.begin() as session:
            retry(session, tenant="tea", job_id=refused.id)
        service.tickets.send(read(service, refused))
        again = ended(service, refused)
        assert (again.state, again.attempt) == ("failed", 2)


def test_a_running_job_is_stopped_at_its_next_word(service: Service) -> None:
    with working(service):
        job = queue(service, "waits")
        until(lambda: read(service, job).progress > 0.1)
        seen = read(service, job)
        assert (seen.state, seen.step.startswith("waiting")) == ("running", True)
        with service.database.begin() as session:
            assert cancel(session, tenant="tea", job_id=job.id).state == "running"
        stopped = ended(service, job)
        assert (stopped.state, stopped.result) == ("cancelled", None)
        assert traces(service) == ["first"]
        let_go(service)
        with service.database.begin() as session:
            retry(session, tenant="tea", job_id=job.id)
        service.tickets.send(read(service, job))
        assert ended(service, job).state == "succeeded"
        assert traces(service) == ["first", "first", "second"]


def test_what_came_with_a_job_goes_when_it_is_stopped(service: Service) -> None:
    with service.database.begin() as session:
        folder = service.shop(session, "tea").folder
    (folder.path / "uploads" / "imp_sent").mkdir(parents=True)
    with working(service):
        job = queue(service, "waits", upload="imp_sent")
        until(lambda: read(service, job).progress > 0.1)
        with service.database.begin() as session:
            cancel(session, tenant="tea", job_id=job.id)
        assert folder.names("uploads") == ["imp_sent"]
        ended(service, job)
    assert folder.names("uploads") == []


def test_what_is_cancelled_or_moved_while_it_waits_is_not_done(service: Service) -> None:
    cancelled, moved = queue(service, "echo", name="cancelled"), queue(service, "echo", name="moved")
    with service.database.begin() as session:
        cancel(session, tenant="tea", job_id=cancelled.id)
        change(session, tenant="tea", job_id=moved.id, priority=9)
    service.tickets.send(read(service, moved))
    with working(service):
        assert ended(service, moved).state == "succeeded"
        ended(service, queue(service, "echo", name="last"))
    assert traces(service) == ["moved", "last"]
    assert read(service, cancelled).started_at is None


def test_the_smaller_priority_goes_first_and_one_at_a_time(service: Service) -> None:
    jobs = [queue(service, "echo", priority=priority, name=f"{priority}") for priority in (7, 5, 2, 9)]
    with working(service):
        for job in jobs:
            ended(service, job)
    assert traces(service) == ["2", "5", "7", "9"]


def test_among_equals_the_first_goes_first(service: Service) -> None:
    jobs = [queue(service, "echo", name=f"{n}") for n in range(6)]
    with working(service):
        ended(service, jobs[-1])
    assert traces(service) == [f"{n}" for n in range(6)]


def test_a_job_without_a_ticket_gets_one(service: Service) -> None:
    with service.database.begin() as session:
        job = add_job(session, tenant="tea", kind="echo", arguments={}, by="test")
    with working(service):
        assert ended(service, job).state == "succeeded"


def test_a_running_job_that_the_queue_does_not_know_starts_over(service: Service) -> None:
    with service.database.begin() as session:
        job = add_job(session, tenant="tea", kind="echo", arguments={}, by="test")
        job.state, job.worker, job.progress = "running", "gone", 0.5
    with working(service):
        done = ended(service, job)
    assert (done.state, done.attempt) == ("succeeded", 2)


def test_jobs_of_earlier_steps_start_over(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr("holdfast.workflows.durable.STEPS_VERSION", "0")
        job = queue(service, "echo")
    with working(service):
        done = ended(service, job)
    assert (done.state, done.attempt) == ("succeeded", 2)


def test_a_locked_shop_is_waited_for(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("holdfast.store.folder.LOCK_SECONDS", 0.1)
    monkeypatch.setattr(working_on, "LOCKED_RETRIES", (0.1,) * 100)

    def change_shop(work: working_on.Work) -> dict[str, object]:
        def change_it() -> str:
            with work.shop.folder.locked():
                return "changed"

        return {"shop": work.step("change", change_it)}

    folder = ShopFolder.of(service.settings.home, "tea")
    with working(service, {"change": change_shop}):
        with folder.locked():
            job = queue(service, "change")
            until(lambda: read(service, job).step.startswith("Waiting for somebody"))
        assert ended(service, job).result == {"shop": "changed"}
        with folder.locked():
            other = queue(service, "change")
            until(lambda: read(service, other).step.startswith("Waiting for somebody"))
            with service.database.begin() as session:
                cancel(session, tenant="tea", job_id=other.id)
            assert ended(service, other).state == "cancelled"


def test_progress_never_falls(service: Service) -> None:
    halfway, go_on = threading.Event(), threading.Event()

    def rises(work: working_on.Work) -> dict[str, object]:
        for n in range(1000):
            work.progress("up", n / 2000)
        work.part(0.5, 1.0).progress("half of the rest", 0.5)
        work.told.written = float("-inf")
        work.progress("back", 0.1)
        halfway.set()
        go_on.wait(30)
        return {}

    with working(service, {"rises": rises}):
        job = queue(service, "rises")
        assert halfway.wait(30)
        seen = read(service, job)
        assert (seen.step, seen.progress) == ("back", 0.75)
        go_on.set()
        assert ended(service, job).state == "succeeded"


def test_a_worker_that_is_told_to_stop_hands_its_job_back(service: Service) -> None:
    with working(service):
        job = queue(service, "waits")
        until(lambda: read(service, job).progress > 0.1)
    left = read(service, job)
    assert (left.state, left.worker, left.step) == ("queued", None, "Waiting for another worker")
    assert left.progress > 0.1
    with service.database.begin() as session:
        assert session.query(Worker).count() == 0
    let_go(service)
    with working(service):
        assert ended(service, job).result == {"traces": ["first", "second"]}
    assert traces(service) == ["first", "second"]
    assert read(service, job).attempt == 1


def test_a_job_is_found_by_its_tenant_alone(service: Service) -> None:
    job = queue(service, "echo", tenant="coffee")
    with working(service):
        ended(service, job)
    with service.database.begin() as session:
        assert find_job(session, tenant="coffee", job_id=job.id).state == "succeeded"


def test_old_tickets_are_thrown_away_and_records_stay(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("holdfast.workflows.worker.TIDYING", 0.3)
    monkeypatch.setattr("holdfast.workflows.mending.TICKETS_KEPT", timedelta(seconds=-60))
    with working(service):
        done = ended(service, queue(service, "echo"))
        waiting = queue(service, "waits")
        until(lambda: [t.workflow_id for t in service.tickets.client.list_workflows()] == [f"{waiting.id}.1"])
        let_go(service)
        assert ended(service, waiting).state == "succeeded"
    assert read(service, done).result == {}
