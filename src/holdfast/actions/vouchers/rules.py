"""The rules of voucher segments as a table that anybody can edit: one range a row, both of its ends included.

| kind | segment | from | to |
| --- | --- | --- | --- |
| frequency | 1-4 | 1 | 4 |
| recency | 180+ | 181 | |
| country | Peru | | |

`frequency` counts orders, `recency` days since the last order. Rows of kind `country` say whose history counts; without
one, every country does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from holdfast.errors import PolicyError

FREQUENCY, RECENCY, COUNTRY = "frequency", "recency", "country"
SEGMENT_KINDS = {"frequent_segment": FREQUENCY, "recency_segment": RECENCY}
"""What a customer's segment may go by, as a decision is asked for, and the kind of its ranges."""

UNITS = {FREQUENCY: "orders", RECENCY: "days since the last order"}
LARGEST = 1_000_000
"""Beyond it an end is a typing error; leave `to` empty for a range without end."""

COLUMNS = ("kind", "segment", "from", "to")


@dataclass(frozen=True, slots=True)
class RuleRange:
    """One segment: `least` to `most` of its kind's unit, both included; `most` None has no end."""

    kind: str
    segment: str
    least: int
    most: int | None

    def holds(self, value: int) -> bool:
        """Whether a value is in it."""
        return self.least <= value and (self.most is None or value <= self.most)

    def as_row(self) -> dict[str, object]:
        """The row of the table."""
        return {"kind": self.kind, "segment": self.segment, "from": self.least, "to": self.most}

    def __str__(self) -> str:
        return f"{self.segment} ({self.least} to {'any' if self.most is None else self.most})"


@dataclass(frozen=True, slots=True)
class VoucherRules:
    """Checked ranges, each kind by rising values, and the countries whose history counts (empty: all)."""

    ranges: tuple[RuleRange, ...]
    countries: tuple[str, ...] = ()

    def of(self, segment_name: str) -> tuple[RuleRange, ...]:
        """The ranges of `frequent_segment` or `recency_segment`."""
        return tuple(each for each in self.ranges if each.kind == SEGMENT_KINDS[segment_name])

    def segment(self, segment_name: str, value: int) -> str | None:
        """The segment that a value is in; None outside of all."""
        return next((each.segment for each in self.of(segment_name) if each.holds(value)), None)

    def notes(self) -> tuple[str, ...]:
        """Gaps between ranges, and what lies below the first and above the last: customers there get nothing."""
        return tuple(note for name in SEGMENT_KINDS for note in _gaps(self.of(name)))

    def as_rows(self) -> list[dict[str, object]]:
        """The table."""
        countries: list[dict[str, object]] = [
            {"kind": COUNTRY, "segment": each, "from": None, "to": None} for each in self.countries
        ]
        return [each.as_row() for each in self.ranges] + countries


def parse_voucher_rules(rows: Sequence[Mapping[str, Any]]) -> VoucherRules:
    """The rules of a table; PolicyError for a row that cannot be meant, and for ranges that overlap."""
    written = [row for row in rows if any(_text(value) for value in row.values())]
    countries = tuple(dict.fromkeys(_named(row) for row in written if _text(row.get("kind")).lower() == COUNTRY))
    ranges = [_range(row) for row in written if _text(row.get("kind")).lower() != COUNTRY]
    if not ranges:
        raise _refused("The rule table has no ranges.", f"{len(written)} rows.", "Give it at least one range.")
    ordered = tuple(
        sorted(ranges, key=lambda each: ((FREQUENCY, RECENCY).index(each.kind), each.least, each.most or LARGEST))
    )
    rules = VoucherRules(ordered, countries)
    for name in SEGMENT_KINDS:
        _check_apart(rules.of(name))
    return rules


