"""Members over HTTP: invited by a link, given another role, taken out."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from holdfast.access.caller import Role
from holdfast.workflows.service import Service
from tests.api.conftest import key_for

MEMBERS = "/api/v1/members"
ANN = {"email": "Ann@example.com", "name": "Ann", "role": "analyst"}


def invited(admin: TestClient, **other: str) -> dict[str, Any]:
    answer = admin.post(MEMBERS, json=ANN | other)
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, Any] = answer.json()
    return found


def come_in(client: TestClient, link: str) -> dict[str, str]:
    """The cookie that a link gives."""
    answer = client.get(link, follow_redirects=False, headers={"Authorization": ""})
    assert answer.status_code == 303
    client.cookies.clear()
    return {"Cookie": answer.headers["set-cookie"].split(";")[0], "Authorization": ""}


def test_who_was_invited_comes_in_by_the_link(admin: TestClient) -> None:
    made = invited(admin)
    assert made["member"]["email"] == "ann@example.com"
    assert not made["member"]["has_password"]
    told = admin.get("/api/v1/session", headers=come_in(admin, made["link"])).json()
    assert (told["tenant"], told["role"], told["user"]["name"]) == ("shop", "analyst", "Ann")
    assert [each["email"] for each in admin.get(MEMBERS).json()["items"]] == ["ann@example.com"]


def test_another_role_holds_at_once_and_who_is_out_is_out(admin: TestClient) -> None:
    made = invited(admin)
    cookie, one = come_in(admin, made["link"]), f"{MEMBERS}/{made['member']['user_id']}"
    assert admin.get(MEMBERS, headers=cookie).status_code == 403
    assert admin.patch(one, json={"role": "admin"}).json()["role"] == "admin"
    assert admin.get(MEMBERS, headers=cookie).status_code == 200
    assert admin.delete(one).status_code == 204
    assert admin.get(MEMBERS, headers=cookie).status_code == 401
    assert admin.delete(one).status_code == 404


def test_a_lost_link_is_made_anew(admin: TestClient) -> None:
    made = invited(admin)
    renewed = admin.post(f"{MEMBERS}/{made['member']['user_id']}/link")
    assert renewed.status_code == 201
    come_in(admin, renewed.json()["link"])


def test_who_has_an_account_elsewhere_is_added_by_an_operator_alone(admin: TestClient, service: Service) -> None:
    invited(admin)
    theirs = {"Authorization": f"Bearer {key_for(service, 'theirs')}"}
    refused = admin.post(MEMBERS, json=ANN, headers=theirs)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    operator = {"Authorization": f"Bearer {key_for(service, 'theirs', Role.OPERATOR)}"}
    added = admin.post(MEMBERS, json=ANN, headers=operator)
    assert (added.status_code, added.json()["link"]) == (201, None)


def test_a_member_of_another_tenant_is_unknown(admin: TestClient, service: Service) -> None:
    made = invited(admin)
    theirs = {"Authorization": f"Bearer {key_for(service, 'theirs')}"}
    one = f"{MEMBERS}/{made['member']['user_id']}"
    assert admin.patch(one, json={"role": "viewer"}, headers=theirs).status_code == 404
    assert admin.delete(one, headers=theirs).status_code == 404
    assert admin.post(f"{one}/link", headers=theirs).status_code == 404
    assert admin.get(MEMBERS, headers=theirs).json()["items"] == []


@pytest.mark.parametrize("other", [{"email": "nobody"}, {"role": "operator"}, {"role": ""}, {"email": "a\x00@b.c"}])
def test_what_is_no_invitation(admin: TestClient, other: dict[str, str]) -> None:
    assert admin.post(MEMBERS, json=ANN | other).status_code == 422


def test_pages_and_the_audit_log(admin: TestClient) -> None:
    for name in "cab":
        invited(admin, email=f"{name}@example.com")
    first = admin.get(MEMBERS, params={"limit": 2}).json()
    rest = admin.get(MEMBERS, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [each["email"][0] for each in first["items"] + rest["items"]] == ["a", "b", "c"]
    assert rest["next_cursor"] is None
    assert len(admin.get("/api/v1/audit", params={"action": "invite member"}).json()["items"]) == 3
