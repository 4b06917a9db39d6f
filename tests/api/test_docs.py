"""/docs: works without a network, and runs no script but our own."""

import re

import pytest
from fastapi.testclient import TestClient

from holdfast.api import docs


def test_the_page_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    loaded = re.findall(r'(?:src|href)="([^"]*)"', page.text)
    assert len(loaded) >= 4
    for address in loaded:
        assert address.startswith("/") or address == "data:,"
        if address.startswith("/"):
            assert client.get(address).status_code == 200, address
    assert "http" not in docs.START


def test_no_script_in_the_page_would_run(client: TestClient) -> None:
    page = client.get("/docs")
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    assert "script-src" not in policy
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert re.findall(r"<script(?! src=)|\son\w+=", page.text) == []


@pytest.mark.parametrize(
    ("address", "kind", "holds"),
    [
        ("/docs/swagger-ui-bundle.js", "text/javascript", "SwaggerUIBundle"),
        ("/docs/swagger-ui.css", "text/css", ".swagger-ui"),
        ("/docs/start.js", "text/javascript", "/api/v1/openapi.json"),
    ],
)
def test_its_files(client: TestClient, address: str, kind: str, holds: str) -> None:
    answer = client.get(address)
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "max-age" in answer.headers["cache-control"] or "no-cache" in answer.headers["cache-control"]
    assert holds in answer.text


def test_the_description_itself_is_no_page_and_runs_nothing(client: TestClient) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
