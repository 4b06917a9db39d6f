"""Archetypes: K-Means on standardised recency, frequency and log money, with an honest "no clear clusters".

The fit is a function of the customers as a set: they are sorted by their features first, so that the order of rows
cannot change an archetype.

Sources: Kaufman and Rousseeuw (1990) for reading a silhouette up to 0.25 as "no substantial structure"; Hennig (2007)
for not trusting clusters whose stability is below 0.6.
"""

import itertools
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from holdfast.errors import PolicyError
from holdfast.segments.archetype_names import Profile, name_archetypes
from holdfast.segments.clusters import FIT_ON, Clustering, Labels, Matrix, cluster, nearest, thinned

NO_CLEAR_CLUSTERS = "No clear clusters"

RFM = ("days_since_last_order", "order_count", "net_revenue")
ENGAGEMENT = ("unique_products", "mean_order_value", "order_count_90d")
UNLOGGED = frozenset({"days_since_last_order", "order_count"})
"""Everything else is heavy-tailed and goes in as log(1 + x), negative values as 0."""

LARGEST_K = 8


@dataclass(frozen=True, slots=True)
class ArchetypeConfig:
    """How to look for archetypes.

    `k` is their number; with `choose_k` it is the one from 2 to 6 with the best silhouette among those whose stability
    reaches `stable_from`. With `engagement` the columns of ENGAGEMENT are added to RFM. Below `least_silhouette`,
    `least_stability` or `least_customers` the answer is "no clear clusters".
    """

    k: int = 3
    choose_k: bool = False
    engagement: bool = False
    seed: int = 0
    n_init: int = 10
    least_customers: int = 30
    least_silhouette: float = 0.25
    least_stability: float = 0.6
    stable_from: float = 0.8

    def __post_init__(self) -> None:
        if not 2 <= self.k <= LARGEST_K:
            raise PolicyError(
                "That number of archetypes is out of range.",
                seen=f"k = {self.k}.",
                todo=f"Ask for 2 to {LARGEST_K} archetypes (default: 3).",
            )

    @property
    def features(self) -> tuple[str, ...]:
        """The columns used."""
        return RFM + ENGAGEMENT if self.engagement else RFM


@dataclass(frozen=True, slots=True)
class Archetypes:
    """A fit, ready to be stored as JSON: how features are scaled, the centres in scaled units, their names.

    Feature j of a customer goes in as (x - means[j]) / scales[j], a missing one as 0. Clusters are ordered by value.
    `clear` is False where the customers fall into no clear clusters; `reason` then says why, with the number.
    """

    features: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    centres: tuple[tuple[float, ...], ...]
    names: tuple[str, ...]
    profiles: tuple[Profile, ...]
    silhouette: float | None
    stability: float | None
    clear: bool
    reason: str

    def as_json(self) -> dict[str, Any]:
        """Plain lists, numbers and texts."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The fit that `as_json` stored, also after a trip through JSON text."""
        return cls(
            **{
                **stored,
                **{name: tuple(stored[name]) for name in ("features", "means", "scales", "names")},
                "centres": tuple(tuple(centre) for centre in stored["centres"]),
                "profiles": tuple(Profile(**profile) for profile in stored["profiles"]),
            }
        )


def fit(
    customers: Mapping[str, npt.NDArray[Any]], *, config: ArchetypeConfig, previous: Archetypes | None = None
) -> Archetypes:
    """Find the archetypes of a shop.

    `customers` holds `config.features`, order_day_count and median_gap_days (NaN for one-day buyers), one value per
    customer. Given the `previous` fit, clusters that are still where they were keep their place and name.
    """
    raw = _raw(customers, config.features)
    raw = raw[np.lexsort(raw.T[::-1])]
    means, scales = _scaling(raw)
    scaled = _scale(raw, means, scales)
    nothing = Archetypes(config.features, means, scales, (), (), (), None, None, clear=False, reason="")

    distinct = len(np.unique(thinned(scaled, FIT_ON), axis=0))
    if len(scaled) < config.least_customers or distinct < config.k:
        seen = f"{len(scaled)} customers, {distinct} of them different"
        needed = f"{config.k} groups need at least {config.least_customers} customers, {config.k} of them different"
        return replace(nothing, reason=f"{seen}; {needed}")

    best = _best(scaled, config, distinct)
    found = replace(nothing, centres=_rows(best.centres), silhouette=best.silhouette, stability=best.stability)
    reason = _why_unclear(best, config)
    return replace(_named(found, customers, previous), clear=not reason, reason=reason)


