"""The catalogue over HTTP."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from holdfast.features import rows
from holdfast.store import use_model
from holdfast.workflows.views import needed_view
from tests.sample_home import copy_tenant, reading, shop_in


@pytest.fixture(scope="module")
def client(sample_home: Path) -> Iterator[TestClient]:
    with reading(sample_home) as client:
        yield client


def test_features_are_those_of_the_catalogue(client: TestClient) -> None:
    items = client.get("features").json()["items"]
    found = [
        {name: item[name] for name in ("name", "definition", "unit", "type", "missing", "needs")} for item in items
    ]
    assert found[: len(rows())] == [{name: row[name] for name in found[0]} for row in rows()]
    assert {item["kind"] for item in items[len(rows()) :]} == {"group", "forecast"}


def test_every_column_of_this_shop_is_described_with_its_type(client: TestClient, sample_home: Path) -> None:
    view = needed_view(shop_in(sample_home))
    items = {item["name"]: item for item in client.get("features").json()["items"]}
    described = {name: items[name]["type"] for name in view.types if name not in ("customer_key", "customer_id")}
    assert described == {name: kind for name, kind in view.types.items() if name in described}
    assert {name for name, item in items.items() if item["in_this_shop"]} == set(described)
    assert len(items) == len(client.get("features").json()["items"])


def test_without_orders_nobody_knows_which_there_are(sample_home: Path) -> None:
    with reading(sample_home, "empty") as client:
        assert {item["in_this_shop"] for item in client.get("features").json()["items"]} == {None}


def test_who_asks_first_after_an_import_learns_which_columns_may_be_asked_for(
    sample_home: Path, tmp_path: Path
) -> None:
    copy_tenant(sample_home, tmp_path)
    shop = shop_in(tmp_path)
    use_model(shop.folder, None)
    shutil.rmtree(shop.folder.path / "derived", ignore_errors=True)
    with reading(tmp_path) as client:
        items = client.get("features").json()["items"]
        assert {item["in_this_shop"] for item in items if item["kind"] == "forecast"} == {False}
        names = ",".join(item["name"] for item in items if item["in_this_shop"])
        assert client.get("customers", params={"columns": names, "limit": 1}).status_code == 200
