"""Rule segments: a small file that a person can read, checked before it is used.

    segments:
      - name: Regulars
        kind: frequency
        sentence: 5 to 13 orders so far.
        where:
          order_count: {min: 5, max: 13}

Every condition of `where` has to hold. A condition is `{min, max}` (both included, either may be missing), a single
value (equals) or a list (any of these). `kind` and `sentence` may be left out. A customer is in at most one segment of
a kind: ranges of one kind that overlap are refused, gaps between them are noted. Segments without a kind may overlap.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from holdfast.engine import dialect as sql
from holdfast.errors import PolicyError

Value = str | int | float | bool

FRACTIONAL = ("DOUBLE", "FLOAT", "REAL", "DECIMAL")


@dataclass(frozen=True, slots=True)
class Range:
    """`column` from `least` to `most`, both included; None is an open end."""

    column: str
    least: float | None
    most: float | None

    def sql(self, parameter: str) -> tuple[sql.Sql, dict[str, object]]:
        """The condition, with its parameters named after `parameter`."""
        column, least, most = sql.name(self.column), f"{parameter}_min", f"{parameter}_max"
        tests = {least: (f"{column} >= ${least}", self.least), most: (f"{column} <= ${most}", self.most)}
        given = {name: test for name, test in tests.items() if test[1] is not None}
        return sql.Sql(" AND ".join(text for text, _ in given.values())), {n: value for n, (_, value) in given.items()}


@dataclass(frozen=True, slots=True)
class OneOf:
    """`column` equals one of `values`."""

    column: str
    values: tuple[Value, ...]

    def sql(self, parameter: str) -> tuple[sql.Sql, dict[str, object]]:
        """The condition, with its parameters named after `parameter`."""
        parameters: dict[str, object] = {f"{parameter}_{i}": value for i, value in enumerate(self.values)}
        listed = ", ".join(f"${name}" for name in parameters)
        return sql.Sql(f"{sql.name(self.column)} IN ({listed})"), parameters


@dataclass(frozen=True, slots=True)
class Rule:
    """One segment: its name, what it means in a sentence, and the conditions that all have to hold."""

    name: str
    kind: str
    sentence: str
    conditions: tuple[Range | OneOf, ...]

    def sql(self, parameter: str) -> tuple[sql.Sql, dict[str, object]]:
        """TRUE for members, never NULL; parameters are named after `parameter`."""
        compiled = [condition.sql(f"{parameter}_{i}") for i, condition in enumerate(self.conditions)]
        every = " AND ".join(f"({text})" for text, _ in compiled)
        parameters = {name: value for _, values in compiled for name, value in values.items()}
        return sql.Sql(f"COALESCE({every}, FALSE)"), parameters


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Checked rules in the order of the file, with notes on gaps between ranges."""

    rules: tuple[Rule, ...]
    notes: tuple[str, ...]


VOUCHER_RANGES: Mapping[str, Any] = {
    "segments": [
        *(
            {"name": name, "kind": "frequency", "sentence": f"{name} so far.", "where": {"order_count": between}}
            for name, between in (
                ("1-4 orders", {"min": 1, "max": 4}),
                ("5-13 orders", {"min": 5, "max": 13}),
                ("14-37 orders", {"min": 14, "max": 37}),
            )
        ),
        *(
            {
                "name": name,
                "kind": "recency",
                "sentence": f"Last order {name} ago.",
                "where": {"days_since_last_order": between},
            }
            for name, between in (
                ("30-60 days", {"min": 30, "max": 60}),
                ("61-90 days", {"min": 61, "max": 90}),
                ("91-120 days", {"min": 91, "max": 120}),
                ("121-180 days", {"min": 121, "max": 180}),
                ("180+ days", {"min": 181}),
            )
        ),
    ]
}
"""The voucher ranges as a rule file: orders so far, days since the last order. Day 180 belongs to 121-180."""


def parse_rules(written: object, *, columns: Mapping[str, str]) -> RuleSet:
    """The rules of a parsed file, checked against `columns` (name -> SQL type of the customer table).

    Raises PolicyError for whatever is unknown, impossible or contradictory.
    """
    segments = written.get("segments") if isinstance(written, Mapping) and set(written) == {"segments"} else None
    if not isinstance(segments, list | tuple) or not segments:
        raise _refused(
            "The rule file is no list of segments.", f"{written!r:.200}.", "Begin it with `segments:` and a list."
        )
    rules = tuple(_rule(segment, columns) for segment in segments)
    names = [rule.name for rule in rules]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise _refused("Two segments have the same name.", f"{', '.join(twice)}.", "Give each segment its own name.")
    return RuleSet(rules, tuple(_gaps(rules, columns)))


# --- reading one segment ---------------------------------------------------------------------------------------------


