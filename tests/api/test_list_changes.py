"""Who came to a list and who left it since it was sent."""

from datetime import date, timedelta
from typing import Any

import polars as pl
from fastapi.testclient import TestClient

from holdfast.store import needed_dataset
from holdfast.workflows.reading import shop_of
from tests.api.test_list_results import HORIZON, ROOM, client, earlier_home, known_until, sent  # noqa: F401 - fixtures
from tests.api.working import service_of
from tests.sample_home import TENANT


def changes(client: TestClient, path: str, **asked: Any) -> dict[str, Any]:  # noqa: F811
    answer = client.get(f"{path}/changes", params={"limit": 1000, **asked})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_who_ordered_since_left_and_who_is_worth_it_now_came(client: TestClient, known_until: date) -> None:  # noqa: F811
    day = known_until - timedelta(days=HORIZON)
    path = sent(client, day, contacts=100)
    found = changes(client, path)
    stage = needed_dataset(shop_of(service_of(client), TENANT).folder)
    orders = pl.read_parquet(stage.table("orders")).join(pl.read_parquet(stage.table("customers")), on="customer_key")
    live = (pl.col("lines") > 0) & pl.col("reversed_at").is_null() & (pl.col("ordered_at").dt.date() >= day)
    ordered = set(orders.filter(live)["customer_id"])
    treated, held_out = (
        [
            each["customer_id"]
            for each in client.get(f"{path}/entries", params={"arm": arm, "limit": 1000}).json()["items"]
        ]
        for arm in ("treated", "holdout")
    )
    left = [each for each in found["items"] if each["change"] == "left"]
    came = {each["customer_id"] for each in found["items"] if each["change"] == "came"}
    assert [each["customer_id"] for each in left] == [each for each in treated if each in ordered]
    assert {each["reason"] for each in left} == {"has ordered"}
    assert (found["left"], found["came"], found["sent_on"]) == (len(left), len(came), str(day))
    assert left
    assert not came & {*treated, *held_out}
    ranked = client.get("actions", params={"contacts": 100, "limit": 1000}).json()["items"]
    assert came == {each["customer_id"] for each in ranked}


def test_pages_and_the_same_answer_twice(client: TestClient, known_until: date) -> None:  # noqa: F811
    path = sent(client, known_until - timedelta(days=HORIZON), contacts=60)
    whole, found, cursor = changes(client, path), [], None
    while True:
        page = changes(client, path, limit=7, **({"cursor": cursor} if cursor else {}))
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == whole["items"]
    assert client.get(f"{path}/changes", params={"cursor": "bm90aGluZw"}).status_code == 422
    etag = client.get(f"{path}/changes").headers["ETag"]
    assert client.get(f"{path}/changes", headers={"If-None-Match": etag}).status_code == 304


def test_a_list_that_was_not_sent_has_not_changed(client: TestClient) -> None:  # noqa: F811
    made = client.post(ROOM, json={"contacts": 5}).json()
    refused = client.get(f"{ROOM}/{made['id']}/changes")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
