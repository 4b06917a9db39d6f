"""Jobs over HTTP: started, listed, followed, moved, stopped, run again."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from holdfast.access.caller import Role
from holdfast.api import streaming
from holdfast.api.app import create_app
from holdfast.store.records import AuditEntry
from holdfast.workflows.jobs import submit
from holdfast.workflows.service import Service
from tests.api.conftest import key_for
from tests.api.parts import settings_on
from tests.api.servers import served
from tests.api.working import as_admin, as_role, service_of
from tests.workflows.at_work import ended, let_go, queue, read, until, working


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The application, and nobody who works."""
    settings = settings_on(tmp_path_factory.mktemp("home"))
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def jobs(started: TestClient, request: pytest.FixtureRequest) -> TestClient:
    """A client with a tenant of the test's own."""
    return as_admin(started, tenant_of(request))


def tenant_of(request: pytest.FixtureRequest) -> str:
    name: str = request.node.originalname
    return name.replace("_", "-")[5:60]


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    found: dict[str, Any] = answer.json()
    assert (answer.status_code, found["code"]) == (status, code), answer.text
    return found


def test_a_job_is_accepted_and_can_be_followed(jobs: TestClient) -> None:
    answer = jobs.post("/api/v1/jobs", json={"kind": "train", "arguments": {"dates": 0}, "label": "nightly"})
    assert answer.status_code == 202
    accepted = answer.json()
    assert accepted["state"] == "queued"
    assert answer.headers["Location"] == f"/api/v1/jobs/{accepted['job_id']}"
    job = jobs.get(answer.headers["Location"]).json()
    assert job | {"created_at": "", "created_by": "", "id": ""} == {
        "id": "", "kind": "train", "label": "nightly", "priority": 5, "state": "queued", "progress": 0.0, "step": "",
        "seconds_left": None, "stopping": False, "attempt": 1, "arguments": {"dates": 0, "promote": True},
        "result": None, "problem": None, "created_at": "", "created_by": "", "started_at": None, "ended_at": None,
    }  # fmt: skip
    assert job["created_by"].startswith("key:")


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "dance"},
        {"kind": "import", "arguments": {}},
        {"kind": "train", "arguments": {"horizon": 0}},
        {"kind": "train", "arguments": {"horizn": 90}},
        {"kind": "train", "arguments": {"as_of": "soon"}},
        {"kind": "train", "priority": 10},
        {"kind": "run", "arguments": {"steps": []}},
        {"kind": "undo"},
        {"kind": "rebuild", "arguments": {"policy": "/etc/passwd"}},
        {},
    ],
)
def test_what_no_job_can_be_made_of(jobs: TestClient, body: dict[str, Any]) -> None:
    problem(jobs.post("/api/v1/jobs", json=body), 422, "bad_request")
    assert jobs.get("/api/v1/jobs").json()["items"] == []


