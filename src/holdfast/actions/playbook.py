"""The playbook: a small file that a marketer can read and edit, checked before it is used.

    plays:
      - name: Voucher for those who slip away
        where:
          risk_band: [medium, high]
          order_count: {min: 3}
        what: Send a voucher.
        why: Last order {days_since_last_order} days ago, usually every {median_gap_days} days.
        timing: Within a week.
        message:
          - They are missed; name what they bought most.
        offer: {discount: 0.1, contact_cost: 0.05, redeemed: 0.8}
        effect: {points: 4, give_or_take: 4}

`where` is that of a rule segment: all its conditions have to hold. `{column}` in a text stands for the customer's own
number. `offer` says what the play costs: `contact_cost` and `incentive` are amounts, `discount` is a share of one
order, `redeemed` the share of buyers who redeem. `effect` is believed until it is measured: so many percentage points
more buyers among those whose chance is even, give or take.

Several plays may suit a customer; the one that earns most is taken, the first in the file among equals.
"""

import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from holdfast.actions.effect import Effect, Evidence
from holdfast.actions.profit import Offer
from holdfast.errors import HoldfastError, PolicyError

T = TypeVar("T")

KEYS = {"name", "where", "what", "why", "timing", "message", "offer", "effect"}
TEXTS = ("what", "why", "timing")
EFFECT_KEYS = {"points", "give_or_take", "evidence"}
MOST_PLAYS = 50
LARGEST = 1e15
"""Beyond any amount; larger numbers are slips, or meant to do harm."""


@dataclass(frozen=True, slots=True)
class Play:
    """What to do for whom, in words with the customer's numbers in braces; what it costs and what it is believed to do.

    `where` holds the conditions of a rule segment as they were written.
    """

    name: str
    where: Mapping[str, Any]
    what: str
    why: str
    timing: str
    message: tuple[str, ...]
    offer: Offer
    effect: Effect

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that its texts show, each once."""
        texts = (self.what, self.why, self.timing, *self.message)
        return tuple(dict.fromkeys(name for text in texts for name in placeholders(text)))


def parse_playbook(written: object, *, columns: Sequence[str] | None) -> tuple[Play, ...]:
    """The plays of a parsed file; PolicyError for what is unknown or impossible.

    `columns` are those a customer has; None for a file that was in use, since columns may have gone from the shop.
    """
    plays = written.get("plays") if isinstance(written, Mapping) and set(written) == {"plays"} else None
    if not isinstance(plays, list | tuple) or not 1 <= len(plays) <= MOST_PLAYS:
        raise _refused(
            "The playbook is no list of plays.", f"{written!r:.200}", f"Begin it with `plays:` and 1 to {MOST_PLAYS}."
        )
    parsed = tuple(_play(each, columns) for each in plays)
    names = [play.name for play in parsed]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise _refused("Two plays have the same name.", ", ".join(twice), "Give each play its own name.")
    return parsed


def placeholders(text: str) -> tuple[str, ...]:
    """The names in braces; PolicyError for braces that hold none."""
    try:
        parts = [part for part in string.Formatter().parse(text) if part[1] is not None]
    except ValueError as error:
        raise _refused("A text has a brace too many.", text, "Write {{ for a brace that is meant.") from error
    if not all(name and name.isidentifier() and not (form or way) for _, name, form, way in parts):
        raise _refused("Braces hold no name of a column.", text, "Write them like {days_since_last_order}.")
    return tuple(str(name) for _, name, _, _ in parts)


def _play(play: Any, columns: Sequence[str] | None) -> Play:
    if not isinstance(play, Mapping) or not isinstance(play.get("name"), str) or not play["name"].strip():
        raise _refused("A play has no name.", f"{play!r:.200}", "Give it `name:`, `where:` and `what:`.")
    name = play["name"].strip()
    unknown = sorted(str(key) for key in play if key not in KEYS)
    if unknown:
        raise _refused(f"{name}: nobody reads this.", ", ".join(unknown), f"Use {', '.join(sorted(KEYS))}.")
    where = play.get("where")
    if not isinstance(where, Mapping) or not where or not _is_plain(where):
        raise _refused(f"{name}: for whom?", f"where: {where!r:.80}", "Name at least one column under `where:`.")
    texts = {key: _text(name, key, play.get(key, "")) for key in TEXTS}
    if not texts["what"]:
        raise _refused(f"{name}: what is to be done?", "No `what:`.", "Say it in a sentence.")
    made = Play(
        name=name,
        where=dict(where),
        message=_message(name, play.get("message", ())),
        offer=_offer(name, play.get("offer", {})),
        effect=_effect(name, play.get("effect")),
        **texts,
    )
    strange = [column for column in made.columns if columns is not None and column not in columns]
    if strange:
        raise _refused(
            f"{name}: its texts name columns that customers do not have.",
            ", ".join(strange),
            "List the columns with `holdfast features`.",
        )
    return made


def _text(play: str, key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _refused(f"{play}: {key} is no text.", f"{value!r:.80}", "Put it in quotes.")
    return value.strip()


def _message(play: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise _refused(
            f"{play}: message is no list of texts.", f"{value!r:.80}", "Put each point on a line of its own."
        )
    return tuple(_text(play, "message", each) for each in value)


def _offer(play: str, written: Any) -> Offer:
    known = {field.name for field in fields(Offer)}
    if not isinstance(written, Mapping) or set(written) - known or not all(map(_is_number, written.values())):
        raise _refused(
            f"{play}: this is no offer.", f"{written!r:.200}", f"Give numbers for {', '.join(sorted(known))}."
        )
    return _explained(play, lambda: Offer(**{key: float(value) for key, value in written.items()}))


def _effect(play: str, written: Any) -> Effect:
    usable = isinstance(written, Mapping) and {"points", "give_or_take"} <= set(written) <= EFFECT_KEYS
    if not usable or not (_is_number(written["points"]) and _is_number(written["give_or_take"])):
        raise _refused(
            f"{play}: what is it believed to do?",
            f"effect: {written!r:.200}",
            "Write it like {points: 4, give_or_take: 4}: percentage points more buyers among those on the fence.",
        )
    labels = {each.value: each for each in (Evidence.SAMPLE, Evidence.RULE_OF_THUMB)}
    evidence = labels.get(str(written.get("evidence", Evidence.RULE_OF_THUMB.value)))
    if evidence is None:
        raise _refused(
            f"{play}: a playbook cannot claim this evidence.",
            f"{written['evidence']!r:.80}",
            f"Write {' or '.join(labels)}; what is measured here is added by itself.",
        )
    return _explained(
        play,
        lambda: Effect.of_points(
            float(written["points"]), give_or_take=float(written["give_or_take"]), evidence=evidence
        ),
    )


def _is_plain(value: Any) -> bool:
    """Whether nothing in it is stranger than a text or a number of some size."""
    if isinstance(value, Mapping):
        return all(map(_is_plain, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, str | bool) or _is_number(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST


def _explained(play: str, make: Callable[[], T]) -> T:
    """What is made, or its refusal with the name of the play."""
    try:
        return make()
    except HoldfastError as error:
        raise PolicyError(f"{play}: {error.what}", seen=error.seen, todo=error.todo) from error


def _refused(what: str, seen: str, todo: str) -> PolicyError:
    return PolicyError(what, seen=f"Seen: {seen}.", todo=todo)
