"""What was given so far: how often each amount in each segment, and the amount used most."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from holdfast.actions.vouchers.rules import SEGMENT_KINDS, VoucherRules

COUNTRY_LEVEL = "country"


@dataclass(frozen=True, slots=True)
class VoucherUse:
    """How often an amount was given in a segment; `segment` None is outside the rules."""

    country: str
    segment_name: str
    segment: str | None
    amount: Decimal
    used: int


@dataclass(frozen=True)
class Usage:
    """All uses, and where to find them."""

    uses: tuple[VoucherUse, ...]

    @cached_property
    def countries(self) -> dict[str, str]:
        """Every country with a history, by its name in capitals."""
        return {use.country.upper(): use.country for use in self.uses}

    @cached_property
    def _by_segment(self) -> dict[tuple[str, str, str | None], tuple[VoucherUse, ...]]:
        found: dict[tuple[str, str, str | None], tuple[VoucherUse, ...]] = {}
        for use in self.uses:
            key = (use.country, use.segment_name, use.segment)
            found[key] = (*found.get(key, ()), use)
        return found

    def of(self, country: str, segment_name: str, segment: str | None) -> tuple[VoucherUse, ...]:
        """The uses of one segment; empty where it has no history."""
        return self._by_segment.get((country, segment_name, segment), ())

    def amounts(self, country: str) -> tuple[Decimal, ...]:
        """Every amount that was given in a country, the smallest first."""
        return tuple(sorted(use.amount for use in self.of(country, COUNTRY_LEVEL, country)))


@dataclass(frozen=True, slots=True)
class SegmentAnswer:
    """The most used amount of a segment.

    Of `n` assignments `used` had it, which is the `share`. `ties` are all amounts that were used as often, where there
    are several; the smallest is the answer, since it costs least. Nulls and n = 0 where there is no history.
    """

    country: str
    segment_name: str
    segment: str | None
    amount: Decimal | None
    n: int
    used: int
    share: float | None
    ties: tuple[Decimal, ...] = ()


def answer(usage: Usage, country: str, segment_name: str, segment: str | None) -> SegmentAnswer:
    """The most used amount of one segment."""
    uses = usage.of(country, segment_name, segment)
    if not uses:
        return SegmentAnswer(country, segment_name, segment, None, 0, 0, None)
    most, n = max(use.used for use in uses), sum(use.used for use in uses)
    amounts = tuple(sorted(use.amount for use in uses if use.used == most))
    ties = amounts if len(amounts) > 1 else ()
    return SegmentAnswer(country, segment_name, segment, amounts[0], n, most, most / n, ties)


def country_answer(usage: Usage, country: str) -> SegmentAnswer:
    """The most used amount of a whole country."""
    return answer(usage, country, COUNTRY_LEVEL, country)


def segment_answers(usage: Usage, rules: VoucherRules, country: str) -> Iterator[SegmentAnswer]:
    """The answer of every segment of the rules, in their order, with history or without."""
    for segment_name in SEGMENT_KINDS:
        for each in rules.of(segment_name):
            yield answer(usage, country, segment_name, each.segment)


def outside(usage: Usage, country: str, segment_name: str) -> int:
    """How many assignments that count were outside every range of a kind."""
    return sum(use.used for use in usage.of(country, segment_name, None))
