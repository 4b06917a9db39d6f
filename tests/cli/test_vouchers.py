"""`holdfast vouchers`: a history, its segments and rules, decisions; as JSON and for people."""

import csv
from pathlib import Path

import pytest

from tests.api.test_vouchers import HEADER, SMALL
from tests.cli.command import Command


@pytest.fixture
def shop(holdfast: Command, tmp_path: Path) -> Command:
    """`holdfast` with a small history."""
    (tmp_path / "h.csv").write_text(SMALL, encoding="utf-8")
    assert holdfast("vouchers", "import", tmp_path / "h.csv", "--country", "Peru").code == 0
    return holdfast


def decide(shop: Command, *options: str) -> tuple[object, ...]:
    given = ("--country", "Peru", "--total-orders", "3", "--as-of", "2018-08-01", *options)
    found = shop("vouchers", "decide", *given).json
    assert list(found) == ["voucher_amount", "segment", "n", "share", "label", "as_of"]
    return found["voucher_amount"], found["segment"], found["label"]


def test_a_history_its_ledger_and_its_answers(holdfast: Command, tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text(SMALL + "2018-07-21,Peru,2018-06-01,,,10\n", encoding="utf-8")
    found = holdfast("vouchers", "import", tmp_path / "h.csv", "--country", "Peru").json
    assert (found["rows_in"], found["rows_kept"], found["changed"]) == (6, 5, True)
    assert [(each["reason"], each["rows"]) for each in found["ledger"]] == [("kept", 5), ("blank_total_orders", 1)]
    again = holdfast("vouchers", "import", as_json=False)
    assert "Nothing new" in again.out
    for word in ("blank_total_orders", "total_orders is empty", "10.00", "66.7%", "Above 37 orders", "1-4"):
        assert word in again.out, again.out
    (peru,) = holdfast("vouchers", "segments").json["countries"]
    assert (peru["country"], peru["n"], peru["ties"]) == ("Peru", 5, ["10.00", "30.00"])
    assert holdfast("vouchers", "segments", "--country", "Narnia").problem["code"] == "unreadable_input"


def test_decisions(shop: Command) -> None:
    assert decide(shop) == ("10.00", "1-4", "most_used")
    assert decide(shop, "--segment", "recency_segment", "--last-order", "2018-02-02") == (
        "10.00",
        "121-180",
        "fallback_country",
    )
    told = shop("vouchers", "decide", "--country", "Peru", "--total-orders", "0", as_json=False)
    assert "No voucher" in told.out
    told = shop("vouchers", "decide", "--country", "Peru", "--total-orders", "4", as_json=False)
    assert "66.7% of 3" in told.out


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--country", "Narnia"), "no voucher history"),
        (("--total-orders", "-1"), "fewer than 0"),
        (("--segment", "money_segment"), "kind of segment"),
        (("--last-order", "yesterday"), "--last-order is no time"),
        (("--as-of", "2018-13-01"), "--as-of is no time"),
        (("--last-order", "2018-01-01", "--first-order", "2018-02-01"), "before the first"),
        (("--last-order", "2018-09-01", "--as-of", "2018-08-01"), "after the day"),
    ],
)
def test_what_cannot_be_is_refused(shop: Command, options: tuple[str, ...], says: str) -> None:
    ran = shop("vouchers", "decide", "--country", "Peru", "--total-orders", "3", *options)
    assert ran.code == 2
    assert says in ran.problem["what"]


