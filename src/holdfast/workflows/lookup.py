"""One customer at once: forecasts and groups held in memory as columns, found by binary search.

Customers are found by the MD5 of their id, as two numbers of 64 bits: ids of any length take 16 bytes, and a million
customers with fourteen figures 130 MB, where a dictionary of rows would take ten times that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.segments import RfmCutoffs, score
from holdfast.segments.rfm_grid import DEFAULT_GROUPS
from holdfast.segments.summary import Action
from holdfast.store import StoredModel
from holdfast.store.models import FORECASTS
from holdfast.workflows.derived import BeingPreparedError
from holdfast.workflows.latest import Latest
from holdfast.workflows.listing import GROUPED
from holdfast.workflows.opened_views import View
from holdfast.workflows.shop import Shop
from holdfast.workflows.views import needed_view

MOST_BYTES = 400_000_000
"""What all tables held may take together: three shops of a million customers, or thousands of small ones."""

Numbers = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A table in memory, one row per customer, sorted by `low`; `labels` are the texts that codes stand for."""

    low: npt.NDArray[np.uint64]
    high: npt.NDArray[np.uint64]
    columns: Mapping[str, Numbers]
    labels: Mapping[str, tuple[str, ...]]

    @property
    def bytes(self) -> int:
        """What it takes."""
        return int(sum(column.nbytes for column in (self.low, self.high, *self.columns.values())))

    def row(self, customer_id: str) -> dict[str, Any] | None:
        """The values of a customer; None where there is no such customer."""
        low, high = _numbers(customer_id)
        at = int(np.searchsorted(self.low, low))
        while at < len(self.low) and self.low[at] == low:
            if self.high[at] == high:
                return {name: self._value(name, at) for name in self.columns}
            at += 1
        return None

    def _value(self, name: str, at: int) -> Any:
        value = self.columns[name][at].item()
        return self.labels[name][value] if name in self.labels else value


@dataclass(frozen=True, slots=True)
class Standards:
    """What somebody who is not in the shop is compared with: its RFM cut-offs, and its median customer's revenue."""

    cutoffs: RfmCutoffs
    median_revenue: float

    def rfm_group(self, given: Mapping[str, float | None]) -> str | None:
        """The RFM group of `recency_days`, `frequency` and `monetary`; None where one of them is not known."""
        recency, frequency, monetary = (given.get(name) for name in ("recency_days", "frequency", "monetary"))
        if recency is None or frequency is None or monetary is None:
            return None
        columns = {"days_since_last_order": recency, "order_count": frequency, "net_revenue": monetary}
        scores = score({name: np.array([value]) for name, value in columns.items()}, cutoffs=self.cutoffs)
        return str(DEFAULT_GROUPS.groups(scores)[0])

    def action(self, given: Mapping[str, float | None], *, at_risk: bool) -> str | None:
        """What to do with a customer of this value and risk; None where `monetary` is not known."""
        monetary = given.get("monetary")
        if monetary is None:
            return None
        if monetary >= self.median_revenue:
            return str(Action.INCENTIVE if at_risk else Action.PERKS)
        return str(Action.LOW_TOUCH if at_risk else Action.AS_USUAL)


_held: Latest[tuple[str, Path, int], Held] = Latest(MOST_BYTES, weight=lambda held: held.bytes)


def lookup(shop: Shop, model: StoredModel, customer_id: str) -> dict[str, Any] | None:
    """What a model forecast for a customer on the day it was trained, with the customer's groups; None for a stranger.

    The columns are those of the model's file of forecasts, then customer_id, risk_band, rfm_group, archetype and the
    action of the RFM group, as of the shop's present edition; without the groups where these are being prepared.
    """
    path = model.file(FORECASTS)  # rewritten when a customer is erased
    row = _held.get(("forecasts", path, path.stat().st_mtime_ns), lambda: _forecasts(shop, path)).row(customer_id)
    if row is None:
        return None
    return {"customer_id": customer_id, **row, **_groups_of(shop, customer_id)}


def standards_of(shop: Shop, _model: StoredModel | None = None) -> Standards | None:
    """The standards of a shop's present edition; None while they are being prepared."""
    view = _view(shop)
    if view is None:
        return None
    cuts = {name: tuple(cuts) for name, cuts in view.facts.rfm_cutoffs.items()}
    return Standards(RfmCutoffs(**cuts), float(view.facts.median_revenue))


def _groups_of(shop: Shop, customer_id: str) -> dict[str, Any]:
    view = _view(shop)
    if view is None:
        return {}
    row = _held.get(("groups", view.folder, 0), lambda: _groups(view)).row(customer_id)
    return row or {}


def _view(shop: Shop) -> View | None:
    try:
        return needed_view(shop)
    except BeingPreparedError:
        return None


# --- holding ---------------------------------------------------------------------------------------------------------


def _forecasts(shop: Shop, path: Path) -> Held:
    with shop.engine() as engine:
        engine.bind("forecasts", path)
        return _hold(engine, "forecasts", [name for name in engine.names("forecasts") if name != "customer_id"])


def _groups(view: View) -> Held:
    with view.engine() as engine:
        held = _hold(engine, GROUPED, [], labels=("risk_band", "rfm_group", "archetype"))
    actions = {segment["segment"]: segment["action"] for segment in view.facts.segments["rfm_groups"]}
    names = held.labels["rfm_group"]
    return Held(
        held.low,
        held.high,
        {**held.columns, "action": held.columns["rfm_group"]},
        {**held.labels, "action": tuple(actions[name] for name in names)},
    )


def _hold(engine: DuckEngine, table: str, numbers: list[str], *, labels: tuple[str, ...] = ()) -> Held:
    """Read columns of a table; a label becomes one byte a customer."""
    names = {label: _distinct(engine, table, label) for label in labels}
    codes = [f"CAST(list_position($names_{label}, {label}) - 1 AS UTINYINT) AS {label}" for label in labels]
    listed = ", ".join(
        ["md5_number_lower(customer_id) AS low", "md5_number_upper(customer_id) AS high", *numbers, *codes]
    )
    text = f"SELECT {listed} FROM {sql.name(table)} ORDER BY low, high"
    parameters = {f"names_{label}": list(found) for label, found in names.items()}
    columns = engine.columns(Query("held", "one customer", text, parameters))
    low, high = (columns.pop(name).astype(np.uint64) for name in ("low", "high"))
    return Held(low, high, columns, names)


def _distinct(engine: DuckEngine, table: str, label: str) -> tuple[str, ...]:
    text = f"SELECT DISTINCT {label} FROM {sql.name(table)} ORDER BY {label}"
    return tuple(str(row[0]) for row in engine.rows(Query("labels", "one label", text)).rows)


def _numbers(customer_id: str) -> tuple[np.uint64, np.uint64]:
    """The lower and the upper half of the MD5 of an id, as the engine numbers them."""
    digest = md5(customer_id.encode(), usedforsecurity=False).digest()
    return np.uint64(int.from_bytes(digest[8:], "little")), np.uint64(int.from_bytes(digest[:8], "little"))
