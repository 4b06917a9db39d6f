"""Real shops over HTTP: what is read is what the command line says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from holdfast.workflows.explaining import explain_customers
from holdfast.workflows.importing import HowToRead, import_files
from holdfast.workflows.training import train
from tests.cli.command import Command
from tests.sample_home import reading, shop_in

RETAIL, OLIST = "online-retail", "olist"


@pytest.fixture(scope="session")
def real_home(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both imported by the library; the smaller one trained as well, without past dates."""
    home = tmp_path_factory.mktemp("real_home")
    import_files(shop_in(home, RETAIL), [data / "online_retail" / "OnlineRetail.csv.gz"], how=HowToRead())
    train(shop_in(home, RETAIL), dates=0)
    import_files(shop_in(home, OLIST), [data / "olist"], how=HowToRead())
    return home


@pytest.fixture(scope="module", params=[RETAIL, OLIST])
def client(request: pytest.FixtureRequest, real_home: Path) -> Iterator[TestClient]:
    with reading(real_home, request.param) as client:
        client.headers["X-Tenant-Id"] = request.param
        yield client


@pytest.fixture
def command(real_home: Path, holdfast: Command) -> Command:
    return Command(real_home, holdfast.capture)


def tenant(client: TestClient) -> str:
    return str(client.headers["X-Tenant-Id"])


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"sort": "-net_revenue", "where": ["order_count>=2"]},
        {"sort": "customer_id", "where": ["rfm_group=Champions", "net_revenue>=500"]},
        {"sort": "-days_since_last_order"},
    ],
)
def test_customers_are_those_of_the_command_line(client: TestClient, command: Command, asked: dict[str, Any]) -> None:
    options = [option for each in asked.get("where", ()) for option in ("--filter", each)]
    options += ["--sort", asked["sort"]] if "sort" in asked else []
    told = command("customers", "--tenant", tenant(client), "--limit", 60, *options).json
    first = client.get("customers", params={**asked, "limit": 25}).json()
    second = client.get("customers", params={**asked, "limit": 35, "cursor": first["next_cursor"]}).json()
    assert first["as_of"] == told["as_of"]
    assert first["items"] + second["items"] == told["items"]
    assert first["total"] == second["total"] >= 60


def test_segments_and_the_answer_are_those_of_the_command_line(client: TestClient, command: Command) -> None:
    told, found = command("segments", "--tenant", tenant(client)).json, client.get("segments").json()
    for grouping in ("risk_bands", "rfm_groups", "rfm_groups_eight", "rfm_grid", "archetypes", "rules"):
        assert found[grouping] == told[grouping]
    assert client.get("answer").json() == command("answer", "--tenant", tenant(client)).json


def test_one_customer_is_that_of_the_command_line(client: TestClient, command: Command) -> None:
    for item in client.get("customers", params={"limit": 3, "sort": "-order_count"}).json()["items"]:
        told = command("customer", item["customer_id"], "--tenant", tenant(client)).json
        found = client.get(f"customers/{item['customer_id']}").json()
        assert {**found["facts"], **found["groups"], "customer_id": item["customer_id"]} == told["facts"]
        assert found["orders"]["items"] == told["orders"][:20]
        assert found["orders"]["total"] == len(told["orders"])
        assert found["products"] == told["products"][:20]


def test_a_file_has_a_line_for_everybody(client: TestClient) -> None:
    lines = client.get("customers", params={"format": "csv", "columns": "net_revenue"}).text.splitlines()
    assert len(lines) - 1 == client.get("customers", params={"limit": 1}).json()["total"]


def test_reasons_of_a_real_customer(real_home: Path) -> None:
    with reading(real_home, RETAIL) as client:
        names = [item["customer_id"] for item in client.get("customers", params={"limit": 5}).json()["items"]]
        expected = explain_customers(shop_in(real_home, RETAIL), names).as_dict()["items"]
        for name, entry in zip(names, expected, strict=True):
            found = client.get(f"customers/{name}").json()
            assert found["reasons"]["sentences"] == entry["sentences"]
            assert found["forecast"]["p_buy"] == pytest.approx(entry["p_buy"], abs=1e-12)
