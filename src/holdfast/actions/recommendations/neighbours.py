"""Which products go together: bought by the same customers, or in the same order.

Customers' pairs are weighed by cosine, in which a customer with many products counts less (a pair of one with n
products adds 1 / n), as in Deshpande and Karypis (2004), "Item-based top-N recommendation algorithms", ACM TOIS 22(1).
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from holdfast.actions.recommendations.purchases import Integers, Single

KEPT = 100
"""Neighbours of one product that are kept; the next hundred change no list of ten."""

LEAST_TOGETHER = 3
"""What two customers happened to do is no evidence."""

PRODUCTS_AT_ONCE = 256


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """For each product (row) those that go with it: `weight` for ranking, `both` counts who bought both.

    The two are products x products with the same places, each row sorted by column.
    """

    weight: sparse.csr_array
    both: sparse.csr_array

    def together(self, product: int, others: Integers) -> Integers:
        """How many bought a product and each of some others; 0 where they are no neighbours."""
        places = slice(self.both.indptr[product], self.both.indptr[product + 1])
        columns, counts = self.both.indices[places], self.both.data[places]
        if not len(columns):
            return np.zeros(len(others), dtype=np.int64)
        at = np.minimum(np.searchsorted(columns, others), len(columns) - 1)
        return np.where(columns[at] == others, counts[at], 0).astype(np.int64)

    def of(self, product: int) -> tuple[Integers, Integers]:
        """The neighbours of a product, the heaviest first, and how many bought both."""
        places = slice(self.weight.indptr[product], self.weight.indptr[product + 1])
        order = np.argsort(-self.weight.data[places], kind="stable")
        return (
            self.weight.indices[places][order].astype(np.int64),
            self.both.data[places][order].astype(np.int64),
        )


def bought_together(bought: sparse.csr_array) -> Neighbours:
    """Neighbours by customers (customers x products, 1 where bought), weighed by cosine."""
    many = np.maximum(np.asarray(bought.sum(axis=1)).ravel(), 1.0)
    weighed = sparse.csr_array(sparse.diags_array(1.0 / np.sqrt(many)) @ bought)
    length = np.sqrt(np.maximum(np.asarray(weighed.multiply(weighed).sum(axis=0)).ravel(), 1e-12))
    scaled = sparse.csr_array(weighed @ sparse.diags_array(1.0 / length)).astype(np.float32)
    return _neighbours(scaled, bought)


def in_one_basket(baskets: sparse.csr_array) -> Neighbours:
    """Neighbours by orders (orders x products): the share of orders with the row's product that held the column's."""
    count = np.maximum(np.asarray(baskets.sum(axis=0)).ravel(), 1.0)
    return _neighbours(baskets, baskets, share_of=count.astype(np.float32))


def _neighbours(weighed: sparse.csr_array, counted: sparse.csr_array, *, share_of: Single | None = None) -> Neighbours:
    """The heaviest KEPT columns of weighed' weighed and counted' counted, some rows at a time.

    The two have the same places, and nothing negative, so their products have the same places too.
    """
    products = weighed.shape[1]
    left, left_counted = weighed.tocsc(), counted.tocsc()
    rows, columns, weights, both = [], [], [], []
    for first in range(0, products, PRODUCTS_AT_ONCE):
        some = np.arange(first, min(first + PRODUCTS_AT_ONCE, products))
        together = _sorted(left_counted[:, some].T @ counted)
        weight = together if weighed is counted else _sorted(left[:, some].T @ weighed)
        row = np.repeat(np.arange(len(some)), np.diff(together.indptr))
        keep = (together.data >= LEAST_TOGETHER) & (together.indices != some[row])
        row, column, count, value = row[keep], together.indices[keep], together.data[keep], weight.data[keep]
        if share_of is not None:
            value = value / share_of[some[row]]
        heaviest = _first_of_each(row, value)
        rows.append(some[row[heaviest]])
        columns.append(column[heaviest])
        weights.append(value[heaviest])
        both.append(count[heaviest])
    place = (np.concatenate(rows), np.concatenate(columns)) if rows else (np.zeros(0, int), np.zeros(0, int))
    shape = (products, products)
    return Neighbours(
        *(
            sparse.csr_array((np.concatenate(values or [np.zeros(0)]).astype(np.float32), place), shape=shape)
            for values in (weights, both)
        )
    )


def _sorted(product: sparse.csr_array) -> sparse.csr_array:
    """With the places of each row in the order of columns."""
    found = sparse.csr_array(product)
    found.sort_indices()
    return found


def _first_of_each(row: Integers, value: Single) -> Integers:
    """Places of the KEPT largest values of each row."""
    order = np.lexsort((-value, row))
    ordered = row[order]
    rank = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    return np.asarray(order[rank < KEPT])
