"""The sample shop over HTTP: into an empty shop, by the same door as any file, and never among real orders."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from holdfast.access.caller import Role
from tests.api.working import as_admin, as_role, finished, running

SAMPLE = "/api/v1/imports/sample"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """An application with a worker that does not train."""
    with running(tmp_path_factory.mktemp("samples")) as client:
        yield client


def test_an_empty_shop_is_filled_and_trained_on(server: TestClient) -> None:
    client = as_admin(server, "empty")
    sent = client.post(SAMPLE)
    assert sent.status_code == 202
    job = finished(client, sent)
    assert job["problem"] is None
    assert job["result"]["training_job"]
    client.post(f"/api/v1/jobs/{job['result']['training_job']}/cancel")
    found = client.get(f"/api/v1/imports/{sent.json()['subject']}").json()
    assert found["state"] == "imported"
    assert found["report"]["customers"] == 5000
    assert found["report"]["currency"] == "GBP"
    assert [file["name"] for file in found["files"]] == ["orders.csv.gz", "customers.csv", "reviews.csv"]
    assert "is at risk" in client.get("/api/v1/answer").json()["headline"]
    again = client.post(SAMPLE)
    assert (again.status_code, again.json()["code"]) == (409, "conflict")


def test_a_viewer_may_not(server: TestClient) -> None:
    assert as_role(server, "seen", Role.VIEWER).post(SAMPLE).status_code == 403
