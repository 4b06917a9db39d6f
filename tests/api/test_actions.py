"""Actions over HTTP: ranked by profit, within limits, by the shop's own playbook."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from fastapi.testclient import TestClient

from holdfast.access.caller import Role
from holdfast.store import needed_dataset
from tests.cli.command import Command
from tests.sample_home import copy_tenant, reading, shop_in

ALL = {
    "name": "Write to all",
    "where": {"order_count": {"min": 1}},
    "what": "Write to them.",
    "why": "{order_count} orders worth {net_revenue}.",
    "offer": {"contact_cost": 0.1},
    "effect": {"points": 3, "give_or_take": 2},
}


@pytest.fixture(scope="module")
def home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("actions")
    copy_tenant(sample_home, home)
    return home


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    with reading(home, role=Role.ANALYST) as client:
        yield client
        client.delete("playbook")


def ranked(client: TestClient, **asked: Any) -> dict[str, Any]:
    answer = client.get("actions", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_list_is_ranked_by_profit_and_ends_where_it_costs_more(client: TestClient) -> None:
    found = ranked(client, limit=1000)
    profits = [each["profit"] for each in found["items"]]
    assert profits == sorted(profits, reverse=True)
    assert min(profits) > 0
    assert len(profits) == found["chosen"]["customers"] == sum(each["chosen"] for each in found["plays"])
    assert found["chosen"]["profit"] == pytest.approx(sum(profits))
    assert found["chosen"]["cost"] == pytest.approx(sum(each["cost"] for each in found["items"]))
    assert max(found["curve"], key=lambda point: point["profit"])["customers"] == len(profits)
    assert found["stop"] == "the next customer costs more than they return"
    assert found["headline"].startswith(f"Treat {len(profits)} customers")
    assert {each["evidence"] for each in found["items"]} == {"rule of thumb"}
    assert all("{" not in each["why"] for each in found["items"])


def test_a_budget_and_a_number_of_contacts_are_kept(client: TestClient) -> None:
    whole = ranked(client)["chosen"]
    half = ranked(client, budget=whole["cost"] / 2)
    assert half["chosen"]["cost"] <= whole["cost"] / 2
    assert half["chosen"]["profit"] > whole["profit"] / 2
    assert half["stop"] == "the budget is spent"
    few = ranked(client, contacts=7)
    assert (few["chosen"]["customers"], len(few["items"])) == (7, 7)
    assert few["stop"] == "no more contacts are allowed"
    assert few["items"] == ranked(client, limit=7)["items"]
    assert ranked(client, contacts=0)["headline"].startswith("Leave everybody alone")


def test_pages_hold_everybody_once(client: TestClient) -> None:
    whole, found, cursor = ranked(client, limit=1000)["items"], [], None
    while True:
        page = ranked(client, limit=13, **({"cursor": cursor} if cursor else {}))
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == whole


def test_it_is_what_the_command_line_says(client: TestClient, home: Path, holdfast: Command) -> None:
    told = Command(home, holdfast.capture)("actions", "--tenant", "sample", "--top", "25", "--budget", "9").json
    found = ranked(client, limit=25, budget=9)
    assert {name: value for name, value in told.items() if name != "out"} == {
        name: value for name, value in found.items() if name != "next_cursor"
    }


def test_the_whole_list_as_a_file_is_noted(client: TestClient, home: Path, tmp_path: Path) -> None:
    found = ranked(client, limit=1000)["items"]
    rows = list(csv.DictReader(io.StringIO(client.get("actions", params={"format": "csv"}).text)))
    assert [row["customer_id"] for row in rows] == [each["customer_id"] for each in found]
    assert [row["why"] for row in rows] == [each["why"] for each in found]
    (tmp_path / "a.parquet").write_bytes(client.get("actions", params={"format": "parquet"}).content)
    assert pl.read_parquet(tmp_path / "a.parquet")["profit"].to_list() == [each["profit"] for each in found]
    with reading(home, role=Role.ADMIN) as admin:
        entries = admin.get("audit", params={"action": "export actions"}).json()["items"]
    assert {entry["details"]["format"] for entry in entries} == {"parquet", "csv"}  # within a second, in any order
    assert {entry["details"]["rows"] for entry in entries} == {len(found)}


def test_another_playbook_is_tried_out_and_then_kept(client: TestClient) -> None:
    before = client.get("actions")
    tried = client.post("playbook/preview", json={"plays": [ALL]}).json()
    assert [each["name"] for each in tried["plays"]] == ["Write to all"]
    assert not client.get("playbook").json()["own"]
    assert client.get("actions", headers={"If-None-Match": before.headers["ETag"]}).status_code == 304
    kept = client.put("playbook", json={"plays": [ALL]})
    assert (kept.status_code, kept.json()["own"]) == (200, True)
    after = client.get("actions", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert {each["play"] for each in after.json()["items"]} == {"Write to all"}
    assert after.json()["chosen"] == tried["chosen"]
    assert client.get("playbook").json()["plays"] == [ALL]
    assert client.delete("playbook").status_code == 204
    assert client.get("actions").json() == before.json()


def test_a_cursor_of_another_playbook_is_refused(client: TestClient) -> None:
    cursor = ranked(client, limit=2)["next_cursor"]
    client.put("playbook", json={"plays": [ALL]})
    refused = client.get("actions", params={"cursor": cursor})
    assert (refused.status_code, refused.json()["title"]) == (422, "The ranking has changed.")


@pytest.mark.parametrize(
    "changed",
    [{"effect": {"points": 90, "give_or_take": 1}}, {"where": {"colour": "red"}}, {"why": "{colour}"}, {"name": ""}],
)
def test_a_playbook_that_cannot_be_used_changes_nothing(client: TestClient, changed: dict[str, Any]) -> None:
    for send in (client.put, lambda path, **body: client.post(f"{path}/preview", **body)):
        refused = send("playbook", json={"plays": [{**ALL, **changed}]})
        assert (refused.status_code, refused.json()["code"]) == (422, "bad_policy"), refused.text
        assert refused.json()["todo"]
    assert not client.get("playbook").json()["own"]


def test_who_must_not_be_contacted_is_on_no_list(client: TestClient, home: Path) -> None:
    """The sample's customers table says for many that they gave no consent."""
    said_no = set(
        pl.read_parquet(needed_dataset(shop_in(home).folder).table("customers")).filter(~pl.col("consent"))[
            "customer_id"
        ]
    )
    client.put("playbook", json={"plays": [ALL | {"offer": {}}]})
    found = ranked(client, limit=1000)
    assert said_no
    assert found["without_consent"] == len(said_no & {each["customer_id"] for each in customers(client)})
    assert not said_no & {each["customer_id"] for each in found["items"]}
    assert len(found["items"]) + found["without_consent"] == found["customers"]


def customers(client: TestClient) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = client.get(
        "customers", params={"limit": 1000, "columns": "p_buy", "where": "p_buy>=0"}
    ).json()["items"]
    return listed


def test_a_shop_without_a_forecast_is_told_so(home: Path) -> None:
    with reading(home, "empty") as client:
        answer = client.get("actions")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
