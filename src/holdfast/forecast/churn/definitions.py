"""When a shop calls somebody churned, and how often that was wrong.

Such a definition looks back: so many days without an order. It is a label for a page, never the target of a model:
a model that is given recency and told to predict a limit on recency is right by construction and knows nothing. What a
forecast predicts is in `labels`: no order in the window ahead.

Every definition is held against the shop's own past: of those it called churned on a date whose follow-up is over, how
many ordered again? A customer who was called churned on several dates counts on each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from holdfast.errors import InputError, PolicyError
from holdfast.forecast.arrays import Flags, Integers, Vector
from holdfast.forecast.labels import OrderDays, before, first_days, last_days, order_day_counts, outcomes
from holdfast.forecast.wording import counted, percent

FOLLOW_UP = 180
"""Days in which to come back: long enough for a yearly rhythm's other half, short enough for a year of history."""

PAST_DATES = 3

UNTOLD = "How many of those called churned came back cannot be told"

ENOUGH_CALLED = 30
"""A share of 30 customers is known to about 18 points (binomial, 95 %); of fewer it says little."""


def _check_days(*days: int) -> None:
    if min(days) < 1:
        raise PolicyError(
            "That is no churn definition.",
            seen=f"A limit of {min(days)} days.",
            todo="Give whole days, at least 1.",
        )


@dataclass(frozen=True, slots=True)
class FixedWindow:
    """Churned: more than `days` since the last order, whoever it is. Any number of days from 1."""

    days: int = 90

    def __post_init__(self) -> None:
        _check_days(self.days)

    @property
    def name(self) -> str:
        """A short name for tables."""
        return f"fixed_{self.days}"

    @property
    def words(self) -> str:
        """The definition as a sentence."""
        return f"Churned: no order for {counted(self.days, 'day')}."


@dataclass(frozen=True, slots=True)
class ByRhythm:
    """Churned by the customer's own rhythm, all in days.

    A median gap below `fast_gap`: after `fast` days without an order. A longer one: after `slow` days. A single order
    day: after `one_time` days.
    """

    fast_gap: int = 90
    fast: int = 180
    slow: int = 365
    one_time: int = 540

    def __post_init__(self) -> None:
        _check_days(self.fast_gap, self.fast, self.slow, self.one_time)

    @property
    def name(self) -> str:
        """A short name for tables."""
        return "by_rhythm"

    @property
    def words(self) -> str:
        """The definition as a sentence."""
        return (
            f"Churned: no order for {self.fast} days where the median gap is below {self.fast_gap} days,"
            f" for {self.slow} days with a slower rhythm, for {self.one_time} days after a single order."
        )


ChurnDefinition: TypeAlias = FixedWindow | ByRhythm

DEFINITIONS: tuple[ChurnDefinition, ...] = (ByRhythm(), FixedWindow())


@dataclass(frozen=True, slots=True)
class PastCheck:
    """A definition on one past date (`on`, a day number): who was a customer, called churned, and came back."""

    on: int
    customers: int
    churned: int
    came_back: int


@dataclass(frozen=True, slots=True)
class JudgedDefinition:
    """One definition on this shop: what it says now, and what became of those it called churned before.

    `came_back_share` is of all `checks` together: ordered again within `follow_up` days / called churned; None where it
    cannot be told, and `reason` then says why. `sentence` is for a page.
    """

    name: str
    words: str
    customers: int
    churned: int
    follow_up: int
    checks: tuple[PastCheck, ...]
    came_back_share: float | None
    reason: str
    sentence: str

    @property
    def called_before(self) -> int:
        """How many were called churned on the past dates together."""
        return sum(check.churned for check in self.checks)


def called_churned(history: OrderDays, *, as_of: int, definition: ChurnDefinition) -> Flags:
    """Who is called churned at `as_of`, shape (customers,); False for somebody without an order before it.

    Days without an order are full days: `days` of them have passed once as_of - last order day exceeds `days`.
    """
    known = before(history, as_of)
    return (order_day_counts(known) > 0) & (as_of - last_days(known) > _limits(known, definition))


