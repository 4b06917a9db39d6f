"""What reading routes have in common: nothing is sent twice, nothing is computed twice, nothing is stale."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from holdfast.store import default_model, use_model
from holdfast.store.records import Tenant
from holdfast.workflows import reading as workflow
from holdfast.workflows.caching import stats
from holdfast.workflows.importing import rebuild
from tests.conftest import skip
from tests.sample_home import copy_tenant, reading, shop_in
from tests.workflows.test_caching import REDIS, redis_is_there

ROUTES = ("customers", "customers?limit=3", "segments", "answer", "readiness", "datasets/current")


@pytest.fixture
def home(sample_home: Path, tmp_path: Path) -> Path:
    copy_tenant(sample_home, tmp_path)
    return tmp_path


@pytest.fixture(params=[None, REDIS], ids=["memory", "redis"])
def client(request: pytest.FixtureRequest, home: Path) -> Iterator[TestClient]:
    if request.param and not redis_is_there():
        skip("no Redis answers at 127.0.0.1:6379")
    with reading(home, redis_url=request.param) as client:
        yield client


def first_customer(client: TestClient) -> str:
    found: str = client.get("customers", params={"limit": 1}).json()["items"][0]["customer_id"]
    return found


@pytest.mark.parametrize("route", [*ROUTES, "customers/ID", "customers/ID/orders"])
def test_what_the_asker_has_is_not_sent_again(client: TestClient, route: str) -> None:
    route = route.replace("ID", first_customer(client))
    first = client.get(route)
    assert first.status_code == 200
    etag = first.headers["ETag"]
    assert etag.startswith('W/"')
    for known in (etag, f'"other", {etag}', f'{etag},W/"x"'):
        again = client.get(route, headers={"If-None-Match": known})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["ETag"] == etag
    for other in ("", "*", 'W/"other"', etag[:-2] + '"'):
        assert client.get(route, headers={"If-None-Match": other}).status_code == 200
    assert client.get(route).headers["ETag"] == etag


def test_every_address_and_argument_has_an_etag_of_its_own(client: TestClient) -> None:
    found = [
        client.get(route).headers["ETag"] for route in (*ROUTES, "customers?limit=4", "customers?sort=customer_id")
    ]
    assert len(set(found)) == len(found)


def test_an_answer_is_computed_once(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get("customers", params={"limit": 7})
    monkeypatch.setattr("holdfast.api.customers.page_of_customers", None)
    before = (stats().hits, stats().misses)
    again = client.get("customers", params={"limit": 7})
    assert again.content == first.content
    assert (stats().hits, stats().misses) == (before[0] + 1, before[1])
    assert client.get("customers", params={"limit": 8}).status_code == 500


def test_two_tenants_with_the_same_data_share_nothing(home: Path) -> None:
    copy_tenant(home, home, name="twin")
    with reading(home) as one, reading(home, "twin") as other:
        first, second = one.get("customers"), other.get("customers")
        assert first.json()["items"] == second.json()["items"]
        assert first.headers["ETag"] != second.headers["ETag"]
        assert other.get("customers", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("change", ["data", "model", "settings"])
def test_whatever_changes_nothing_stale_is_answered(client: TestClient, home: Path, change: str) -> None:
    before = client.get("customers")
    assert before.json()["model"] == default_model(shop_in(home).folder)
    service: Any = client.app.state.service  # type: ignore[attr-defined]
    if change == "data":
        rebuild(shop_in(home), rules={"free_goods": "keep"})
    elif change == "model":
        use_model(shop_in(home).folder, None)
    else:
        with service.database.begin() as session:
            session.get(Tenant, "sample").settings = {"risk_cutoffs": [0.5, 1.0]}
    after = client.get("customers", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]
    told, told_before = after.json(), before.json()
    if change == "data":
        assert told["dataset"] != told_before["dataset"]
    elif change == "model":
        assert told["model"] is None
    else:
        assert [item["risk_band"] for item in told["items"]] != [item["risk_band"] for item in told_before["items"]]


def test_a_problem_has_no_etag_and_is_not_kept(client: TestClient) -> None:
    for _ in range(2):
        refused = client.get("customers", params={"columns": "nope"})
        assert refused.status_code == 422
        assert "ETag" not in refused.headers


def test_settings_are_checked_once_as_long_as_they_stay(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    client.get("customers")
    monkeypatch.setattr(workflow, "settings_of", None)
    assert client.get("customers", params={"limit": 2}).status_code == 200


def test_a_cache_that_cannot_be_reached_delays_nobody(home: Path) -> None:
    with reading(home, redis_url="redis://127.0.0.1:1/0", requests_per_minute=0) as client:
        assert client.get("customers").status_code == 200
        assert client.get("customers").status_code == 200
