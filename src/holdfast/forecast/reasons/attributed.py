"""Contributions in terms that a person has: what the purchase models say is traced back to what moved them.

"The purchase models expect little" is no reason anybody understands. Columns that hold what these models say, and the
days since the first order, are themselves made of other things: quiet days, order days until then, the value of an
order. Their contribution is handed on by the chain rule, as in DeepLIFT's rescale rule (Shrikumar, Greenside and
Kundaje, 2017): in proportion to how far each of these moved the column. Where the moves cancel, proportions explode; so
the more they cancel, the more is handed on in proportion to their sizes instead. Nothing is added or lost.
"""

from collections.abc import Mapping

import numpy as np

from holdfast.forecast.arrays import Matrix, Vector
from holdfast.forecast.reasons.contributions import Contributions
from holdfast.forecast.reasons.groups import KNOWN_DAYS, PURCHASE_HISTORY, QUIET_DAYS

VALUE = "purchases.value"

MOVED_BY: Mapping[str, tuple[tuple[int, str], ...]] = {
    "purchases.log_odds": ((0, QUIET_DAYS), (1, PURCHASE_HISTORY)),
    "purchases.p_alive": ((0, QUIET_DAYS), (1, PURCHASE_HISTORY)),
    "purchases.log_orders": ((2, QUIET_DAYS), (3, PURCHASE_HISTORY)),
    "purchases.spend": ((2, QUIET_DAYS), (3, PURCHASE_HISTORY), (4, VALUE)),
    KNOWN_DAYS: ((5, QUIET_DAYS), (6, PURCHASE_HISTORY)),
    "days_since_first_purchase": ((5, QUIET_DAYS), (6, PURCHASE_HISTORY)),
}
"""For each column that is handed on: which columns of `moved` moved it, and to whom they hand it."""

CANCELLING = 0.05
"""How soon sizes take over: where the moves sum to 22 % of their sizes, half of the contribution goes by size."""


def attributed(found: Contributions) -> tuple[tuple[str, ...], Matrix]:
    """The names that are left once MOVED_BY is handed on, and their contributions, with the same sum per customer."""
    kept = [name for name in found.names if name not in MOVED_BY]
    place = {name: at for at, name in enumerate(kept)}
    values = found.values[:, [found.names.index(name) for name in kept]]
    for name, movers in MOVED_BY.items():
        if name not in found.names:
            continue
        handed = _handed_on(found.values[:, found.names.index(name)], found.moved[:, [at for at, _ in movers]])
        for nth, (_, to) in enumerate(movers):
            values[:, place[to]] += handed[:, nth]
    return tuple(kept), values


def _handed_on(contribution: Vector, moves: Matrix) -> Matrix:
    """A contribution, shape (n,), split over the moves, shape (n, k)."""
    size = np.abs(moves).sum(axis=1, keepdims=True)
    still = size == 0.0
    relative = moves / np.where(still, 1.0, size)
    by_size = np.where(still, 1.0 / moves.shape[1], np.abs(relative))
    total = relative.sum(axis=1, keepdims=True)
    proportion = total / (total**2 + CANCELLING) * relative
    rest = 1.0 - proportion.sum(axis=1, keepdims=True)
    shares: Matrix = contribution[:, None] * (proportion + rest * by_size)
    return shares
