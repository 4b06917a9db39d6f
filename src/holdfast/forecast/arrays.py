"""The column types of the forecast room: one value per customer unless a docstring says otherwise."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Vector: TypeAlias = npt.NDArray[np.float64]
"""Numbers, shape (n,)."""

Matrix: TypeAlias = npt.NDArray[np.float64]
"""Numbers, shape (n, k)."""

Integers: TypeAlias = npt.NDArray[np.int64]
"""Whole numbers, shape (n,): indexes, day numbers (days since 1970-01-01), counts."""

Flags: TypeAlias = npt.NDArray[np.bool_]
"""Yes or no, shape (n,)."""
