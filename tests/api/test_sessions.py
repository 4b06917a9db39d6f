"""Signing in on the page: cookie, links, and what a page of another site cannot do with them."""

from collections.abc import Iterator
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient

from holdfast.access import passwords
from holdfast.access.caller import Role
from holdfast.access.links import create_link
from holdfast.access.members import add_member
from holdfast.access.tenants import ensure_tenant
from holdfast.access.users import create_user, disable
from holdfast.api.app import create_app
from holdfast.store.records import User
from holdfast.workflows.clock import now
from holdfast.workflows.service import Service
from tests.api.conftest import key_for
from tests.api.parts import settings_on

ANN = {"email": "ann@example.com", "password": "correct horse battery"}
SESSION = "/api/v1/session"
CHANGE = "/api/v1/tenants/tea"


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._nobodys.cache_clear()


@pytest.fixture
def browser(app: FastAPI) -> Iterator[TestClient]:
    """A browser on this machine."""
    with TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as browser:
        yield browser


@pytest.fixture
def ann(browser: TestClient) -> User:
    """An admin of `tea` and viewer of `zen`."""
    service = service_of(browser)
    with service.database.begin() as session:
        user = create_user(session, email=ANN["email"], password=ANN["password"], now=now())
        for tenant, role in (("tea", Role.ADMIN), ("zen", Role.VIEWER)):
            ensure_tenant(session, tenant, now=now())
            add_member(session, user, tenant=tenant, role=role)
        ensure_tenant(session, "theirs", now=now())
    return user


def service_of(client: TestClient) -> Service:
    found: Service = client.app.state.service  # type: ignore[attr-defined]
    return found


def signed_in(browser: TestClient) -> dict[str, Any]:
    """Sign in; what the page then knows."""
    answer = browser.post(SESSION, json=ANN)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def link_for(browser: TestClient, user: User) -> str:
    with service_of(browser).database.begin() as session:
        return create_link(session, user_id=user.id, now=now())


def cookie_of(answer: Any) -> Any:
    return SimpleCookie(answer.headers["set-cookie"])["holdfast_session"]


def test_signed_in_until_signed_out(browser: TestClient, ann: User) -> None:
    assert browser.get(SESSION).status_code == 401
    told = signed_in(browser)
    assert told["user"] == {"id": ann.id, "email": ANN["email"], "name": ""}
    assert (told["tenant"], told["role"]) == ("tea", "admin")
    assert [each["name"] for each in told["tenants"]] == ["tea", "zen"]
    assert browser.get(SESSION).json() == told
    assert browser.delete(SESSION, headers={"X-CSRF-Token": told["csrf_token"]}).status_code == 204
    assert "holdfast_session" not in browser.cookies
    assert browser.get(SESSION).status_code == 401


def test_a_stolen_cookie_is_worthless_after_signing_out(browser: TestClient, ann: User) -> None:
    told = signed_in(browser)
    cookie = browser.cookies["holdfast_session"]
    browser.delete(SESSION, headers={"X-CSRF-Token": told["csrf_token"]})
    assert browser.get(SESSION, headers={"Cookie": f"holdfast_session={cookie}"}).status_code == 401


