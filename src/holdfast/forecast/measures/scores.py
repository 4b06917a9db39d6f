"""How good a forecast was: ranking, probability, counts and money, against what happened.

Definitions: ROC-AUC and average precision as in scikit-learn; log loss, Brier score and ECE (Naeini, Cooper and
Hauskrecht 2015; ten bins of equal mass) on probabilities clipped to [1e-6, 1 - 1e-6]; normalised Gini as the
area under the curve of captured totals, over that of the perfect order; bias = sum(forecast) / sum(actual) - 1.

What cannot be told is None: an AUC where everybody bought, a Gini where nobody spent.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.stats import spearmanr
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score
from sklearn.metrics import log_loss as sklearn_log_loss

from holdfast.forecast.arrays import Flags, Integers, Vector
from holdfast.forecast.labels import Outcomes
from holdfast.forecast.measures import predicted
from holdfast.forecast.measures.ranked import held_by_first, rank

CLIP = 1e-6
"""A forecast of exactly 0 or 1 that fails would cost infinitely much."""

BINS = 10
TOP = 0.1
"""The part of a list that a shop acts on first."""


@dataclass(frozen=True, slots=True)
class TotalScores:
    """How good a forecast of counts or money was; `mae` and `rmse` in its own unit, `bias` as a share of the actual."""

    gini: float | None
    mae: float | None
    rmse: float | None
    spearman: float | None
    bias: float | None


@dataclass(frozen=True, slots=True)
class Scores:
    """One forecast against what happened; None where it was not given, or where the score cannot be told.

    `captured_buyers` is the share of all buyers among the first 10 % by p_buy, `captured_spend` the share of all spend
    among the first 10 % by e_spend. The `gain` of each is over a list in random order: 3 says three times as much.
    """

    customers: int
    buyers: int
    base_rate: float | None
    auc: float | None = None
    average_precision: float | None = None
    log_loss: float | None = None
    brier: float | None = None
    ece: float | None = None
    captured_buyers: float | None = None
    gain_buyers: float | None = None
    captured_spend: float | None = None
    gain_spend: float | None = None
    orders: TotalScores | None = None
    spend: TotalScores | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain numbers, None and dictionaries."""
        return asdict(self)


def score(
    outcomes: Outcomes, *, p_buy: Vector | None = None, e_orders: Vector | None = None, e_spend: Vector | None = None
) -> Scores:
    """Score a forecast of one date, one value per customer of the population; any of the three may be missing.

    Raises InputError for a value that is missing, not finite, negative or, for p_buy, above 1.
    """
    n = len(outcomes)
    found: dict[str, Any] = {}
    if p_buy is not None:
        found |= _of_probabilities(outcomes.bought, predicted.probabilities(p_buy, customers=n))
    if e_orders is not None:
        expected = predicted.amounts(e_orders, customers=n, name="e_orders")
        found["orders"] = total_scores(outcomes.orders.astype(np.float64), expected)
    if e_spend is not None:
        expected = predicted.amounts(e_spend, customers=n, name="e_spend")
        found["spend"] = total_scores(outcomes.spend, expected)
        found |= _captured("spend", outcomes.spend, expected)
    return Scores(n, int(outcomes.bought.sum()), _mean(outcomes.bought.astype(np.float64)), **found)


def score_ranking(outcomes: Outcomes, ranking: Vector) -> Scores:
    """Score a rule that only ranks, such as recency; the larger the value, the higher on the list."""
    n, bought = len(outcomes), outcomes.bought
    order = predicted.ranking(ranking, customers=n)
    found: dict[str, Any] = {
        "auc": auc(bought, order),
        "average_precision": average_precision(bought, order),
        **_captured("buyers", bought.astype(np.float64), order),
        **_captured("spend", outcomes.spend, order),
    }
    return Scores(n, int(bought.sum()), _mean(bought.astype(np.float64)), **found)


# --- ranking ---------------------------------------------------------------------------------------------------------


def auc(bought: Flags, ranking: Vector) -> float | None:
    """P(a buyer ranks above a non-buyer), ties half; None where everybody or nobody bought."""
    return None if one_class(bought) else min(float(roc_auc_score(bought, ranking)), 1.0)  # rounding


def average_precision(bought: Flags, ranking: Vector) -> float | None:
    """Precision averaged over the recall it comes with; None where everybody or nobody bought."""
    return None if one_class(bought) else min(float(average_precision_score(bought, ranking)), 1.0)  # rounding


