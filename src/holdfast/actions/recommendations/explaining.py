"""Why a product stands on a list, with the numbers that it rests on."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from holdfast.actions.recommendations.factors import ALPHA
from holdfast.actions.recommendations.fitting import NO_CATEGORY, Fitted, Method
from holdfast.actions.recommendations.purchases import Histories, Integers, Single
from holdfast.actions.recommendations.rhythm import due

Named = Callable[[int], str]
"""What a product is called."""


class Label(StrEnum):
    """How a recommendation came about."""

    BOUGHT_WITH = "bought_with"
    SIMILAR_CUSTOMERS = "similar_customers"
    DUE_AGAIN = "due_again"
    POPULAR_IN_CATEGORY = "popular_in_category"
    POPULAR_IN_SEGMENT = "popular_in_segment"
    POPULAR = "popular"


@dataclass(frozen=True, slots=True)
class Why:
    """A label and its sentence; `because` are the products bought before that it rests on."""

    label: Label
    sentence: str
    because: tuple[int, ...] = ()


def why_due(fitted: Fitted, of: Histories, product: int) -> Why:
    """Of a product that is due again; `of` holds one customer."""
    place = int(np.flatnonzero(of.product == product)[0])
    found = due(of, fitted.gap, day=fitted.day)
    gap, ago, times = round(float(found.gap[place])), fitted.day - int(of.last[place]), int(of.times[place])
    if found.is_own[place]:
        return Why(
            Label.DUE_AGAIN,
            f"Bought on {times} days, usually every {_days(gap)}; last {_days(ago)} ago.",
            (product,),
        )
    return Why(
        Label.DUE_AGAIN,
        f"Last bought {_days(ago)} ago. {100 * float(fitted.again[product]):.0f} % of its buyers buy it again, after "
        f"{_days(gap)} on average.",
        (product,),
    )


def why_new(
    fitted: Fitted,
    method: Method,
    of: Histories,
    segment_name: str,
    product: int,
    named: Named,
    *,
    category: str | None,
) -> Why:
    """Of a product that was not bought yet; `of` holds one customer, `category` is that of the product."""
    if method is Method.POPULAR_IN_CATEGORY and category and _has_category(fitted, of, product):
        return Why(Label.POPULAR_IN_CATEGORY, f"Popular in {category}, bought from before: {_lately(fitted, product)}.")
    if method in (Method.SAME_BASKET, Method.BOUGHT_WITH, Method.SIMILAR_CUSTOMERS):
        found = _from_history(fitted, method, of, product, named)
        if found:
            return found
    if method is Method.POPULAR_IN_SEGMENT:
        return Why(Label.POPULAR_IN_SEGMENT, f"Popular among customers in {segment_name}: {_lately(fitted, product)}.")
    return Why(Label.POPULAR, f"{_lately(fitted, product)}.")


def _from_history(fitted: Fitted, method: Method, of: Histories, product: int, named: Named) -> Why | None:
    """What was bought before and goes with it; None where nothing does."""
    own = of.product.astype(np.int64)
    both = fitted.together.together(product, own)
    tied = np.flatnonzero(both)
    if not len(tied):
        return None
    strength = both / np.sqrt(np.maximum(fitted.buyers[own], 1))
    if method is Method.SIMILAR_CUSTOMERS:
        strength = np.where(both > 0, _contributions(fitted, of, product), -np.inf)
    order = np.argsort(-strength, kind="stable")[: len(tied)]
    first = int(own[order[0]])
    count = f"{int(both[order[0]]):,} of {int(fitted.buyers[first]):,} customers"
    if method is not Method.SIMILAR_CUSTOMERS or len(order) < 2:
        return Why(Label.BOUGHT_WITH, f"Bought with {named(first)} by {count}.", (first,))
    second = int(own[order[1]])
    sentence = f"Goes with {named(first)} and {named(second)}: {count} who bought the first bought it too."
    return Why(Label.SIMILAR_CUSTOMERS, sentence, (first, second))


def _contributions(fitted: Fitted, of: Histories, product: int) -> Single:
    """What each purchase adds to the score (Hu, Koren and Volinsky, section 5)."""
    factors = fitted.factors
    theirs, sure = factors.products[of.product], ALPHA * of.weight
    gram = factors.gram + (theirs * sure[:, None]).T @ theirs
    return np.asarray((1.0 + sure) * (theirs @ np.linalg.solve(gram, factors.products[product])))


def _has_category(fitted: Fitted, of: Histories, product: int) -> bool:
    own: Integers = fitted.category[of.product]
    return bool((own[own != NO_CATEGORY] == fitted.category[product]).any())


def _lately(fitted: Fitted, product: int) -> str:
    many = int(fitted.lately[product])
    return f"{many:,} customer{'' if many == 1 else 's'} bought it in the last {fitted.horizon} days"


def _days(many: int) -> str:
    return "1 day" if many == 1 else f"{many:,} days"
