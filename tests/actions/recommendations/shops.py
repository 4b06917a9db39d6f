"""Shops as lists of purchases, small enough to be read, or drawn with a truth that is known."""

from collections.abc import Sequence

import numpy as np

from holdfast.actions.recommendations import NEVER, NO_CATEGORY, Purchases, Study, study

Row = tuple[int, int, int]
"""Customer, product, day."""


def purchases(rows: Sequence[Row], *, customers: int, products: int, undone: dict[int, int] | None = None) -> Purchases:
    """Each customer's purchases of a day are one order; `undone`: place among the rows -> day."""
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    days = np.full(len(table), NEVER, dtype=np.int64)
    for place, day in (undone or {}).items():
        days[place] = day
    _, order = np.unique(table[:, [0, 2]], axis=0, return_inverse=True)
    return Purchases(
        table[:, 0],
        table[:, 1],
        order.ravel().astype(np.int64),
        table[:, 2],
        days,
        customers=customers,
        products=products,
    )


def clubs(*, seed: int, customers: int = 400, per_club: int = 20, days: int = 400) -> Purchases:
    """Two clubs that buy from their own half of the products alone, at random, three at a time."""
    random = np.random.default_rng(seed)
    rows: list[Row] = []
    for customer in range(customers):
        club = customer % 2
        for day in np.unique(random.integers(0, days, 6)):
            chosen = random.choice(per_club, 3, replace=False) + club * per_club
            rows += [(customer, int(product), int(day)) for product in chosen]
    return purchases(rows, customers=customers, products=2 * per_club)


def alike(*, seed: int, customers: int = 400, products: int = 40, days: int = 400) -> Purchases:
    """Everybody draws from the same products, a few of which are popular: nothing tells one customer from another."""
    random = np.random.default_rng(seed)
    chance = 1.0 / np.arange(1, products + 1)
    rows = [
        (customer, int(product), int(day))
        for customer in range(customers)
        for day in np.unique(random.integers(0, days, 5))
        for product in random.choice(products, 2, replace=False, p=chance / chance.sum())
    ]
    return purchases(rows, customers=customers, products=products)


def studied(of: Purchases, *, day: int = 400, horizon: int = 90, seed: int = 7) -> Study:
    """A study without categories and with one segment."""
    return study(
        of,
        day=day,
        horizon=horizon,
        category=np.full(of.products, NO_CATEGORY),
        segments_at=lambda _: np.zeros(of.customers, dtype=np.int64),
        segments=1,
        seed=seed,
    )
