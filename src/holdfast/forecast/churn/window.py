"""A churn window suggested from the shop's own gaps between order days.

The window is the smallest of a few round ones that at most one gap in ten outlasts. Gaps that are still open count:
they are at least as long as they are now. Leaving them out would keep the short gaps and lose the long ones, so the
share is the survival function of Kaplan and Meier (1958) over closed and open gaps.

It is about repeaters only, who have a gap. Each gap counts once, so that frequent buyers weigh more. A gap that never
closes outlasts every window: in a shop that loses many of its repeaters no window may be found, and that is the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import CensoredData, ecdf

from holdfast.forecast.arrays import Integers
from holdfast.forecast.churn.definitions import gaps
from holdfast.forecast.labels import OrderDays, before, last_days, order_day_counts
from holdfast.forecast.wording import counted

WINDOWS = (30, 60, 90, 120, 180, 270, 365)
"""In days: what a shop would set by hand."""

MOST_LONGER = 0.1
"""One in ten of those who are called churned too early is what a shop can live with."""

ENOUGH_GAPS = 30
"""A share of 30 is known to about 18 points (binomial, 95 %); of fewer it says little."""


@dataclass(frozen=True, slots=True)
class Longer:
    """The share of gaps longer than `days`; None where too few gaps began that long ago."""

    days: int
    share: float | None


@dataclass(frozen=True, slots=True)
class SuggestedWindow:
    """The window in days, or None where none can be suggested; the table it comes from, and the sentence to show."""

    days: int | None
    longer: tuple[Longer, ...]
    repeaters: int
    closed_gaps: int
    open_gaps: int
    sentence: str


def suggest_window(
    history: OrderDays, *, as_of: int, windows: Sequence[int] = WINDOWS, most_longer: float = MOST_LONGER
) -> SuggestedWindow:
    """The smallest of `windows` (days, increasing) that at most `most_longer` of the gaps before `as_of` outlast."""
    known = before(history, as_of)
    repeats = order_day_counts(known) > 1
    of, closed = gaps(known)
    last = last_days(known)[repeats]
    # The last known day is as_of - 1: an open gap is longer than what has passed by then.
    still_open = as_of - 1 - last
    began = np.concatenate([known.day[1:][known.customer[1:] == known.customer[:-1]] - closed, last])

    watched = [int(np.count_nonzero(as_of - 1 - began >= days)) for days in windows]
    told = [days for days, n in zip(windows, watched, strict=True) if n >= ENOUGH_GAPS]
    survival = _survival(closed, still_open, told) if len(of) else {}
    longer = tuple(Longer(days, survival.get(days)) for days in windows)
    days = next((each.days for each in longer if each.share is not None and each.share <= most_longer), None)
    counts = f"{counted(len(closed), 'gap')} ended, {len(still_open):,} still open"
    return SuggestedWindow(
        days, longer, len(last), len(closed), len(still_open), f"{_answer(days, longer, most_longer)} ({counts})."
    )


def _survival(closed: Integers, still_open: Integers, days: Sequence[int]) -> dict[int, float]:
    """The share of gaps longer than each of `days`."""
    sample = CensoredData(uncensored=closed.astype(np.float64), right=still_open.astype(np.float64))
    shares = ecdf(sample).sf.evaluate(np.array(days, dtype=np.float64))
    return dict(zip(days, map(float, shares), strict=True))


def _answer(days: int | None, longer: Sequence[Longer], most_longer: float) -> str:
    shares = {each.days: each.share for each in longer if each.share is not None}
    gaps_last = "of gaps between order days last longer than"
    if days is not None:
        return f"Suggested churn window: {days} days. {_exact(shares[days])} {gaps_last} that"
    if not shares:
        shortest = counted(min(each.days for each in longer), "day")
        return f"No window can be suggested: fewer than {ENOUGH_GAPS} gaps of repeaters began {shortest} ago or earlier"
    longest = max(shares)
    wanted = f"at most {_exact(most_longer)} should"
    return f"No window can be suggested: {_exact(shares[longest])} {gaps_last} {longest} days, and {wanted}"


def _exact(share: float) -> str:
    """One decimal, because a window is decided by a share just above or below its limit."""
    return f"{100 * share:.1f} %"
