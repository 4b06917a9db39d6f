"""The same customers in three forms, one for each kind of learner: ranked, plain, and scaled for a linear model.

Magnitudes grow with the shop and the season: 3 orders are much in January and little in December. Trees that are to
learn only who comes before whom see them as percentile ranks among the customers of the day; ratios stay as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import logit
from scipy.stats import norm, rankdata

from holdfast.forecast.arrays import Integers, Matrix, Vector
from holdfast.forecast.learning.purchases import Outlook
from holdfast.forecast.past import Snapshot

Columns = npt.NDArray[np.float32]
"""Shape (n, k), NaN where missing; trees read it as it is, in half the memory."""

RANKED_MODELS = (
    "purchases.log_odds",
    "purchases.p_alive",
    "purchases.log_orders",
    "purchases.value",
    "purchases.spend",
)
"""What the purchase models say, beside the features."""

LINEAR = (
    "net_revenue", "mean_order_value", "unique_products", "order_count_decayed_30d", "order_count_decayed_90d",
    "order_count_decayed_365d", "net_revenue_decayed_90d", "churn_ratio", "mean_gap_days", "order_count_90d",
    "order_count_180d", "repeat_product_share", "products_per_order", "gap_variation", "order_count_same_season",
    "favourite_quarter_share", "last_order_value_ratio",
)  # fmt: skip
"""Features the linear model reads, as normal scores; where a shop lacks one it reads zeros."""

LARGEST_SCORE = 3.0
"""Normal scores are cut here: one customer in 700."""

LEAST_VALUE = 1e-6
"""Money below this counts as this when a logarithm is taken."""


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """Customers x columns, three times; `ranked` and `plain` have the columns of `names`."""

    names: tuple[str, ...]
    ranked: Columns
    plain: Columns
    scaled: Matrix

    def __len__(self) -> int:
        return len(self.ranked)


def design(snapshot: Snapshot, outlook: Outlook, *, features: Sequence[str], rows: Integers | None = None) -> Design:
    """The forms of a snapshot's customers, or of those at `rows`; ranks are always among all of them.

    `features` are the columns to use, in this order; one that the snapshot lacks is missing for everybody.
    """
    chosen = np.arange(len(snapshot)) if rows is None else rows
    ranked = np.empty((len(chosen), len(features) + len(RANKED_MODELS)), dtype=np.float32)
    plain = np.empty_like(ranked)
    for at, name in enumerate(features):
        values = snapshot.features.columns.get(name)
        if values is None:
            ranked[:, at] = plain[:, at] = np.nan
            continue
        plain[:, at] = values[chosen]
        ranked[:, at] = (values if name in snapshot.features.ratios else percentile_ranks(values))[chosen]
    models = _model_columns(outlook)
    for at, (values, by_rank) in enumerate(models, start=len(features)):
        plain[:, at] = values[chosen]
        ranked[:, at] = (percentile_ranks(values) if by_rank else values)[chosen]
    return Design((*features, *RANKED_MODELS), ranked, plain, _scaled(snapshot, outlook)[chosen])


def percentile_ranks(values: Vector) -> Vector:
    """The rank of each value among those that are there, above 0 and up to 1, ties at their mean; NaN stays NaN."""
    known = ~np.isnan(values)
    ranks = np.full(len(values), np.nan)
    if known.any():
        ranks[known] = rankdata(values[known]) / np.count_nonzero(known)
    return ranks


def _model_columns(outlook: Outlook) -> tuple[tuple[Vector, bool], ...]:
    """The columns RANKED_MODELS, and whether each is compared by rank."""
    value = np.log(np.maximum(outlook.value, LEAST_VALUE))
    return (
        (outlook.log_odds, False),
        (outlook.p_alive, False),
        (np.log(outlook.orders), False),
        (value, True),
        (np.log(outlook.orders) + value, True),
    )


def _scaled(snapshot: Snapshot, outlook: Outlook) -> Matrix:
    """Columns of mean about 0 and spread about 1 within the day, with the few products that matter; never NaN."""
    summary = snapshot.summary
    silence = _standardised(np.log1p(summary.T - summary.recency))
    repeats = _standardised(np.log1p(summary.frequency))
    known = _standardised(np.log1p(summary.T))
    log_odds = _standardised(logit(np.clip(outlook.p_order, 1e-4, 1.0 - 1e-4)))
    columns = [
        silence,
        repeats,
        known,
        _standardised(np.log1p(summary.recency)),
        (summary.frequency == 0).astype(np.float64),
        *(_normal_scores(snapshot.features.columns.get(name), len(snapshot)) for name in LINEAR),
        log_odds,
        np.minimum(log_odds, 0.0),
        LARGEST_SCORE * percentile_ranks(outlook.orders),
        outlook.p_alive,
        silence * repeats,
        silence * silence,
        silence * known,
    ]
    return np.column_stack(columns)


def _standardised(values: Vector) -> Vector:
    spread = float(values.std())
    centred: Vector = values - values.mean()
    return centred / spread if spread > 1e-9 else np.zeros(len(values))


def _normal_scores(values: Vector | None, customers: int) -> Vector:
    """The normal quantile of each value's rank; 0, the middle, where it is missing."""
    if values is None:
        return np.zeros(customers)
    ranks = percentile_ranks(values) - 0.5 / max(int(np.count_nonzero(~np.isnan(values))), 1)
    scores: Vector = norm.ppf(np.nan_to_num(ranks, nan=0.5))
    return np.clip(scores, -LARGEST_SCORE, LARGEST_SCORE)
