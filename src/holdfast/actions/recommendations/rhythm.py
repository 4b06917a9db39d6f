"""What is due again: products that a customer buys in a rhythm, and whose time has come."""

from dataclasses import dataclass

import numpy as np

from holdfast.actions.recommendations.purchases import Flags, Histories, Vector

OWN_TIMES = 3
"""Days with a purchase that make a rhythm of one's own: two gaps. Below, the product's usual gap stands in for it."""

LEAST_GAPS = 10
"""Gaps of a product, of all customers, from which its usual gap is told."""

DUE_FROM, DUE_UNTIL = 0.8, 4.0
"""Due is what was last bought so many gaps ago; gaps scatter by a fifth at least, and after four of them it is over."""


@dataclass(frozen=True, slots=True, eq=False)
class Due:
    """For each place of some histories: the gap in days (NaN: no rhythm), if it is the customer's own, if it is due."""

    gap: Vector
    is_own: Flags
    is_due: Flags


def usual_gaps(of: Histories) -> Vector:
    """The mean days between two days with a purchase of each product by one customer; NaN below LEAST_GAPS gaps."""
    gaps = np.bincount(of.product, weights=of.times - 1, minlength=of.products)
    days = np.bincount(of.product, weights=of.last - of.first, minlength=of.products)
    return np.asarray(np.divide(days, gaps, out=np.full(of.products, np.nan), where=gaps >= LEAST_GAPS))


def again_shares(of: Histories) -> Vector:
    """The share of each product's buyers who bought it on another day too, drawn towards that of all products."""
    buyers = np.bincount(of.product, minlength=of.products)
    again = np.bincount(of.product, weights=of.times > 1, minlength=of.products)
    usual = max(float(again.sum()), 1.0) / max(float(buyers.sum()), 1.0)
    return np.asarray((again + LEAST_GAPS * usual) / (buyers + LEAST_GAPS))


def due(of: Histories, usual: Vector, *, day: int) -> Due:
    """What is due as of a day; `usual` are the gaps of products."""
    is_own = np.asarray(of.times >= OWN_TIMES)
    own = (of.last - of.first) / np.maximum(of.times - 1, 1)
    gap = np.maximum(np.where(is_own, own, usual[of.product]), 1.0)
    passed = np.nan_to_num((day - of.last) / gap, nan=0.0)
    return Due(gap, is_own, (passed >= DUE_FROM) & (passed <= DUE_UNTIL))
