"""Ready, degraded or not yet: how far a first answer can be trusted, and what is missing."""

from dataclasses import dataclass
from enum import StrEnum

from holdfast.reports import figures
from holdfast.reports.facts import Groupings, ShopFacts

YEAR = 365
FEW_CUSTOMERS = 30
"""With fewer, a fifth of the customers is under six people: ranks and shares say little."""

MOSTLY_ONE_TIME = 0.9


class State(StrEnum):
    """How far an answer can be trusted."""

    READY = "ready"
    DEGRADED = "degraded"
    NOT_YET = "not yet"


@dataclass(frozen=True, slots=True)
class Readiness:
    """The state, and one sentence for each thing that is missing; nothing is missing when ready."""

    state: State
    missing: tuple[str, ...]


def readiness(shop: ShopFacts, groupings: Groupings) -> Readiness:
    """What the history of this shop allows to be said.

    Not yet: revenue at risk cannot be told. Degraded: it can, but something below it is missing.
    """
    missing = tuple(sentence for sentence in _missing(shop, groupings) if sentence)
    if groupings.at_risk.amount is None:
        return Readiness(State.NOT_YET, missing)
    return Readiness(State.DEGRADED if missing else State.READY, missing)


def _missing(shop: ShopFacts, groupings: Groupings) -> tuple[str | None, ...]:
    return (
        _cannot_tell(groupings),
        _pooled(groupings),
        _few_customers(groupings),
        _short_history(shop),
        _one_time_buyers(groupings),
        _no_clusters(groupings),
    )


def _cannot_tell(groupings: Groupings) -> str | None:
    return f"Revenue at risk cannot be told: {groupings.at_risk.missing}." if groupings.at_risk.missing else None


def _pooled(groupings: Groupings) -> str | None:
    if groupings.at_risk.basis != "pooled":
        return None
    return "Too few late customers in the past: medium and high risk share one lapse share."


def _few_customers(groupings: Groupings) -> str | None:
    if groupings.customers >= FEW_CUSTOMERS:
        return None
    return f"{figures.counted(groupings.customers, 'customer')}: below {FEW_CUSTOMERS}, scores and shares say little."


def _short_history(shop: ShopFacts) -> str | None:
    days = (shop.as_of - shop.first_order).days
    return f"Under a year of history ({figures.counted(days, 'day')}): season unknown." if days < YEAR else None


def _one_time_buyers(groupings: Groupings) -> str | None:
    share = groupings.one_time_customers / groupings.customers
    if share < MOSTLY_ONE_TIME:
        return None
    return f"{figures.percent(share)} one-time buyers: the churn ratio says nothing about them."


def _no_clusters(groupings: Groupings) -> str | None:
    clusters = groupings.fitted_archetypes
    return None if clusters.clear else f"No clear archetypes: {clusters.reason}."