def test_a_session_ends_by_itself(browser: TestClient, ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    told = signed_in(browser)
    monkeypatch.setattr("holdfast.api.callers.now", lambda: now() + timedelta(hours=12))
    assert browser.get(SESSION).status_code == 401
    assert told["expires_at"] > now().isoformat()


@pytest.mark.parametrize(
    ("base", "secure"),
    [
        ("http://127.0.0.1:8000", False),
        ("http://localhost:8000", False),
        ("http://[::1]:8000", False),
        ("http://shop.example.com", True),
        ("https://shop.example.com", True),
        ("https://127.0.0.1", True),
    ],
)
def test_the_cookie_is_guarded(tmp_path: Path, base: str, secure: bool) -> None:
    app = create_app(settings_on(tmp_path / "home", allowed_hosts=("*",)))
    with TestClient(app, base_url=base) as browser:
        with service_of(browser).database.begin() as session:
            user = create_user(session, email=ANN["email"], password=ANN["password"], now=now())
            ensure_tenant(session, "tea", now=now())
            add_member(session, user, tenant="tea", role=Role.VIEWER)
        cookie = cookie_of(browser.post(SESSION, json=ANN))
    assert cookie["httponly"]
    assert cookie["samesite"] == "lax"
    assert cookie["path"] == "/"
    assert cookie["max-age"] == str(12 * 3600)
    assert bool(cookie["secure"]) is secure


def test_a_change_takes_the_token_of_its_own_session(browser: TestClient, ann: User) -> None:
    first = signed_in(browser)["csrf_token"]
    token = signed_in(browser)["csrf_token"]
    for headers in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "guessed"}, {"X-CSRF-Token": first}):
        answer = browser.patch(CHANGE, json={"title": "Changed"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert browser.get(CHANGE).json()["title"] == ""
    assert browser.patch(CHANGE, json={"title": "Tea"}, headers={"X-CSRF-Token": token}).json()["title"] == "Tea"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "https://127.0.0.1:8000"}, 200),  # TLS ended before us
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:9000"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_a_page_of_another_site_changes_nothing(
    browser: TestClient, ann: User, headers: dict[str, str], status: int
) -> None:
    token = signed_in(browser)["csrf_token"]
    change = browser.patch(CHANGE, json={"title": "x"}, headers={"X-CSRF-Token": token, **headers})
    assert change.status_code == status
    assert browser.post(SESSION, json=ANN, headers=headers).status_code == status
    assert browser.get(CHANGE, headers=headers).status_code == 200  # reading is guarded by the browser itself


def test_a_page_that_was_named_may(tmp_path: Path) -> None:
    app = create_app(settings_on(tmp_path / "home", cors_origins=("https://page.example",)))
    with TestClient(app, base_url="http://127.0.0.1:8000") as browser:
        with service_of(browser).database.begin() as session:
            ensure_tenant(session, "tea", now=now())
            create_user(session, email=ANN["email"], password=ANN["password"], operator=True, now=now())
        headers = {"Origin": "https://page.example", "Sec-Fetch-Site": "cross-site"}
        assert browser.post(SESSION, json=ANN, headers=headers).status_code == 200


def test_a_key_needs_no_token_and_wins_over_the_cookie(browser: TestClient, ann: User) -> None:
    signed_in(browser)
    key = {"Authorization": f"Bearer {key_for(service_of(browser), 'theirs')}"}
    told = browser.get(SESSION, headers=key).json()
    assert (told["tenant"], told["user"], told["csrf_token"]) == ("theirs", None, None)
    assert browser.patch("/api/v1/tenants/theirs", json={"title": "x"}, headers=key).status_code == 200
    assert browser.delete(SESSION, headers=key).status_code == 403
    assert browser.get(SESSION).json()["tenant"] == "tea"


def test_the_tenant_is_chosen_among_ones_own(browser: TestClient, ann: User) -> None:
    signed_in(browser)
    assert browser.get(SESSION, headers={"X-Tenant-Id": "zen"}).json()["role"] == "viewer"
    for foreign in ("theirs", "not-there"):
        answer = browser.get(SESSION, headers={"X-Tenant-Id": foreign})
        assert answer.status_code == 403
        assert answer.json()["title"] == "This is not one of your tenants."


