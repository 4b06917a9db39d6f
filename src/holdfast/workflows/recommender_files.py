"""What was learned of a shop's products, as files in a folder: arrays that are read at once, histories that are mapped.

Histories of a million customers stay on the disk; one customer's are a few reads of it.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from holdfast.actions.recommendations import (
    Chances,
    Curve,
    Factors,
    Fitted,
    Histories,
    Method,
    Neighbours,
    Study,
)
from holdfast.store.folder import read_json

FACTS, LEARNED, SEGMENT, PRODUCTS = "recommender.json", "learned.npz", "segment.npy", "products.parquet"

_COLUMNS = ("start", "product", "times", "first", "last", "weight")
_VECTORS = ("in_range", "buyers", "lately", "popular", "by_segment", "category", "fresh", "gap", "again")


@dataclass(frozen=True, slots=True, eq=False)
class Recommender:
    """What answers are made from: by customer (place = customer_key) histories and segments, by product the rest.

    `facts` are what was found out, as JSON knows it.
    """

    folder: Path
    fitted: Fitted
    histories: Histories
    segment: npt.NDArray[np.int64]
    method: Method
    chances: Chances
    facts: dict[str, Any]
    names: tuple[str, ...]
    ids: tuple[str, ...]
    categories: tuple[str, ...]

    @property
    def bytes(self) -> int:
        """What it takes in memory, roughly."""
        learned = self.fitted
        arrays = [getattr(learned, name) for name in _VECTORS]
        pairs = [each.data for found in (learned.together, learned.basket) for each in (found.weight, found.both)]
        return 200 * len(self.ids) + sum(
            int(array.nbytes) for array in (*arrays, *pairs, *pairs, learned.factors.products)
        )


def write_recommender(found: Study, facts: dict[str, Any], into: Path) -> None:
    """Write all but the table of products."""
    fitted = found.fitted
    arrays: dict[str, Any] = {name: getattr(fitted, name) for name in _VECTORS}
    arrays |= {"factors": fitted.factors.products, "gram": fitted.factors.gram}
    for name, pair in (("together", fitted.together), ("basket", fitted.basket)):
        for kind, matrix in (("weight", pair.weight), ("both", pair.both)):
            arrays |= {
                f"{name}_{kind}": matrix.data, f"{name}_{kind}_columns": matrix.indices,
                f"{name}_{kind}_rows": matrix.indptr,
            }  # fmt: skip
    np.savez(into / LEARNED, **arrays)
    for name in _COLUMNS:
        np.save(into / f"{name}.npy", getattr(found.histories, name))
    np.save(into / SEGMENT, found.segment)
    own = {
        "day": fitted.day,
        "horizon": fitted.horizon,
        "method": found.method.value,
        "new_curve": _written(found.chances.new),
        "again_curve": _written(found.chances.again),
    }
    (into / FACTS).write_text(json.dumps(facts | own, ensure_ascii=False) + "\n", encoding="utf-8")


def read_recommender(
    folder: Path, *, names: tuple[str, ...], ids: tuple[str, ...], categories: tuple[str, ...]
) -> Recommender:
    """What was written."""
    facts = read_json(folder / FACTS)
    with np.load(folder / LEARNED) as arrays:
        count = len(arrays["buyers"])

        def pair(name: str) -> Neighbours:
            weight, both = (
                sparse.csr_array(
                    (arrays[f"{name}_{kind}"], arrays[f"{name}_{kind}_columns"], arrays[f"{name}_{kind}_rows"]),
                    shape=(count, count),
                )
                for kind in ("weight", "both")
            )
            return Neighbours(weight, both)

        fitted = Fitted(
            day=facts["day"],
            horizon=facts["horizon"],
            **{name: arrays[name] for name in _VECTORS},
            together=pair("together"),
            basket=pair("basket"),
            factors=Factors(arrays["factors"], arrays["gram"]),
        )
    columns = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _COLUMNS}
    return Recommender(
        folder=folder,
        fitted=fitted,
        histories=Histories(**columns, products=count),
        segment=np.load(folder / SEGMENT, mmap_mode="r"),
        method=Method(facts["method"]),
        chances=Chances(_curve(facts["new_curve"]), _curve(facts["again_curve"])),
        facts=facts,
        names=names,
        ids=ids,
        categories=categories,
    )


def _written(curve: Curve | None) -> dict[str, Any] | None:
    return {"intercept": curve.intercept, "weights": list(curve.weights)} if curve else None


def _curve(written: dict[str, Any] | None) -> Curve | None:
    return Curve(written["intercept"], tuple(written["weights"])) if written else None
