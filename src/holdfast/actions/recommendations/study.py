"""From a shop's purchases to lists: learned on three days, each one horizon after the other.

On the first day methods are learned and compared, on the horizon after it. On the second the one that was best is
judged beside the others: nothing of what it is judged by was known when it was chosen. What is best there is used on
the third day, today, with everything known by then.
"""

from collections.abc import Callable
from dataclasses import dataclass

from holdfast.actions.recommendations.chance import Chances, learn_chances
from holdfast.actions.recommendations.fitting import Fitted, Method, fit
from holdfast.actions.recommendations.judging import AT, Judged, chosen, judge, judged, truths
from holdfast.actions.recommendations.offering import offer
from holdfast.actions.recommendations.purchases import Histories, Integers, Purchases, histories
from holdfast.actions.recommendations.ranking import best

SHORTEST = 7
"""Days below which there is no season to speak of, and nothing to be told from the past."""

HORIZONS = 4
"""Horizons that the past has to hold: two to be judged on, and as much to learn from before."""

ANSWERED = "as answered"

SegmentsAt = Callable[[int], Integers]
"""The segment of every customer as of a day."""


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Methods on a past day: on what was new to the customers, and on all they bought.

    Among the latter is what would have been answered: by the method that an earlier day chose, with what was due again.
    """

    day: int
    horizon: int
    method: Method
    new: Judged
    everything: Judged


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """What is needed to answer, how it was chosen, and how it would have done; without a past, no `evaluation`."""

    fitted: Fitted
    histories: Histories
    segment: Integers
    method: Method
    why: str
    chances: Chances
    evaluation: Evaluation | None


@dataclass(frozen=True, slots=True, eq=False)
class _Past:
    """A past day: what was learned by then, and what was found out in the horizon after it."""

    fitted: Fitted
    histories: Histories
    segment: Integers
    bought: Purchases
    new: Judged
    method: Method
    why: str
    chances: Chances


def horizon_for(purchases: Purchases, *, day: int, wanted: int) -> int | None:
    """The horizon that the past allows, at most the one that is wanted; None where it is too short to tell anything."""
    span = day - int(purchases.day.min(initial=day))
    found = min(wanted, span // HORIZONS)
    return found if found >= SHORTEST else None


def study(
    purchases: Purchases,
    *,
    day: int,
    horizon: int,
    category: Integers,
    segments_at: SegmentsAt,
    segments: int,
    seed: int,
    progress: Callable[[str, float], None] = lambda _step, _done: None,
) -> Study:
    """Learn what to offer as of a day, and what that would have been worth."""

    def learned(at: int, days: int) -> tuple[Fitted, Histories, Integers]:
        segment = segments_at(at)
        found = fit(
            purchases, day=at, horizon=days, category=category, segment=segment, segments=segments, seed=seed
        )  # fmt: skip
        return found, histories(purchases, day=at, half_life=days), segment

    def past(at: int, days: int) -> _Past:
        fitted, of, segment = learned(at, days)
        bought = purchases.within(at, at + days)
        new = judge(fitted, of, segment, truths(of, bought, seed=seed)[1], new=True, seed=seed)
        method, why = chosen(new)
        chances = learn_chances(fitted, method, of, segment, bought, seed=seed)
        return _Past(fitted, of, segment, bought, new, method, why, chances)

    known = horizon_for(purchases, day=day, wanted=horizon)
    if known is None:
        fitted, of, segment = learned(day, horizon)
        return Study(fitted, of, segment, Method.POPULAR, _TOO_SHORT, Chances(), None)
    progress("What was bought two horizons ago", 0.1)
    first = past(day - 2 * known, known)
    progress("What was bought one horizon ago", 0.4)
    second = past(day - known, known)
    progress("What to offer today", 0.7)
    fitted, of, segment = learned(day, known)
    evaluation = _evaluated(first, second, seed=seed)
    return Study(fitted, of, segment, second.method, second.why, second.chances, evaluation)


_TOO_SHORT = (
    f"What is popular is shown: the past is shorter than {HORIZONS * SHORTEST} days, too short to tell whether another "
    "method is better."
)


def _evaluated(first: _Past, second: _Past, *, seed: int) -> Evaluation:
    """The second day's methods on all that was bought, and the first day's choice as it would have been answered."""
    truth, _ = truths(second.histories, second.bought, seed=seed)
    theirs, segment = second.histories.some(truth.rows), second.segment[truth.rows]
    lists: dict[str, Integers] = {
        method: best(second.fitted, method, theirs, segment, n=AT, also_bought=True).products
        for method in second.fitted.methods
    }
    offered = offer(second.fitted, first.method, first.chances, theirs, segment, n=AT)
    lists[ANSWERED] = offered.products
    found = judged(lists, truth, in_range=int(second.fitted.in_range.sum()), seed=seed)
    return Evaluation(second.fitted.day, second.fitted.horizon, first.method, second.new, found)
