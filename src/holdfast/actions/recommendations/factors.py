"""Matrix factorisation of who bought what, for purchases without ratings.

Hu, Koren and Volinsky (2008), "Collaborative filtering for implicit feedback datasets", ICDM. What was bought is wanted
(1) with confidence 1 + alpha * weight, everything else is not (0) with confidence 1; customers and products get vectors
whose product comes close to that. Each half step is a least squares problem per row, here solved for all rows at once
by a few steps of conjugate gradients (Takacs, Pilaszy and Tikk, 2011, "Applications of the conjugate gradient method
for implicit feedback collaborative filtering", RecSys). Only the products' vectors are kept: a customer's follows from
its purchases, so that new purchases count at once.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from holdfast.actions.recommendations.purchases import Histories, Integers, Single

RANK = 64
PENALTY = 20.0
ALPHA = 10.0
ROUNDS = 5
STEPS = 3
"""Found on a past date of Online Retail: half the rank or a quarter of the penalty is worse, more rounds no better."""

MOST_LEARNED = 100_000
"""Customers that are learned from; more of them move the vectors of products by less than another seed."""

PLACES_AT_ONCE = 16_384
"""Purchases whose vectors are multiplied at once: 4 MB, which the cache of a processor holds."""


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """A vector for each product (products x rank), and their `gram` matrix with the penalty on its diagonal."""

    products: Single
    gram: Single

    def customers(self, of: Histories) -> Single:
        """The vectors of customers (customers x rank), from what they bought."""
        rank = self.products.shape[1]
        left = np.broadcast_to(self.gram, (len(of), rank, rank)).copy()
        right = np.zeros((len(of), rank), dtype=np.float32)
        for row in range(len(of)):
            places = slice(of.start[row], of.start[row + 1])
            theirs, sure = self.products[of.product[places]], ALPHA * of.weight[places]
            left[row] += (theirs * sure[:, None]).T @ theirs
            right[row] = (1.0 + sure) @ theirs
        return np.asarray(np.linalg.solve(left, right[:, :, None])[:, :, 0], dtype=np.float32)


def fit_factors(of: Histories, *, seed: int) -> Factors:
    """Learn the vectors of products from customers who bought at least two: one purchase alone connects nothing."""
    random = np.random.default_rng(seed)
    rows = np.flatnonzero(np.diff(of.start) >= 2)
    if len(rows) > MOST_LEARNED:
        rows = np.sort(random.choice(rows, MOST_LEARNED, replace=False))
    sure = of.some(rows).weights * np.float32(ALPHA)
    sure_by_product = sure.T.tocsr()
    rank = max(min(RANK, min(sure.shape) // 2), 1)
    products = random.normal(0.0, 0.1, (sure.shape[1], rank)).astype(np.float32)
    customers = np.zeros((sure.shape[0], rank), dtype=np.float32)
    for _ in range(ROUNDS):
        customers = _half_step(sure, products, customers)
        products = _half_step(sure_by_product, customers, products)
    return Factors(products, _gram(products))


def _gram(vectors: Single) -> Single:
    return vectors.T @ vectors + np.float32(PENALTY) * np.eye(vectors.shape[1], dtype=np.float32)


def _half_step(sure: sparse.csr_array, others: Single, begin: Single) -> Single:
    """The vectors of the rows of `sure`, given those of its columns, beginning from where they were."""
    gram, times = _gram(others), _multiplier(sure, others)
    wanted = sure.copy()
    wanted.data = 1.0 + sure.data
    found = begin
    residual = wanted @ others - (found @ gram + times(found))
    direction, size = residual, _squares(residual)
    for _ in range(STEPS):
        ahead = direction @ gram + times(direction)
        step = size / np.maximum((direction * ahead).sum(axis=1), 1e-12)
        found = found + step[:, None] * direction
        residual = residual - step[:, None] * ahead
        previous, size = size, _squares(residual)
        direction = residual + (size / np.maximum(previous, 1e-12))[:, None] * direction
    return np.asarray(found, dtype=np.float32)


def _multiplier(sure: sparse.csr_array, others: Single) -> Callable[[Single], Single]:
    """Multiplies the vector of each row with the sum of c v v' over what it bought, without writing these down."""
    rows: Integers = np.repeat(np.arange(sure.shape[0]), np.diff(sure.indptr))
    scaled = sure.copy()

    def times(vectors: Single) -> Single:
        for first in range(0, len(rows), PLACES_AT_ONCE):
            some = slice(first, first + PLACES_AT_ONCE)
            products = np.einsum("ij,ij->i", vectors[rows[some]], others[sure.indices[some]])
            scaled.data[some] = sure.data[some] * products
        return np.asarray(scaled @ others)

    return times


def _squares(vectors: Single) -> Single:
    return np.asarray((vectors * vectors).sum(axis=1))
