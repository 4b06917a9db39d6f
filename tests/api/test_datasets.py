"""Data sets over HTTP: what each was made from, and what became of every line."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from holdfast.workflows.importing import rebuild
from holdfast.workflows.report import ledger_of
from tests.sample_home import copy_tenant, reading, shop_in


@pytest.fixture(scope="module")
def home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions of the sample shop."""
    home = tmp_path_factory.mktemp("two_versions")
    copy_tenant(sample_home, home)
    rebuild(shop_in(home), rules={"free_goods": "keep"})
    return home


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[TestClient]:
    with reading(home) as client:
        yield client


def test_the_current_version_comes_first(client: TestClient) -> None:
    items = client.get("datasets").json()["items"]
    assert [item["is_current"] for item in items] == [True, False]
    assert items[0]["version"] > items[1]["version"]
    assert items[0]["lines_in"] == items[1]["lines_in"]
    assert items[0]["lines_kept"] > items[1]["lines_kept"]


def test_every_line_is_kept_or_rejected_with_its_reason_to_the_cent(client: TestClient, home: Path) -> None:
    found = client.get("datasets/current").json()
    ledger = found["ledger"]
    balance = ledger_of(shop_in(home).stage().__enter__()[1].manifest)
    assert ledger["lines_in"] == ledger["lines_kept"] + ledger["lines_rejected"] == balance.lines_in
    for side in ("kept", "rejected"):
        entries = ledger[side]
        assert sum(entry["lines"] for entry in entries) == ledger[f"lines_{side}"]
        assert sum(Decimal(entry["revenue"]) for entry in entries) == Decimal(ledger[f"revenue_{side}"])
        assert all(entry["meaning"] for entry in entries)
    assert Decimal(ledger["revenue_in"]) == Decimal(ledger["revenue_kept"]) + Decimal(ledger["revenue_rejected"])
    assert {entry["reason"] for entry in ledger["rejected"]} >= {"unreadable", "non_positive"}


def test_a_version_says_what_it_was_made_from(client: TestClient) -> None:
    current, older = client.get("datasets").json()["items"]
    found = client.get(f"datasets/{current['version']}").json()
    assert found == client.get("datasets/current").json()
    assert found["policy"]["free_goods"] == "keep"
    assert client.get(f"datasets/{older['version']}").json()["policy"]["free_goods"] == "drop"
    assert {source["file"] for source in found["sources"]} == {"orders.csv.gz"}
    assert all(len(source["sha256"]) == 64 for source in found["sources"])
    assert found["rows"]["customers"] == found["customers"]
    assert found["currency"] == "GBP"
    assert "customer_id" in found["fields"]


@pytest.mark.parametrize("version", ["nope", "..", "%2E%2E", "000001", "000001-x%2F..", "x" * 300])
def test_a_version_that_is_not_kept_is_a_404(client: TestClient, version: str) -> None:
    answer = client.get(f"datasets/{version}")
    assert answer.status_code in (404, 200 if version == ".." else 404)
    assert answer.status_code == 404 or "items" in answer.json() or "openapi" in answer.text


def test_a_shop_without_orders_has_none(home: Path) -> None:
    with reading(home, "empty") as client:
        assert client.get("datasets").json() == {"items": [], "next_cursor": None}
        assert client.get("datasets/current").status_code == 404
