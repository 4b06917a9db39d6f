"""Who bought what and when: the only thing that recommendations learn from."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

Integers = npt.NDArray[np.int64]
Vector = npt.NDArray[np.float64]
Single = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

NEVER = 2**31 - 1
"""The day on which what was never undone was undone."""


@dataclass(frozen=True, slots=True, eq=False)
class Purchases:
    """Goods that known customers bought: columns of equal length, one row per customer, order and product.

    `customer`, `product` and `order` count from 0; `day` and `undone` are day numbers; kept: NEVER.
    """

    customer: Integers
    product: Integers
    order: Integers
    day: Integers
    undone: Integers
    customers: int
    products: int

    def __len__(self) -> int:
        return len(self.customer)

    def known(self, day: int) -> "Purchases":
        """What was bought before a day, without what had been undone by then."""
        return self._where((self.day < day) & (self.undone >= day))

    def within(self, first: int, end: int) -> "Purchases":
        """What was bought from a day until before another, without what had been undone by then."""
        return self._where((self.day >= first) & (self.day < end) & (self.undone >= end))

    def _where(self, chosen: Flags) -> "Purchases":
        return Purchases(
            self.customer[chosen], self.product[chosen], self.order[chosen], self.day[chosen], self.undone[chosen],
            self.customers, self.products,
        )  # fmt: skip

    def pairs(self) -> sparse.csr_array:
        """Customers x products, 1 where somebody bought something."""
        return _ones(self.customer, self.product, (self.customers, self.products))

    def baskets(self) -> sparse.csr_array:
        """Orders x products, 1 where something was in an order."""
        _, order = np.unique(self.order, return_inverse=True)
        return _ones(order, self.product, (int(order.max(initial=-1)) + 1, self.products))


@dataclass(frozen=True)
class Histories:
    """What each customer had bought before a day: row r holds the places `start[r]` to `start[r + 1]` of the columns.

    `product`: what; `times`: on how many days; `first` and `last`: the first and the last of them; `weight`: the days
    added up, each halved for every horizon that has passed since.
    """

    start: Integers
    product: npt.NDArray[np.int32]
    times: npt.NDArray[np.int32]
    first: npt.NDArray[np.int32]
    last: npt.NDArray[np.int32]
    weight: Single
    products: int

    def __len__(self) -> int:
        return len(self.start) - 1

    def some(self, rows: Integers) -> "Histories":
        """The same for some customers."""
        counts = self.start[rows + 1] - self.start[rows]
        start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        places = np.repeat(self.start[rows] - start[:-1], counts) + np.arange(start[-1])
        return Histories(
            start, np.asarray(self.product[places]), np.asarray(self.times[places]), np.asarray(self.first[places]),
            np.asarray(self.last[places]), np.asarray(self.weight[places]), self.products,
        )  # fmt: skip

    @cached_property
    def weights(self) -> sparse.csr_array:
        """Customers x products, with the weight."""
        return self._matrix(self.weight)

    @cached_property
    def bought(self) -> sparse.csr_array:
        """Customers x products, 1 where somebody bought something."""
        return self._matrix(np.ones(len(self.product), dtype=np.float32))

    @cached_property
    def owner(self) -> Integers:
        """Whose each place is: the row of its customer."""
        return np.repeat(np.arange(len(self)), np.diff(self.start))

    @cached_property
    def latest(self) -> Integers:
        """The last day with a purchase of each customer; 0 for those without one."""
        found = np.zeros(len(self), dtype=np.int64)
        np.maximum.at(found, self.owner, self.last)
        return found

    def _matrix(self, values: npt.NDArray[Any]) -> sparse.csr_array:
        return sparse.csr_array((values, self.product, self.start), shape=(len(self), self.products))


def histories(purchases: Purchases, *, day: int, half_life: int) -> Histories:
    """What each customer had bought before a day; weights halve every `half_life` days."""
    known = purchases.known(day)
    pair = known.customer * purchases.products + known.product
    days = np.unique(np.stack([pair, known.day]), axis=1) if len(known) else np.zeros((2, 0), dtype=np.int64)
    pairs, begins, times = np.unique(days[0], return_index=True, return_counts=True)
    ends = begins + times - 1
    faded = np.concatenate([[0.0], np.cumsum(0.5 ** ((day - days[1]) / half_life))])
    customer, product = np.divmod(pairs, purchases.products)
    start = np.concatenate([[0], np.cumsum(np.bincount(customer, minlength=purchases.customers))])
    return Histories(
        start=start.astype(np.int64),
        product=product.astype(np.int32),
        times=times.astype(np.int32),
        first=days[1][begins].astype(np.int32),
        last=days[1][ends].astype(np.int32),
        weight=(faded[ends + 1] - faded[begins]).astype(np.float32),
        products=purchases.products,
    )


def _ones(row: Integers, column: Integers, shape: tuple[int, int]) -> sparse.csr_array:
    found = sparse.csr_array((np.ones(len(row), dtype=np.float32), (row, column)), shape=shape)
    found.sum_duplicates()
    found.data[:] = 1.0
    return found
