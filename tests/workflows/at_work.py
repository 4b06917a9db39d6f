"""Workers beside a test, and waiting for what they do."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from holdfast.store.records import Job
from holdfast.workflows.jobs import ENDED, submit
from holdfast.workflows.service import Service
from holdfast.workflows.work import Kinds
from holdfast.workflows.worker import work
from tests.workflows.odd_jobs import ODD

REPOSITORY = Path(__file__).parents[2]


@contextmanager
def working(service: Service, kinds: Kinds = ODD) -> Iterator[None]:
    """A worker in a thread of the test's process."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(service.settings, kinds), kwargs={"stop": stop}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


@contextmanager
def odd_worker(service: Service) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process that knows the odd jobs; killed at the end if it still lives."""
    arguments = (str(service.settings.home), service.settings.database_url or "")
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.workflows.odd_jobs", *arguments], cwd=REPOSITORY, stdin=subprocess.PIPE
    )
    try:
        yield child
    finally:
        child.kill()
        child.wait()


def queue(service: Service, kind: str, *, tenant: str = "tea", priority: int = 5, **arguments: Any) -> Job:
    """A new job."""
    return submit(service, tenant=tenant, kind=kind, arguments=arguments, by="test", priority=priority)


def read(service: Service, job: Job) -> Job:
    """The job as it is now."""
    with service.database.begin() as session:
        return session.get_one(Job, job.id)


def until(condition: Callable[[], Any], *, seconds: float = 60) -> None:
    """Wait for something."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def ended(service: Service, job: Job, *, seconds: float = 60) -> Job:
    """The job once it has ended."""
    until(lambda: read(service, job).state in ENDED, seconds=seconds)
    return read(service, job)


def problem_of(job: Job) -> dict[str, Any]:
    """Why it failed."""
    assert job.state == "failed"
    assert job.problem is not None
    return job.problem


def traces(service: Service, tenant: str = "tea") -> list[str]:
    """What the jobs of a tenant did."""
    file = service.settings.home / "tenants" / tenant / "traces"
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def let_go(service: Service, tenant: str = "tea") -> None:
    """Let the jobs of a tenant go on that wait."""
    folder = service.settings.home / "tenants" / tenant
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "go").touch()
