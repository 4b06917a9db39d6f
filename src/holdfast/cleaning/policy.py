"""The cleaning policy: what counts as a sale. Every rule is a setting with its trade-off beside it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from difflib import get_close_matches
from typing import Literal, get_args, get_type_hints

from holdfast.errors import PolicyError

KeepOrDrop = Literal["keep", "drop"]


@dataclass(frozen=True, slots=True)
class Policy:
    """One set of cleaning rules, frozen with the data set it made.

    `without_customer`: keep = the line stays in the shop's totals and leaves customer analytics; drop = it is rejected.
    `cancellations`: undo = a cancellation or return undoes its sale from the day it happened, and is rejected where no
    sale is found; drop = lines of cancelled orders are rejected and their sales stand (simple, but an
    order of 80,000 units that was cancelled minutes later still counts); keep = they are ordinary lines.
    `cancellation_prefixes`: order ids of cancellations begin with one of these and a digit; a prefix counts only where
    at least nine in ten of its lines are negative, so that a shop that numbers its sales C1, C2, ... loses nothing.
    `non_positive`: quantity or price of zero or below, on lines that are no return. `free_goods`: price exactly zero.
    `keep_statuses`: only these order statuses count, empty = all but `drop_statuses`. Orders still under way lack the
    status "delivered", so keeping only those thins out the last weeks.
    `services`: mark = lines of `service_codes` stay in the totals, apart from goods, and an order of nothing else is no
    order; drop = rejected; keep = ordinary lines. A code ending in * stands for all that begin like it.
    `duplicates`: rows equal in every column within a file. Without a line number nobody can tell a repeated line from a
    double booking, so the default keeps them and says how many there are.
    """

    name: str = "default"
    without_customer: KeepOrDrop = "keep"
    cancellations: Literal["undo", "drop", "keep"] = "undo"
    cancellation_prefixes: tuple[str, ...] = ("C",)
    non_positive: KeepOrDrop = "drop"
    free_goods: KeepOrDrop = "drop"
    keep_statuses: tuple[str, ...] = ()
    drop_statuses: tuple[str, ...] = ("canceled", "cancelled", "unavailable", "failed", "voided", "trash")
    services: Literal["mark", "drop", "keep"] = "mark"
    service_codes: tuple[str, ...] = ()
    duplicates: KeepOrDrop = "keep"

    def as_dict(self) -> dict[str, object]:
        """The rules as JSON, to save and to show."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}


POLICIES: dict[str, Policy] = {
    "default": Policy(),
    "simple": Policy(
        name="simple",
        without_customer="drop",
        cancellations="drop",
        drop_statuses=(),
        services="keep",
    ),
    "none": Policy(
        name="none",
        cancellations="keep",
        cancellation_prefixes=(),
        non_positive="keep",
        free_goods="keep",
        drop_statuses=(),
        services="keep",
    ),
}
"""simple: drops lines without customer, cancelled invoices and non-positive quantity or price, nothing else.
none: takes lines that are already clean as they are; only what cannot be read is rejected."""


def policy_named(name: str) -> Policy:
    """The preset called `name`; PolicyError with the nearest names otherwise."""
    if name not in POLICIES:
        raise PolicyError(
            f"There is no cleaning policy called {name!r}.",
            seen=f"Known policies: {', '.join(POLICIES)}.",
            todo="Name one of them, or give a policy file (JSON or YAML).",
        )
    return POLICIES[name]


def policy_from(rules: Mapping[str, object], *, base: Policy) -> Policy:
    """`base` with `rules` changed (as read from JSON or YAML); every key and value is checked."""
    hints = get_type_hints(Policy)
    known = {field.name for field in fields(Policy)}
    changes: dict[str, object] = {}
    for key, value in rules.items():
        if key not in known:
            near = get_close_matches(key, known, n=2) or sorted(known)
            raise PolicyError(
                f"The policy has no rule {key!r}.",
                seen=f"It was set to {value!r}.",
                todo=f"Did you mean {' or '.join(near)}?",
            )
        changes[key] = _checked(key, value, choices=get_args(hints[key]))
    return replace(base, **changes)  # type: ignore[arg-type]  # each value was checked against its field just above


def _checked(key: str, value: object, *, choices: tuple[object, ...]) -> object:
    """`value` as the rule `key` wants it: a text, one of the choices, or a tuple of texts."""
    if key == "name" and isinstance(value, str):
        return value
    is_list = Ellipsis in choices
    if is_list and isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if is_list and isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        return tuple(value)
    if not is_list and value in choices:
        return value
    expected = "a list of texts" if is_list else f"one of {', '.join(map(str, choices))}"
    raise PolicyError(f"The rule {key!r} cannot be {value!r}.", seen=f"Expected {expected}.", todo="Change it.")
