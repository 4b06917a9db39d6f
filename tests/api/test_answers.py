"""The first answer over HTTP: the same as on the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from holdfast.store import needed_model
from holdfast.workflows.answer import answer
from holdfast.workflows.plain import plain
from tests import odd_shop
from tests.cli.command import Command
from tests.sample_home import reading, shop_in


@pytest.fixture(scope="module")
def client(sample_home: Path) -> Iterator[TestClient]:
    with reading(sample_home) as client:
        yield client


def test_the_answer_is_that_of_the_command_line(client: TestClient, sample_home: Path, holdfast: Command) -> None:
    told = Command(sample_home, holdfast.capture)("answer", "--tenant", "sample").json
    assert client.get("answer").json() == told


def test_the_answer_of_a_past_day(client: TestClient, sample_home: Path) -> None:
    expected = plain(answer(shop_in(sample_home), as_of="2024-06-01").as_json())
    assert client.get("answer", params={"as_of": "2024-06-01"}).json() == expected


def test_readiness_says_what_is_missing(client: TestClient, sample_home: Path) -> None:
    found = client.get("readiness").json()
    record = needed_model(shop_in(sample_home).folder, None).record
    assert found["answer"] == client.get("answer").json()["readiness"]
    assert found["forecast"] == {
        "model": record.id, "state": record.state, "grade": "", "sentence": "", "no_forecast": None,
    }  # fmt: skip


def test_without_a_model_readiness_says_so(tmp_path: Path) -> None:
    odd_shop.fill(tmp_path)
    with reading(tmp_path, odd_shop.TENANT) as client:
        found = client.get("readiness").json()
    assert found["forecast"]["model"] is None
    assert found["forecast"]["no_forecast"] == "There is no model in use. Train one."
    assert found["answer"]["state"] in ("ready", "degraded", "not yet")
