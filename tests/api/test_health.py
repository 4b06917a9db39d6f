"""The server answers, and errors have one shape."""

from pathlib import Path

import psycopg
from fastapi.testclient import TestClient

from holdfast.api.app import create_app
from holdfast.settings import Settings
from tests.postgres import SERVER, new_database


def test_alive_and_ready(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    answer = client.get("/readyz", headers={"X-Request-Id": "abc-1"})
    assert answer.json() == {"status": "ok"}
    assert answer.headers["X-Request-Id"] == "abc-1"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_server_without_its_database_is_not_ready(tmp_path: Path) -> None:
    with new_database() as address:
        app = create_app(Settings(home=tmp_path, database_url=address))
        with TestClient(app, raise_server_exceptions=False) as client:
            assert client.get("/readyz").status_code == 200
            with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {address.rpartition('/')[2]} WITH (FORCE)")
            for path in ("/readyz", "/api/v1/imports"):
                answer = client.get(path, headers={"Authorization": "Bearer hf_key"})
                assert (answer.status_code, answer.json()["code"]) == (503, "store"), answer.text
                assert "127.0.0.1" not in answer.text
            assert client.get("/healthz").status_code == 200


def test_an_unknown_address_is_a_problem(client: TestClient) -> None:
    answer = client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json().keys() == {"type", "title", "status", "code", "detail", "todo", "request_id", "details"}


def test_another_host_name_is_refused(client: TestClient) -> None:
    assert client.get("/healthz", headers={"Host": "attacker.example"}).status_code == 400