def predict(fitted: Archetypes, customers: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[np.object_]:
    """The archetype of each customer, as text: the nearest centre's name, or "No clear clusters" for everybody."""
    if not fitted.clear:
        return np.full(len(customers[fitted.features[0]]), NO_CLEAR_CLUSTERS, dtype=object)
    named: npt.NDArray[np.object_] = np.array(fitted.names, dtype=object)[_clusters(fitted, customers)]
    return named


# --- features --------------------------------------------------------------------------------------------------------


def _raw(customers: Mapping[str, npt.NDArray[Any]], features: tuple[str, ...]) -> Matrix:
    """Customers x features, logs taken; missing stays NaN."""
    columns = [customers[name].astype(np.float64) for name in features]
    logged = [
        x if name in UNLOGGED else np.log1p(np.maximum(x, 0.0)) for name, x in zip(features, columns, strict=True)
    ]
    return np.column_stack(logged)


def _scaling(raw: Matrix) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation of each feature; a feature that never varies is left alone (scale 1)."""
    known = [column[~np.isnan(column)] for column in raw.T]
    means = tuple(float(column.mean()) if len(column) else 0.0 for column in known)
    spreads = (float(column.std()) if len(column) else 0.0 for column in known)
    return means, tuple(spread or 1.0 for spread in spreads)


def _scale(raw: Matrix, means: tuple[float, ...], scales: tuple[float, ...]) -> Matrix:
    scaled = (raw - np.array(means)) / np.array(scales)
    return np.where(np.isnan(scaled), 0.0, scaled)


def _rows(matrix: Matrix) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(x) for x in row) for row in matrix)


# --- clusters --------------------------------------------------------------------------------------------------------


def _best(scaled: Matrix, config: ArchetypeConfig, distinct: int) -> Clustering:
    """The clearest of the stable clusterings; the most stable one where none is."""
    numbers = range(2, min(6, distinct) + 1) if config.choose_k else (config.k,)
    candidates = [cluster(scaled, k, seed=config.seed, n_init=config.n_init) for k in numbers]
    stable = [candidate for candidate in candidates if candidate.stability >= config.stable_from]
    return max(stable, key=lambda c: c.silhouette) if stable else max(candidates, key=lambda c: c.stability)


def _why_unclear(best: Clustering, config: ArchetypeConfig) -> str:
    if best.silhouette < config.least_silhouette:
        return f"silhouette {best.silhouette:.2f}, below {config.least_silhouette:g}: customers differ by degrees"
    if best.stability < config.least_stability:
        return f"stability {best.stability:.2f}, below {config.least_stability:g}: a resample gives other groups"
    return ""


# --- names -----------------------------------------------------------------------------------------------------------


def _clusters(fitted: Archetypes, customers: Mapping[str, npt.NDArray[Any]]) -> Labels:
    scaled = _scale(_raw(customers, fitted.features), fitted.means, fitted.scales)
    return nearest(scaled, np.array(fitted.centres))


def _named(found: Archetypes, customers: Mapping[str, npt.NDArray[Any]], previous: Archetypes | None) -> Archetypes:
    """Put the clusters in order and name them: as in the previous fit where they are still there, else by value."""
    kept = None if previous is None else _order_of(previous, found)
    order = kept or _by_value(found.centres)
    ordered = replace(found, centres=tuple(found.centres[i] for i in order))
    profiles = _profiles(customers, _clusters(ordered, customers), len(order))
    names = previous.names if previous is not None and kept else name_archetypes(profiles)
    return replace(ordered, profiles=profiles, names=names)


def _by_value(centres: tuple[tuple[float, ...], ...]) -> list[int]:
    """The cluster with most money first; the others by money and frequency less recency, all in scaled units."""

    def money(i: int) -> float:
        return centres[i][2]

    def value(i: int) -> float:
        recency, frequency, money = centres[i][: len(RFM)]
        return money + frequency - recency

    first = max(range(len(centres)), key=money)
    return [first, *sorted((i for i in range(len(centres)) if i != first), key=value, reverse=True)]


def _order_of(previous: Archetypes, found: Archetypes) -> list[int] | None:
    """The order of `found` that fits the previous centres best, or None where a centre moved by a deviation or more."""
    if previous.features != found.features or len(previous.centres) != len(found.centres):
        return None
    scales = np.array(previous.scales)
    before = np.array(previous.centres) * scales + np.array(previous.means)
    now = np.array(found.centres) * np.array(found.scales) + np.array(found.means)
    moved = np.abs((before[:, None, :] - now[None, :, :]) / scales).max(axis=2)
    k = len(found.centres)
    best = min(itertools.permutations(range(k)), key=lambda order: float(sum(moved[i, j] for i, j in enumerate(order))))
    return list(best) if all(moved[i, j] < 1 for i, j in enumerate(best)) else None


def _profiles(customers: Mapping[str, npt.NDArray[Any]], clusters: Labels, k: int) -> tuple[Profile, ...]:
    return tuple(_profile(customers, clusters == cluster) for cluster in range(k))


def _profile(customers: Mapping[str, npt.NDArray[Any]], members: npt.NDArray[np.bool_]) -> Profile:
    gaps = customers["median_gap_days"][members].astype(np.float64)
    known = gaps[~np.isnan(gaps)]
    return Profile(
        customers=int(members.sum()),
        days_since_last_order=float(np.median(customers["days_since_last_order"][members])),
        order_days=float(np.median(customers["order_day_count"][members])),
        median_gap_days=float(np.median(known)) if 2 * len(known) >= len(gaps) and len(known) else None,
        net_revenue=float(np.median(customers["net_revenue"][members])),
    )
