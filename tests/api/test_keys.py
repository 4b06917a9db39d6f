"""Keys over HTTP: shown once, never more than their maker may, over when they should be."""

import pytest
from fastapi.testclient import TestClient

from holdfast.access.caller import Role
from holdfast.workflows.service import Service
from tests.api.conftest import key_for

KEYS = "/api/v1/keys"


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_a_key_is_shown_once_and_works(admin: TestClient) -> None:
    answer = admin.post(KEYS, json={"name": "till", "role": "analyst", "days": 30})
    made = answer.json()
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    assert admin.get("/api/v1/session", headers=bearer(made["key"])).json()["role"] == "analyst"
    listed = admin.get(KEYS)
    assert made["key"] not in listed.text
    assert made["id"] in {each["id"] for each in listed.json()["items"]}
    assert admin.get(answer.headers["location"]).json()["id"] == made["id"]
    assert made["key"] not in admin.get("/api/v1/audit").text


def test_a_revoked_key_opens_nothing(admin: TestClient) -> None:
    made = admin.post(KEYS, json={"role": "viewer"}).json()
    assert admin.delete(f"{KEYS}/{made['id']}").json()["revoked_at"] is not None
    refused = admin.get("/api/v1/session", headers=bearer(made["key"]))
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")


def test_rotated_both_open_then_the_old_one_is_over(admin: TestClient) -> None:
    old = admin.post(KEYS, json={"name": "till", "role": "viewer"}).json()
    new = admin.post(f"{KEYS}/{old['id']}/rotate", json={"overlap_hours": 1}).json()
    assert (new["name"], new["role"]) == ("till", "viewer")
    for key in (old["key"], new["key"]):
        assert admin.get("/api/v1/session", headers=bearer(key)).status_code == 200
    at_once = admin.post(f"{KEYS}/{new['id']}/rotate", json={"overlap_hours": 0}).json()
    assert admin.get("/api/v1/session", headers=bearer(new["key"])).status_code == 401
    assert admin.get("/api/v1/session", headers=bearer(at_once["key"])).status_code == 200
    assert admin.post(f"{KEYS}/{new['id']}/rotate").status_code == 422


def test_nobody_makes_a_key_that_may_more_than_they(admin: TestClient, service: Service) -> None:
    assert admin.post(KEYS, json={"role": "operator"}).status_code == 403
    key_for(service, "shop", Role.OPERATOR)
    operators = next(each for each in admin.get(KEYS).json()["items"] if each["role"] == "operator")
    assert admin.post(f"{KEYS}/{operators['id']}/rotate").status_code == 403
    assert admin.delete(f"{KEYS}/{operators['id']}").status_code == 403
    assert admin.get(f"{KEYS}/{operators['id']}").json()["revoked_at"] is None


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST])
def test_keys_are_an_admins_business(client: TestClient, service: Service, role: Role) -> None:
    client.headers.update(bearer(key_for(service, "shop", role)))
    assert client.get(KEYS).status_code == 403
    assert client.post(KEYS, json={"role": "viewer"}).status_code == 403


@pytest.mark.parametrize(
    "body", [{}, {"role": "king"}, {"role": "viewer", "days": 0}, {"role": "viewer", "days": 10**9}]
)
def test_what_is_no_key(admin: TestClient, body: dict[str, object]) -> None:
    assert admin.post(KEYS, json=body).status_code == 422


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer x", "Basic YTpi", "hf_x", "Bearer " + "x" * 5000, "Bearer schl\u00fcssel"]
)
def test_what_opens_nothing(client: TestClient, header: str) -> None:
    answer = client.get("/api/v1/session", headers={"Authorization": header.encode("latin-1")})
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"


def test_another_tenant_in_the_header_is_refused_whether_it_exists_or_not(admin: TestClient, service: Service) -> None:
    key_for(service, "theirs")
    assert admin.get("/api/v1/session", headers={"X-Tenant-Id": "shop"}).status_code == 200
    refused = [admin.get("/api/v1/session", headers={"X-Tenant-Id": name}) for name in ("theirs", "nobodys")]
    assert [each.status_code for each in refused] == [403, 403]
    assert refused[0].json()["title"] == refused[1].json()["title"]


def test_last_use_is_known(admin: TestClient) -> None:
    made = admin.post(KEYS, json={"role": "viewer"}).json()
    assert admin.get(f"{KEYS}/{made['id']}").json()["last_used_at"] is None
    admin.get("/api/v1/session", headers=bearer(made["key"]))
    assert admin.get(f"{KEYS}/{made['id']}").json()["last_used_at"] is not None
