"""The blend: the mean opinion of all members, then the level.

Members disagree about the level, since each carries that of what it was trained on. So every one is first moved to the
purchase models' total at the date of the forecast; their plain mean ranks the customers; the mean is then moved to the
level. Weights learned on a rolling origin were tried: over 27 past dates of four shops they ranked no better than equal
ones, and cost twice the training.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from scipy.special import expit

from holdfast.forecast.arrays import Vector
from holdfast.forecast.learning.level import Level, shift_to
from holdfast.forecast.learning.members import LINEAR_NAME, as_log_odds
from holdfast.forecast.learning.purchases import LEAST_CHANCE, LEAST_ORDERS, Outlook

CHANCE_MEMBERS = ("buys beyond purchases", "buys by rank", "buys by value", "orders beyond purchases", LINEAR_NAME)
"""Whose mean log-odds is the ranking by chance; expected orders count as the chance of at least one."""

ORDERS_SHARES: Mapping[str, float] = {"purchases": 0.25, "orders beyond purchases": 0.25, "orders by value": 0.5}
SPEND_SHARES: Mapping[str, float] = {"orders x value": 1.0, "spend beyond purchases": 1.0, "spend by value": 1.0}
"""Weights of geometric means. Half of the orders' opinions stands on the purchase models, half does not."""


@dataclass(frozen=True, slots=True)
class Blend:
    """What the members' opinions are moved by, found once for the customers of the day of training.

    `centre` brings each member's log-odds to the purchase models' mean chance, `shift` their mean to the level;
    `orders` and `spend` do the same on the log scale. A customer's forecast then depends on nobody else's.
    """

    centre: Mapping[str, float]
    shift: float
    orders: float
    spend: float

    def as_json(self) -> dict[str, Any]:
        """Plain numbers."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The blend that `as_json` stored."""
        return cls(**stored)


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """P(order), expected order days and expected spend, one value per customer."""

    p_buy: Vector
    orders: Vector
    spend: Vector


def fit(said: Mapping[str, Vector], outlook: Outlook, level: Level) -> Blend:
    """Find the moves; `said` are the members' opinions of the day, none of them for the purchase models alone."""
    mean_expected = float(outlook.p_order.mean())
    centre = {name: shift_to(_log_odds(said, name), mean_expected) for name in CHANCE_MEMBERS if name in said}
    target = float(expit(outlook.log_odds + level.shift).mean())
    shift = shift_to(_mean_log_odds(said, centre, outlook), target)
    orders, spend = _geometric_means(said, outlook)
    return Blend(
        centre=centre,
        shift=shift,
        orders=_to_total(orders, float(outlook.orders.sum()) * float(np.exp(level.orders))),
        spend=_to_total(spend, float(outlook.spend.sum()) * float(np.exp(level.spend))),
    )


def apply(blend: Blend, said: Mapping[str, Vector], outlook: Outlook) -> Expected:
    """The forecast of each customer. Expected orders are at least the chance of one; nothing is NaN or negative."""
    log_odds = _mean_log_odds(said, blend.centre, outlook) + blend.shift
    p_buy = np.clip(expit(log_odds), LEAST_CHANCE, 1.0 - LEAST_CHANCE)
    orders, spend = _geometric_means(said, outlook)
    return Expected(p_buy, np.maximum(orders * np.exp(blend.orders), p_buy), spend * np.exp(blend.spend))


def _mean_log_odds(said: Mapping[str, Vector], centre: Mapping[str, float], outlook: Outlook) -> Vector:
    if not centre:
        return outlook.log_odds
    mean: Vector = np.mean([_log_odds(said, name) + centre[name] for name in CHANCE_MEMBERS if name in centre], axis=0)
    return mean


def _log_odds(said: Mapping[str, Vector], name: str) -> Vector:
    return as_log_odds(said[name]) if name.startswith("orders") else said[name]


def _geometric_means(said: Mapping[str, Vector], outlook: Outlook) -> tuple[Vector, Vector]:
    """Orders and spend of each customer, up to a factor that is the same for everybody."""
    purchases = np.log(outlook.orders)
    orders = _weighted({**said, "purchases": purchases}, ORDERS_SHARES)
    if not outlook.value.any():
        return np.exp(orders), np.zeros(len(orders))
    of_orders = orders + np.log(np.maximum(outlook.value, LEAST_ORDERS))
    spend = _weighted({**said, "orders x value": of_orders}, SPEND_SHARES)
    return np.exp(orders), np.exp(spend)


def _weighted(logs: Mapping[str, Vector], shares: Mapping[str, float]) -> Vector:
    """The weighted mean of those that are there. A member's own constant only moves everybody alike."""
    present = {name: share for name, share in shares.items() if name in logs}
    total = sum(present.values())
    mean: Vector = np.sum([share / total * logs[name] for name, share in present.items()], axis=0)
    return mean


def _to_total(values: Vector, total: float) -> float:
    """The logarithm of what brings the sum of the values to the total; 0 where there is nothing to bring."""
    found = float(values.sum())
    return float(np.log(total / found)) if found > 0.0 and total > 0.0 else 0.0
