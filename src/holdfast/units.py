"""Units: money that is exact from the file to the page, and days that say they are days."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import NewType

Days = NewType("Days", int)

CENT = Decimal("0.01")
LARGEST_AMOUNT = Decimal(10) ** 12
"""Amounts are read up to a million million: beyond it a number in an order line is damage, not a sale."""


def to_cents(amount: Decimal) -> Decimal:
    """`amount` rounded half up to two decimals, once, at the very end."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def share_out(total: Decimal, parts: Sequence[Decimal]) -> list[Decimal]:
    """Round `parts` to cents so that they add up to `total` (itself in cents), by largest remainder (Hamilton).

    Rounding each part alone can leave a table a cent away from its own sum. `total` has to lie within a cent a part of
    sum(parts), which holds whenever it is that sum rounded.
    """
    floors = [part.quantize(CENT, rounding=ROUND_FLOOR) for part in parts]
    left_over = int((total - sum(floors, Decimal(0))) / CENT)
    by_remainder = sorted(range(len(parts)), key=lambda i: (floors[i] - parts[i], i))
    for i in by_remainder[:left_over]:
        floors[i] += CENT
    return floors


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount with its currency; prints to the cent."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{to_cents(self.amount):,} {self.currency}"
