"""A request that is sent twice is done once and answered twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI, Response
from fastapi.testclient import TestClient

from holdfast.access.caller import Role
from holdfast.api import idempotency
from holdfast.api.answered import KEPT, LEASE, Reservation, keep, release, renew, take_or_recall
from holdfast.api.callers import Analyst
from holdfast.api.problems import ConflictError
from holdfast.errors import InputError
from holdfast.store.database import Database
from holdfast.store.records import Answered
from holdfast.workflows.service import Service
from tests.access.conftest import NOW
from tests.api.conftest import key_for

DONE = "/api/v1/test/things"
WANTED = Reservation("tea", "k", "print")


@pytest.fixture
def things(app: FastAPI) -> list[dict[str, Any]]:
    """What was done, by routes of the tests' own."""
    done: list[dict[str, Any]] = []

    @app.post(DONE, status_code=201)
    def make(body: dict[str, Any], caller: Analyst, response: Response) -> dict[str, Any]:
        if body.get("refuse"):
            raise InputError("No.", seen="no", todo="no")
        if body.get("break"):
            raise ZeroDivisionError
        done.append(body)
        if body.get("secret"):
            response.headers["Cache-Control"] = "no-store"
        response.headers["Location"] = f"{DONE}/{len(done)}"
        response.headers["ETag"] = '"1"'
        return {"n": len(done), "pad": "x" * int(body.get("pad", 0))}

    return done


@pytest.fixture
def analyst(things: list[dict[str, Any]], client: TestClient, service: Service) -> TestClient:
    client.headers["Authorization"] = f"Bearer {key_for(service, 'shop', Role.ANALYST)}"
    return client


def post(client: TestClient, key: str = "k", body: Any = None, **headers: str) -> Any:
    return client.post(DONE, json={} if body is None else body, headers={"Idempotency-Key": key, **headers})


def test_the_second_time_the_first_answer_comes_again(analyst: TestClient, things: list[Any]) -> None:
    first, second = post(analyst), post(analyst)
    assert len(things) == 1
    assert second.content == first.content
    assert second.status_code == first.status_code == 201
    for header in ("Location", "ETag", "Content-Type"):
        assert second.headers[header] == first.headers[header]
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.headers["X-Request-Id"] != first.headers["X-Request-Id"]


def test_without_a_key_and_with_other_keys_it_is_done_each_time(analyst: TestClient, things: list[Any]) -> None:
    analyst.post(DONE, json={})
    analyst.post(DONE, json={})
    post(analyst, "a")
    post(analyst, "b")
    assert len(things) == 4


def test_a_key_is_for_one_request_of_one_sender(analyst: TestClient, things: list[Any], service: Service) -> None:
    post(analyst)
    others = {"Authorization": f"Bearer {key_for(service, 'shop', Role.ADMIN)}"}
    for other in (
        post(analyst, body={"more": 1}),
        analyst.post(f"{DONE}?x=1", json={}, headers={"Idempotency-Key": "k"}),
        post(analyst, **others),
    ):
        assert (other.status_code, other.json()["title"]) == (422, "This idempotency key belongs to another request.")
    assert len(things) == 1


def test_tenants_do_not_share_keys(analyst: TestClient, things: list[Any], service: Service) -> None:
    assert post(analyst).json()["n"] == 1
    theirs = {"Authorization": f"Bearer {key_for(service, 'theirs', Role.ANALYST)}"}
    assert post(analyst, **theirs).json()["n"] == 2


@pytest.mark.parametrize("kind", ["refuse", "break"])
def test_what_was_not_done_may_be_tried_again(analyst: TestClient, things: list[Any], kind: str) -> None:
    failed = post(analyst, body={kind: True})
    assert failed.status_code == (422 if kind == "refuse" else 500)
    assert post(analyst, body={}).status_code == 201
    assert len(things) == 1


def test_who_may_not_gets_no_answer_of_others(analyst: TestClient, things: list[Any], service: Service) -> None:
    post(analyst)
    viewer = {"Authorization": f"Bearer {key_for(service, 'shop', Role.VIEWER)}"}
    assert post(analyst, **viewer).status_code == 403
    assert post(analyst, Authorization="Bearer hf_wrong").status_code == 401
    assert post(analyst, body=[]).status_code == 422


