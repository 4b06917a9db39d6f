"""What to offer a customer, and what goes with a product: look-ups in what was learned of a shop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from holdfast.actions.recommendations import NOTHING, Label, Method, Why, offer, why_due, why_new
from holdfast.engine import Query
from holdfast.errors import InputError, NotFoundError
from holdfast.workflows.opened_views import View
from holdfast.workflows.recommender_files import Recommender
from holdfast.workflows.recommender_making import SEGMENTS, needed_recommender
from holdfast.workflows.shop import Shop
from holdfast.workflows.view_making import PAGES
from holdfast.workflows.views import needed_view

MOST = 100
"""Recommendations for one customer: more than anybody reads."""

DEFAULT = 10
CUSTOMERS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Because:
    """A product bought before, on which a recommendation rests."""

    product_id: str
    product_name: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A product for a customer; `score` is the chance that it is bought within the horizon where that can be told."""

    rank: int
    product_id: str
    product_name: str
    category: str | None
    score: float
    label: str
    explanation: str
    because: tuple[Because, ...]


@dataclass(frozen=True, slots=True)
class Recommended:
    """The list of one customer; `method` ranked what is new on it, `note` says what was done otherwise than usual."""

    customer_id: str
    method: str
    note: str
    items: tuple[Recommendation, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """The lists of several customers, in the order they were asked for; ids nobody knows stand apart."""

    recommender: Recommender
    items: tuple[Recommended, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Companion:
    """A product bought with another: by how many of those who bought that one."""

    product_id: str
    product_name: str
    both: int
    share: float


def recommend(
    shop: Shop,
    customer_ids: Sequence[str],
    *,
    n: int = DEFAULT,
    again: bool = True,
    as_of: str | date | None = None,
    view: View | None = None,
    wait: bool = False,
) -> Together:
    """What to offer some customers as of a day; `again`: also what they bought before, if it is due.

    Raises InputError for an `n` out of bounds, and what `needed_recommender` raises.
    """
    if not 1 <= n <= MOST:
        raise InputError("That many cannot be recommended.", seen=f"n was {n}.", todo=f"Ask for 1 to {MOST}.")
    seen = view or needed_view(shop, as_of=as_of)
    found = needed_recommender(shop, as_of=seen.facts.as_of, wait=wait)
    keys = _keys(seen, customer_ids)
    known = [each for each in customer_ids if each in keys]
    unknown = tuple(each for each in customer_ids if each not in keys)
    lists = _lists(found, [keys[each] for each in known], n=n, again=again)
    items = tuple(Recommended(name, *made) for name, made in zip(known, lists, strict=True))
    return Together(found, items, unknown)


def recommend_one(
    shop: Shop, customer_id: str, *, n: int = DEFAULT, again: bool = True, as_of: str | date | None = None
) -> Together:
    """The same for one; NotFoundError for a stranger."""
    view = needed_view(shop, as_of=as_of)
    found = recommend(shop, [customer_id], n=n, again=again, view=view)
    _everybody_known(found, view)
    return found


def recommend_all(
    shop: Shop, customer_ids: Sequence[str], *, n: int = DEFAULT, again: bool = True, as_of: str | date | None = None
) -> list[Recommended]:
    """The same for several, however long it takes; NotFoundError where one is a stranger."""
    view = needed_view(shop, as_of=as_of)
    found = recommend(shop, customer_ids, n=n, again=again, view=view, wait=True)
    _everybody_known(found, view)
    return list(found.items)


def _everybody_known(found: Together, view: View) -> None:
    if found.unknown:
        raise NotFoundError(
            f"There is no customer {found.unknown[0][:80]!r} with an order before {view.facts.as_of}.",
            seen=f"{view.facts.customers:,} others.",
            todo="Check the id, or look from a later as_of. Ids are those of the file, letter by letter.",
        )


def write_recommendations(
    shop: Shop, out: Path, *, n: int = DEFAULT, again: bool = True, as_of: str | date | None = None
) -> int:
    """Write the lists of all customers to a .csv or .parquet file, one row a recommendation; returns the rows."""
    view = needed_view(shop, as_of=as_of)
    with view.engine() as engine:
        ids = [row[0] for row in engine.rows(Query("ids", "one customer", _IDS)).rows]
    columns: dict[str, list[Any]] = {name: [] for name in _WRITTEN}
    for first in range(0, len(ids), CUSTOMERS_AT_ONCE):
        some = recommend(shop, ids[first : first + CUSTOMERS_AT_ONCE], n=n, again=again, view=view, wait=True)
        for each in some.items:
            for item in each.items:
                columns["customer_id"].append(each.customer_id)
                for name in _WRITTEN[1:]:
                    columns[name].append(getattr(item, name))
    with shop.engine() as engine:
        engine.bind_columns("lists", {name: _column(values) for name, values in columns.items()})
        text = f"SELECT {', '.join(_WRITTEN)} FROM lists"
        return engine.write(Query("lists", "one recommendation", text), out)


_WRITTEN = ("customer_id", "rank", "product_id", "product_name", "score", "label", "explanation")
_IDS = f"SELECT customer_id FROM {PAGES} ORDER BY customer_id"


def companions(found: Recommender, product: int, *, most: int) -> list[Companion]:
    """What is bought with a product, the closest first; `share` is of the product's own buyers."""
    others, both = found.fitted.together.of(product)
    buyers = max(int(found.fitted.buyers[product]), 1)
    return [
        Companion(found.ids[other], found.names[other], int(count), int(count) / buyers)
        for other, count in zip(others[:most].tolist(), both[:most].tolist(), strict=True)
    ]


# --- parts -----------------------------------------------------------------------------------------------------------


def _keys(view: View, customer_ids: Sequence[str]) -> dict[str, int]:
    text = f"SELECT customer_id, customer_key FROM {PAGES} WHERE customer_id IN (SELECT unnest($ids))"
    if len(customer_ids) == 1:  # found by the index
        text = f"SELECT customer_id, customer_key FROM {PAGES} WHERE customer_id = $ids"
    parameters: dict[str, object] = {"ids": customer_ids[0] if len(customer_ids) == 1 else list(customer_ids)}
    with view.engine() as engine:
        return dict(engine.rows(Query("keys", "one customer", text, parameters)).rows)


def _lists(
    found: Recommender, keys: Sequence[int], *, n: int, again: bool
) -> list[tuple[str, str, tuple[Recommendation, ...]]]:
    """For each customer the method, the note and the list."""
    made: dict[int, tuple[str, str, tuple[Recommendation, ...]]] = {}
    rows = np.array([key if key < len(found.histories) else -1 for key in keys], dtype=np.int64)
    start = found.histories.start
    has_bought = np.array([row >= 0 and start[row + 1] > start[row] for row in rows], dtype=np.bool_)
    for which, method in ((has_bought, found.method), (~has_bought, Method.POPULAR_IN_SEGMENT)):
        places = np.flatnonzero(which)
        if not len(places):
            continue
        chosen = np.maximum(rows[places], 0)
        of = found.histories.some(chosen)
        segment = np.asarray(found.segment[chosen])
        offered = offer(found.fitted, method, found.chances, of, segment, n=n, again=again)
        for nth, place in enumerate(places.tolist()):
            one, group = of.some(np.array([nth])), SEGMENTS[int(segment[nth])]
            items = tuple(
                _item(found, method, one, group, rank, product, is_again=is_again, score=score)
                for rank, (product, is_again, score) in enumerate(
                    zip(
                        offered.products[nth].tolist(),
                        offered.is_again[nth].tolist(),
                        offered.score[nth].tolist(),
                        strict=True,
                    ),
                    start=1,
                )
                if product != NOTHING
            )
            made[place] = (method.value, _note(group, len(items), n, is_known=bool(which is has_bought)), items)
    return [made[place] for place in range(len(keys))]


def _note(group: str, many: int, n: int, *, is_known: bool) -> str:
    said = []
    if not is_known:
        said.append(f"Nothing bought was kept, so what is popular in the group {group} is shown.")
    if many < n:
        said.append(f"{many} of {n}: everything else in range was bought already." if many else _NOTHING_LEFT)
    return " ".join(said)


_NOTHING_LEFT = "Everything in range was bought already."


def _item(
    found: Recommender,
    method: Method,
    of: Any,
    group: str,
    rank: int,
    product: int,
    *,
    is_again: bool,
    score: float,
) -> Recommendation:
    category = found.categories[product] or None

    def named(other: int) -> str:
        return found.names[other]

    why: Why = (
        why_due(found.fitted, of, product)
        if is_again
        else why_new(found.fitted, method, of, group, product, named, category=category)
    )
    return Recommendation(
        rank=rank,
        product_id=found.ids[product],
        product_name=found.names[product],
        category=category,
        score=round(float(score), 6),
        label=Label(why.label).value,
        explanation=why.sentence,
        because=tuple(Because(found.ids[each], found.names[each]) for each in why.because),
    )


def _column(values: list[Any]) -> Any:
    if values and isinstance(values[0], str):
        return np.array(values, dtype=object)
    return np.array(values)
