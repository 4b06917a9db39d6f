"""What an action is expected to earn with each customer, beside doing nothing.

Within the horizon a customer orders with chance p, and then spends v. Treated, the chance is p' (see `effect`). An
offer costs something for each customer who is contacted, and an incentive for each who redeems it, and they redeem it
also where they would have ordered anyway:

    incremental profit = (p' - p) v margin - contact cost - p' x redeemed x (incentive + discount x order value)

So sure things cost incentives and bring nothing, lost causes cost contacts, and the riskiest are seldom the best. This
is the expected profit of a treatment of Gubela et al. (2020, "Response transformation and profit decomposition for
revenue uplift modeling", EJOR 283(2), equation 3), with p forecast and the effect believed or measured.
"""

from dataclasses import dataclass, fields

import numpy as np

from holdfast.actions.effect import P10, P90, Effect, Vector
from holdfast.errors import InputError

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
"""Gauss-Hermite quadrature for a standard normal (Abramowitz & Stegun 25.4.46): exact up to degree 17."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What an action costs, in the shop's currency.

    `contact_cost` is for everybody contacted. The share `redeemed` of those who order redeem `incentive`, an amount,
    and `discount`, a share of one order.
    """

    contact_cost: float = 0.0
    incentive: float = 0.0
    discount: float = 0.0
    redeemed: float = 1.0

    def __post_init__(self) -> None:
        amounts, shares = (self.contact_cost, self.incentive), (self.discount, self.redeemed)
        if not (all(0 <= each < np.inf for each in amounts) and all(0 <= each <= 1 for each in shares)):
            raise InputError(
                "An offer cannot cost this.",
                seen=", ".join(f"{field.name} {getattr(self, field.name):g}" for field in fields(self)) + ".",
                todo="Give amounts of at least 0, and shares from 0 to 1.",
            )

    def redemption(self, order_value: Vector) -> Vector:
        """What the offer takes on average from each who orders; `order_value` is the value of one order of theirs."""
        return np.asarray(self.redeemed * (self.incentive + self.discount * order_value), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """What is expected of treating each customer, beside not treating them; vectors of one length.

    `profit` is the mean over what may be true of the effect; `profit_low` and `profit_high` hold it in 80 of 100 cases.
    `cost` is what contacts and incentives are expected to take, `added_buyers` how many more order.
    """

    profit: Vector
    profit_low: Vector
    profit_high: Vector
    cost: Vector
    added_buyers: Vector

    def __len__(self) -> int:
        return len(self.profit)


@dataclass(frozen=True, slots=True, eq=False)
class Prospects:
    """Customers as forecast, vectors of one length, amounts in the shop's currency.

    `p_buy` is the chance of an order within the horizon, `value` the spend of one who orders, `order_value` that of one
    order. `margin` is the share of spend that is left, one for all.
    """

    p_buy: Vector
    value: Vector
    order_value: Vector
    margin: float

    def __post_init__(self) -> None:
        is_chance = bool(((self.p_buy >= 0) & (self.p_buy <= 1)).all())
        is_money = all(bool(((each >= 0) & (each < np.inf)).all()) for each in (self.value, self.order_value))
        if not (is_chance and is_money and 0 <= self.margin <= 1):
            raise InputError(
                "Profit cannot be expected from this.",
                seen="A chance outside of 0 to 1, a value below 0, or a margin outside of 0 to 1.",
                todo="Give forecasts as they are, and the margin as a share.",
            )

    def __len__(self) -> int:
        return len(self.p_buy)


def expect(prospects: Prospects, offer: Offer, effect: Effect) -> Expected:
    """What making an offer to each of them brings."""
    p_buy = prospects.p_buy
    redemption = offer.redemption(prospects.order_value)
    treated = (
        sum(
            (weight * effect.treated(p_buy, deviations=node) for node, weight in zip(NODES, WEIGHTS, strict=True)),
            start=np.zeros(len(p_buy)),
        )
        / WEIGHTS.sum()
    )
    low, high = (
        _profit(prospects, effect.treated(p_buy, deviations=deviations), offer, redemption) for deviations in (P10, P90)
    )
    return Expected(
        profit=_profit(prospects, treated, offer, redemption),
        profit_low=np.minimum(low, high),  # a larger effect earns less where the incentive is dearer than the order
        profit_high=np.maximum(low, high),
        cost=offer.contact_cost + treated * redemption,
        added_buyers=treated - p_buy,
    )


def _profit(prospects: Prospects, treated: Vector, offer: Offer, redemption: Vector) -> Vector:
    added = (treated - prospects.p_buy) * prospects.value * prospects.margin
    return np.asarray(added - offer.contact_cost - treated * redemption, dtype=np.float64)