def test_another_password_ends_all_sessions_but_gives_a_new_one(browser: TestClient, ann: User) -> None:
    signed_in(browser)
    elsewhere = browser.cookies["holdfast_session"]
    token = signed_in(browser)["csrf_token"]
    new = {"current": ANN["password"], "new": "another long password"}
    wrong = browser.put(f"{SESSION}/password", json=new | {"current": "no"}, headers={"X-CSRF-Token": token})
    assert wrong.status_code == 403
    answer = browser.put(f"{SESSION}/password", json=new, headers={"X-CSRF-Token": token})
    assert answer.status_code == 200
    assert answer.json()["csrf_token"] != token
    assert browser.get(SESSION).status_code == 200
    assert browser.get(SESSION, headers={"Cookie": f"holdfast_session={elsewhere}"}).status_code == 401
    browser.cookies.clear()
    assert browser.post(SESSION, json=ANN).status_code == 401
    assert browser.post(SESSION, json=ANN | {"password": new["new"]}).status_code == 200


def test_a_disabled_person_is_out_at_once(browser: TestClient, ann: User) -> None:
    signed_in(browser)
    with service_of(browser).database.begin() as session:
        disable(session, session.get_one(User, ann.id), now=now())
    assert browser.get(SESSION).status_code == 401


def test_a_link_signs_in_once_and_goes_on_to_the_page(browser: TestClient, ann: User) -> None:
    token = link_for(browser, ann)
    answer = browser.get("/sign-in", params={"token": token}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers["cache-control"] == "no-store"
    assert token not in answer.text
    assert cookie_of(answer)["httponly"]
    assert browser.get(SESSION).json()["user"]["id"] == ann.id
    browser.cookies.clear()
    again = browser.get("/sign-in", params={"token": token}, follow_redirects=False)
    assert again.status_code == 401
    assert "set-cookie" not in again.headers


def test_a_browser_whose_link_is_over_is_led_to_the_page(browser: TestClient, ann: User) -> None:
    token = link_for(browser, ann)
    browser.get("/sign-in", params={"token": token}, follow_redirects=False)
    browser.cookies.clear()
    accepts = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    answer = browser.get("/sign-in", params={"token": token}, headers=accepts, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?link=over")
    assert "set-cookie" not in answer.headers


def test_no_token_reaches_the_log(
    browser: TestClient, ann: User, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    token = link_for(browser, ann)
    with caplog.at_level(0):
        browser.get("/sign-in", params={"token": token}, follow_redirects=False)
        key = key_for(service_of(browser), "tea")
        browser.get(SESSION, headers={"Authorization": f"Bearer {key}"})
        browser.post(SESSION, json=ANN)
    seen = "".join(capsys.readouterr()) + caplog.text.replace(f"/sign-in?token={token}", "")  # of the test's own client
    assert "/sign-in" in seen
    for secret in (token, key, ANN["password"], browser.cookies["holdfast_session"]):
        assert secret not in seen


def test_guessing_is_slowed_down_for_an_address_and_for_an_email(browser: TestClient, ann: User) -> None:
    for _ in range(10):
        assert browser.post(SESSION, json=ANN | {"password": "guessed"}).status_code == 401
    refused = browser.post(SESSION, json=ANN)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert int(refused.headers["retry-after"]) > 0
    assert browser.get(SESSION).status_code == 401
    for i in range(19):
        assert browser.post(SESSION, json={"email": f"{i}@example.com", "password": "x"}).status_code == 401
    assert browser.post(SESSION, json={"email": "new@example.com", "password": "x"}).status_code == 429


def test_who_belongs_nowhere_gets_no_cookie(browser: TestClient) -> None:
    with service_of(browser).database.begin() as session:
        create_user(session, email=ANN["email"], password=ANN["password"], now=now())
    answer = browser.post(SESSION, json=ANN)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_signing_in_is_noted(browser: TestClient, ann: User) -> None:
    signed_in(browser)
    browser.get("/sign-in", params={"token": link_for(browser, ann)}, follow_redirects=False)
    noted = browser.get("/api/v1/audit", params={"action": "sign in"}).json()["items"]
    assert [each["actor"] for each in noted] == [f"user:{ann.id}"] * 2
    assert sorted(str(each["details"]) for each in noted) == ["{'by': 'link'}", "{}"]
