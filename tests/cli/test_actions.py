"""Actions, playbook and lists on the command line."""

from pathlib import Path

import pytest
import yaml

from tests.cli.command import Command
from tests.sample_home import TENANT, copy_tenant


@pytest.fixture
def shop(sample_home: Path, tmp_path: Path, holdfast: Command) -> Command:
    """A command on a copy of the sample shop."""
    copy_tenant(sample_home, tmp_path / "home", name="default")
    assert TENANT == "sample"
    return holdfast


def test_the_ranking_in_words_and_as_a_file(shop: Command, tmp_path: Path) -> None:
    found = shop("actions", "--top", "3", "--out", tmp_path / "list.csv").json
    assert len(found["items"]) == 3
    lines = (tmp_path / "list.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == found["chosen"]["customers"] + 1
    shown = shop("actions", "--top", "3", as_json=False).out
    assert "Treat" in shown
    assert found["items"][0]["customer_id"] in shown
    assert "rule of thumb" in shown


def test_one_customer_alone(shop: Command) -> None:
    first = shop("actions", "--top", "1").json["items"][0]
    found = shop("actions", "--customer", first["customer_id"]).json
    assert (found["action"], found["place"]) == (first, 1)
    shown = shop("actions", "--customer", first["customer_id"], as_json=False).out
    assert first["what"] in shown
    assert "number 1 of" in shown
    assert shop("actions", "--customer", "nobody").code == 2
    refused = shop("actions", "--customer", first["customer_id"], "--budget", "5")
    assert (refused.code, "--budget" in refused.problem["seen"]) == (2, True)


def test_a_playbook_is_edited_tried_kept_and_given_up(shop: Command, tmp_path: Path) -> None:
    book = yaml.safe_load(shop("playbook", "show", as_json=False).out)
    assert len(book["plays"]) == 6
    file = tmp_path / "playbook.yaml"
    file.write_text(yaml.safe_dump({"plays": [{**book["plays"][2], "effect": {"points": 5, "give_or_take": 1}}]}))
    tried = shop("actions", "--playbook", file).json
    assert [each["name"] for each in tried["plays"]] == [book["plays"][2]["name"]]
    assert not shop("playbook", "show").json["own"]
    assert shop("playbook", "set", file).json == {"plays": [book["plays"][2]["name"]]}
    assert shop("actions").json["chosen"] == tried["chosen"]
    assert shop("playbook", "reset").json == {"own": False}
    file.write_text("plays: [{name: x}]")
    refused = shop("playbook", "set", file)
    assert (refused.code, refused.problem["code"]) == (2, "bad_policy")


def test_a_list_from_draft_to_closed(shop: Command, tmp_path: Path) -> None:
    made = shop("lists", "draw", "--name", "October", "--contacts", "20", "--holdout", "0.5", "--seed", "4").json
    assert (made["state"], made["totals"]["customers"]) == ("draft", 20)
    assert shop("lists", "export", made["id"], "--out", tmp_path / "list.csv").code == 2
    assert shop("lists", "approve", made["id"]).json["state"] == "approved"
    assert shop("lists", "export", made["id"], "--out", tmp_path / "list.csv").json["rows"] == made["totals"]["treated"]
    assert made["id"] in shop("lists", "all", as_json=False).out
    assert shop("lists", "close", made["id"]).json["state"] == "closed"
    draft = shop("lists", "draw", "--contacts", "5").json
    assert shop("lists", "discard", draft["id"]).json == {"discarded": draft["id"]}
    assert [each["id"] for each in shop("lists", "all").json["items"]] == [made["id"]]
    assert shop("lists", "approve", draft["id"]).code == 2
