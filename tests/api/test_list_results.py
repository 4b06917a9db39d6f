"""What came of a list: counted beside the orders, told no better than it is, and learnt from."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from fastapi.testclient import TestClient

from holdfast.access.caller import Role
from holdfast.actions.effect import Arms, Effect, believed_after, measured
from holdfast.store import needed_dataset
from holdfast.workflows.training import train
from tests.sample_home import copy_tenant, reading, shop_in

ROOM = "action-lists"


HORIZON = 90


@pytest.fixture(scope="module")
def known_until(sample_home: Path) -> date:
    return date.fromisoformat(needed_dataset(shop_in(sample_home).folder).manifest.as_of or "")


@pytest.fixture(scope="module")
def earlier_home(sample_home: Path, known_until: date, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample shop with a model that knows no more than what was known one horizon before the file ends."""
    home = tmp_path_factory.mktemp("earlier")
    copy_tenant(sample_home, home)
    train(shop_in(home), as_of=known_until - timedelta(days=HORIZON), horizon=HORIZON, dates=0)
    return home


@pytest.fixture
def client(earlier_home: Path, tmp_path: Path) -> Iterator[TestClient]:
    """An admin of that shop, to whose lists nobody else adds."""
    copy_tenant(earlier_home, tmp_path)
    with reading(tmp_path, role=Role.ADMIN) as client:
        yield client


def sent(client: TestClient, day: date, **wanted: Any) -> str:
    """A list that was drawn as of a day, and sent on it."""
    made = client.post(ROOM, json={"as_of": str(day), "holdout": 0.4, "seed": 5, **wanted})
    assert made.status_code == 201, made.text
    path = f"{ROOM}/{made.json()['id']}"
    client.post(f"{path}/approve")
    exported = client.get(f"{path}/export", params={"sent_on": str(day)})
    assert exported.status_code == 200, exported.text
    assert client.get(path).json()["sent_on"] == str(day)
    return path


def result(client: TestClient, path: str) -> dict[str, Any]:
    answer = client.get(f"{path}/result")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_arms_are_counted_from_the_orders(client: TestClient, sample_home: Path, known_until: date) -> None:
    day = known_until - timedelta(days=HORIZON)
    path = sent(client, day)
    found = result(client, path)
    stage = needed_dataset(shop_in(sample_home).folder)
    orders = pl.read_parquet(stage.table("orders")).join(pl.read_parquet(stage.table("customers")), on="customer_key")
    when, live = pl.col("ordered_at").dt.date(), (pl.col("lines") > 0) & pl.col("reversed_at").is_null()
    buyers = set(orders.filter((when >= day) & (when < known_until) & live)["customer_id"])
    for arm in ("treated", "holdout"):
        entries = client.get(f"{path}/entries", params={"arm": arm, "limit": 1000}).json()["items"]
        listed = {each["customer_id"] for each in entries}
        assert found[arm]["customers"] == len(listed)
        assert found[arm]["buyers"] == len(listed & buyers)
    assert (found["window"]["starts"], found["window"]["ends"]) == (str(day), str(known_until))
    assert found["window"]["is_whole"]
    share = {arm: found[arm]["buyers"] / found[arm]["customers"] for arm in ("treated", "holdout")}
    assert {arm: found[arm]["share"] for arm in share} == pytest.approx(share)
    assert found["buyers"]["estimate"] == pytest.approx(100 * (share["treated"] - share["holdout"]), abs=3)
    assert found["margin"]["estimate"] - found["cost"] == pytest.approx(found["profit"]["estimate"])


def test_nobody_was_treated_in_truth_so_nothing_is_claimed(client: TestClient, known_until: date) -> None:
    found = result(client, sent(client, known_until - timedelta(days=HORIZON)))
    assert not found["buyers"]["tells"]
    assert "Cannot tell whether treating them did anything" in found["sentence"]


def test_what_a_whole_window_showed_is_believed_from_then_on(client: TestClient, known_until: date) -> None:
    before = client.get("actions")
    plays = {play["name"]: play for play in before.json()["plays"]}
    found = result(client, sent(client, known_until - timedelta(days=HORIZON)))
    assert found["teaches"]
    written = {play["name"]: play for play in client.get("playbook").json()["plays"]}
    after = client.get("actions", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    now = {play["name"]: play for play in after.json()["plays"]}
    assert found["plays"]
    for play in found["plays"]:
        said = written[play["name"]]["effect"]
        prior = Effect.of_points(said["points"], give_or_take=said["give_or_take"])
        arms = Arms(play["treated"], play["treated_buyers"], play["holdout"], play["holdout_buyers"])
        learnt = believed_after(prior, measured(arms))
        assert now[play["name"]]["points"] == pytest.approx(learnt.points)
        assert play["after"] == pytest.approx(learnt.points)
        assert play["after_high"] - play["after_low"] < play["believed_high"] - play["believed_low"]
    moved = [name for name, play in plays.items() if now[name]["points"] != pytest.approx(play["points"], abs=1e-9)]
    assert moved


def test_before_the_window_is_over_nothing_is_learnt(client: TestClient, known_until: date) -> None:
    before = client.get("actions").json()["plays"]
    found = result(client, sent(client, known_until - timedelta(days=HORIZON - 10)))
    assert (found["window"]["days"], found["window"]["is_over"], found["teaches"]) == (HORIZON - 10, False, False)
    assert found["sentence"].startswith(f"So far, after {HORIZON - 10} of {HORIZON} days: ")
    after = client.get("actions").json()["plays"]
    assert [play["points"] for play in after] == [play["points"] for play in before]


def test_a_list_that_was_just_sent_has_no_result_yet(client: TestClient, known_until: date) -> None:
    found = result(client, sent(client, known_until))
    assert found["sentence"].startswith("Nothing is known yet: orders count from")
    assert (found["buyers"], found["profit"]) == (None, None)


def test_without_a_holdout_there_is_no_result(client: TestClient, known_until: date) -> None:
    found = result(client, sent(client, known_until - timedelta(days=HORIZON), holdout=0))
    assert (found["measurable"], found["teaches"], found["buyers"]) == (False, False, None)
    assert found["sentence"] == "Nobody was left alone: what this list did cannot be told."


def test_too_few_buyers_are_not_compared(client: TestClient, known_until: date) -> None:
    found = result(client, sent(client, known_until - timedelta(days=HORIZON), contacts=4))
    assert "too few to compare" in found["sentence"]


def test_a_list_is_not_sent_before_its_as_of(client: TestClient, known_until: date) -> None:
    made = client.post(ROOM, json={}).json()
    client.post(f"{ROOM}/{made['id']}/approve")
    early = {"sent_on": str(known_until - timedelta(days=1))}
    refused = client.get(f"{ROOM}/{made['id']}/export", params=early)
    assert (refused.status_code, refused.json()["title"]) == (422, "A list cannot be sent before its as_of.")
    assert client.get(f"{ROOM}/{made['id']}").json()["state"] == "approved"


def test_the_result_is_a_lookup_the_second_time(client: TestClient, known_until: date) -> None:
    path = sent(client, known_until - timedelta(days=HORIZON))
    etag = client.get(f"{path}/result").headers["ETag"]
    assert client.get(f"{path}/result", headers={"If-None-Match": etag}).status_code == 304
    client.post(f"{path}/close")
    assert client.get(f"{path}/result", headers={"If-None-Match": etag}).status_code == 200
