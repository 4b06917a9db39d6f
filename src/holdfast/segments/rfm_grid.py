"""RFM scores from 1 to 5 (5 best), and the groups a shop knows them by.

R is days since the last order, F the number of orders, M net revenue. Scores go by rank: with n customers, w of whom
are strictly worse, the score is 1 + floor(5 w / n). So a tie takes the lowest rank in it, equal values get equal
scores, and nobody is praised for what everybody has: where 97 % bought once, one order scores 1 and two orders score 5.
Scoring always goes through cut-offs, which ranks fix and a person may edit; posted customers are scored the same way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.errors import InputError, PolicyError
from holdfast.segments.summary import GROUPED, share
from holdfast.units import to_cents

BEST = 5

Cuts = tuple[float | None, float | None, float | None, float | None]
"""The values from which on a customer scores 2, 3, 4 and 5; None where nobody earned that score."""


@dataclass(frozen=True, slots=True)
class RfmCutoffs:
    """Cut-offs of the three scores: `recency` in days (fewer is better), `frequency` in orders, `monetary` in money."""

    recency: Cuts
    frequency: Cuts
    monetary: Cuts

    def __post_init__(self) -> None:
        for name, cuts, sign in (
            ("recency", self.recency, -1),
            ("frequency", self.frequency, 1),
            ("monetary", self.monetary, 1),
        ):
            earned = [sign * cut for cut in cuts if cut is not None]
            in_order = earned == sorted(earned) and bool(np.isfinite(earned).all())
            if len(cuts) != BEST - 1 or None in cuts[: len(earned)] or not in_order:
                raise _bad_cuts(name, cuts)


def _bad_cuts(name: str, cuts: Cuts) -> PolicyError:
    direction = "falling" if name == "recency" else "rising"
    return PolicyError(
        f"The {name} cut-offs cannot be used.",
        seen=f"{list(cuts)}.",
        todo=f"Give four {direction} numbers: the values from which on a customer scores 2, 3, 4 and 5.",
    )


@dataclass(frozen=True, slots=True)
class RfmScores:
    """One score per customer and letter, int64 arrays of 1 to 5; `fm` is (f + m) / 2 rounded half up."""

    r: npt.NDArray[np.int64]
    f: npt.NDArray[np.int64]
    m: npt.NDArray[np.int64]

    @property
    def fm(self) -> npt.NDArray[np.int64]:
        """The column of the grid."""
        return (self.f + self.m + 1) // 2


@dataclass(frozen=True, slots=True)
class GroupTable:
    """Names of the 25 cells: `rows[r]` are the groups of score r for FM 1 to 5."""

    name: str
    rows: Mapping[int, tuple[str, str, str, str, str]]

    def group(self, r: int, fm: int) -> str:
        """The group of one cell."""
        return self.rows[r][fm - 1]

    def groups(self, scores: RfmScores) -> npt.NDArray[np.object_]:
        """The group of each customer, as text."""
        cells = np.array([self.rows[r] for r in range(1, BEST + 1)], dtype=object)
        named: npt.NDArray[np.object_] = cells[scores.r - 1, scores.fm - 1]
        return named


DEFAULT_GROUPS = GroupTable(
    "default",
    {
        5: ("New", "Promising", "Active", "Loyal", "Champions"),
        4: ("Promising", "Promising", "Active", "Loyal", "Champions"),
        3: ("Almost lost", "Needs attention", "Needs attention", "Loyal", "Loyal"),
        2: ("Almost lost", "Almost lost", "At risk", "At risk", "At risk"),
        1: ("Dormant", "Dormant", "Dormant", "Previously loyal", "Previously loyal"),
    },
)
"""The names merchants know from Shopify."""

EIGHT_GROUPS = GroupTable(
    "eight",
    {
        5: ("New Customers", "Potential Loyalists", "Potential Loyalists", "Champions", "Champions"),
        4: ("Potential Loyalists", "Potential Loyalists", "Loyal Customers", "Loyal Customers", "Champions"),
        3: ("Hibernating", "Potential Loyalists", "Loyal Customers", "Loyal Customers", "Loyal Customers"),
        2: ("Hibernating", "Hibernating", "At Risk", "At Risk", "Can't Lose Them"),
        1: ("Lost Customers", "Lost Customers", "At Risk", "Can't Lose Them", "Can't Lose Them"),
    },
)
"""The eight groups in use on marketplaces."""


def rank_cutoffs(customers: Mapping[str, npt.NDArray[Any]]) -> RfmCutoffs:
    """The cut-offs that ranks give; needs at least one customer.

    `customers` holds, one value per customer: days_since_last_order, order_count and net_revenue.
    """
    return RfmCutoffs(
        recency=_cuts(_values(customers, "days_since_last_order"), sign=-1),
        frequency=_cuts(_values(customers, "order_count"), sign=1),
        monetary=_cuts(_values(customers, "net_revenue"), sign=1),
    )


def score(customers: Mapping[str, npt.NDArray[Any]], *, cutoffs: RfmCutoffs) -> RfmScores:
    """Scores of customers against stored cut-offs; each customer's scores depend on nobody else.

    `customers` is as for `rank_cutoffs`; a posted customer is three columns of one value. Raises InputError where a
    value is missing.
    """
    return RfmScores(
        r=_scores(_values(customers, "days_since_last_order"), cutoffs.recency, sign=-1),
        f=_scores(_values(customers, "order_count"), cutoffs.frequency, sign=1),
        m=_scores(_values(customers, "net_revenue"), cutoffs.monetary, sign=1),
    )


def _values(customers: Mapping[str, npt.NDArray[Any]], name: str) -> npt.NDArray[np.float64]:
    values = customers[name].astype(np.float64)
    missing = int(np.count_nonzero(~np.isfinite(values)))
    if missing:
        raise InputError(
            f"Customers cannot be scored without {name}.",
            seen=f"{missing} of {len(values)} customers have none.",
            todo=f"Give {name} for every customer.",
        )
    return values


def _cuts(values: npt.NDArray[np.float64], *, sign: int) -> Cuts:
    """For each score 2 to 5 the worst value with enough customers strictly worse than it."""
    ordered = np.sort(sign * values)  # worst first
    n = len(ordered)

    def cut(points: int) -> float | None:
        needed = -(-points * n // BEST)  # at least points/5 of the customers have to be strictly worse
        if needed < n and ordered[needed] == ordered[needed - 1]:
            needed = int(np.searchsorted(ordered, ordered[needed], side="right"))
        return float(sign * ordered[needed]) if needed < n else None

    return cut(1), cut(2), cut(3), cut(4)


def _scores(values: npt.NDArray[np.float64], cuts: Cuts, *, sign: int) -> npt.NDArray[np.int64]:
    scores = np.ones(len(values), dtype=np.int64)
    for cut in cuts:
        if cut is not None:
            scores += sign * values >= sign * cut
    return scores


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the grid; revenue in the shop's currency, to the cent; no share where the shop has no revenue."""

    r: int
    fm: int
    group: str
    group_eight: str
    customers: int
    revenue: Decimal
    revenue_share: float | None


