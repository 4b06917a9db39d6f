"""Names of archetypes, from what each cluster is: how much its customers spend and how they buy.

Clusters come ordered by value. The first is *High-Value*, the last *Lower-Value*. The rhythm is *Monthly* where the
median customer's median gap is at most 45 days, *Seasonal* above that, *One-Order* where fewer than half of its
customers have a gap at all. The last one is *Experimental / Hesitant Lower-Value* where its median customer bought on
at most two days. One in between is called by its rhythm; names that collide get the median time since the last order.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

MONTHLY_GAP = 45.0
"""Somebody who orders every month now and then skips a fortnight."""

HESITANT_ORDER_DAYS = 2.0


@dataclass(frozen=True, slots=True)
class Profile:
    """One cluster in its customers' own numbers: medians; `median_gap_days` is None where most have no gap."""

    customers: int
    days_since_last_order: float
    order_days: float
    median_gap_days: float | None
    net_revenue: float


def name_archetypes(profiles: Sequence[Profile]) -> tuple[str, ...]:
    """A name for each cluster, all different; `profiles` are ordered by value, the most valuable first."""
    last = len(profiles) - 1
    names = [_name(profile, top=i == 0, bottom=i == last) for i, profile in enumerate(profiles)]
    names = _told_apart(names, [f"last order {p.days_since_last_order:.0f} days ago" for p in profiles])
    return tuple(_told_apart(names, [f"group {i + 1}" for i in range(len(profiles))]))


def _name(profile: Profile, *, top: bool, bottom: bool) -> str:
    rhythm = _rhythm(profile.median_gap_days)
    if top:
        return f"{rhythm} High-Value"
    if bottom:
        hesitant = profile.order_days <= HESITANT_ORDER_DAYS
        return "Experimental / Hesitant Lower-Value" if hesitant else f"{rhythm} Lower-Value"
    return "Seasonal" if rhythm == "Seasonal" else f"{rhythm} Mid-Value"


def _rhythm(gap: float | None) -> str:
    if gap is None:
        return "One-Order"
    return "Monthly" if gap <= MONTHLY_GAP else "Seasonal"


def _told_apart(names: Sequence[str], details: Sequence[str]) -> list[str]:
    """`names` with their detail added to those that occur more than once."""
    often = Counter(names)
    return [f"{name}, {detail}" if often[name] > 1 else name for name, detail in zip(names, details, strict=True)]