def test_lists_are_filtered_and_come_in_pages(jobs: TestClient) -> None:
    for kind in ("train", "rebuild", "train"):
        jobs.post("/api/v1/jobs", json={"kind": kind})
    first = jobs.get("/api/v1/jobs", params={"limit": 2}).json()
    rest = jobs.get("/api/v1/jobs", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [len(first["items"]), len(rest["items"]), rest["next_cursor"]] == [2, 1, None]
    assert len({item["id"] for item in first["items"] + rest["items"]}) == 3
    trained = jobs.get("/api/v1/jobs", params={"kind": "train", "state": "queued"}).json()["items"]
    assert [item["kind"] for item in trained] == ["train", "train"]
    assert jobs.get("/api/v1/jobs", params={"state": "running"}).json()["items"] == []
    problem(jobs.get("/api/v1/jobs", params={"state": "asleep"}), 422, "bad_request")


def test_files_of_a_stopped_job_go_and_those_of_an_import_wait_for_somebody(jobs: TestClient) -> None:
    history = jobs.post("/api/v1/vouchers/history", files={"file": ("h.csv", b"a,b")}).headers["Location"]
    upload = jobs.get(history).json()["arguments"]["upload"]
    orders = jobs.post("/api/v1/imports", files={"file": ("o.csv", b"a,b")}).json()["subject"]
    uploads = next(service_of(jobs).settings.home.glob("tenants/files-of-a-stopped*/uploads"))
    assert {each.name for each in uploads.iterdir()} == {upload, orders}
    for job in jobs.get("/api/v1/jobs").json()["items"]:
        assert jobs.post(f"/api/v1/jobs/{job['id']}/cancel").json()["state"] == "cancelled"
    assert [each.name for each in uploads.iterdir()] == [orders]


def test_moved_renamed_stopped_and_run_again(jobs: TestClient) -> None:
    path = jobs.post("/api/v1/jobs", json={"kind": "train"}).headers["Location"]
    moved = jobs.patch(path, json={"priority": 1, "label": "first"}).json()
    assert (moved["priority"], moved["label"], moved["attempt"]) == (1, "first", 2)
    problem(jobs.patch(path, json={"priority": 0}), 422, "bad_request")
    assert jobs.post(f"{path}/retry").status_code == 409
    assert jobs.post(f"{path}/cancel").json()["state"] == "cancelled"
    problem(jobs.post(f"{path}/cancel"), 409, "conflict")
    assert jobs.patch(path, json={"label": "stopped"}).json()["label"] == "stopped"
    problem(jobs.patch(path, json={"priority": 2}), 409, "conflict")
    again = jobs.post(f"{path}/retry")
    assert (again.status_code, again.headers["Location"]) == (202, path)
    assert (jobs.get(path).json()["state"], jobs.get(path).json()["attempt"]) == ("queued", 3)
    with service_of(jobs).database.begin() as session:
        noted = {entry.action for entry in session.query(AuditEntry).filter_by(subject=path.rsplit("/", 1)[1])}
    assert noted == {"cancel job", "retry job"}


def test_jobs_of_others_are_not_there(jobs: TestClient) -> None:
    path = jobs.post("/api/v1/jobs", json={"kind": "train"}).headers["Location"]
    as_admin(jobs, "others")
    assert jobs.get("/api/v1/jobs").json()["items"] == []
    for method, address in (
        ("GET", path), ("PATCH", path), ("POST", f"{path}/cancel"), ("POST", f"{path}/retry"), ("GET", f"{path}/events")
    ):  # fmt: skip
        answer = jobs.request(method, address, **({"json": {}} if method == "PATCH" else {}))
        assert problem(answer, 404, "not_found")["detail"] == "Tenant others has no such job."


def test_viewers_look_and_change_nothing(jobs: TestClient, request: pytest.FixtureRequest) -> None:
    path = jobs.post("/api/v1/jobs", json={"kind": "train"}).headers["Location"]
    as_role(jobs, tenant_of(request), Role.VIEWER)
    assert jobs.get(path).status_code == 200
    for answer in (
        jobs.post("/api/v1/jobs", json={"kind": "train"}), jobs.patch(path, json={}), jobs.post(f"{path}/cancel"),
        jobs.post(f"{path}/retry"),
    ):  # fmt: skip
        problem(answer, 403, "not_allowed")


def test_the_events_of_a_job_that_has_ended(jobs: TestClient) -> None:
    path = jobs.post("/api/v1/jobs", json={"kind": "train"}).headers["Location"]
    jobs.post(f"{path}/cancel")
    answer = jobs.get(f"{path}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    retry, change, end = answer.text.strip().split("\n\n")
    assert (retry, end) == ("retry: 1000", "event: end\ndata: {}")
    kind, data = change.split("\n")
    assert kind == "event: change"
    assert json.loads(data.removeprefix("data: "))["state"] == "cancelled"


def test_events_while_jobs_are_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "SECONDS_OF_SILENCE", 0.2)
    settings = settings_on(tmp_path)
    service = Service.open(settings)
    with served(settings) as (address, server), working(service):
        key = {"Authorization": f"Bearer {key_for(service, 'tea')}"}
        job = queue(service, "waits", name="one")
        lines = []
        with (
            httpx.stream("GET", f"{address}/api/v1/jobs/{job.id}/events", headers=key, timeout=60) as one,
            httpx.stream("GET", f"{address}/api/v1/jobs/events", headers=key, timeout=60) as all_of_them,
        ):
            heard = all_of_them.iter_lines()
            for line in one.iter_lines():
                lines.append(line)
                if len([line for line in lines if '"running"' in line]) == 3:
                    let_go(service)
            other = queue(service, "echo")
            until(lambda: read(service, other).state == "succeeded")
            assert any(f'"{other.id}"' in line for line in heard)
            server.config.app.state.stopping.set()  # type: ignore[union-attr]
            assert list(heard) is not None  # ends, rather than being cut off
        told = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith('data: {"id"')]
        assert [each["state"] for each in told][-1] == "succeeded"
        assert len({each["progress"] for each in told}) >= 3
        assert [each["progress"] for each in told] == sorted(each["progress"] for each in told)
        assert ": still here" in lines or len(told) > 3
        assert lines[-3:] == ["event: end", "data: {}", ""]
    service.close()


def test_jobs_of_a_real_kind_find_nothing_to_do_in_an_empty_shop(tmp_path: Path) -> None:
    from holdfast.workflows.job_kinds import KINDS  # noqa: PLC0415 - heavy, and needed here alone

    service = Service.open(settings_on(tmp_path))
    key_for(service, "tea")
    with working(service, KINDS):
        for kind in ("train", "rebuild", "undo", "run", "backtest"):
            arguments = {"import_id": "x"} if kind == "undo" else {}
            job = ended(service, submit(service, tenant="tea", kind=kind, arguments=arguments, by="test"))
            assert job.problem is not None
            assert (job.state, job.problem["code"]) == ("failed", "not_found"), kind
    service.close()
