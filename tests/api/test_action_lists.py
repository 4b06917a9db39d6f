"""Action lists over HTTP: drawn with a holdout, approved, exported, closed; who is on one is on no other."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from holdfast.access.caller import Role
from holdfast.store.records import ListEntry
from tests.api.working import service_of
from tests.sample_home import TENANT, copy_tenant, reading

ROOM = "action-lists"


@pytest.fixture
def client(sample_home: Path, tmp_path: Path) -> Iterator[TestClient]:
    """An analyst of the sample shop, to whose lists nobody else adds."""
    copy_tenant(sample_home, tmp_path)
    with reading(tmp_path, role=Role.ADMIN) as client:
        yield client


def drawn(client: TestClient, **wanted: Any) -> dict[str, Any]:
    answer = client.post(ROOM, json={"name": "October", **wanted})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/api/v1/{ROOM}/{answer.json()['id']}"
    found: dict[str, Any] = answer.json()
    return found


def entries(client: TestClient, made: dict[str, Any], **asked: Any) -> list[dict[str, Any]]:
    answer = client.get(f"{ROOM}/{made['id']}/entries", params={"limit": 1000, **asked})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_a_list_is_the_ranking_with_some_left_alone_at_random(client: TestClient) -> None:
    ranked = client.get("actions", params={"limit": 1000}).json()
    made = drawn(client, holdout=0.3, seed=7)
    everybody = entries(client, made)
    assert [each["customer_id"] for each in everybody] == [each["customer_id"] for each in ranked["items"]]
    assert [each["words"]["why"] for each in everybody] == [each["why"] for each in ranked["items"]]
    held_out = entries(client, made, arm="holdout")
    treated = entries(client, made, arm="treated")
    assert sorted([*held_out, *treated], key=lambda each: each["place"]) == everybody
    assert abs(len(held_out) - 0.3 * len(everybody)) <= 10
    assert {each["probability"] for each in everybody} == {0.3}
    totals = made["totals"]
    assert (totals["customers"], totals["held_out"], totals["treated"]) == (
        len(everybody), len(held_out), len(treated),
    )  # fmt: skip
    assert totals["profit"] == pytest.approx(sum(each["profit"] for each in treated))
    assert (made["state"], made["measurable"], made["holdout_share"]) == ("draft", True, 0.3)
    assert len(made["playbook"]["plays"]) == 6
    assert client.get(f"{ROOM}/{made['id']}").json() == made
    assert [each["id"] for each in client.get(ROOM, params={"state": "draft"}).json()["items"]] == [made["id"]]


def test_the_same_seed_holds_out_the_same_and_another_one_others(client: TestClient) -> None:
    first, again, other = (
        {each["customer_id"] for each in entries(client, drawn(client, holdout=0.4, seed=seed), arm="holdout")}
        for seed in (7, 7, 8)
    )
    assert first == again != other


def test_without_a_share_the_plan_decides_and_half_where_it_cannot(client: TestClient) -> None:
    planned = client.get("actions").json()["holdout"]
    made = drawn(client)
    assert planned["proposed"] is None  # a small shop
    assert (made["holdout_share"], made["sentence"]) == (0.5, planned["sentence"])


def test_leaving_nobody_alone_is_possible_and_marked(client: TestClient) -> None:
    made = drawn(client, holdout=0)
    assert (made["measurable"], made["totals"]["held_out"]) == (False, 0)
    assert "cannot be told" in made["sentence"]


def test_the_way_of_a_list(client: TestClient, tmp_path: Path) -> None:
    made = drawn(client, holdout=0.5, seed=1)
    path = f"{ROOM}/{made['id']}"
    for refused in (client.get(f"{path}/export"), client.post(f"{path}/close")):
        assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    approved = client.post(f"{path}/approve").json()
    assert (approved["state"], approved["approved_by"]) == ("approved", made["created_by"])
    assert client.post(f"{path}/approve").status_code == 409
    assert client.delete(path).status_code == 409
    rows = list(csv.DictReader(io.StringIO(client.get(f"{path}/export").text)))
    treated, held_out = entries(client, made, arm="treated"), entries(client, made, arm="holdout")
    assert [row["customer_id"] for row in rows] == [each["customer_id"] for each in treated]
    assert not {row["customer_id"] for row in rows} & {each["customer_id"] for each in held_out}
    assert [row["why"] for row in rows] == [each["words"]["why"] for each in treated]
    (tmp_path / "l.parquet").write_bytes(client.get(f"{path}/export", params={"format": "parquet"}).content)
    assert pl.read_parquet(tmp_path / "l.parquet")["profit"].to_list() == [each["profit"] for each in treated]
    assert client.get(path).json()["state"] == "exported"
    assert client.post(f"{path}/close").json()["state"] == "closed"
    assert client.get(f"{path}/export").status_code == 409
    actions = Counter(each["action"] for each in client.get("audit", params={"subject": made["id"]}).json()["items"])
    assert actions == {"draw list": 1, "approve list": 1, "export list": 2, "close list": 1}


def test_a_draft_that_was_not_written_to_its_end_is_not_approved(client: TestClient) -> None:
    made = drawn(client, contacts=10)
    with service_of(client).database.begin() as session:
        session.execute(sa.delete(ListEntry).where(ListEntry.list_id == made["id"], ListEntry.place > 6))
    refused = client.post(f"{ROOM}/{made['id']}/approve")
    assert (refused.status_code, refused.json()["title"]) == (409, "This draft was not written to its end.")
    assert client.delete(f"{ROOM}/{made['id']}").status_code == 204


def test_a_customer_is_on_one_open_list_at_a_time(client: TestClient) -> None:
    first = drawn(client, contacts=10, holdout=0.5)
    draft = drawn(client, contacts=5, holdout=0.5)
    client.post(f"{ROOM}/{first['id']}/approve")
    late = client.post(f"{ROOM}/{draft['id']}/approve")
    assert (late.status_code, late.json()["title"]) == (409, "Customers of this draft are on another list by now.")
    assert client.delete(f"{ROOM}/{draft['id']}").status_code == 204
    assert client.get(f"{ROOM}/{draft['id']}").status_code == 404
    second = drawn(client, contacts=10, holdout=0.5)
    on_first, on_second = ({each["customer_id"] for each in entries(client, made)} for made in (first, second))
    assert not on_first & on_second
    assert client.post(f"{ROOM}/{second['id']}/approve").status_code == 200


def test_the_ranking_leaves_out_who_is_on_an_open_list(client: TestClient) -> None:
    before = client.get("actions", params={"limit": 1000})
    made = drawn(client, contacts=10, holdout=0.5)
    assert client.get("actions", params={"limit": 1000}).json() == before.json()  # a draft binds nobody
    client.post(f"{ROOM}/{made['id']}/approve")
    after = client.get("actions", params={"limit": 1000}, headers={"If-None-Match": before.headers["ETag"]})
    assert (after.status_code, after.json()["on_other_lists"]) == (200, 10)
    listed = {each["customer_id"] for each in entries(client, made)}
    assert not listed & {each["customer_id"] for each in after.json()["items"]}
    rows = csv.DictReader(io.StringIO(client.get("actions", params={"format": "csv"}).text))
    assert not listed & {row["customer_id"] for row in rows}
    plays = {"plays": made["playbook"]["plays"]}
    assert client.post("playbook/preview", json=plays).json()["chosen"] == after.json()["chosen"]


def test_who_was_contacted_lately_is_left_alone_and_holdouts_of_a_closed_list_are_not(client: TestClient) -> None:
    first = drawn(client, contacts=12, holdout=0.5, seed=3)
    for step in ("approve", "close"):
        client.get(f"{ROOM}/{first['id']}/export")
        assert client.post(f"{ROOM}/{first['id']}/{step}").status_code == 200
    treated, held_out = (
        {each["customer_id"] for each in entries(client, first, arm=arm)} for arm in ("treated", "holdout")
    )
    again = {each["customer_id"] for each in entries(client, drawn(client, holdout=0.5))}
    assert held_out <= again
    assert not treated & again
    changed = client.patch(f"tenants/{TENANT}", json={"settings": {"contact_days": 0}})
    assert changed.status_code == 200
    assert treated <= {each["customer_id"] for each in entries(client, drawn(client, holdout=0.5))}


def test_pages_of_entries(client: TestClient) -> None:
    made, found, cursor = drawn(client), [], None
    while True:
        asked = {"limit": 17, "arm": "treated", **({"cursor": cursor} if cursor else {})}
        page = client.get(f"{ROOM}/{made['id']}/entries", params=asked).json()
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == entries(client, made, arm="treated")


@pytest.mark.parametrize("wanted", [{"holdout": 1}, {"holdout": -0.1}, {"budget": -1}, {"contacts": -1}, {"seed": -1}])
def test_what_cannot_be_drawn_is_refused(client: TestClient, wanted: dict[str, float]) -> None:
    assert client.post(ROOM, json=wanted).status_code == 422


def test_a_list_of_nobody_is_no_list(client: TestClient) -> None:
    refused = client.post(ROOM, json={"contacts": 0})
    assert (refused.status_code, refused.json()["title"]) == (422, "Nobody would be on this list.")
    assert client.get(ROOM).json()["items"] == []


def test_somebody_who_asks_is_told_their_lists(client: TestClient) -> None:
    made = drawn(client, contacts=3)
    somebody = entries(client, made)[0]["customer_id"]
    told = client.post("personal-data/export", json={"customer_id": somebody}).json()["action_lists"]
    assert [each["list_id"] for each in told] == [made["id"]]
    assert told[0]["words"]["what"]
    assert service_of(client).settings.contact_days == 30
