"""What is refused before it is read, and how often somebody may ask."""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from holdfast.access.limits import MemoryBuckets
from holdfast.api import limits
from holdfast.api.app import create_app
from holdfast.settings import Settings
from tests.api.conftest import key_for
from tests.api.parts import settings_on
from tests.api.servers import served

PROBLEM = {"type", "title", "status", "code", "detail", "todo", "request_id", "details"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int, str]]:
    """A real server that takes uploads of a megabyte; and an admin's key."""
    settings = settings_on(tmp_path_factory.mktemp("limits"), upload_limit_mb=1, requests_per_minute=0)
    with served(settings) as (address, server):
        app: Any = server.config.app
        parts = urlsplit(address)
        assert parts.hostname
        assert parts.port
        yield parts.hostname, parts.port, key_for(app.state.service, "shop")


def test_a_client_is_told_what_is_left_and_then_to_wait(tmp_path: Path) -> None:
    app = create_app(settings_on(tmp_path, requests_per_minute=3))
    with TestClient(app, raise_server_exceptions=False) as client:
        key, other = (key_for(app.state.service, "shop") for _ in range(2))
        client.headers["Authorization"] = f"Bearer {key}"
        answers = [client.get("/api/v1/session") for _ in range(4)]
        assert [each.status_code for each in answers] == [200, 200, 200, 429]
        assert [each.headers["RateLimit-Remaining"] for each in answers] == ["2", "1", "0", "0"]
        assert {each.headers["RateLimit-Limit"] for each in answers} == {"3"}
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 20
        assert answers[-1].json().keys() == PROBLEM
        assert answers[-1].json()["code"] == "too_many_requests"
        assert "Retry-After" not in answers[0].headers
        assert client.get("/api/v1/session", headers={"Authorization": f"Bearer {other}"}).status_code == 200
        assert client.get("/healthz").status_code == 200


def test_without_a_limit_nothing_is_counted(tmp_path: Path) -> None:
    app = create_app(settings_on(tmp_path, requests_per_minute=0, redis_url=None))
    with TestClient(app) as client:
        client.headers["Authorization"] = f"Bearer {key_for(app.state.service, 'shop')}"
        assert "RateLimit-Limit" not in client.get("/api/v1/session").headers
        assert isinstance(app.state.buckets, MemoryBuckets)
        assert not app.state.buckets._used_up_at


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("LOCALHOST:1", 200),
        ("[::1]:8000", 200),
        ("[::1]", 200),
        ("attacker.example", 400),
        ("attacker.example:8000", 400),
        ("127.0.0.1.attacker.example", 400),
        ("[::1].attacker.example", 400),
        ("localhost@attacker.example", 400),
        ("", 400),
    ],
)
def test_requests_for_another_host_are_refused(client: TestClient, host: str, status: int) -> None:
    answer = client.get("/healthz", headers={"Host": host})
    assert answer.status_code == status
    if status == 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json().keys() == PROBLEM
        assert answer.json()["code"] == "wrong_host"
        assert answer.headers["X-Request-Id"] == answer.json()["request_id"]


@pytest.mark.parametrize(
    ("host", "status"), [("eu.shop.example", 200), ("shop.example", 400), ("evilshop.example", 400)]
)
def test_host_names_may_have_a_star_in_front(tmp_path: Path, host: str, status: int) -> None:
    with TestClient(create_app(settings_on(tmp_path, allowed_hosts=("*.shop.example",)))) as client:
        assert client.get("/healthz", headers={"Host": host}).status_code == status


def send(
    server: tuple[str, int, str], path: str, blocks: Iterator[bytes] | bytes, headers: dict[str, str]
) -> tuple[int, dict[str, Any]]:
    """A POST by hand: a body in blocks is sent chunked, without saying how long it will be."""
    host, port, key = server
    connection = http.client.HTTPConnection(host, port, timeout=20)
    chunked = not isinstance(blocks, bytes)
    with suppress(BrokenPipeError, ConnectionResetError):  # the server answered and closed before it had all
        connection.request(
            "POST", path, body=blocks, headers={"Authorization": f"Bearer {key}", **headers}, encode_chunked=chunked
        )
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def endless(total: int) -> Iterator[bytes]:
    for _ in range(total // 50_000):
        time.sleep(0.001)
        yield b"x" * 50_000


JSON = {"Content-Type": "application/json"}
CHUNKED = {"Transfer-Encoding": "chunked"}
UPLOAD = {"Content-Type": "multipart/form-data; boundary=b"}
HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'


@pytest.mark.parametrize("path", ["/api/v1/keys", "/api/v1/session", "/api/v1/members"])
def test_a_body_that_announces_too_much_is_refused_unread(server: tuple[str, int, str], path: str) -> None:
    host, port, key = server
    with socket.create_connection((host, port), timeout=20) as connection:
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
        )
        connection.sendall(f"{head}Content-Length: {limits.JSON_LIMIT + 1}\r\n\r\n".encode())
        assert b" 413 " in connection.recv(200)


