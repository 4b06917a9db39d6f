"""The products of a shop as of a day: how many customers bought each, and what it goes with."""

from dataclasses import dataclass
from typing import Any

from holdfast.engine import DuckEngine, Query, Rows
from holdfast.errors import InputError, NotFoundError
from holdfast.workflows.reading import as_json
from holdfast.workflows.recommender_files import PRODUCTS, Recommender
from holdfast.workflows.recommending import Companion, companions
from holdfast.workflows.shop import Shop

SORTABLE = ("customers", "orders", "units", "revenue", "first_sold_at", "last_sold_at", "product_id", "product_name")
SHOWN = ("product_id", "product_name", "category", "brand", "customers", "orders", "units", "revenue",
         "first_sold_at", "last_sold_at")  # fmt: skip

COMPANIONS = 20


@dataclass(frozen=True, slots=True)
class ProductPage:
    """Some products, how many the list has, and the place of the next; None on the last page."""

    items: list[dict[str, Any]]
    total: int
    next_place: int | None


@dataclass(frozen=True, slots=True)
class KnownProduct:
    """A product: its figures, whether it is offered, and what else its buyers buy; `gap_days` None without repeats."""

    figures: dict[str, Any]
    in_range: bool
    bought_again: float
    gap_days: float | None
    bought_with: list[Companion]


def page_of_products(
    shop: Shop, found: Recommender, *, search: str | None, sort: str | None, limit: int, first: int
) -> ProductPage:
    """Products in an order (`-revenue` = falling), from a place on; InputError for a column there is not."""
    name = (sort or "-customers").removeprefix("-")
    if name not in SORTABLE:
        raise InputError(f"Products have no {name[:80]!r}.", seen=name[:80], todo=f"Sort by {', '.join(SORTABLE)}.")
    falling = "DESC" if (sort or "-customers").startswith("-") else "ASC"
    where, parameters = "", dict[str, object]()
    if search:
        where = "WHERE contains(lower(product_id), lower($search)) OR contains(lower(product_name), lower($search))"
        parameters = {"search": search}
    text = f"""SELECT {", ".join(SHOWN)}, COUNT(*) OVER () AS total FROM listed {where}
        ORDER BY {name} {falling} NULLS LAST, product_key LIMIT {limit} OFFSET {first}"""
    rows = _asked(shop, found, Query("products", "one product", text, parameters))
    items = as_json(rows)
    total = items[0]["total"] if items else 0
    shown = [{name: item[name] for name in SHOWN} for item in items]
    return ProductPage(shown, total, first + limit if first + limit < total else None)


def known_product(shop: Shop, found: Recommender, product_id: str) -> KnownProduct:
    """All that is known of a product; NotFoundError where nobody bought it by the day."""
    text = f"SELECT product_key, {', '.join(SHOWN)} FROM listed WHERE product_id = $id"
    rows = as_json(_asked(shop, found, Query("product", "one product", text, {"id": product_id})))
    if not rows:
        raise NotFoundError(
            f"There is no product {product_id[:80]!r} that was sold before {found.facts['as_of']}.",
            seen=f"{sum(1 for each in found.ids if each):,} others.",
            todo="Check the id, or look from a later as_of. Ids are those of the file, letter by letter.",
        )
    key, fitted = int(rows[0]["product_key"]), found.fitted
    has_customers = key < len(fitted.buyers)
    gap = float(fitted.gap[key]) if has_customers else float("nan")
    return KnownProduct(
        figures={name: rows[0][name] for name in SHOWN},
        in_range=has_customers and bool(fitted.in_range[key]),
        bought_again=float(fitted.again[key]) if has_customers else 0.0,
        gap_days=round(gap, 1) if gap == gap else None,  # noqa: PLR0124 - NaN is not itself
        bought_with=companions(found, key, most=COMPANIONS) if has_customers else [],
    )


def _asked(shop: Shop, found: Recommender, query: Query) -> Rows:
    spill = shop.settings.spill_folder
    spill.mkdir(parents=True, exist_ok=True)
    with DuckEngine(memory_limit="256MB", threads=1, spill=spill) as engine:
        engine.bind("listed", found.folder / PRODUCTS)
        return engine.rows(query)
