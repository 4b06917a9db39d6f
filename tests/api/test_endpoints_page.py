"""docs/endpoints.md: every address that it promises is there and answers, for a real shop with a model."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.small_shop import orders, with_products
from tests.api.test_vouchers import SMALL as VOUCHERS
from tests.api.working import as_admin, finished, running

PAGE = Path(__file__).parents[2] / "docs" / "endpoints.md"
ROWS: list[tuple[str, str, str]] = [
    (theirs, method, path)
    for theirs, method, path in re.findall(
        r"^\| (S\d [^|]*?) \| `(GET|POST|PUT|PATCH|DELETE) ([^`]*)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
]
DELETING_LAST = sorted(ROWS, key=lambda row: row[1] == "DELETE")
SEVEN = {
    "recency_days": 20, "frequency": 4, "monetary": 900, "avg_basket_value": 225, "avg_interpurchase_days": 40,
    "purchase_span_days": 120,
}  # fmt: skip
BODIES: Mapping[str, Any] = {
    "POST /models": {"past_dates": 0},
    "PUT /models/default": {"model": "{model_id}", "force": True},
    "POST /predict": {"features": SEVEN},
    "POST /predict/batch": {"customers": [{"customer_id": "c1"}]},
    "PATCH /predictions/{prediction_id}": {"name": "another"},
    "POST /jobs": {"kind": "backtest", "arguments": {"dates": 1}},
    "PATCH /jobs/{job_id}": {"label": "another"},
    "POST /segments/rfm": {"customers": [{"recency_days": 5, "frequency": 3, "monetary": 100}]},
    "POST /runs": {"steps": ["answer"]},
    "POST /vouchers/decision": {
        "customer_id": "c1",
        "total_orders": 3,
        "country_code": "Peru",
        "last_order_ts": "2018-06-20 00:00:00",
        "first_order_ts": "2017-05-03 00:00:00",
        "segment_name": "frequent_segment",
    },
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A small shop, imported."""
    with running(tmp_path_factory.mktemp("endpoints")) as client:
        as_admin(client, "shop")
        sent = client.post(
            "/api/v1/imports",
            files={"file": ("o.csv", with_products(orders()))},
            data={"confirm": "true", "train": "false"},
        )
        assert finished(client, sent)["problem"] is None
        yield client


@pytest.fixture(scope="module")
def things(shop: TestClient) -> dict[str, str]:
    """One of everything."""
    trained = finished(shop, shop.post("/api/v1/models", json={"past_dates": 0, "promote": True}))
    model = trained["result"]["model"]
    shop.put("/api/v1/models/default", json={"model": model, "force": True}).raise_for_status()
    job = finished(shop, shop.post("/api/v1/predictions", json={}))
    return {"model_id": model, "prediction_id": job["result"]["prediction"], "job_id": job["id"], "customer_id": "c1"}


def filled(value: Any, things: Mapping[str, str]) -> Any:
    """A body or path with the ids of real things."""
    if isinstance(value, dict):
        return {name: filled(each, things) for name, each in value.items()}
    return value.format(**things) if isinstance(value, str) else value


def test_the_page_has_all_of_them() -> None:
    assert len(ROWS) == 32
    assert {row[0].split()[0] for row in ROWS} == {"S1", "S2", "S3", "S4", "S5"}


@pytest.mark.parametrize(("theirs", "method", "path"), DELETING_LAST)
def test_it_answers(shop: TestClient, things: dict[str, str], theirs: str, method: str, path: str) -> None:
    if (method, path) == ("DELETE", "/models/{model_id}"):
        other = finished(shop, shop.post("/api/v1/models", json={"past_dates": 0, "horizon_days": 30}))
        things = things | {"model_id": other["result"]["model"]}
    address = filled(path, things) if path == "/healthz" else "/api/v1" + filled(path, things)
    if (method, path) == ("POST", "/imports"):
        answer = shop.post(address, files={"file": ("o.csv", orders())}, data={"train": "false"})
    elif (method, path) == ("POST", "/vouchers/history"):
        answer = shop.post(address, files={"file": ("v.csv", VOUCHERS)}, data={"country": "Peru"})
        assert finished(shop, answer)["problem"] is None
    else:
        answer = shop.request(method, address, json=filled(BODIES.get(f"{method} {path}"), things))
    assert answer.status_code < 300, f"{theirs}: {answer.status_code} {answer.text}"
