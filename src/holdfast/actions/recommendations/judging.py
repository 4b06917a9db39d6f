"""What lists would have been worth: made on a past day, judged by what was bought within the horizon after it.

Judged are customers who were known on the day and bought something in the horizon. Each measure is told twice: on
whatever they bought, where repeating what they always buy does well, and on what was new to them. NDCG as Jarvelin and
Kekalainen (2002), "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20(4), with gains of 0 and 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from holdfast.actions.recommendations.fitting import Fitted, Method
from holdfast.actions.recommendations.purchases import Histories, Integers, Purchases, Vector
from holdfast.actions.recommendations.ranking import NOTHING, best

AT = 10
"""As many as a page or an e-mail shows."""

RESAMPLES = 1_000

LEAST_JUDGED = 50
"""Customers below whom methods cannot be told apart."""

MOST_JUDGED = 5_000
"""Customers drawn at random where there are more: an interval of a hundredth is narrow enough to choose by."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A method on some customers, at ten products each.

    `hit_rate`: the share of customers with a hit; `coverage`: the share of the products in range that were shown to
    anybody; `gain`: NDCG above that of popularity, with its 95 % interval by paired bootstrap.
    """

    customers: int
    hit_rate: float
    recall: float
    ndcg: float
    coverage: float
    gain: float = 0.0
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Who is judged (rows of the histories), and what each bought: customers x products."""

    rows: Integers
    bought: sparse.csr_array


def truths(of: Histories, bought: Purchases, *, seed: int, most: int | None = MOST_JUDGED) -> tuple[Truth, Truth]:
    """What was bought by customers who were known before: anything, and what was new to them."""
    known = np.diff(of.start) > 0
    pairs = bought.pairs()
    pairs = sparse.csr_array(sparse.diags_array(known.astype(np.float32)) @ pairs)
    new = sparse.csr_array(pairs - pairs.multiply(of.bought))
    return _truth(pairs, seed, most), _truth(new, seed, most)


def _truth(pairs: sparse.csr_array, seed: int, most: int | None) -> Truth:
    pairs.eliminate_zeros()
    rows = np.flatnonzero(np.diff(pairs.indptr) > 0)
    if most is not None and len(rows) > most:
        rows = np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))
    return Truth(rows, pairs[rows])


def judge(fitted: Fitted, of: Histories, segment: Integers, truth: Truth, *, new: bool, seed: int) -> "Judged":
    """Every method on the customers of a truth; `new` is whether lists leave out what was bought before."""
    theirs, segments = of.some(truth.rows), segment[truth.rows]
    lists: dict[str, Integers] = {
        method: best(fitted, method, theirs, segments, n=AT, also_bought=not new).products for method in fitted.methods
    }
    return judged(lists, truth, in_range=int(fitted.in_range.sum()), seed=seed)


Judged = Mapping[str, Measured]
"""By method."""


def judged(lists: Mapping[str, Integers], truth: Truth, *, in_range: int, seed: int) -> Judged:
    """Lists of several methods on the same customers, beside those of popularity; empty where nobody is judged."""
    if not len(truth.rows):
        return {}
    figures = {name: _figures(products, truth.bought) for name, products in lists.items()}
    drawn = _draws(len(truth.rows), seed)
    usual = figures[Method.POPULAR][2]
    found = {}
    for name, (hit, recall, ndcg) in figures.items():
        difference = ndcg - usual
        low, high = np.percentile(drawn @ difference, [2.5, 97.5])
        shown = np.unique(lists[name][lists[name] != NOTHING])
        found[str(name)] = Measured(
            customers=len(truth.rows),
            hit_rate=float(hit.mean()),
            recall=float(recall.mean()),
            ndcg=float(ndcg.mean()),
            coverage=len(shown) / max(in_range, 1),
            gain=float(difference.mean()),
            low=float(low),
            high=float(high),
        )
    return found


def _figures(products: Integers, bought: sparse.csr_array) -> tuple[Vector, Vector, Vector]:
    """Hit, recall and NDCG of each customer."""
    row = np.repeat(np.arange(len(products)), products.shape[1])
    column = np.maximum(products, 0).ravel()
    hits = np.asarray(bought[row, column]).reshape(products.shape) * (products != NOTHING)
    many = np.diff(bought.indptr)
    discount = 1.0 / np.log2(np.arange(2, products.shape[1] + 2))
    ideal = np.cumsum(discount)[np.minimum(many, products.shape[1]) - 1]
    return (hits.any(axis=1)).astype(np.float64), hits.sum(axis=1) / many, (hits @ discount) / ideal


def _draws(n: int, seed: int) -> Vector:
    """Each row: how often each customer was drawn, as a share."""
    random = np.random.default_rng(seed)
    return random.multinomial(n, np.full(n, 1.0 / n), size=RESAMPLES) / n


def chosen(found: Judged) -> tuple[Method, str]:
    """The method to use after a comparison, and why: the best one that is surely better than popularity, else that."""
    if not found or next(iter(found.values())).customers < LEAST_JUDGED:
        many = next(iter(found.values())).customers if found else 0
        return Method.POPULAR, (
            f"What is popular is shown: {many} customers came back for something new, fewer than the {LEAST_JUDGED} it "
            "takes to tell whether another method is better."
        )
    better = {name: measured for name, measured in found.items() if measured.low > 0}
    usual = found[Method.POPULAR]
    if not better:
        return Method.POPULAR, (
            f"What is popular is shown: on this shop's past no other method was surely better. Its ten held something "
            f"new that was then bought for {100 * usual.hit_rate:.1f} % of {usual.customers:,} customers."
        )
    name = max(better, key=lambda each: better[each].ndcg)
    return Method(name), (
        f"On this shop's past, ten products held something new that was then bought for "
        f"{100 * better[name].hit_rate:.1f} % of {usual.customers:,} customers; the ten most popular did for "
        f"{100 * usual.hit_rate:.1f} %."
    )