def _range(row: Mapping[str, Any]) -> RuleRange:
    unknown = sorted(str(column) for column, value in row.items() if column not in COLUMNS and _text(value))
    kind, segment = _text(row.get("kind")).lower(), _named(row)
    if kind not in UNITS or unknown:
        raise _refused(
            f"The rule {segment} is of no known kind." if kind not in UNITS else f"The rule {segment} says too much.",
            f"kind {kind!r}, columns {', '.join(column for column in row if _text(row[column]))}.",
            f"The columns are {', '.join(COLUMNS)}; kind is frequency, recency or country.",
        )
    least, most = _whole(row.get("from"), segment), _whole(row.get("to"), segment)
    if least is None or (most is not None and most < least):
        raise _refused(
            f"The range of {segment} is empty.",
            f"from {row.get('from')!r} to {row.get('to')!r}.",
            "Put the smaller number under `from`; leave `to` empty for a range without end.",
        )
    return RuleRange(kind, segment, least, most)


def _named(row: Mapping[str, Any]) -> str:
    name = _text(row.get("segment"))
    if not name or len(name) > 100:
        raise _refused(
            "A rule has no usable name.", f"{dict(row)!r:.200}.", "Name it under `segment`, in up to 100 letters."
        )
    return name


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _whole(value: object, segment: str) -> int | None:
    """A whole number from 0 on, also as a spreadsheet writes it (`4.0`); None where there is nothing."""
    text = _text(value).removesuffix(".0")
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text[:20]) > LARGEST:
        raise _refused(
            f"The range of {segment} ends at no whole number.",
            f"{text[:40]!r}.",
            f"Write 0 to {LARGEST:,}, or nothing.",
        )
    return int(text)


def _check_apart(ranges: Sequence[RuleRange]) -> None:
    """PolicyError where two ranges of a kind share a value, or a name: a customer would be in both."""
    for one, other in pairwise(ranges):
        if one.most is None or other.least <= one.most:
            last = min((end for end in (one.most, other.most) if end is not None), default=None)
            shared = f"from {other.least} on" if last is None else f"{other.least}"
            shared += f" to {last}" if last is not None and last > other.least else ""
            raise _refused(
                f"Two {one.kind} ranges overlap: {one.segment} and {other.segment}.",
                f"{one} and {other}: both hold {shared}.",
                "Let one range end before the next begins; both ends are included.",
            )
    names = [each.segment for each in ranges]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise _refused("Two ranges of a kind have the same name.", f"{', '.join(twice)}.", "Give each its own name.")


def _gaps(ranges: Sequence[RuleRange]) -> Iterator[str]:
    if not ranges:
        return
    unit = UNITS[ranges[0].kind]
    if ranges[0].least > 0:
        yield f"Below {ranges[0].least} {unit} there is no segment."
    for one, other in pairwise(ranges):
        if one.most is not None and other.least - one.most > 1:
            inside = f"{one.most + 1}" if other.least - one.most == 2 else f"{one.most + 1} to {other.least - 1}"
            yield f"Gap between {one.segment} and {other.segment}: {inside} {unit}."
    if ranges[-1].most is not None:
        yield f"Above {ranges[-1].most} {unit} there is no segment."


def _refused(what: str, seen: str, todo: str) -> PolicyError:
    return PolicyError(what, seen=f"Seen: {seen}", todo=todo)


DEFAULT_RULES = parse_voucher_rules(
    [
        {"kind": kind, "segment": segment, "from": least, "to": most}
        for kind, segment, least, most in (
            (FREQUENCY, "1-4", 1, 4),
            (FREQUENCY, "5-13", 5, 13),
            (FREQUENCY, "14-37", 14, 37),
            (RECENCY, "30-60", 30, 60),
            (RECENCY, "61-90", 61, 90),
            (RECENCY, "91-120", 91, 120),
            (RECENCY, "121-180", 121, 180),
            (RECENCY, "180+", 181, None),
        )
    ]
)
"""The ranges that this kind of segmentation is known by; day 180 belongs to 121-180."""
