"""One-time buyers: how many come back for a second order, how soon, and until when it is worth writing to them.

The share that has come back d days after the first order day is 1 - the survival function of Kaplan and Meier (1958):
who has not come back yet counts as long as he has been watched. It holds for a customer on the day of the first order.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import CensoredData, ecdf

from holdfast.forecast.arrays import Flags, Integers, Vector
from holdfast.forecast.labels import OrderDays, Outcomes, before, order_day_counts, select
from holdfast.forecast.measures import scores
from holdfast.forecast.measures.reliability import ReliabilityBin, Share, reliability, share
from holdfast.forecast.model import Forecasts
from holdfast.forecast.past import Snapshot
from holdfast.forecast.wording import counted, percent

MILESTONES = (30, 60, 90, 180, 365)
"""Days after the first order at which the share that has come back is told."""

ENOUGH_WATCHED = 100
"""A share of 100 is known to about 10 points (binomial, 95 %), a small one of 2 % to about 3."""

STEP = 30
"""Days over which the chance to come back is looked at when asking from when on it is low."""

RARELY = 0.02
"""Below this chance to come back within STEP days writing is rarely worth it: 50 letters for one second order."""

BANDS = 4
"""First orders are told apart by value in up to this many bands of equal size."""

QUARTER = 3
"""Months."""


@dataclass(frozen=True, slots=True)
class ReturnedBy:
    """The share that has come back `days` after the first order; None where too few were watched for so long."""

    days: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Returning:
    """How some customers come back.

    `customers` have a first order, `returned` a second one so far. `curve` has the MILESTONES. Of those who came back
    within the time that can be told (`watched_days`), half did so within `half_within` days. `rarely_after` is the
    first of the days 0, 30, 60, ... from which on fewer than RARELY come back within the next 30; None where that day
    has not been seen.
    """

    customers: int
    returned: int
    curve: tuple[ReturnedBy, ...]
    watched_days: int
    half_within: int | None
    rarely_after: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the customers: by value of the first order (from `low` to `high`, in money) or by its quarter."""

    name: str
    low: float
    high: float
    returning: Returning


