"""Money that is exact from the file to the page: rounded to the cent once, and shared out without loss."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
LARGEST_AMOUNT = Decimal(10) ** 12
"""Amounts are read up to a million million: beyond it a number in an order line is damage, not a sale."""


def to_cents(amount: Decimal) -> Decimal:
    """`amount` rounded half up to two decimals, once, at the very end."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def share_out(total: Decimal, parts: Sequence[Decimal]) -> list[Decimal]:
    """Round `parts` to cents so that they add up to `total` (itself in cents), by largest remainder (Hamilton).

    Rounding each part alone can leave a table a cent away from its own sum. Cents that are missing go to the parts that
    lost most by rounding down; cents too many are taken from those that lost least.
    """
    cents = [part.quantize(CENT, rounding=ROUND_FLOOR) for part in parts]
    lost_most_first = sorted(range(len(parts)), key=lambda i: (cents[i] - parts[i], i))
    left_over = int((total - sum(cents, Decimal(0))) / CENT)
    step, turns = (CENT, lost_most_first) if left_over > 0 else (-CENT, lost_most_first[::-1])
    for turn in range(abs(left_over)):
        cents[turns[turn % len(turns)]] += step
    return cents
