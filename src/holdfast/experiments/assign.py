"""Who is left alone: drawn at random, in strata of equal worth, the same from the same seed.

Stratified randomisation (Imbens & Rubin, 2015, "Causal Inference", section 9.2): customers are sorted by what they are
expected to spend and cut into strata; within each, the same share is held out. So the arms are alike in what matters
most, and the comparison is more exact than without. In every stratum the number held out is the share of it, rounded
up or down at random, so that each customer is held out with exactly the probability that is written down.
"""

from dataclasses import dataclass
from math import floor

import numpy as np
import numpy.typing as npt

from holdfast.errors import InputError

Vector = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]

STRATA = 10
"""At most; tenths take out nearly all of the difference in worth that strata can take out (Cochran, 1968, for five)."""

FEWEST_IN_A_STRATUM = 20


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """Who is held out, each with the same `probability`; `stratum` counts from 0, the least worth."""

    held_out: Flags
    stratum: Integers
    probability: float
    seed: int

    def __len__(self) -> int:
        return len(self.held_out)


def assign(worth: Vector, *, share: float, seed: int) -> Assignment:
    """Hold out a `share` (0-1) of customers at random; `worth` is what each is expected to spend.

    The rows must come in an order that is the same each time, such as by id: the draw goes by place.
    """
    if not 0 <= share <= 1:
        raise InputError("This is no share.", seen=f"{share:g}.", todo="Give the share to hold out from 0 to 1.")
    strata = min(STRATA, max(len(worth) // FEWEST_IN_A_STRATUM, 1))
    rank = np.empty(len(worth), dtype=np.int64)
    rank[np.argsort(worth, kind="stable")] = np.arange(len(worth))
    stratum = (rank * strata // max(len(worth), 1)).astype(np.int64)
    draw = np.random.default_rng(seed)
    held_out = np.zeros(len(worth), dtype=np.bool_)
    for nth in range(strata):
        places = np.flatnonzero(stratum == nth)
        held_out[draw.permutation(places)[: _number(len(places) * share, draw)]] = True
    return Assignment(held_out, stratum, share, seed)


def _number(expected: float, draw: np.random.Generator) -> int:
    """The expected number, rounded up with the chance of its fraction, else down."""
    whole = floor(expected + 1e-9)
    return whole + int(draw.random() < expected - whole)
