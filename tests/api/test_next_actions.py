"""The next action of one customer: the same as on the list, or why there is none, and what it has stopped buying."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from holdfast.store import use_model
from holdfast.workflows.actions import FromLists
from holdfast.workflows.next_action import SENTENCES, Alone, next_action
from tests.sample_home import copy_tenant, reading, shop_in


@pytest.fixture(scope="module")
def client(sample_home: Path) -> Iterator[TestClient]:
    with reading(sample_home) as client:
        yield client


@pytest.fixture(scope="module")
def ranked(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("actions", params={"limit": 1000}).json()
    return found


@pytest.fixture(scope="module")
def everybody(client: TestClient) -> list[str]:
    items = client.get("customers", params={"limit": 1000, "columns": "customer_id"}).json()["items"]
    return [each["customer_id"] for each in items]


def asked(client: TestClient, name: str, **arguments: Any) -> dict[str, Any]:
    answer = client.get(f"customers/{quote(name, safe='')}/action", params=arguments)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_who_is_on_the_list_gets_what_stands_there(client: TestClient, ranked: dict[str, Any]) -> None:
    for place, item in enumerate(ranked["items"][:5], start=1):
        found = asked(client, item["customer_id"])
        assert found["action"] == item
        assert (found["place"], found["of"], found["left_alone"]) == (place, ranked["chosen"]["customers"], None)
        assert found["offer"].keys() == {"contact_cost", "incentive", "discount", "redeemed"}
        assert {name: found[name] for name in ("as_of", "model", "dataset", "currency", "horizon_days")} == {
            name: ranked[name] for name in ("as_of", "model", "dataset", "currency", "horizon_days")
        }


def test_who_is_not_on_the_list_is_told_why(client: TestClient, ranked: dict[str, Any], everybody: list[str]) -> None:
    listed = {item["customer_id"] for item in ranked["items"]}
    others = [each for each in everybody if each not in listed][:12]
    assert others
    for name in others:
        found = asked(client, name)
        reason = found["left_alone"]["reason"]
        assert found["place"] is None
        assert reason in {"no_consent", "no_play", "costs_more"}
        assert found["left_alone"]["because"] == SENTENCES[Alone(reason)]
        if reason == "costs_more":
            assert found["action"]["profit"] <= 0
        if reason == "no_play":
            assert found["action"] is found["offer"] is None


def test_who_is_on_another_list_is_left_alone_and_their_action_is_known(
    sample_home: Path, ranked: dict[str, Any]
) -> None:
    name = ranked["items"][0]["customer_id"]
    found = next_action(shop_in(sample_home), name, lists=FromLists(apart=frozenset({name})))
    assert (found.alone, found.place, found.of) == (
        Alone.ON_ANOTHER_LIST, None, ranked["chosen"]["customers"] - 1,
    )  # fmt: skip
    assert found.action is not None
    assert found.action.play == ranked["items"][0]["play"]


def test_what_was_stopped_stands_with_its_numbers(client: TestClient, everybody: list[str]) -> None:
    answers = [asked(client, name) for name in everybody[:40]]
    stopped = [each for answer in answers for each in answer["stopped"]]
    assert stopped, "somebody has stopped buying something"
    for each in stopped:
        assert (each["kind"], each["order_days"] >= 3) == ("category", True)
        assert each["days_silent"] > 2 * each["median_gap_days"]
        assert each["sentence"].startswith(f"Stopped buying {each['name']}, worth ")
    for answer in answers:
        worth = [each["worth_a_month"] for each in answer["stopped"]]
        assert worth == sorted(worth, reverse=True)
        assert len(worth) == min(answer["stopped_total"], 10)


def test_an_earlier_day_knows_nothing_later(client: TestClient, everybody: list[str]) -> None:
    day = "2025-03-01"
    for name in everybody[:10]:
        answer = client.get(f"customers/{quote(name, safe='')}/action", params={"as_of": day})
        for each in answer.json().get("stopped", ()):
            assert each["last_bought_on"] < day


def test_without_a_model_what_was_stopped_is_known_all_the_same(
    sample_home: Path, tmp_path: Path, everybody: list[str]
) -> None:
    copy_tenant(sample_home, tmp_path)
    use_model(shop_in(tmp_path).folder, None)
    with reading(tmp_path) as client:
        found = asked(client, everybody[0])
    assert (found["left_alone"]["reason"], found["action"], found["model"]) == ("no_forecast", None, None)
    assert found["left_alone"]["because"]


def test_strangers_ids_with_slashes_and_etags(client: TestClient, ranked: dict[str, Any]) -> None:
    assert client.get("customers/nobody/action").status_code == 404
    odd = client.get(f"customers/{quote('a/action', safe='')}")
    assert (odd.status_code, "'a/action'" in odd.json()["title"]) == (404, True)
    path = f"customers/{quote(ranked['items'][0]['customer_id'], safe='')}/action"
    known = {"If-None-Match": client.get(path).headers["ETag"]}
    assert client.get(path, headers=known).status_code == 304
