"""What a customer's purchase history contributes to what the purchase models say of it.

The models read two things that a person would tell apart: how long the customer has been quiet, and the order days
until then. Each is replaced by the shop's median customer, in both orders, and the two differences are averaged: the
exact Shapley value of two players (Shapley, 1953). The number of order days and the time they took stay together, as
five orders within no time are no customer that exists.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import logit

from holdfast.forecast.arrays import Integers, Matrix, Vector
from holdfast.forecast.btyd import ParetoNBD, Summary, pareto_nbd
from holdfast.forecast.purchases import LEAST_CHANCE, LEAST_ORDERS


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
    usual_quiet = np.full(len(summary), against.quiet)
    usual_repeats, usual_span = np.full(len(summary), against.repeats), np.full(len(summary), against.span)
    quiet_alone = Summary(usual_repeats, usual_span, usual_span + summary.T - summary.recency, summary.weight)
    bought_alone = Summary(summary.frequency, summary.recency, summary.recency + usual_quiet, summary.weight)
    both, quiet, bought, neither = (
        _said(orders, customers, horizon=horizon) for customers in (summary, quiet_alone, bought_alone, usual)
    )
    return Parts(
        log_odds=_shapley(both[0], quiet[0], bought[0], neither[0]),
        log_orders=_shapley(both[1], quiet[1], bought[1], neither[1]),
        typical_log_odds=float(neither[0][0]),
        typical_log_orders=float(neither[1][0]),
    )


def rows_of(summary: Summary, rows: Integers) -> Summary:
    """The summary of some customers."""
    return Summary(summary.frequency[rows], summary.recency[rows], summary.T[rows], summary.weight[rows])


def _said(orders: ParetoNBD, customers: Summary, *, horizon: int) -> tuple[Vector, Vector]:
    """Log-odds of P(order) and log expected orders, kept in bounds as in `purchases`."""
    chance = np.clip(pareto_nbd.p_order(orders, customers, horizon=horizon), LEAST_CHANCE, 1.0 - LEAST_CHANCE)
    expected = np.maximum(pareto_nbd.expected_orders(orders, customers, horizon=horizon), LEAST_ORDERS)
    return logit(chance), np.log(expected)


def _shapley(both: Vector, quiet: Vector, bought: Vector, neither: Vector) -> Matrix:
    """Shapley values of the two players, shape (n, 2), from what is said with both, either and neither of them."""
    of_quiet = 0.5 * ((both - bought) + (quiet - neither))
    of_bought = 0.5 * ((both - quiet) + (bought - neither))
    return np.column_stack([of_quiet, of_bought])
