"""A worker beside the application under test, and waiting for its jobs."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from holdfast.access.caller import Role
from holdfast.api.app import create_app
from holdfast.settings import Settings
from holdfast.workflows.job_kinds import KINDS
from holdfast.workflows.service import Service
from holdfast.workflows.worker import work
from tests.api.conftest import key_for
from tests.api.parts import settings_on

ENDED = ("succeeded", "failed", "cancelled")


@contextmanager
def worker(settings: Settings) -> Iterator[None]:
    """Do jobs meanwhile, in a thread of the test's process."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(settings, KINDS), kwargs={"stop": stop})
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)


@contextmanager
def running(home: Path, **settings: object) -> Iterator[TestClient]:
    """A started application with a worker, for the tests of a module; each takes a tenant of its own (`as_admin`)."""
    chosen = settings_on(home, **settings)
    with TestClient(create_app(chosen), raise_server_exceptions=False) as client, worker(chosen):
        yield client


def service_of(client: TestClient) -> Service:
    """What the application works with."""
    found: Service = client.app.state.service  # type: ignore[attr-defined]
    return found


def as_role(client: TestClient, tenant: str, role: Role) -> TestClient:
    """The client with a key of a tenant."""
    client.headers["Authorization"] = f"Bearer {key_for(service_of(client), tenant, role)}"
    return client


def as_admin(client: TestClient, tenant: str) -> TestClient:
    """The client with an admin's key of a tenant."""
    return as_role(client, tenant, Role.ADMIN)


def finished(client: TestClient, answer: Any, *, seconds: float = 600) -> dict[str, Any]:
    """The job that an answer names, once it has ended."""
    assert answer.status_code == 202, answer.text
    assert answer.headers["Location"] == f"/api/v1/jobs/{answer.json()['job_id']}"
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        job: dict[str, Any] = client.get(answer.headers["Location"]).json()
        if job["state"] in ENDED:
            return job
        time.sleep(0.05)
    raise AssertionError(f"still {job['state']} after {seconds} s: {job}")
