"""A real shop over HTTP: sent, trained, scored, downloaded; the same numbers as on the command line."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from fastapi.testclient import TestClient
from polars.testing import assert_frame_equal

from holdfast.store import needed_model
from holdfast.store.models import FORECASTS
from holdfast.workflows.importing import HowToRead, import_files
from holdfast.workflows.shop import Shop
from holdfast.workflows.training import train
from tests.api.working import as_admin, finished, running, service_of

SEVEN = {
    "recency_days": 20, "frequency": 4, "monetary": 900.0, "avg_basket_value": 225.0, "unique_products": 30,
    "avg_interpurchase_days": 40, "purchase_span_days": 120,
}  # fmt: skip


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Iterator[TestClient]:
    """Online Retail, imported and trained over HTTP."""
    home = tmp_path_factory.mktemp("retail")
    with running(home, policy="simple", spill=home / "spill") as client:
        as_admin(client, "retail")
        file = data / "online_retail" / "OnlineRetail.csv.gz"
        with file.open("rb") as content:
            sent = client.post("/api/v1/imports", files={"file": content}, data={"confirm": "true", "train": "false"})
        job = finished(client, sent)
        assert job["problem"] is None
        report = job["result"]["report"]
        assert (report["customers"], report["orders"], report["lines_kept"]) == (4338, 18532, 397884)
        assert report["revenue_kept"] == "8911407.90"
        trained = finished(client, client.post("/api/v1/models", json={"past_dates": 0}))
        assert trained["problem"] is None
        yield client


@pytest.fixture(scope="module")
def on_the_command_line(tmp_path_factory: pytest.TempPathFactory, retail: TestClient, data: Path) -> pl.DataFrame:
    """The forecasts of the same file by the workflows that the command line calls."""
    home = tmp_path_factory.mktemp("command-line")
    settings = service_of(retail).settings.model_copy(update={"home": home, "tenant": "retail"})
    shop = Shop.open(settings)
    import_files(shop, [data / "online_retail" / "OnlineRetail.csv.gz"], how=HowToRead())
    train(shop, dates=0)
    return pl.read_parquet(needed_model(shop.folder, None).file(FORECASTS))


def test_forecasts_are_those_of_the_command_line(retail: TestClient, on_the_command_line: pl.DataFrame) -> None:
    job = finished(retail, retail.post("/api/v1/predictions", json={"name": "first"}))
    prediction = job["result"]["prediction"]
    table = pl.read_parquet(retail.get(f"/api/v1/predictions/{prediction}/download").content)
    assert_frame_equal(table, on_the_command_line, check_exact=True)
    listed = retail.get("/api/v1/predictions").json()["items"]
    assert [(item["id"], item["name"], item["customers"]) for item in listed] == [
        (prediction, "first", 4337)
    ]  # one came on the last day
    renamed = retail.patch(f"/api/v1/predictions/{prediction}", json={"name": "kept"})
    assert renamed.json()["name"] == "kept"
    lines = retail.get(f"/api/v1/predictions/{prediction}/csv").text.splitlines()
    assert len(lines) == 4338
    assert lines[0].startswith("customer_id,p_buy,e_orders,e_spend,spend_p10,spend_p90,p_alive")
    assert retail.delete(f"/api/v1/predictions/{prediction}").status_code == 204
    assert retail.get(f"/api/v1/predictions/{prediction}").status_code == 404
    assert not list(service_of(retail).settings.home.glob("tenants/retail/predictions/*"))


def test_one_customer_at_once(retail: TestClient, on_the_command_line: pl.DataFrame) -> None:
    row = on_the_command_line.row(7, named=True)
    answer = retail.post("/api/v1/predict", json={"customer_id": row["customer_id"]})
    found = answer.json()
    assert answer.status_code == 200, answer.text
    assert (found["source"], found["p_buy"], found["e_spend"]) == ("stored customer", row["p_buy"], row["e_spend"])
    assert found["churn_probability"] == pytest.approx(1 - row["p_buy"])
    value = found["lifetime_value"]
    assert value["total"] == pytest.approx(row["historic_revenue"] + row["predicted_revenue"])
    assert value["low"] <= value["total"] <= value["high"]
    assert found["segment"]
    assert found["action"]


def test_with_id_and_features_the_stored_customer_wins(retail: TestClient, on_the_command_line: pl.DataFrame) -> None:
    known = on_the_command_line["customer_id"][0]
    found = retail.post("/api/v1/predict", json={"customer_id": known, "features": SEVEN}).json()
    assert found["source"] == "stored customer"
    assert "stored history was used" in found["note"]


def test_an_unknown_customer(retail: TestClient) -> None:
    unknown = retail.post("/api/v1/predict", json={"customer_id": "nobody"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    with_features = retail.post("/api/v1/predict", json={"customer_id": "nobody", "features": SEVEN}).json()
    assert with_features["source"] == "features"
    assert "does not know 'nobody'" in with_features["note"]


def test_features_alone(retail: TestClient) -> None:
    found = retail.post("/api/v1/predict", json={"features": SEVEN}).json()
    assert 0 < found["p_buy"] < 1
    assert 0 <= found["spend_p10"] <= found["spend_p90"]
    assert (found["customer_id"], found["lifetime_value"]["historic"]) == (None, 900.0)
    assert found["segment"]
    gone = retail.post("/api/v1/predict", json={"features": {**SEVEN, "recency_days": 360}}).json()
    assert gone["p_buy"] < found["p_buy"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"features": {"recency_days": 1}},
        {"features": {**SEVEN, "frequency": 0}},
        {"features": {**SEVEN, "monetary": -1}},
        {"features": {**SEVEN, "monetary": "many"}},
        {"customer_id": ""},
    ],
)
def test_bad_questions_are_refused(retail: TestClient, body: dict[str, object]) -> None:
    answer = retail.post("/api/v1/predict", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_several_at_once(retail: TestClient, on_the_command_line: pl.DataFrame) -> None:
    asked = [{"customer_id": each} for each in [*on_the_command_line["customer_id"][:3], "nobody"]]
    found = retail.post("/api/v1/predict/batch", json={"customers": [*asked, {"features": SEVEN}]}).json()
    assert [item["source"] for item in found["items"]] == ["stored customer"] * 3 + ["features"]
    assert found["unknown"] == ["nobody"]


def test_the_registry(retail: TestClient) -> None:
    (model,) = retail.get("/api/v1/models").json()["items"]
    assert model["in_use"]
    assert retail.get("/api/v1/models/default").json()["model"] == model["id"]
    in_detail = retail.get(f"/api/v1/models/{model['id']}").json()
    assert [event["event"] for event in in_detail["events"]] == ["promoted", "trained"]
    seen = retail.get(f"/api/v1/models/{model['id']}/dataset").json()
    assert (seen["kept"], seen["version"]) == (True, model["dataset"])
    assert retail.get(f"/api/v1/models/{model['id']}/json").json()["sha256"]
    assert retail.get(f"/api/v1/models/{model['id']}/customers/12347").json()["exists"]
    assert not retail.get(f"/api/v1/models/{model['id']}/customers/nobody").json()["exists"]
    assert retail.get(f"/api/v1/models/{model['id']}/backtest").status_code == 404
    assert retail.delete(f"/api/v1/models/{model['id']}").status_code == 409
