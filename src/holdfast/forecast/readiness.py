"""Ready, degraded or not yet: what a shop's history allows a forecast to say, and what is missing."""

from dataclasses import dataclass
from enum import StrEnum

from holdfast.forecast.wording import counted, percent

YEAR = 365

FEW_CUSTOMERS = 30
"""A share of 30 customers is known to about 18 points (binomial, 95 %); a forecast for fewer is a guess."""

LEAST_REPEAT_BUYERS = 10
"""A rate counted on n events is known to about 1 / sqrt(n) of itself: to a third with 10, to a tenth with 100."""

FEW_REPEAT_BUYERS = 100

MOSTLY_ONE_TIME = 0.9


class State(StrEnum):
    """How far a forecast can be trusted."""

    READY = "ready"
    DEGRADED = "degraded"
    NOT_YET = "not yet"


@dataclass(frozen=True, slots=True)
class Readiness:
    """The state, and one sentence for each thing that is missing; nothing is missing when ready."""

    state: State
    missing: tuple[str, ...]
    season_known: bool


def readiness(
    *, customers: int, repeat_buyers: int, history_days: int, horizon: int, has_amounts: bool = True
) -> Readiness:
    """What the history before as_of allows to be said.

    `customers` have an order before as_of, `repeat_buyers` at least two order days; `history_days` is as_of - the first
    order day. Not yet: there is nothing to learn from. Degraded: there is, but something weakens the forecast.
    """
    blocking = _sentences(
        _few_customers(customers), _no_repeats(customers, repeat_buyers), _too_short(history_days, horizon)
    )
    known = season_known(history_days=history_days, horizon=horizon)
    weakening = _sentences(
        _few_repeats(repeat_buyers),
        _one_time_buyers(customers, repeat_buyers),
        _unchecked(history_days, horizon),
        None if known else _season(history_days, horizon),
        None if has_amounts else "No amounts: expected spend cannot be told.",
    )
    state = State.NOT_YET if blocking else State.DEGRADED if weakening else State.READY
    return Readiness(state, blocking + weakening, known)


def season_known(*, history_days: int, horizon: int) -> bool:
    """Whether the same window last year was seen, with at least a horizon of orders before it."""
    return history_days > YEAR + horizon


def _sentences(*missing: str | None) -> tuple[str, ...]:
    return tuple(sentence for sentence in missing if sentence)


def _few_customers(customers: int) -> str | None:
    if customers >= FEW_CUSTOMERS:
        return None
    return f"{counted(customers, 'customer')}: at least {FEW_CUSTOMERS} are needed."


def _no_repeats(customers: int, repeat_buyers: int) -> str | None:
    if repeat_buyers >= LEAST_REPEAT_BUYERS:
        return None
    of = f"{repeat_buyers} of {counted(customers, 'customer')} ordered on a second day"
    return f"{of}: returning cannot be learned; at least {LEAST_REPEAT_BUYERS} are needed."


def _too_short(history_days: int, horizon: int) -> str | None:
    if history_days >= horizon:
        return None
    return f"History is shorter than the horizon ({history_days} of {counted(horizon, 'day')})."


def _few_repeats(repeat_buyers: int) -> str | None:
    if not LEAST_REPEAT_BUYERS <= repeat_buyers < FEW_REPEAT_BUYERS:
        return None
    return (
        f"{counted(repeat_buyers, 'repeat buyer')}: below {FEW_REPEAT_BUYERS}, rates are uncertain by a tenth or more."
    )


def _one_time_buyers(customers: int, repeat_buyers: int) -> str | None:
    share = (customers - repeat_buyers) / customers if customers else 0.0
    if share < MOSTLY_ONE_TIME or repeat_buyers < LEAST_REPEAT_BUYERS:
        return None
    return f"{percent(share)} one-time buyers: little tells them apart."


def _unchecked(history_days: int, horizon: int) -> str | None:
    if not horizon <= history_days < 2 * horizon:
        return None
    needed = f"a check needs {2 * horizon}, a horizon before the date and one after it"
    return f"No past date can be checked: {counted(history_days, 'day')} of history; {needed}."


def _season(history_days: int, horizon: int) -> str:
    if history_days < YEAR:
        return f"Under a year of history ({counted(history_days, 'day')}): season unknown."
    needed = f"the same window last year and {counted(horizon, 'day')} before it take more than {YEAR + horizon}"
    return f"Season unknown: {counted(history_days, 'day')} of history; {needed}."