def grid(engine: DuckEngine, *, table: str = GROUPED) -> tuple[Cell, ...]:
    """All 25 cells, R 5 first, FM 1 first, the empty ones too; `table` has r_score, fm_score and net_revenue."""
    found = engine.rows(
        Query(
            "rfm_grid",
            "one cell of the grid that has customers",
            f"""
            SELECT r_score, fm_score, COUNT(*) AS customers, SUM(net_revenue) AS revenue
            FROM {sql.name(table)} GROUP BY r_score, fm_score
            """,
        )
    ).dicts()
    filled: dict[tuple[int, int], tuple[int, Decimal]] = {
        (row["r_score"], row["fm_score"]): (row["customers"], row["revenue"]) for row in found
    }
    total = sum((revenue for _, revenue in filled.values()), Decimal(0))

    def cell(r: int, fm: int) -> Cell:
        customers, revenue = filled.get((r, fm), (0, Decimal(0)))
        return Cell(
            r=r,
            fm=fm,
            group=DEFAULT_GROUPS.group(r, fm),
            group_eight=EIGHT_GROUPS.group(r, fm),
            customers=customers,
            revenue=to_cents(revenue),
            revenue_share=share(revenue, total),
        )

    return tuple(cell(r, fm) for r in range(BEST, 0, -1) for fm in range(1, BEST + 1))
