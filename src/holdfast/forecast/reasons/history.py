"""What a customer's purchase history contributes to what the purchase models say of it.

The models read two things that a person would tell apart: the order days so far, and how long the customer has been
quiet since. They are told in the order in which they happened: first what the order days alone would say, as if the
last one were today, then what the silence takes away. A regular who has gone quiet thus loses by the silence, not by
having ordered often; a Shapley value of the two would blame both. The number of order days and the time they took stay
together, as five orders within no time are no customer that exists.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import logit

from holdfast.forecast.arrays import Matrix, Vector
from holdfast.forecast.btyd import ParetoNBD, Summary, pareto_nbd
from holdfast.forecast.learning.purchases import LEAST_CHANCE, LEAST_ORDERS


@dataclass(frozen=True, slots=True)
class Typical:
    """The median customer of a shop: days since the last order, repeat order days, days from the first to the last."""

    quiet: float
    repeats: float
    span: float


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What the quiet days and the order days before add to the typical customer's, each of shape (n, 2).

    `log_odds` are of P(order), `log_orders` of expected orders; the typical customer's own are `typical_*`.
    """

    log_odds: Matrix
    log_orders: Matrix
    typical_log_odds: float
    typical_log_orders: float


def typical(summary: Summary) -> Typical:
    """The medians over all customers."""
    medians = (np.median(values) for values in (summary.T - summary.recency, summary.frequency, summary.recency))
    quiet, repeats, span = (float(median) for median in medians)
    return Typical(quiet, repeats, span)


def parts(orders: ParetoNBD, summary: Summary, *, against: Typical, horizon: int) -> Parts:
    """Split what the model says of each customer; the two parts add up to its difference from the typical customer."""
    usual = Summary(
        *(np.full(1, value) for value in (against.repeats, against.span, against.quiet + against.span, 1.0))
    )
    just_ordered, usual_just_ordered = (replace(each, T=each.recency) for each in (summary, usual))
    now, fresh, typical_now, typical_fresh = (
        _said(orders, customers, horizon=horizon) for customers in (summary, just_ordered, usual, usual_just_ordered)
    )
    return Parts(
        log_odds=_split(now[0], fresh[0], typical_now[0], typical_fresh[0]),
        log_orders=_split(now[1], fresh[1], typical_now[1], typical_fresh[1]),
        typical_log_odds=float(typical_now[0][0]),
        typical_log_orders=float(typical_now[1][0]),
    )


def _said(orders: ParetoNBD, customers: Summary, *, horizon: int) -> tuple[Vector, Vector]:
    """Log-odds of P(order) and log expected orders, kept in bounds as in `purchases`."""
    chance = np.clip(pareto_nbd.p_order(orders, customers, horizon=horizon), LEAST_CHANCE, 1.0 - LEAST_CHANCE)
    expected = np.maximum(pareto_nbd.expected_orders(orders, customers, horizon=horizon), LEAST_ORDERS)
    return logit(chance), np.log(expected)


def _split(now: Vector, fresh: Vector, typical_now: Vector, typical_fresh: Vector) -> Matrix:
    """The silence, and the order days before it, each against the typical customer's; shape (n, 2)."""
    of_order_days = fresh - typical_fresh
    of_silence = (now - fresh) - (typical_now - typical_fresh)
    return np.column_stack([of_silence, of_order_days])
