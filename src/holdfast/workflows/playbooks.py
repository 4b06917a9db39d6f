"""A shop's playbook: its own where it has one, else the default; kept with the shop."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from holdfast.actions.default_playbook import DEFAULT_PLAYBOOK
from holdfast.actions.playbook import Play, parse_playbook
from holdfast.segments import parse_rules
from holdfast.segments.rules import Rule
from holdfast.store import ShopFolder
from holdfast.workflows.listing import Types
from holdfast.workflows.plain import plain

FILE = "playbook.json"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A play with the rule that says for whom it is."""

    play: Play
    rule: Rule


def written_playbook(folder: ShopFolder) -> tuple[Mapping[str, Any], bool]:
    """The playbook as it was written, and whether it is the shop's own."""
    own = folder.read_json(FILE)
    return (own, True) if own else (DEFAULT_PLAYBOOK, False)


def playbook_tag(written: Mapping[str, Any]) -> str:
    """A short name for what is written."""
    return sha256(json.dumps(plain(written), sort_keys=True).encode()).hexdigest()[:10]


def understood(written: object, types: Types) -> tuple[Chosen, ...]:
    """The plays with their rules, checked against the columns of customers; PolicyError where they cannot be used."""
    plays = parse_playbook(written, columns=tuple(types))
    return tuple(Chosen(play, _rule(play, types)) for play in plays)


def keep_playbook(folder: ShopFolder, written: Mapping[str, Any]) -> None:
    """Make it the shop's own; it has been checked. A file by itself, so it waits for no import or training."""
    folder.write_json(FILE, dict(written))


def forget_playbook(folder: ShopFolder) -> None:
    """Back to the default."""
    folder.write_json(FILE, {})


def _rule(play: Play, types: Types) -> Rule:
    written = {"segments": [{"name": play.name, "where": dict(play.where)}]}
    return parse_rules(written, columns=types).rules[0]
