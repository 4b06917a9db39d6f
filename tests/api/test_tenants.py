"""Tenants over HTTP: made and deleted by an operator, changed by their admin, unseen by others."""

import pytest
from fastapi.testclient import TestClient

from holdfast.access.caller import Role
from holdfast.store.records import Job, new_id
from holdfast.workflows.clock import now
from holdfast.workflows.service import Service
from tests.api.conftest import key_for

TENANTS = "/api/v1/tenants"


@pytest.fixture
def operator(service: Service) -> dict[str, str]:
    """The headers of an operator, whose key hangs on `main`."""
    return bearer(key_for(service, "main", Role.OPERATOR))


def bearer(key: str, tenant: str | None = None) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"} | ({"X-Tenant-Id": tenant} if tenant else {})


def test_an_operator_makes_a_tenant_and_its_first_key(client: TestClient, operator: dict[str, str]) -> None:
    body = {"name": "tea", "title": "Tea & Co", "settings": {"currency": "GBP"}}
    made = client.post(TENANTS, json=body, headers=operator)
    assert made.status_code == 201
    assert {name: made.json()[name] for name in body} == body
    key = client.post("/api/v1/keys", json={"role": "admin"}, headers={**operator, "X-Tenant-Id": "tea"}).json()["key"]
    assert [each["name"] for each in client.get(TENANTS, headers=bearer(key)).json()["items"]] == ["tea"]
    assert [each["name"] for each in client.get(TENANTS, headers=operator).json()["items"]] == ["main", "tea"]
    noted = client.get("/api/v1/audit", params={"action": "create tenant"}, headers=operator).json()["items"]
    assert [each["subject"] for each in noted] == ["tea"]
    assert noted[0]["request_id"] == made.headers["X-Request-Id"]


def test_a_list_is_read_page_by_page(client: TestClient, operator: dict[str, str], service: Service) -> None:
    for name in ("a", "b", "c"):
        key_for(service, name)
    first = client.get(TENANTS, params={"limit": 3}, headers=operator).json()
    rest = client.get(TENANTS, params={"limit": 3, "cursor": first["next_cursor"]}, headers=operator).json()
    assert [each["name"] for each in first["items"]] == ["a", "b", "c"]
    assert [each["name"] for each in rest["items"]] == ["main"]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"name": "Tea"},
        {"name": "../x"},
        {"name": "tea", "settings": {"home": "/"}},
        {"name": "tea", "settings": {"currency": "pounds"}},
        {"name": "tea", "surprise": 1},
        {},
    ],
)
def test_what_is_no_tenant(client: TestClient, operator: dict[str, str], body: dict[str, object]) -> None:
    assert client.post(TENANTS, json=body, headers=operator).status_code == 422
    assert client.get(f"{TENANTS}/tea", headers=operator).status_code == 404


def test_a_name_is_taken_once(client: TestClient, operator: dict[str, str]) -> None:
    assert client.post(TENANTS, json={"name": "tea"}, headers=operator).status_code == 201
    assert client.post(TENANTS, json={"name": "tea"}, headers=operator).status_code == 422


def test_an_admin_changes_their_own(admin: TestClient, service: Service) -> None:
    changed = admin.patch(f"{TENANTS}/shop", json={"title": "Shop", "settings": {"horizon_days": 60, "margin": None}})
    assert changed.json()["settings"] == {"horizon_days": 60}
    kept = admin.patch(f"{TENANTS}/shop", json={"title": "New"}).json()
    assert (kept["title"], kept["settings"]) == ("New", {"horizon_days": 60})
    with service.database.begin() as session:
        assert service.shop(session, "shop").settings.horizon_days == 60
    wrong = admin.patch(f"{TENANTS}/shop", json={"settings": {"margin": 7}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "bad_settings")
    assert admin.get(f"{TENANTS}/shop").json() == kept


def test_an_admin_neither_sees_nor_changes_nor_deletes_another(admin: TestClient, service: Service) -> None:
    key_for(service, "theirs")
    theirs, nobodys = admin.get(f"{TENANTS}/theirs"), admin.get(f"{TENANTS}/nobodys")
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.json()["detail"] == nobodys.json()["detail"]
    assert admin.patch(f"{TENANTS}/theirs", json={"title": "x"}).status_code == 404
    assert admin.delete(f"{TENANTS}/theirs").status_code == 403
    assert admin.delete(f"{TENANTS}/shop").status_code == 403
    assert admin.post(TENANTS, json={"name": "new"}).status_code == 403


def test_deleted_means_records_and_files(client: TestClient, operator: dict[str, str], service: Service) -> None:
    key = bearer(key_for(service, "tea"))
    client.post("/api/v1/keys", json={"role": "viewer"}, headers=key)
    client.post("/api/v1/members", json={"email": "ann@example.com", "role": "admin"}, headers=key)
    folder = service.settings.home / "tenants" / "tea"
    (folder / "imports").mkdir(parents=True)
    (folder / "imports" / "orders.csv").write_text("secret")
    assert client.delete(f"{TENANTS}/tea", headers=operator).status_code == 204
    assert client.get("/api/v1/session", headers=key).status_code == 401
    assert [path for path in folder.parent.rglob("*") if path.is_file()] == []
    assert client.delete(f"{TENANTS}/tea", headers=operator).status_code == 404
    again = bearer(key_for(service, "tea"))
    assert client.get("/api/v1/members", headers=again).json()["items"] == []
    assert client.get("/api/v1/audit", headers=again).json()["items"] == []
    noted = client.get("/api/v1/audit", params={"action": "delete tenant"}, headers=operator).json()["items"]
    assert [each["subject"] for each in noted] == ["tea"]


def test_a_tenant_in_use_is_not_deleted(client: TestClient, operator: dict[str, str], service: Service) -> None:
    assert client.delete(f"{TENANTS}/main", headers=operator).status_code == 409
    key_for(service, "tea")
    with service.database.begin() as session:
        job = Job(id=new_id("job"), tenant="tea", kind="train", state="running", created_at=now(), created_by="test")
        job.stop_asked = False
        session.add(job)
    refused = client.delete(f"{TENANTS}/tea", headers=operator)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    with service.database.begin() as session:
        session.get_one(Job, job.id).state = "succeeded"
    assert client.delete(f"{TENANTS}/tea", headers=operator).status_code == 204
