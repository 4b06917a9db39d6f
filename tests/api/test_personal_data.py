"""One customer's data: all of it in one answer, then gone from every page, file and record."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from holdfast.access.caller import Role
from tests.api.conftest import key_for
from tests.api.small_shop import orders
from tests.api.working import as_admin, finished, running, service_of
from tests.workflows.erasable import named_in

WHO = "c17"
BASE = "/api/v1/personal-data"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A shop with orders, a model, the results of a run, a prediction, and an answer kept for a repeated request."""
    with running(tmp_path_factory.mktemp("person")) as client:
        as_admin(client, "tea")
        sent = orders().decode().replace("c17,", "c17-asks-to-be-erased,").encode()
        files = {"file": ("orders.csv", sent)}
        answer = client.post("/api/v1/imports", files=files, data={"confirm": "true", "train": "false"})
        assert finished(client, answer)["state"] == "succeeded"
        for path, body in (
            ("/models", {"past_dates": 0}),
            ("/runs", {"steps": ["answer"]}),
            ("/predictions", {"name": "all"}),
        ):
            job = finished(client, client.post(f"/api/v1{path}", json=body))
            assert job["state"] == "succeeded", job
        yield client


WHO = "c17-asks-to-be-erased"


def predicted(client: TestClient) -> Any:
    """The forecast of the customer; the answer is kept for a request that is sent again."""
    return client.post("/api/v1/predict", json={"customer_id": WHO}, headers={"Idempotency-Key": "once"})


def test_everything_on_a_customer_in_one_answer(client: TestClient) -> None:
    answer = client.post(f"{BASE}/export", json={"customer_id": WHO})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    found = answer.json()
    sent = [line for line in orders().decode().splitlines() if line.startswith("c17,")]
    assert len(found["orders"]) == len(found["order_lines"]) == len(found["raw"][0]["rows"]) == len(sent)
    assert found["raw"][0]["rows"][0]["order_id"] == sent[0].split(",")[1]
    assert [len(found[part]) for part in ("customers", "forecasts", "predictions")] == [1, 1, 1]
    assert found["customers"][0]["customer_id"] == WHO
    assert not found["was_erased"]
    noted = client.get("/api/v1/audit", params={"action": "export personal data"}).json()["items"]
    assert len(noted) == 1
    assert WHO not in str(noted)


def test_who_may_not_and_who_is_not_there(client: TestClient) -> None:
    analyst = {"Authorization": f"Bearer {key_for(service_of(client), 'tea', Role.ANALYST)}"}
    stranger = {"Authorization": f"Bearer {key_for(service_of(client), 'coffee', Role.ADMIN)}"}
    for path, body in (("export", {}), ("erase", {"confirm": True})):
        asked = {"customer_id": WHO, **body}
        assert client.post(f"{BASE}/{path}", json=asked, headers=analyst).status_code == 403
        assert client.post(f"{BASE}/{path}", json=asked, headers=stranger).status_code == 404
        assert client.post(f"{BASE}/{path}", json={**asked, "customer_id": "nobody"}).status_code == 404
    assert client.post(f"{BASE}/erase", json={"customer_id": WHO}).status_code == 422
    assert client.post(f"{BASE}/erase", json={"customer_id": WHO, "confirm": False}).status_code == 422
    assert client.post(f"{BASE}/export", json={"customer_id": WHO}).status_code == 200, "nothing was erased"


def test_an_erased_customer_is_gone_from_everywhere(client: TestClient) -> None:
    assert predicted(client).json()["customer_id"] == WHO
    assert client.get(f"/api/v1/customers/{WHO}").status_code == 200
    job = finished(client, client.post(f"{BASE}/erase", json={"customer_id": WHO, "confirm": True}))
    assert job["state"] == "succeeded", job
    assert WHO not in str(job)
    receipt = job["result"]
    assert receipt["rows"][0]["rows"] == len(
        [line for line in orders().decode().splitlines() if line.startswith("c17,")]
    )
    assert (len(receipt["models"]), len(receipt["predictions"])) == (1, 1)

    assert named_in(service_of(client).settings.home, WHO) == []
    assert client.get(f"/api/v1/customers/{WHO}").status_code == 404
    assert client.post("/api/v1/predict", json={"customer_id": WHO}).status_code == 404
    assert predicted(client).status_code == 409
    assert client.post(f"{BASE}/export", json={"customer_id": WHO}).status_code == 404
    (erasure,) = client.get(f"{BASE}/erasures").json()["items"]
    assert erasure["receipt"] == receipt
    assert client.get(f"{BASE}/erasures/{erasure['id']}").json() == erasure
    assert client.get(f"{BASE}/erasures/erasure_none").status_code == 404

    again = finished(client, client.post(f"{BASE}/erase", json={"customer_id": WHO, "confirm": True}))
    assert again["result"]["rows"] == []


def test_files_that_bring_them_again_leave_them_out(client: TestClient, tmp_path: Path) -> None:
    more = f"customer_id,order_id,ordered_at,amount\n{WHO},x1,2023-12-01,10.00\nnew,x2,2023-12-02,11.00\n".encode()
    answer = client.post(
        "/api/v1/imports", files={"file": ("more.csv", more)}, data={"confirm": "true", "train": "false"}
    )
    job = finished(client, answer)
    assert job["state"] == "succeeded", job
    assert "1 rows of customers who were erased from this shop were left out." in job["result"]["report"]["warnings"]
    assert client.get(f"/api/v1/customers/{WHO}").status_code == 404
    assert client.get("/api/v1/customers/new").status_code == 200
