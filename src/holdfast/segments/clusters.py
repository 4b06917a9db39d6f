"""K-Means, and how far its clusters can be trusted. Points are rows of standardised features.

Sources: Lloyd (1982) for K-Means; Rousseeuw (1987) for the silhouette; Hennig (2007) for stability by bootstrap; Hubert
and Arabie (1985) for the adjusted Rand index, with which two clusterings are compared.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from threadpoolctl import threadpool_limits

FIT_ON = 20_000  # that many points fix a mean to 0.007 standard deviations
JUDGE_ON = 5_000  # the silhouette is quadratic in points
RESAMPLES = 10

Matrix = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Clustering:
    """Centres (k x features), how well they separate the points (-1 to 1), how reproducible they are (up to 1)."""

    centres: Matrix
    silhouette: float
    stability: float


def cluster(ordered: Matrix, k: int, *, seed: int, n_init: int) -> Clustering:
    """K clusters of points, of which at least k differ.

    Points come sorted, and one thread does the sums, so that neither the order of a table nor the machine's threads can
    change the answer.
    """
    with threadpool_limits(limits=1):
        centres = _k_means(thinned(ordered, FIT_ON), k, seed=seed, n_init=n_init)
        judged = thinned(ordered, JUDGE_ON)
        labels = nearest(judged, centres)
        told = 2 <= len(np.unique(labels)) < len(labels)
        silhouette = float(silhouette_score(judged, labels)) if told else 0.0
        return Clustering(centres, silhouette, _stability(judged, labels, k, seed=seed))


def thinned(ordered: Matrix, at_most: int) -> Matrix:
    """Every n-th row, so that a sample of sorted points has the spread of all of them."""
    if len(ordered) <= at_most:
        return ordered
    return ordered[np.linspace(0, len(ordered) - 1, at_most).astype(np.int64)]


def nearest(points: Matrix, centres: Matrix) -> Labels:
    """For each point the position of its nearest centre."""
    distances = np.stack([((points - centre) ** 2).sum(axis=1) for centre in centres])
    return np.asarray(distances.argmin(axis=0), dtype=np.int64)


def _k_means(points: Matrix, k: int, *, seed: int, n_init: int) -> Matrix:
    fitted = KMeans(k, n_init=n_init, random_state=seed, algorithm="lloyd").fit(points)
    return np.asarray(fitted.cluster_centers_, dtype=np.float64)


def _stability(points: Matrix, labels: Labels, k: int, *, seed: int) -> float:
    """Mean agreement (adjusted Rand index) of `labels` with the clusters found in resamples of the points."""
    random = np.random.default_rng(seed)
    agreements = []
    for _ in range(RESAMPLES):
        resample = points[random.integers(0, len(points), len(points))]
        if len(np.unique(resample, axis=0)) < k:
            agreements.append(0.0)  # a whole cluster was lost by chance
            continue
        centres = _k_means(resample, k, seed=seed, n_init=3)
        agreements.append(float(adjusted_rand_score(labels, nearest(points, centres))))
    return float(np.mean(agreements))
