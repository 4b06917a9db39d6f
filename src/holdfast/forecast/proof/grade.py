"""The grade of a forecast: is it worth having, or is the simple rule as good? It follows from intervals alone.

Two gains over the rule are looked at, both on past dates: AUC, and the share of the spend that the first 10 % of the
list held. Worse at one of them is worse. Better at one, and not worse at the other, is better. To be as good it has to
be shown as good at both; everything else cannot be told. Only "better" is a reason to use the forecast's ranking.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from holdfast.forecast.measures.bootstrap import Comparison, Difference
from holdfast.forecast.wording import counted, percent

ENOUGH_BUYERS = 30
"""With 30 buyers an AUC of .75 has a standard error of .05 (Hanley and McNeil 1982): no gain worth having is seen."""

ENOUGH_CUSTOMERS = 100
"""With fewer, the first 10 % of the list are under ten people, and one of them is a tenth of what they hold."""


@dataclass(frozen=True, slots=True)
class Margin:
    """When a gain is too small to matter, and when an interval around zero is narrow enough to say "as good"."""

    negligible: float
    narrow: float


AUC_MARGIN = Margin(negligible=0.005, narrow=0.02)
"""On public data good methods beat the churn ratio by .03 to .11 and differ among themselves by .005 to .02."""

SPEND_MARGIN = Margin(negligible=0.01, narrow=0.05)
"""One point of the spend is what a single large customer decides; five are half of what a random 10 % holds."""


class Grade(StrEnum):
    """A forecast against the simple rule."""

    BETTER = "better"
    AS_GOOD = "as good"
    WORSE = "worse"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Graded:
    """The grade with the sentence that shows it, numbers included; `use_rule` unless the forecast is better."""

    grade: Grade
    sentence: str

    @property
    def use_rule(self) -> bool:
        """Whether to rank by the simple rule."""
        return self.grade is not Grade.BETTER


def grade(comparison: Comparison, *, rule: str, horizon: int, customers: int, buyers: int) -> Graded:
    """Grade a forecast by its comparison with a simple rule.

    `rule` is the rule's name in a sentence, such as "the recency rule"; `horizon` is in days; `customers` and `buyers`
    are counted over the past dates together. Without spend, AUC decides alone.
    """
    few = _too_few(customers, buyers)
    if few or comparison.auc is None:
        why = few or "past dates with both buyers and non-buyers are needed"
        return Graded(Grade.CANNOT_TELL, f"{_opening(Grade.CANNOT_TELL, rule)} {_capital(why)}.")
    verdicts = [_verdict(comparison.auc, AUC_MARGIN)]
    if comparison.captured_spend is not None:
        verdicts.append(_verdict(comparison.captured_spend, SPEND_MARGIN))
    found = _together(verdicts)
    return Graded(found, f"{_opening(found, rule)} {_evidence(comparison, rule, horizon)}")


def _verdict(gain: Difference, margin: Margin) -> Grade:
    """What one interval says. A gain that is sure but negligible is no gain."""
    if -margin.negligible <= gain.low and gain.high <= margin.negligible:
        return Grade.AS_GOOD
    if gain.low > 0:
        return Grade.BETTER
    if gain.high < 0:
        return Grade.WORSE
    return Grade.AS_GOOD if max(-gain.low, gain.high) <= margin.narrow else Grade.CANNOT_TELL


def _together(verdicts: Sequence[Grade]) -> Grade:
    in_turn = (Grade.WORSE, Grade.BETTER, Grade.CANNOT_TELL, Grade.AS_GOOD)
    return next(each for each in in_turn if each in verdicts)


def _too_few(customers: int, buyers: int) -> str:
    others = customers - buyers
    if customers < ENOUGH_CUSTOMERS:
        return f"{counted(customers, 'customer')} on past dates; {ENOUGH_CUSTOMERS} are needed"
    if buyers < ENOUGH_BUYERS:
        return f"{counted(buyers, 'buyer')} on past dates; {ENOUGH_BUYERS} are needed"
    if others < ENOUGH_BUYERS:
        return f"{counted(others, 'customer')} without an order on past dates; {ENOUGH_BUYERS} are needed"
    return ""


def _opening(grade: Grade, rule: str) -> str:
    return {
        Grade.BETTER: f"Better than {rule}.",
        Grade.AS_GOOD: f"As good as {rule}, not better: use the rule, it is simpler.",
        Grade.WORSE: f"Worse than {rule}: use the rule.",
        Grade.CANNOT_TELL: f"Cannot tell whether this is better than {rule}: use the rule until it can be told.",
    }[grade]


def _evidence(comparison: Comparison, rule: str, horizon: int) -> str:
    auc, spend = comparison.auc, comparison.captured_spend
    sentences = [f"Measured on {counted(comparison.dates, 'past date')}."]
    if spend is not None:
        held = f"{percent(spend.ours)} of the spend of the next {counted(horizon, 'day')}"
        theirs = f"with {rule} {percent(spend.theirs)} ({points(spend)})"
        sentences.append(f"The first 10 % of the list held {held}, {theirs}.")
    if auc is not None:
        theirs = f"with {rule} {percent(auc.theirs)} ({points(auc)})"
        sentences.append(f"Of a buyer and a non-buyer, the buyer came first {percent(auc.ours)} of the time, {theirs}.")
    return " ".join(sentences)


def points(difference: Difference) -> str:
    """A difference of two shares: +8.1 points, 95 % interval +5.0 to +11.2."""
    value, low, high = (f"{100 * x:+.1f}" for x in (difference.value, difference.low, difference.high))
    return f"{value} points, 95 % interval {low} to {high}"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
