"""Workers are processes that die: what they were at goes on, once, and a job that kills them is given up."""

import signal
from contextlib import ExitStack

from holdfast.workflows.service import Service
from tests.workflows.at_work import ended, let_go, odd_worker, problem_of, queue, read, traces, until


def test_a_killed_worker_goes_on_where_it_was(service: Service) -> None:
    job, refused = queue(service, "waits"), queue(service, "refuse in a step", tenant="coffee")
    with odd_worker(service) as worker:
        until(lambda: read(service, job).progress > 0.1 or read(service, refused).progress > 0.1)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    first = read(service, job)
    let_go(service, "tea")
    let_go(service, "coffee")
    with odd_worker(service):
        done, failed = ended(service, job), ended(service, refused)
    assert (done.state, done.attempt) == ("succeeded", 1)
    assert done.progress >= first.progress
    assert traces(service) == ["first", "second"]
    assert (problem_of(failed)["code"], traces(service, "coffee")) == ("doubtful_mapping", ["refused ['a']"])


def test_another_worker_takes_over_from_a_dead_one(service: Service) -> None:
    job = queue(service, "waits")
    with ExitStack() as workers:
        one = workers.enter_context(odd_worker(service))
        until(lambda: read(service, job).progress > 0.1)
        first = read(service, job).worker
        workers.enter_context(odd_worker(service))
        until(lambda: len(list((service.settings.home / "workers").glob("*.lock"))) >= 3)  # two places and the name
        one.send_signal(signal.SIGKILL)
        until(lambda: read(service, job).worker not in (first, None))
        let_go(service)
        assert ended(service, job).state == "succeeded"
    assert traces(service) == ["first", "second"]


def test_two_workers_do_two_tenants_at_once_and_one_tenant_one_after_the_other(service: Service) -> None:
    mine = [queue(service, "waits", name=name) for name in ("a", "b")]
    theirs = queue(service, "waits", tenant="coffee")
    with odd_worker(service), odd_worker(service):
        until(lambda: read(service, theirs).progress > 0.1 and any(read(service, job).progress > 0.1 for job in mine))
        assert sorted(read(service, job).state for job in mine) == ["queued", "running"]
        assert len(traces(service)) == 1
        let_go(service, "coffee")
        assert ended(service, theirs).state == "succeeded"
        assert sorted(read(service, job).state for job in mine) == ["queued", "running"]  # the idle one keeps off it
        let_go(service, "tea")
        for job in mine:
            assert ended(service, job).state == "succeeded"
    assert traces(service) in (
        ["first a", "second a", "first b", "second b"],
        ["first b", "second b", "first a", "second a"],
    )


def test_a_worker_whose_server_is_gone_stops_and_leaves_its_job_to_others(service: Service) -> None:
    job = queue(service, "waits")
    with odd_worker(service) as worker:
        until(lambda: read(service, job).progress > 0.1)
        assert worker.stdin is not None
        worker.stdin.close()
        assert worker.wait(timeout=30) == 0
    assert read(service, job).state == "queued"
    let_go(service)
    with odd_worker(service):
        assert ended(service, job).state == "succeeded"
    assert traces(service) == ["first", "second"]


def test_a_job_that_does_not_listen_ends_with_its_process(service: Service) -> None:
    job = queue(service, "deaf")
    with odd_worker(service) as worker:
        until(lambda: traces(service) == ["deaf"])
        assert worker.stdin is not None
        worker.stdin.close()
        assert worker.wait(timeout=30) == 0
    assert read(service, job).state == "queued"
    let_go(service)
    with odd_worker(service):
        assert ended(service, job).state == "succeeded"


def test_a_job_that_kills_every_worker_is_given_up(service: Service) -> None:
    job, other = queue(service, "kill its worker"), queue(service, "echo", tenant="coffee")
    for _ in range(4):
        with odd_worker(service) as worker:
            until(lambda: worker.poll() is not None or read(service, job).state == "failed")
    assert problem_of(read(service, job))["code"] == "worker_died"
    assert len(traces(service)) == 3
    with odd_worker(service):
        assert ended(service, other).state == "succeeded"