def test_a_body_that_does_not_say_how_long_it_is_is_refused_as_it_comes(server: tuple[str, int, str]) -> None:
    status, told = send(server, "/api/v1/keys", endless(3 * limits.JSON_LIMIT), JSON | CHUNKED)
    assert (status, told["code"]) == (413, "too_large")
    assert told.keys() == PROBLEM
    assert "10 MB" in told["detail"]


def test_an_upload_has_a_limit_of_its_own(server: tuple[str, int, str]) -> None:
    def upload(size: int) -> Iterator[bytes]:
        yield HEAD
        yield from endless(size)
        yield b"\r\n--b--\r\n"

    status, told = send(server, "/api/v1/imports", upload(2_000_000), UPLOAD | CHUNKED)
    assert (status, told["code"]) == (413, "too_large")
    assert "1 MB" in told["detail"]
    status, _ = send(server, "/api/v1/imports", upload(500_000), UPLOAD | CHUNKED)
    assert status != 413


def test_just_small_enough_is_read(server: tuple[str, int, str]) -> None:
    body = json.dumps({"role": "viewer", "name": "x"}).encode()
    status, _ = send(server, "/api/v1/keys", body + b" " * (limits.JSON_LIMIT - len(body)), JSON)
    assert status == 201
    status, _ = send(server, "/api/v1/keys", body + b" " * (limits.JSON_LIMIT - len(body) + 1), JSON)
    assert status == 413


def imports_of(server: tuple[str, int, str]) -> list[str]:
    host, port, key = server
    connection = http.client.HTTPConnection(host, port, timeout=20)
    connection.request("GET", "/api/v1/imports", headers={"Authorization": f"Bearer {key}"})
    answer = connection.getresponse()
    assert answer.status == 200
    return [each["id"] for each in json.loads(answer.read())["items"]]


def test_what_breaks_off_in_the_middle_leaves_nothing(server: tuple[str, int, str]) -> None:
    host, port, key = server
    before = imports_of(server)
    for head in ("Content-Length: 500000", "Transfer-Encoding: chunked"):
        with socket.create_connection((host, port), timeout=20) as connection:
            connection.sendall(
                f"POST /api/v1/imports HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n"
                f"Content-Type: {UPLOAD['Content-Type']}\r\n{head}\r\n\r\n".encode()
            )
            connection.sendall(HEAD[:40])
    assert imports_of(server) == before


def test_an_error_of_ours_has_its_id_and_its_headers(app: FastAPI, client: TestClient) -> None:
    @app.get("/api/v1/broken")
    def broken(request: Request) -> None:
        raise ZeroDivisionError

    answer = client.get("/api/v1/broken", headers={"X-Request-Id": "mine"})
    assert answer.status_code == 500
    assert answer.json().keys() == PROBLEM
    assert (answer.json()["code"], answer.json()["request_id"]) == ("bug", "mine")
    assert answer.headers["X-Request-Id"] == "mine"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_page_elsewhere_may_read_errors_of_ours_too(tmp_path: Path) -> None:
    app = create_app(settings_on(tmp_path, cors_origins=("https://page.example",)))

    @app.get("/api/v1/broken")
    def broken() -> None:
        raise ZeroDivisionError

    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get("/api/v1/broken", headers={"Origin": "https://page.example"})
        assert answer.status_code == 500
        assert answer.headers["access-control-allow-origin"] == "https://page.example"
        other = client.get("/api/v1/broken", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers


@pytest.mark.parametrize("given", ["a b", "x" * 65, "a\tb", "<script>", ""])
def test_a_request_id_that_does_not_fit_a_log_is_not_taken(client: TestClient, given: str) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": given}).headers["X-Request-Id"] != given


def test_text_that_no_database_holds_is_refused(postgres: str, tmp_path: Path) -> None:
    """PostgreSQL has no NUL in a text."""
    app = create_app(Settings(home=tmp_path, database_url=postgres))
    with TestClient(app, raise_server_exceptions=False) as client:
        client.headers["Authorization"] = f"Bearer {key_for(app.state.service, 'shop')}"
        for answer in (
            client.get("/api/v1/audit", params={"action": "\0"}),
            client.get("/api/v1/keys/%00"),
            client.post("/api/v1/keys", json={"role": "viewer", "name": "a\0b"}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (422, "bad_value")
            assert answer.json().keys() == PROBLEM
        assert client.get("/api/v1/keys").status_code == 200
