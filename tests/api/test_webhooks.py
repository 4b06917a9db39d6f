"""A list sent to a webhook: signed, in parts, without holdouts, and nothing twice; whatever the receiver does."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from holdfast.access.caller import Role
from holdfast.store.records import Job
from holdfast.workflows import sending
from holdfast.workflows.job_kinds import KINDS
from tests.api.working import service_of
from tests.receiving import Receiver, receiving
from tests.sample_home import copy_tenant, reading
from tests.workflows.at_work import ended, working

ROOM = "action-lists"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def client(sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """An admin of the sample shop on a server that may call private addresses; parts are small, waits short."""
    copy_tenant(sample_home, tmp_path)
    monkeypatch.setattr(sending, "CUSTOMERS_A_PART", 20)
    with reading(tmp_path, role=Role.ADMIN, private_addresses=True) as client:
        yield client


def approved(client: TestClient, **wanted: Any) -> dict[str, Any]:
    made = client.post(ROOM, json={"name": "October", "holdout": 0.3, "seed": 2, **wanted}).json()
    assert client.post(f"{ROOM}/{made['id']}/approve").status_code == 200
    found: dict[str, Any] = made
    return found


def hook(client: TestClient, receiver: Receiver) -> str:
    answer = client.put("webhook", json={"url": receiver.url})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    secret: str = answer.json()["secret"]
    return secret


def send(client: TestClient, made: dict[str, Any]) -> Job:
    service = service_of(client)
    with working(service, KINDS):
        answer = client.post(f"{ROOM}/{made['id']}/send")
        assert answer.status_code == 202, answer.text
        with service.database.begin() as session:
            job = session.get_one(Job, answer.json()["job_id"])
        return ended(service, job)


def treated(client: TestClient, made: dict[str, Any]) -> list[str]:
    page = client.get(f"{ROOM}/{made['id']}/entries", params={"arm": "treated", "limit": 1000}).json()
    return [each["customer_id"] for each in page["items"]]


def arrived(receiver: Receiver) -> list[str]:
    return [each["customer_id"] for body in receiver.bodies for each in body["data"]["customers"]]


def test_those_who_are_treated_arrive_signed_and_in_parts(client: TestClient, receiver: Receiver) -> None:
    secret, made = hook(client, receiver), approved(client)
    job = send(client, made)
    listed = treated(client, made)
    assert job.state == "succeeded", job.problem
    assert arrived(receiver) == listed
    assert receiver.are_signed(secret)
    parts = -(-len(listed) // 20)
    assert [body["data"]["part"] for body in receiver.bodies] == list(range(1, parts + 1))
    assert job.result == {
        "list_id": made["id"],
        "customers": len(listed),
        "before": 0,
        "parts": parts,
        "host": "127.0.0.1",
    }
    first = receiver.bodies[0]
    assert first["type"] == "action_list.customers"
    assert {"what", "why", "timing", "message", "profit", "place"} <= first["data"]["customers"][0].keys()
    found = client.get(f"{ROOM}/{made['id']}").json()
    assert (found["state"], found["sent_on"] is not None) == ("exported", True)
    took = client.get(f"{ROOM}/{made['id']}/deliveries").json()["items"]
    assert sum(each["customers"] for each in took) == len(listed)


def test_nothing_is_sent_twice(client: TestClient, receiver: Receiver) -> None:
    hook(client, receiver)
    made = approved(client)
    send(client, made)
    before = list(receiver.ids)
    again = send(client, made)
    assert receiver.ids == before
    assert again.result is not None
    assert (again.result["customers"], again.result["before"]) == (0, len(treated(client, made)))


def test_a_receiver_that_breaks_in_the_middle_gets_the_rest_later(client: TestClient, receiver: Receiver) -> None:
    hook(client, receiver)
    made = approved(client)
    receiver.answers = [200, 200, 400]
    failed = send(client, made)
    assert failed.state == "failed"
    assert failed.problem is not None
    assert (failed.problem["code"], failed.problem["seen"]) == ("not_delivered", "It answered 400.")
    assert "token" not in str(failed.problem)
    del receiver.got[2]  # what it refused
    assert send(client, made).state == "succeeded"
    assert arrived(receiver) == treated(client, made)


def test_only_an_approved_list_is_sent_and_only_somewhere(client: TestClient, receiver: Receiver) -> None:
    draft = client.post(ROOM, json={}).json()
    made = approved(client)
    nowhere = client.post(f"{ROOM}/{made['id']}/send")
    assert (nowhere.status_code, nowhere.json()["title"]) == (404, "There is no webhook.")
    hook(client, receiver)
    assert client.post(f"{ROOM}/{draft['id']}/send").status_code == 409
    client.post(f"{ROOM}/{made['id']}/close")
    assert client.post(f"{ROOM}/{made['id']}/send").status_code == 409
    assert receiver.got == []


def test_a_webhook_is_set_tried_read_and_removed(client: TestClient, receiver: Receiver) -> None:
    assert client.get("webhook").status_code == 404
    assert client.post("webhook/test").status_code == 404
    secret = hook(client, receiver)
    assert "secret" not in client.get("webhook").json()
    assert client.post("webhook/test").json() == {"answer": 200}
    assert receiver.are_signed(secret)
    assert receiver.bodies[0]["type"] == "holdfast.test"
    receiver.answers = [503]
    refused = client.post("webhook/test")
    assert (refused.status_code, refused.json()["code"]) == (502, "not_delivered")
    assert hook(client, receiver) != secret
    assert client.delete("webhook").status_code == 204
    assert client.delete("webhook").status_code == 404
    actions = [each["action"] for each in client.get("audit").json()["items"]]
    assert {"set webhook", "remove webhook"} <= set(actions)
    assert "token" not in client.get("audit").text


def test_a_server_that_calls_public_addresses_only_says_so(
    sample_home: Path, tmp_path: Path, receiver: Receiver
) -> None:
    copy_tenant(sample_home, tmp_path)
    with reading(tmp_path, role=Role.ADMIN) as client:
        plain = client.put("webhook", json={"url": receiver.url})
        assert (plain.status_code, plain.json()["title"]) == (422, "A webhook needs https.")
        client.put("webhook", json={"url": receiver.url.replace("http:", "https:")})
        private = client.post("webhook/test")
        assert (private.status_code, private.json()["title"]) == (422, "Private addresses are not called.")
    assert receiver.got == []
