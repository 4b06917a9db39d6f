"""/metrics: what Prometheus reads, what the dashboard draws, and who may look."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from holdfast.access.caller import Role
from holdfast.store.records import Job, new_id
from holdfast.workflows.clock import now
from holdfast.workflows.service import Service
from tests.api.conftest import key_for

DASHBOARD = Path(__file__).parents[2] / "deploy" / "grafana" / "holdfast.json"


@pytest.fixture
def here(app: FastAPI) -> Iterator[TestClient]:
    """A client on this machine."""
    with TestClient(app, client=("127.0.0.1", 50000), raise_server_exceptions=False) as client:
        yield client


def samples(client: TestClient, **headers: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def requests_of(client: TestClient, method: str, route: str, status: int) -> float:
    labels = (("method", method), ("route", route), ("status", str(status)))
    return samples(client).get(("holdfast_requests_total", labels), 0)


def test_requests_are_counted_by_the_template_of_their_route(here: TestClient) -> None:
    service: Service = here.app.state.service  # type: ignore[attr-defined]
    here.headers["Authorization"] = f"Bearer {key_for(service, 'shop')}"
    route = "/api/v1/keys/{key_id}"
    before = requests_of(here, "GET", route, 404)
    for i in range(3):
        here.get(f"/api/v1/keys/key_{i}")
    assert requests_of(here, "GET", route, 404) == before + 3
    labels = (("method", "GET"), ("route", route))
    assert samples(here)["holdfast_request_seconds_count", labels] >= before + 3
    assert requests_of(here, "GET", "/metrics", 200) >= 1


def test_what_somebody_makes_up_becomes_no_label(here: TestClient) -> None:
    for i in range(5):
        here.get(f"/made-up-{i}")
        here.request(f"FOO{i}", "/api/v1/session")
    text = here.get("/metrics").text
    assert "made-up" not in text
    assert "FOO" not in text
    assert requests_of(here, "GET", "other", 404) >= 5


def test_errors_of_ours_are_counted(here: TestClient, app: FastAPI) -> None:
    @app.get("/api/v1/broken/{name}")
    def broken(name: str) -> None:
        raise ZeroDivisionError

    here.get("/api/v1/broken/a")
    assert requests_of(here, "GET", "/api/v1/broken/{name}", 500) == 1


def test_jobs_are_counted_by_state_as_they_are(here: TestClient) -> None:
    service: Service = here.app.state.service  # type: ignore[attr-defined]
    key_for(service, "tea")
    with service.database.begin() as session:
        for state in ("queued", "queued", "failed"):
            session.add(
                Job(
                    id=new_id("job"), tenant="tea", kind="train", state=state, created_at=now(), created_by="test",
                    stop_asked=False,
                )
            )  # fmt: skip
    found = {labels[0][1]: value for (name, labels), value in samples(here).items() if name == "holdfast_jobs"}
    assert found == {"queued": 2, "running": 0, "succeeded": 0, "failed": 1, "cancelled": 0}


def test_the_process_is_measured(here: TestClient) -> None:
    assert samples(here)["process_resident_memory_bytes", ()] > 10_000_000


@pytest.mark.parametrize(
    "header", [{}, {"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"}, {"X-Real-IP": "127.0.0.1"}]
)
def test_from_elsewhere_it_takes_an_operators_key(app: FastAPI, header: dict[str, str]) -> None:
    address = "127.0.0.1" if header else "203.0.113.7"
    with TestClient(app, client=(address, 50000), raise_server_exceptions=False) as client:
        assert client.get("/metrics", headers=header).status_code == 401
        for role, status in ((Role.ADMIN, 403), (Role.OPERATOR, 200)):
            key = {"Authorization": f"Bearer {key_for(app.state.service, 'shop', role)}"}
            assert client.get("/metrics", headers=header | key).status_code == status


def test_the_dashboard_draws_what_there_is(here: TestClient) -> None:
    board = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    asked = [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]
    assert len(asked) >= 8
    named = {name for expression in asked for name in re.findall(r"\b(?:holdfast|process|python)_\w+", expression)}
    here.get("/healthz")
    there = {name for name, _ in samples(here)} | {
        line.split()[2] for line in here.get("/metrics").text.splitlines() if line.startswith("# TYPE")
    }
    assert {name for name in named if name not in there} == set()
    assert all(panel["title"] and panel["id"] for panel in board["panels"])
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
