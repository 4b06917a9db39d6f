"""The page about cleaning: no reason, rule or preset of the code is missing, and the tables say what the code does."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from holdfast.cleaning import EXPLANATIONS, POLICIES, Kept, Policy, Reason

PAGE = (Path(__file__).parents[2] / "docs" / "cleaning.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of all table rows below a heading, without the backticks; the heading rows are among them."""
    _, _, after = PAGE.partition(f"\n{heading}\n")
    section = re.split(r"^## ", after, maxsplit=1, flags=re.MULTILINE)[0]
    lines = [line for line in section.splitlines() if line.startswith("| ") and not line.startswith("| ---")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]


def test_reasons_stand_in_their_order_of_precedence() -> None:
    assert [row[0] for row in rows("## Why a line is rejected")[1:]] == list(Reason)


@pytest.mark.parametrize("reason", [*Reason, *Kept])
def test_each_fate_is_explained_as_the_program_explains_it(reason: str) -> None:
    table = {row[0]: row[1] for row in rows("## Why a line is rejected") + rows("## What a kept line is")}
    assert table[reason].startswith(EXPLANATIONS[reason])


def test_every_rule_has_its_trade_off() -> None:
    explained = [row[0] for row in rows("## Policies") if len(row) == 3]
    assert explained == ["rule", *(field.name for field in fields(Policy))]


def test_presets_are_shown_as_they_are() -> None:
    def shown(value: object) -> object:
        return ", ".join(value) or "empty" if isinstance(value, list) else value

    heading, *table = [row for row in rows("## Policies") if len(row) == 4]
    assert heading == ["rule", *POLICIES]
    rules = [policy.as_dict() for policy in POLICIES.values()]
    assert table == [[name, *(shown(rule[name]) for rule in rules)] for name in rules[0] if name != "name"]