@dataclass(frozen=True, slots=True)
class SecondOrder:
    """All customers, then bands by the value of the first order, then quarters of it (day numbers `low` to `high`).

    Groups are left out where they have fewer than ENOUGH_WATCHED customers; a sentence says what to make of it.
    """

    everybody: Returning
    by_value: tuple[Group, ...]
    by_quarter: tuple[Group, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class OneTimeScores:
    """How good a forecast was for one-time buyers alone: how many came back, and whether those said to.

    `expected` is the share said to come back, `observed` the one that did. None where it cannot be told.
    """

    expected: float | None
    observed: Share
    auc: float | None
    log_loss: float | None
    bins: tuple[ReliabilityBin, ...]


def second_order(history: OrderDays, *, as_of: int, rarely: float = RARELY) -> SecondOrder:
    """How the customers of a history, as known at the start of day `as_of`, came back after their first order day."""
    known = before(history, as_of)
    begins = _first_rows(known)
    came_back = order_day_counts(known)[known.customer[begins]] > 1
    first = known.day[begins]
    age = as_of - 1 - first  # the last known day is as_of - 1
    waited = age.copy()
    waited[came_back] = known.day[begins[came_back] + 1] - first[came_back]

    def of(part: Flags) -> Returning:
        return returning(age[part], waited[part], came_back[part], rarely=rarely)

    everybody = of(np.ones(len(first), dtype=np.bool_))
    by_value = tuple(Group(name, low, high, of(part)) for name, low, high, part in _value_bands(known.spend[begins]))
    by_quarter = tuple(Group(name, low, high, of(part)) for name, low, high, part in _quarters(first))
    return SecondOrder(everybody, by_value, by_quarter, _sentence(everybody, rarely))


def returning(age: Integers, waited: Integers, came_back: Flags, *, rarely: float = RARELY) -> Returning:
    """Kaplan and Meier's answer for customers whose first order was `age` days before the last known day.

    `waited` is the days from the first to the second order day, `age` where none `came_back`.
    """
    longest = int(np.sort(age)[-ENOUGH_WATCHED]) if len(age) >= ENOUGH_WATCHED else 0
    survival = _survival(waited, came_back, longest)
    back = float(1.0 - survival[-1])
    return Returning(
        customers=len(age),
        returned=int(came_back.sum()),
        curve=tuple(ReturnedBy(day, float(1.0 - survival[day]) if day <= longest else None) for day in MILESTONES),
        watched_days=longest,
        half_within=int(np.argmax(1.0 - survival >= back / 2)) if back > 0.0 else None,
        rarely_after=_rarely_after(survival, rarely),
    )


def score_one_time(snapshot: Snapshot, forecasts: Forecasts, outcomes: Outcomes) -> OneTimeScores:
    """Judge the chances of those with one order day before the snapshot, who are all the same to a churn rule."""
    once = snapshot.summary.frequency == 0
    happened = select(outcomes, once)
    p_buy = forecasts.p_buy[once]
    if not len(p_buy):
        return OneTimeScores(None, share(0, 0), None, None, ())
    return OneTimeScores(
        expected=float(p_buy.mean()),
        observed=share(int(happened.bought.sum()), len(p_buy)),
        auc=scores.auc(happened.bought, p_buy),
        log_loss=scores.log_loss(happened.bought, p_buy),
        bins=reliability(happened.bought, p_buy),
    )


# --- the curve -------------------------------------------------------------------------------------------------------


def _first_rows(known: OrderDays) -> Integers:
    """The row of the first order day of each customer who has one."""
    new = np.ones(len(known.day), dtype=np.bool_)
    new[1:] = known.customer[1:] != known.customer[:-1]
    return np.flatnonzero(new).astype(np.int64)


def _survival(waited: Integers, came_back: Flags, longest: int) -> Vector:
    """The share that has not come back by each day from 0 to `longest`."""
    if longest == 0:
        return np.ones(1)
    sample = CensoredData(uncensored=waited[came_back].astype(np.float64), right=waited[~came_back].astype(np.float64))
    found: Vector = ecdf(sample).sf.evaluate(np.arange(longest + 1, dtype=np.float64))
    return found


def _rarely_after(survival: Vector, rarely: float) -> int | None:
    for day in range(0, len(survival) - STEP, STEP):
        if 1.0 - survival[day + STEP] / max(float(survival[day]), 1e-12) < rarely:
            return day
    return None


# --- groups ----------------------------------------------------------------------------------------------------------


def _value_bands(value: Vector) -> list[tuple[str, float, float, Flags]]:
    """Bands of about equal size; equal values are never torn apart, so that there may be fewer."""
    if len(value) < 2 * ENOUGH_WATCHED:
        return []
    bounds = np.unique(np.quantile(value, np.arange(1, BANDS) / BANDS, method="lower"))
    bands = np.searchsorted(bounds, value, side="left")
    found = []
    for band in np.unique(bands):
        part = bands == band
        low, high = float(value[part].min()), float(value[part].max())
        if np.count_nonzero(part) >= ENOUGH_WATCHED:
            found.append((f"{low:,.2f} to {high:,.2f}", low, high, part))
    return found if len(found) > 1 else []


def _quarters(first: Integers) -> list[tuple[str, float, float, Flags]]:
    quarters = first.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) // QUARTER
    found = []
    for quarter in np.unique(quarters):
        part = quarters == quarter
        if np.count_nonzero(part) >= ENOUGH_WATCHED:
            name = f"{1970 + quarter // 4} Q{quarter % 4 + 1}"
            found.append((name, float(first[part].min()), float(first[part].max()), part))
    return found


# --- words -----------------------------------------------------------------------------------------------------------


def _sentence(found: Returning, rarely: float) -> str:
    if found.watched_days == 0:
        customers = counted(found.customers, "customer")
        return f"Cannot tell how customers come back: {customers} with a first order, {ENOUGH_WATCHED} are needed."
    if found.half_within is None:
        within = counted(found.watched_days, "day")
        return f"After a first order, none of {counted(found.customers, 'customer')} came back within {within}."
    told = [each for each in found.curve if each.share is not None]
    parts = [f"{percent(told[-1].share or 0.0)} come back within {told[-1].days} days"] if told else []
    parts.append(f"half of those who come back do so within {counted(found.half_within, 'day')}")
    if found.rarely_after is not None:
        since = f"from day {found.rarely_after} on" if found.rarely_after else "from the start"
        parts.append(f"{since} fewer than {percent(rarely)} come back in the next {STEP} days")
    return f"After a first order, {'; '.join(parts)}."