def _rule(segment: Any, columns: Mapping[str, str]) -> Rule:
    if not isinstance(segment, Mapping) or not isinstance(segment.get("name"), str) or not segment["name"].strip():
        raise _refused("A segment has no name.", f"{segment!r}.", "Give it `name:` and `where:`.")
    name, where = segment["name"], segment.get("where")
    unknown = sorted(str(key) for key in segment if key not in {"name", "kind", "sentence", "where"})
    if unknown:
        raise _refused(
            f"Segment {name} has a key nobody reads.", f"{', '.join(unknown)}.", "Use name, kind, sentence and where."
        )
    if not isinstance(where, Mapping) or not where:
        raise _refused(
            f"Segment {name} has no conditions.", f"where: {where!r}.", "Name at least one column under `where:`."
        )
    conditions = tuple(_condition(name, str(column), test, columns) for column, test in where.items())
    return Rule(name, str(segment.get("kind", "")), str(segment.get("sentence", "")), conditions)


def _condition(rule: str, column: str, test: Any, columns: Mapping[str, str]) -> Range | OneOf:
    if column not in columns:
        raise _refused(
            f"Segment {rule} names an unknown column.", f"{column}.", f"Known are: {', '.join(sorted(columns))}."
        )
    if isinstance(test, Mapping):
        return _range(rule, column, test, columns[column])
    values = tuple(test) if isinstance(test, Sequence) and not isinstance(test, str) else (test,)
    if not values or not all(isinstance(value, Value) for value in values):
        raise _refused(
            f"Segment {rule} compares {column} with nothing usable.",
            f"{test!r}.",
            "Give a value, a list of values, or {min, max}.",
        )
    if any(_kind_of(value) is not _kind_of_type(columns[column]) for value in values):
        raise _refused(
            f"Segment {rule} compares {column} with the wrong kind of value.",
            f"{test!r} for a {columns[column]}.",
            "Put texts in quotes, and numbers without.",
        )
    return OneOf(column, values)


def _range(rule: str, column: str, test: Mapping[str, Any], sql_type: str) -> Range:
    least, most = test.get("min"), test.get("max")
    numbers = [end for end in (least, most) if end is not None]
    usable = all(_kind_of(end) is float and math.isfinite(end) for end in numbers)
    if not numbers or not usable or set(test) - {"min", "max"} or _kind_of_type(sql_type) is not float:
        raise _refused(
            f"Segment {rule} has no usable range for {column}.",
            f"{dict(test)!r}.",
            "Give min, max or both, as numbers, for a column of numbers.",
        )
    if least is not None and most is not None and least > most:
        raise _refused(
            f"Segment {rule} has an empty range for {column}.",
            f"{least} to {most}.",
            "Put the smaller number under min.",
        )
    return Range(column, least, most)


def _kind_of(value: object) -> type:
    """Text, truth value, number (float) or none of these."""
    return next(
        (kind for kind in (str, bool) if isinstance(value, kind)), float if isinstance(value, int | float) else object
    )


def _kind_of_type(sql_type: str) -> type:
    return {"VARCHAR": str, "BOOLEAN": bool}.get(sql_type, float)


def _refused(what: str, seen: str, todo: str) -> PolicyError:
    return PolicyError(what, seen=f"Seen: {seen}", todo=todo)


# --- ranges of one kind ----------------------------------------------------------------------------------------------


def _gaps(rules: Sequence[Rule], columns: Mapping[str, str]) -> Iterator[str]:
    """A note for each gap between ranges of one kind; ranges of one kind that overlap are refused."""
    for kind in dict.fromkeys(rule.kind for rule in rules if rule.kind):
        for (name, lower), (next_name, upper) in pairwise(sorted(_ranges(rules, kind), key=_start)):
            end, start = lower.most, upper.least
            if end is None or start is None or start <= end:
                raise _refused(
                    f"Segments of kind {kind} overlap.",
                    f"{name} and {next_name} on {lower.column}.",
                    "Let one range end before the next begins; both ends are included.",
                )
            step = 0 if columns[lower.column].startswith(FRACTIONAL) else 1
            if start - end > step:
                yield f"Gap between {name} and {next_name}: {lower.column} above {end:g} and below {start:g}."


def _ranges(rules: Sequence[Rule], kind: str) -> list[tuple[str, Range]]:
    """The ranges of the segments of a kind that are one range of the same column; none where columns differ."""
    of_kind = [rule for rule in rules if rule.kind == kind]
    ranges = [(rule.name, c) for rule in of_kind for c in rule.conditions if isinstance(c, Range)]
    same_column = len({r.column for _, r in ranges}) == 1
    return ranges if same_column and all(len(rule.conditions) == 1 for rule in of_kind) else []


def _start(named: tuple[str, Range]) -> float:
    least = named[1].least
    return -math.inf if least is None else least