def captured_share(actual: Vector, ranking: Vector, *, top: float = TOP) -> float | None:
    """The share of the total of `actual` (at least 0) that the first `top` of the list holds; None without a total.

    See `ranked.held_by_first` for how a list is cut and ties are shared.
    """
    return held_by_first(rank(ranking), actual, top=top)


def one_class(bought: Flags) -> bool:
    """Whether there is nobody to tell apart: everybody bought, nobody did, or there is nobody."""
    return not bought.any() or bool(bought.all())


# --- probabilities ---------------------------------------------------------------------------------------------------


def log_loss(bought: Flags, p_buy: Vector) -> float | None:
    """Mean of -log of the probability given to what happened, in nats; None without customers."""
    return float(sklearn_log_loss(bought, clipped(p_buy), labels=[False, True])) if len(bought) else None


def brier(bought: Flags, p_buy: Vector) -> float | None:
    """Mean squared error of the probability (Brier 1950); None without customers."""
    return float(brier_score_loss(bought, clipped(p_buy), labels=[False, True])) if len(bought) else None


def expected_calibration_error(bought: Flags, p_buy: Vector, *, bins: int = BINS) -> float | None:
    """Mean |observed - forecast| over bins of equal mass, weighted by their customers; None without customers."""
    y, p = bought.astype(np.float64), clipped(p_buy)
    parts = equal_mass_bins(p, bins=bins)
    return float(sum(len(i) / len(y) * abs(y[i].mean() - p[i].mean()) for i in parts)) if parts else None


def equal_mass_bins(p: Vector, *, bins: int = BINS) -> list[Integers]:
    """Row numbers by increasing `p`, cut into bins of equal size; as many as there are rows where these are fewer."""
    return [part for part in np.array_split(np.argsort(p, kind="stable"), bins) if len(part)]


def clipped(p_buy: Vector) -> Vector:
    """Probabilities kept away from 0 and 1 by CLIP."""
    return np.clip(p_buy, CLIP, 1 - CLIP)


# --- counts and money ------------------------------------------------------------------------------------------------


def total_scores(actual: Vector, forecast: Vector) -> TotalScores:
    """Scores of a forecast of counts or money; both at least 0, one value per customer."""
    error, total = actual - forecast, float(actual.sum())
    return TotalScores(
        gini=normalised_gini(actual, forecast),
        mae=_mean(np.abs(error)),
        rmse=None if not len(error) else float(np.sqrt((error**2).mean())),
        spearman=spearman(actual, forecast),
        bias=float(forecast.sum()) / total - 1 if total > 0 else None,
    )


def normalised_gini(actual: Vector, forecast: Vector) -> float | None:
    """1 for the perfect order, about 0 for a random one; None where all actual values are the same, or their sum is 0.

    Equal forecasts keep the order of the rows.
    """
    if not _varies(actual) or not actual.sum() > 0:
        return None
    return _gini(actual, -forecast) / _gini(actual, -actual)


def spearman(actual: Vector, forecast: Vector) -> float | None:
    """Rank correlation; None where one of the two is the same for everybody."""
    return float(spearmanr(actual, forecast).statistic) if _varies(actual) and _varies(forecast) else None


def _gini(actual: Vector, by: Vector) -> float:
    share, n = np.cumsum(actual[np.argsort(by, kind="stable")]) / actual.sum(), len(actual)
    return float(share.sum() / n - (n + 1) / (2 * n))


def _varies(values: Vector) -> bool:
    return len(values) > 0 and bool(values.min() < values.max())


def _mean(values: Vector) -> float | None:
    return float(values.mean()) if len(values) else None


# --- parts of the table ----------------------------------------------------------------------------------------------


def _of_probabilities(bought: Flags, p_buy: Vector) -> dict[str, float | None]:
    p = clipped(p_buy)
    return {
        "auc": auc(bought, p),
        "average_precision": average_precision(bought, p),
        "log_loss": log_loss(bought, p),
        "brier": brier(bought, p),
        "ece": expected_calibration_error(bought, p),
        **_captured("buyers", bought.astype(np.float64), p),
    }


def _captured(name: str, actual: Vector, ranking: Vector) -> dict[str, float | None]:
    share = captured_share(actual, ranking)
    return {f"captured_{name}": share, f"gain_{name}": None if share is None else share / TOP}
