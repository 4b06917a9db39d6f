"""The audit log: whoever changed something is in it, with the request it was."""

import csv
import io

import pytest
from fastapi.testclient import TestClient

from holdfast.access.audit import note
from holdfast.access.caller import Caller, Role
from holdfast.api import audit
from holdfast.workflows.clock import now
from holdfast.workflows.service import Service
from tests.api.conftest import key_for

AUDIT = "/api/v1/audit"


def noted(service: Service, *actions: str, tenant: str = "shop", actor: str = "key:1") -> None:
    with service.database.begin() as session:
        for i, action in enumerate(actions):
            note(session, Caller(tenant, Role.ADMIN, actor), action, f"thing-{i}", now=now(), details={"n": i})


def test_a_change_is_noted_with_who_and_which_request(admin: TestClient) -> None:
    made = admin.post("/api/v1/keys", json={"role": "viewer"}, headers={"X-Request-Id": "req-1"}).json()
    (entry,) = admin.get(AUDIT, params={"subject": made["id"]}).json()["items"]
    assert (entry["action"], entry["request_id"]) == ("create key", "req-1")
    assert entry["actor"] == admin.get("/api/v1/session").json()["actor"]
    assert entry["details"] == {"role": "viewer", "days": None}


def test_a_change_that_failed_is_not(admin: TestClient) -> None:
    admin.patch("/api/v1/tenants/shop", json={"settings": {"margin": 9}})
    admin.delete("/api/v1/keys/key_none")
    assert admin.get(AUDIT).json()["items"] == []


def test_it_is_read_page_by_page_and_filtered(admin: TestClient, service: Service) -> None:
    noted(service, *["export customers"] * 5)
    noted(service, "export customers", "create key", actor="user:2")
    key_for(service, "theirs")
    noted(service, "export customers", tenant="theirs")
    page = admin.get(AUDIT, params={"limit": 3}).json()
    seen = [each["id"] for each in page["items"]]
    while page["next_cursor"] is not None:
        page = admin.get(AUDIT, params={"limit": 3, "cursor": page["next_cursor"]}).json()
        seen += [each["id"] for each in page["items"]]
    assert len(seen) == len(set(seen)) == 7
    assert len(admin.get(AUDIT, params={"action": "export customers"}).json()["items"]) == 6
    assert len(admin.get(AUDIT, params={"actor": "user:2"}).json()["items"]) == 2
    assert admin.get(AUDIT, params={"since": "2099-01-01T00:00:00Z"}).json()["items"] == []
    assert len(admin.get(AUDIT, params={"until": "2099-01-01T00:00:00Z"}).json()["items"]) == 7


def test_as_csv_it_is_whole_and_no_formula(
    admin: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "BLOCK", 3)
    noted(service, *["export customers"] * 6, "=HYPERLINK(1)")
    answer = admin.get(f"{AUDIT}/csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "audit-shop.csv" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 8
    assert {row["action"] for row in rows} == {"export customers", "'=HYPERLINK(1)", "export audit log"}
    assert tuple(rows[0]) == audit.COLUMNS


@pytest.mark.parametrize(
    "wanted",
    [
        {"since": "yesterday"},
        {"since": "2024-01-01T00:00:00"},
        {"since": "0001-01-01T00:00:00+14:00"},
        {"cursor": "x"},
        {"cursor": "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwgIngiXQ"},
        {"limit": 0},
        {"surprise": 1},
    ],
)
def test_what_is_no_question(admin: TestClient, wanted: dict[str, str]) -> None:
    assert admin.get(AUDIT, params=wanted).status_code == 422


def test_the_log_is_an_admins(client: TestClient, service: Service) -> None:
    client.headers["Authorization"] = f"Bearer {key_for(service, 'shop', Role.ANALYST)}"
    assert client.get(AUDIT).status_code == 403
    assert client.get(f"{AUDIT}/csv").status_code == 403
