"""What a forecast has to be before it is measured: one finite value per customer, nothing negative, no P above 1."""

import numpy as np

from holdfast.errors import InputError
from holdfast.forecast.arrays import Flags, Vector


def ranking(values: Vector, *, customers: int, name: str = "ranking") -> Vector:
    """`values` as they are, one per customer; the larger, the higher on the list. Raises InputError if not finite."""
    _check(values, customers, name, "finite", np.isfinite(values))
    return values


def amounts(values: Vector, *, customers: int, name: str) -> Vector:
    """`values` as they are, one count or sum of money per customer. Raises InputError if negative or not finite."""
    _check(values, customers, name, "finite and at least 0", np.isfinite(values) & (values >= 0))
    return values


def probabilities(values: Vector, *, customers: int, name: str = "p_buy") -> Vector:
    """`values` as they are, one probability per customer. Raises InputError outside 0 to 1."""
    _check(values, customers, name, "between 0 and 1", (values >= 0) & (values <= 1))
    return values


def _check(values: Vector, customers: int, name: str, wanted: str, good: Flags) -> None:
    todo = f"Give one value per customer, each {wanted}."
    if values.shape != (customers,):
        raise InputError(
            f"{name} does not fit its customers.",
            seen=f"Values of shape {values.shape} for {customers} customers.",
            todo=todo,
        )
    if not good.all():
        bad = int(customers - np.count_nonzero(good))
        raise InputError(f"{name} cannot be used.", seen=f"{bad} of {customers} values are not {wanted}.", todo=todo)
