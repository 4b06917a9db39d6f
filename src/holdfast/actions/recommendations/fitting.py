"""All that is learned from the purchases before a day, and how each method scores products with it."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import sparse

from holdfast.actions.recommendations.factors import Factors, fit_factors
from holdfast.actions.recommendations.neighbours import Neighbours, bought_together, in_one_basket
from holdfast.actions.recommendations.purchases import Flags, Histories, Integers, Purchases, Single, Vector, histories
from holdfast.actions.recommendations.rhythm import again_shares, usual_gaps

SHRUNK = 50.0
"""So many customers of the whole shop are added to each segment, so that a small one does not follow its accidents."""

OWN_CATEGORY = 5.0
"""By how much a product of a category bought before goes before others: between ignoring categories and only those."""

FRESH = 1 / 3
"""The part of the horizon that tells whether a product is asked for just now."""

FRESH_PRIOR = 5.0
"""So many average buyers are added to each product before its share of fresh ones is taken."""

NO_CATEGORY = -1
TIE = 1e-6
"""By how much popularity counts where a method has nothing to say."""


class Method(StrEnum):
    """A way to rank products for a customer, from the simplest on."""

    POPULAR = "popular"
    POPULAR_IN_SEGMENT = "popular_in_segment"
    POPULAR_IN_CATEGORY = "popular_in_category"
    SAME_BASKET = "same_basket"
    BOUGHT_WITH = "bought_with"
    SIMILAR_CUSTOMERS = "similar_customers"


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What was learned from the purchases before `day`, product by product (columns in the order of products).

    `in_range`: sold within the last horizon. `buyers`: customers who ever bought it; `lately`: within the horizon.
    `popular`: customers, those of long ago counting less. `by_segment`: segments x products, as a share of customers.
    `category` counts from 0, NO_CATEGORY where there is none. `fresh`: how much more it is asked for just now than
    before. `gap`: days between purchases by one customer; `again`: the share of buyers who bought it again.
    """

    day: int
    horizon: int
    in_range: Flags
    buyers: Integers
    lately: Integers
    popular: Vector
    by_segment: Single
    category: Integers
    fresh: Single
    gap: Vector
    again: Vector
    together: Neighbours
    basket: Neighbours
    factors: Factors

    @property
    def methods(self) -> tuple[Method, ...]:
        """Those that the data allow."""
        has_categories = bool((self.category != NO_CATEGORY).any())
        return tuple(each for each in Method if has_categories or each is not Method.POPULAR_IN_CATEGORY)

    def scores(self, method: Method, of: Histories, segment: Integers) -> Single:
        """How a method scores every product for some customers (customers x products); the order alone means something.

        `segment` holds the customers' segments, by row of `by_segment`.
        """
        tie = (TIE * self.popular / max(float(self.popular.max(initial=0.0)), 1e-12)).astype(np.float32)
        if method is Method.POPULAR:
            return np.tile(self.popular.astype(np.float32), (len(of), 1))
        if method is Method.POPULAR_IN_SEGMENT:
            return np.asarray(self.by_segment[segment])
        if method is Method.POPULAR_IN_CATEGORY:
            return self._by_category(of)
        if method is Method.SAME_BASKET:
            return np.asarray((_last_basket(of) @ self.basket.weight).toarray() + tie)
        if method is Method.BOUGHT_WITH:
            return np.asarray((of.weights @ self.together.weight).toarray() + tie)
        wanted = np.maximum(self.factors.customers(of) @ self.factors.products.T, 0.0)
        return np.asarray(wanted * self.fresh + tie)

    def _by_category(self, of: Histories) -> Single:
        count = int(self.category.max(initial=NO_CATEGORY)) + 1
        known = np.zeros((len(of), count + 1), dtype=np.float32)
        known[of.owner, self.category[of.product]] = OWN_CATEGORY
        known[:, NO_CATEGORY] = 0.0
        return (1.0 + known[:, self.category]) * self.popular.astype(np.float32)


def fit(
    purchases: Purchases, *, day: int, horizon: int, category: Integers, segment: Integers, segments: int, seed: int
) -> Fitted:
    """Learn from what was bought before a day.

    `category` holds the category of each product, `segment` the segment of each customer as of the day, `segments` how
    many there are.
    """
    known = purchases.known(day)
    past = histories(purchases, day=day, half_life=horizon)
    buyers = np.bincount(past.product, minlength=purchases.products)
    weight = np.minimum(past.weight, 1.0).astype(np.float64)
    popular: Vector = np.bincount(past.product, weights=weight, minlength=purchases.products).astype(np.float64)
    lately = _buyers_since(known, day - horizon)
    return Fitted(
        day=day,
        horizon=horizon,
        in_range=lately > 0,
        buyers=buyers,
        lately=lately,
        popular=popular,
        by_segment=_by_segment(past, popular, segment, segments),
        category=category,
        fresh=_fresh(buyers, _buyers_since(known, day - round(FRESH * horizon))),
        gap=usual_gaps(past),
        again=again_shares(past),
        together=bought_together(past.bought),
        basket=in_one_basket(known.baskets()),
        factors=fit_factors(past, seed=seed),
    )


def _buyers_since(known: Purchases, day: int) -> Integers:
    lately = known.day >= day
    pairs = np.unique(known.customer[lately] * known.products + known.product[lately])
    return np.bincount(pairs % known.products, minlength=known.products)


def _fresh(buyers: Integers, lately: Integers) -> Single:
    """The root of each product's share of fresh buyers: half way between trusting it and not."""
    usual = lately.sum() / max(int(buyers.sum()), 1)
    return np.asarray(np.sqrt((lately + FRESH_PRIOR * usual) / (buyers + FRESH_PRIOR)), dtype=np.float32)


def _by_segment(past: Histories, popular: Vector, segment: Integers, segments: int) -> Single:
    bought_something = np.diff(past.start) > 0
    share = popular / max(int(bought_something.sum()), 1)
    place = segment[past.owner] * past.products + past.product
    counts = np.bincount(place, weights=np.minimum(past.weight, 1.0), minlength=segments * past.products)
    sizes = np.bincount(segment[bought_something], minlength=segments)[:, None]
    found = (counts.reshape(segments, past.products) + SHRUNK * share) / (sizes + SHRUNK)
    return np.asarray(found, dtype=np.float32)


def _last_basket(of: Histories) -> sparse.csr_array:
    """Customers x products, 1 for what was bought on a customer's last day."""
    found = of.bought.copy()
    found.data = (of.last == of.latest[of.owner]).astype(np.float32)
    return found