def judge(
    history: OrderDays,
    *,
    as_of: int,
    definitions: Sequence[ChurnDefinition] = DEFINITIONS,
    follow_up: int = FOLLOW_UP,
    dates: int = PAST_DATES,
) -> tuple[JudgedDefinition, ...]:
    """Each definition with its record: one row a definition, in the order given.

    The dates lie one follow-up apart, the latest one follow-up before `as_of`, so that no follow-up is cut short and no
    order counts twice for the same date. Only rows before `as_of` are read. Raises InputError for a follow-up below
    one day.
    """
    if follow_up < 1:
        raise InputError(
            "Nobody can come back.", seen=f"A follow-up of {follow_up} days.", todo="Give at least one day."
        )
    known = before(history, as_of)
    return tuple(_judged(known, as_of, definition, follow_up, dates) for definition in definitions)


def median_gaps(history: OrderDays) -> Vector:
    """The median of the days between order days, shape (customers,); infinite for fewer than two order days."""
    of, days = gaps(history)
    order = np.lexsort((days, of))
    counts = np.bincount(of, minlength=history.customers)
    start = np.cumsum(counts) - counts
    has = counts > 0
    lower, upper = (start + (counts - 1) // 2)[has], (start + counts // 2)[has]
    median = np.full(history.customers, np.inf)
    median[has] = (days[order][lower] + days[order][upper]) / 2
    return median


def gaps(history: OrderDays) -> tuple[Integers, Integers]:
    """The customer of each gap between two order days, and its length in days; in order of customer and time."""
    same = history.customer[1:] == history.customer[:-1]
    return history.customer[1:][same], np.diff(history.day)[same]


def _limits(known: OrderDays, definition: ChurnDefinition) -> Integers:
    """After how many days each customer is called churned."""
    if isinstance(definition, FixedWindow):
        return np.full(known.customers, definition.days, dtype=np.int64)
    several = np.where(median_gaps(known) < definition.fast_gap, definition.fast, definition.slow)
    return np.where(order_day_counts(known) > 1, several, definition.one_time).astype(np.int64)


def _judged(known: OrderDays, as_of: int, definition: ChurnDefinition, follow_up: int, dates: int) -> JudgedDefinition:
    past = (as_of - k * follow_up for k in range(dates, 0, -1))
    checks = tuple(check for on in past if (check := _check(known, on, definition, follow_up)).customers)
    now = called_churned(known, as_of=as_of, definition=definition)
    called, back = sum(check.churned for check in checks), sum(check.came_back for check in checks)
    reason = _why_untold(known, as_of, checks, called, follow_up)
    share = None if reason else back / called
    customers, churned = int(np.count_nonzero(order_day_counts(known))), int(now.sum())
    record = (
        _record(called, sum(check.churned > 0 for check in checks), follow_up, share)
        if share is not None
        else f"{UNTOLD}: {reason}."
    )
    sentence = f"{churned:,} of {counted(customers, 'customer')} are called churned. {record}"
    return JudgedDefinition(
        definition.name, definition.words, customers, churned, follow_up, checks, share, reason, sentence
    )


def _record(called: int, dates: int, follow_up: int, share: float) -> str:
    of = f"Of {called:,} called churned on {counted(dates, 'past date')}"
    return f"{of}, {percent(share)} ordered again within {counted(follow_up, 'day')}."


def _check(known: OrderDays, on: int, definition: ChurnDefinition, follow_up: int) -> PastCheck:
    called = called_churned(known, as_of=on, definition=definition)
    first = first_days(known)
    back = outcomes(known, cutoff=on, horizon=follow_up).bought
    by_then = int(((order_day_counts(known) > 0) & (first < on)).sum())
    return PastCheck(on, by_then, int(called.sum()), int((called & back).sum()))


def _why_untold(known: OrderDays, as_of: int, checks: Sequence[PastCheck], called: int, follow_up: int) -> str:
    if not checks:
        age = as_of - int(known.day.min()) if len(known.day) else 0
        return f"the history is {counted(age, 'day')} long, and a past date has to lie {follow_up} days back"
    if called < ENOUGH_CALLED:
        return f"{counted(called, 'customer')} called churned on past dates, and a share needs {ENOUGH_CALLED}"
    return ""