def test_what_is_shown_once_is_not_kept(admin: TestClient, service: Service) -> None:
    headers = {"Idempotency-Key": "make-a-key"}
    made = admin.post("/api/v1/keys", json={"role": "viewer"}, headers=headers)
    assert made.status_code == 201
    again = admin.post("/api/v1/keys", json={"role": "viewer"}, headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    with service.database.begin() as session:
        assert made.json()["key"] not in str(session.execute(sa.select(Answered.__table__)).all())
    assert len([each for each in admin.get("/api/v1/keys").json()["items"] if each["role"] == "viewer"]) == 1


def test_an_answer_that_is_too_large_is_given_whole_but_not_again(
    analyst: TestClient, things: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "LARGEST_KEPT", 1000)
    body = {"pad": 2000}
    assert len(post(analyst, body=body).json()["pad"]) == 2000
    assert post(analyst, body=body).status_code == 409
    assert len(things) == 1


def test_of_an_upload_the_names_and_sizes_count(admin: TestClient) -> None:
    def send(name: str, content: bytes) -> Any:
        return admin.post("/api/v1/imports", files={"file": (name, content)}, headers={"Idempotency-Key": "up"})

    first = send("a.csv", b"x,y\n1,2\n")
    assert first.status_code == 202
    assert send("a.csv", b"x,y\n1,2\n").json() == first.json()
    assert send("b.csv", b"x,y\n1,2\n").status_code == 422
    assert send("a.csv", b"x,y\n1,2\n3,4\n").status_code == 422
    assert len(admin.get("/api/v1/imports").json()["items"]) == 1


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_what_is_no_key(analyst: TestClient, things: list[Any], key: str) -> None:
    assert post(analyst, key).status_code == 422
    assert things == []


def test_other_methods_take_no_notice(analyst: TestClient) -> None:
    for _ in range(2):
        answer = analyst.get("/api/v1/session", headers={"Idempotency-Key": "k"})
        assert "Idempotency-Replayed" not in answer.headers


def test_while_it_is_worked_on_the_same_request_waits_its_turn(
    app: FastAPI, client: TestClient, service: Service
) -> None:
    begun, go_on, done = threading.Event(), threading.Event(), []

    @app.post("/api/v1/test/slow", status_code=202)
    def slow(caller: Analyst) -> dict[str, int]:
        begun.set()
        go_on.wait(20)
        done.append(1)
        return {"n": len(done)}

    headers = {"Authorization": f"Bearer {key_for(service, 'shop')}", "Idempotency-Key": "k"}
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.post, "/api/v1/test/slow", headers=headers)
        assert begun.wait(20)
        meanwhile = client.post("/api/v1/test/slow", headers=headers)
        assert (meanwhile.status_code, meanwhile.json()["code"]) == (409, "conflict")
        go_on.set()
        assert first.result().status_code == 202
    assert client.post("/api/v1/test/slow", headers=headers).json() == {"n": 1}


def test_a_long_request_renews_its_lease(
    app: FastAPI, client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewed: list[str] = []
    monkeypatch.setattr(idempotency, "LEASE", timedelta(seconds=0.3))
    monkeypatch.setattr(idempotency, "renew", lambda _, held, **__: renewed.append(held.key))

    @app.post("/api/v1/test/long")
    def long(caller: Analyst) -> dict[str, int]:
        threading.Event().wait(0.6)
        return {}

    headers = {"Authorization": f"Bearer {key_for(service, 'shop')}", "Idempotency-Key": "long one"}
    assert client.post("/api/v1/test/long", headers=headers).status_code == 200
    assert len(renewed) >= 3
    assert set(renewed) == {"long one"}


def take(database: Database, wanted: Reservation = WANTED, **later: float) -> Answered | None:
    return take_or_recall(database, wanted, now=NOW + timedelta(**later))


def test_a_lease_runs_out_unless_renewed(database: Database) -> None:
    assert take(database) is None
    with pytest.raises(ConflictError):
        take(database, seconds=LEASE.total_seconds() - 1)
    renew(database, WANTED, now=NOW + LEASE / 2)
    with pytest.raises(ConflictError):
        take(database, seconds=LEASE.total_seconds() + 1)
    assert take(database, seconds=2 * LEASE.total_seconds()) is None  # the server died: it begins anew


def test_an_answer_is_kept_for_a_day(database: Database) -> None:
    take(database)
    keep(database, WANTED, status=201, body={"text": "{}", "headers": {}}, now=NOW)
    found = take(database, hours=24)
    assert found is not None
    assert (found.status, found.body) == (201, {"text": "{}", "headers": {}})
    release(database, WANTED)
    assert take(database, hours=24) is not None  # what is kept is not given back
    assert take(database, seconds=KEPT.total_seconds() + 1) is None


def test_of_many_at_once_one_begins(database: Database) -> None:
    def attempt(_: int) -> str:
        try:
            return "begun" if take(database) is None else "recalled"
        except ConflictError:
            return "refused"

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(attempt, range(16))) == ["begun"] + ["refused"] * 15


def test_after_a_lease_ran_out_one_begins(database: Database) -> None:
    take(database)

    def attempt(_: int) -> str:
        try:
            return "begun" if take(database, seconds=100) is None else "recalled"
        except ConflictError:
            return "refused"

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(attempt, range(16))) == ["begun"] + ["refused"] * 15
