"""Where a customer's number stands among those of all customers of the day."""

from collections.abc import Mapping

import numpy as np

from holdfast.forecast.arrays import Vector

HALF = 0.5
"""A number is worth comparing if at least half of the customers lie on one side of it."""


class Standing:
    """All customers' numbers, each sorted once when it is first asked for."""

    def __init__(self, numbers: Mapping[str, Vector]) -> None:
        self._numbers = numbers
        self._sorted: dict[str, Vector] = {}

    def compared(self, name: str, value: float, *, more: str, fewer: str) -> str:
        """With the words given, "more than 9 in 10 customers"; empty where the number is an ordinary one.

        Customers without the number are left out. The comparison is strict, so equal ones are on neither side.
        """
        known = self._of(name)
        below = float(np.searchsorted(known, value, side="left")) / len(known)
        above = 1.0 - float(np.searchsorted(known, value, side="right")) / len(known)
        if max(below, above) < HALF:
            return ""
        return f"{more} {_in_ten(below)}" if below >= above else f"{fewer} {_in_ten(above)}"

    def equal(self, name: str, value: float) -> float:
        """The share of customers with exactly this number, 0-1."""
        known = self._of(name)
        first, last = (int(np.searchsorted(known, value, side=side)) for side in ("left", "right"))
        return (last - first) / len(known)

    def _of(self, name: str) -> Vector:
        if name not in self._sorted:
            values = self._numbers[name]
            self._sorted[name] = np.sort(values[~np.isnan(values)])
        return self._sorted[name]


def _in_ten(share: float) -> str:
    """At least this many, from half on: half of customers, 9 in 10 customers, 99 in 100 customers."""
    if share >= 0.99:
        return "99 in 100 customers"
    tenths = int(share * 10 + 1e-9)
    return "half of customers" if tenths <= 5 else f"{tenths} in 10 customers"
