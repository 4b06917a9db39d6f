"""A home folder as 0.1.0 left it: files without records. `home-0.1.0.tar.xz` was written by that version's commands

`import orders.csv --currency GBP`, `train --dates 1` and `customers`, on a small shop of made-up orders.
"""

import tarfile
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from holdfast.settings import Settings
from holdfast.store import list_models, needed_dataset
from holdfast.workflows.backup import write_backup
from holdfast.workflows.restoring import restore
from holdfast.workflows.shop import Shop
from tests.api.working import as_admin, finished, running
from tests.cli.command import Command

IMPORT, DATASET, MODEL = "20261121-144809-45bde4-1", "000001-3ef2a153", "0001-17c8e99a"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder, unpacked."""
    with tarfile.open(Path(__file__).parent / "home-0.1.0.tar.xz") as archive:
        archive.extractall(tmp_path / "home", filter="data")
    return tmp_path / "home"


def items(client: TestClient, path: str) -> list[Any]:
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["items"]
    return found


def test_the_api_shows_what_was_there(home: Path) -> None:
    with running(home) as client:
        as_admin(client, "default")
        assert [(each["id"], each["state"]) for each in items(client, "/imports")] == [(IMPORT, "imported")]
        assert [each["id"] for each in items(client, "/models")] == [MODEL]
        assert [each["version"] for each in items(client, "/datasets")] == [DATASET]
        assert len(items(client, "/customers?limit=1")) == 1
        predicted = client.post("/api/v1/predict", json={"customer_id": "c7"}).json()
        assert (predicted["model"], predicted["source"]) == (MODEL, "stored customer")
        assert finished(client, client.post("/api/v1/predictions", json={"name": "after"}))["state"] == "succeeded"
        erased = client.post("/api/v1/personal-data/erase", json={"customer_id": "c7", "confirm": True})
        assert finished(client, erased)["result"]["models"] == [MODEL]


def test_the_commands_go_on(home: Path, holdfast: Command, tmp_path: Path) -> None:
    there = Command(home, holdfast.capture)
    assert there("imports").json["items"][0]["id"] == IMPORT
    assert there("model").code == 0
    before = there("answer").json
    (tmp_path / "more.csv").write_text(
        "customer_id,order_id,ordered_at,product_id,quantity,unit_price\nc7,more,2023-12-01,p1,1,9.90\n"
    )
    assert there("import", tmp_path / "more.csv").json["dataset"]["imports"][0] == IMPORT
    assert there("imports", "undo", there("imports").json["items"][1]["id"]).code == 0
    assert there("answer").json["headline"] == before["headline"]


def test_a_backup_of_it_can_be_restored(home: Path, tmp_path: Path) -> None:
    write_backup(Settings.load({"home": home}), tmp_path / "old.tar")
    there = Settings.load({"home": tmp_path / "there"})
    restore(there, tmp_path / "old.tar", force=False)
    shop = Shop.open(there)
    assert needed_dataset(shop.folder).manifest.version == DATASET
    assert [model.record.id for model in list_models(shop.folder)] == [MODEL]


def test_a_storage_takes_it_in(home: Path, tmp_path: Path) -> None:
    shared = {"storage_url": (tmp_path / "bucket").as_uri()}
    Shop.open(Settings.load({"home": home, **shared})).folder.names("models")
    there = Shop.open(Settings.load({"home": tmp_path / "elsewhere", **shared}))
    assert needed_dataset(there.folder).manifest.imports == (IMPORT,)
    assert [model.record.id for model in list_models(there.folder)] == [MODEL]