def test_rules_are_a_file_to_edit(shop: Command, tmp_path: Path) -> None:
    out = tmp_path / "rules.csv"
    assert shop("vouchers", "rules", "--out", out, as_json=False).code == 0
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["kind", "segment", "from", "to"]
    assert rows[-1] == ["country", "Peru", "", ""]
    same = shop("vouchers", "rules", "--check", out).json
    assert same == shop("vouchers", "rules").json
    text = out.read_text(encoding="utf-8")
    out.write_text(text.replace("180+,181,", "180+,180,"), encoding="utf-8")
    refused = shop("vouchers", "import", "--rules", out)
    assert (refused.code, refused.problem["code"]) == (2, "bad_policy")
    assert "both hold 180." in refused.problem["seen"]
    out.write_text(text.replace("61-90,61,", "61-90,70,"), encoding="utf-8")
    checked = shop("vouchers", "rules", "--check", out, as_json=False)
    assert "Gap between 30-60 and 61-90: 61 to 69 days" in checked.out
    assert shop("vouchers", "import", "--rules", out).json["changed"]


@pytest.mark.parametrize("ending", ["json", "yaml", "txt"])
def test_rules_in_other_forms(shop: Command, tmp_path: Path, ending: str) -> None:
    texts = {
        "json": '{"rules": [{"kind": "frequency", "segment": "all", "from": 1, "to": null}]}',
        "yaml": "- {kind: frequency, segment: all, from: 1}\n",
        "txt": "\ufeffKind\tSegment\tFrom\tTo\nfrequency\tall\t1\t\n",
    }
    path = tmp_path / f"rules.{ending}"
    path.write_text(texts[ending], encoding="utf-8")
    found = shop("vouchers", "rules", "--check", path).json
    assert found["rules"] == [{"kind": "frequency", "segment": "all", "from": 1, "to": None}]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("r.csv", "kind,segment,from,to\nfrequency,a,1,4,9\n"),
        ("r.json", "[1"),
        ("r.json", "7"),
        ("r.csv", ""),
        ("r.csv", "\0"),
    ],
)
def test_a_rule_file_that_cannot_be_read(shop: Command, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    ran = shop("vouchers", "import", "--rules", tmp_path / name)
    assert ran.code == 2
    assert ran.problem["todo"]


def test_other_column_names(holdfast: Command, tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text(SMALL.replace(HEADER, HEADER.replace("country_code", "Land")), encoding="utf-8")
    refused = holdfast("vouchers", "import", tmp_path / "h.csv")
    assert (refused.code, refused.problem["details"]) == (2, {"columns": ["country_code"]})
    assert holdfast("vouchers", "import", tmp_path / "h.csv", "--map", "country_code=land").json["rows_kept"] == 5


def test_before_the_first_history(holdfast: Command) -> None:
    for command in (("segments",), ("import",), ("decide", "--country", "Peru", "--total-orders", "3")):
        assert holdfast("vouchers", *command).problem["code"] == "not_found"
    assert len(holdfast("vouchers", "rules").json["rules"]) == 8


def test_an_offer_and_what_came_of_it(shop: Command) -> None:
    given = ("--customer", "c1", "--country", "Peru", "--total-orders", "3")
    found = shop("vouchers", "offer", *given).json
    assert found["label"] in ("most_used", "explored", "held_out")
    said = shop("vouchers", "outcome", found["offer_id"], "--margin", "31.5").json
    assert said == {"offer_id": found["offer_id"], "redeemed": False, "margin": "31.50"}
    other = shop("vouchers", "outcome", found["offer_id"], "--margin", "31.51")
    assert (other.code, other.problem["code"]) == (2, "conflict")
    assert "c1 gets" in shop("vouchers", "offer", *given, as_json=False).out
    assert shop("vouchers", "margins").json["outcome_days"] == 30
    assert shop("vouchers", "margins", as_json=False).out
    assert shop("vouchers", "outcome", "offer_x", "--margin", "1").problem["code"] == "not_found"


@pytest.mark.parametrize("margin", ["much", "NaN", "1e12", "1.005", ""])
def test_a_margin_that_is_none(shop: Command, margin: str) -> None:
    ran = shop("vouchers", "outcome", "offer_x", "--margin", margin)
    assert (ran.code, ran.problem["what"]) == (2, "--margin is no amount.")
