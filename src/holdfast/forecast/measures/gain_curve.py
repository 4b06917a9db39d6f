"""The gain curve: what the first x % of a list held, from nobody to everybody, as a mean over past dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from holdfast.forecast.arrays import Vector
from holdfast.forecast.measures.ranked import held_by_first, rank

STEPS = tuple(each / 20 for each in range(21))
"""Shares of the list, 5 % apart: fine enough to see where a curve bends, few enough to read as a table."""


@dataclass(frozen=True, slots=True)
class GainPoint:
    """The first `share` of the list (0-1) held `spend` of what was spent (0-1)."""

    share: float
    spend: float


def gain_curves(dates: Sequence[tuple[Vector, Mapping[str, Vector]]]) -> dict[str, tuple[GainPoint, ...]]:
    """Per method its curve; `dates` hold the spend of each customer and, per method, the ranking of the customers.

    Dates on which nobody spent anything say nothing and are left out; without any other there is no curve.
    """
    spent = [(spend, rankings) for spend, rankings in dates if spend.sum() > 0]
    if not spent:
        return {}
    return {method: _curve([(spend, rankings[method]) for spend, rankings in spent]) for method in spent[0][1]}


def _curve(dates: Sequence[tuple[Vector, Vector]]) -> tuple[GainPoint, ...]:
    ranked = [(rank(ranking), spend) for spend, ranking in dates]
    held = [[held_by_first(each, spend, top=share) or 0.0 for each, spend in ranked] for share in STEPS]
    return tuple(GainPoint(share, sum(found) / len(found)) for share, found in zip(STEPS, held, strict=True))
