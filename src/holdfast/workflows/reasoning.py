"""Reasons of one customer at once: what a forecast compares customers with is kept beside the view, one row each.

Reasons need every customer's place among all others. That takes seconds to compute and gigabytes to hold in a large
shop, and a row of it a kilobyte. So it is computed once, written as arrays, and read by row from the disk.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from holdfast.features import FEATURE, Unit
from holdfast.forecast import Model, Snapshot
from holdfast.forecast.btyd import Summary
from holdfast.forecast.learning.design import Design
from holdfast.forecast.learning.purchases import Outlook
from holdfast.forecast.past import Features
from holdfast.forecast.reasons import background, explain
from holdfast.forecast.reasons.contributions import Background
from holdfast.forecast.reasons.history import Typical
from holdfast.forecast.reasons.sentences import Said, said_of
from holdfast.forecast.reasons.standing import Standing
from holdfast.workflows.latest import Latest

GROUND = "ground.json"

MOST_STEPS = 10_001
"""Of every figure this many values are kept, evenly spaced by rank: all of them up to here, a hundredth of a percent
beyond, where sentences say "9 in 10" and "99 in 100"."""

MOST_OPEN = 8

_BY_ROW = ("keys", "ranked", "plain", "scaled", "outlook", "history")
Rows = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What one customer's forecast is explained with: the model, and all customers row by row on the disk."""

    model: Model
    facts: Mapping[str, Any]
    rows: Mapping[str, Rows]
    standing: Standing

    def reasons(self, known: Mapping[str, Any], *, currency: str | None) -> dict[str, Any] | None:
        """The reasons of a customer, given its row of the view; None for one that was not there on that day."""
        key = int(known["customer_key"])
        at = int(np.searchsorted(self.rows["keys"], key))
        if at == len(self.rows["keys"]) or self.rows["keys"][at] != key:
            return None
        snapshot = self._alone(at, known)
        one = np.zeros(1, dtype=np.int64)
        found = explain(self.model, snapshot, one, against=self._against(at), said=self._said(snapshot, currency))
        entry = found.as_json()[0]
        entry.pop("customer_key")
        return entry

    def _row(self, name: str, at: int) -> Rows:
        """One row of an array, as an array of one row."""
        return np.array(self.rows[name][at : at + 1])

    def _alone(self, at: int, known: Mapping[str, Any]) -> Snapshot:
        """A snapshot of this one customer."""
        numbers = {name: float("nan") if known[name] is None else float(known[name]) for name in _numbers(known)}
        history = self._row("history", at)
        return Snapshot(
            day=self.facts["day"],
            history_days=self.facts["history_days"],
            keys=self._row("keys", at),
            summary=Summary(history[:, 0], history[:, 1], history[:, 2], np.ones(1)),
            spend=history[:, 3],
            features=Features(
                self._row("keys", at), {name: np.array([value]) for name, value in numbers.items()}, frozenset()
            ),
        )

    def _against(self, at: int) -> Background:
        outlook, facts = self._row("outlook", at), self.facts
        return Background(
            design=Design(
                tuple(facts["design"]), self._row("ranked", at), self._row("plain", at), self._row("scaled", at)
            ),
            outlook=Outlook(*(outlook[:, column] for column in range(4))),
            typical=Typical(**facts["typical"]),
            sample=np.zeros(0, dtype=np.int64),
            names=tuple(facts["names"]),
            means=np.array(facts["means"]),
            moved=np.array(facts["moved"]),
            baseline=facts["baseline"],
        )

    def _said(self, snapshot: Snapshot, currency: str | None) -> Said:
        alone = said_of(snapshot, currency=currency)
        return replace(alone, standing=self.standing, has_amounts=self.facts["has_amounts"])


_grounds: Latest[Path, Ground] = Latest(MOST_OPEN)


def ground_in(folder: Path, model: Callable[[], Model]) -> Ground:
    """The ground that was written into a folder, for a model that is read with it."""

    def read() -> Ground:
        _grounds.drop(lambda path: not path.exists())
        rows = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _BY_ROW}
        facts = json.loads((folder / GROUND).read_text(encoding="utf-8"))
        steps = np.load(folder / "steps.npy", mmap_mode="r")
        standing = Standing({name: steps[first:last] for name, (first, last) in facts["steps"].items()})
        return Ground(model(), facts, rows, standing)

    return _grounds.get(folder, read)


def write_ground(model: Model, snapshot: Snapshot, folder: Path) -> None:
    """Write what reasons need of every customer of a snapshot into an empty folder."""
    base, summary = background(model, snapshot), snapshot.summary
    columns: dict[str, Rows] = {
        "keys": snapshot.keys,
        "ranked": base.design.ranked,
        "plain": base.design.plain,
        "scaled": base.design.scaled,
        "outlook": np.column_stack(
            [base.outlook.p_order, base.outlook.orders, base.outlook.p_alive, base.outlook.value]
        ),
        "history": np.column_stack([summary.frequency, summary.recency, summary.T, snapshot.spend]),
    }
    for name in _BY_ROW:
        np.save(folder / f"{name}.npy", columns[name], allow_pickle=False)
    said = said_of(snapshot, currency=None)
    steps = {name: _steps(values) for name, values in said.numbers.items()}
    ends = np.cumsum([0, *(len(each) for each in steps.values())]).tolist()
    np.save(folder / "steps.npy", np.concatenate(list(steps.values())), allow_pickle=False)
    facts = {
        "day": snapshot.day,
        "history_days": snapshot.history_days,
        "has_amounts": said.has_amounts,
        "design": base.design.names,
        "typical": asdict(base.typical),
        "names": base.names,
        "means": base.means.tolist(),
        "moved": base.moved.tolist(),
        "baseline": base.baseline,
        "steps": dict(zip(steps, pairwise(ends), strict=True)),
    }
    (folder / GROUND).write_text(json.dumps(facts) + "\n", encoding="utf-8")


def _steps(values: Rows) -> Rows:
    """The values in order, thinned evenly where there are many."""
    known = np.sort(values[~np.isnan(values)])
    if len(known) <= MOST_STEPS:
        return known
    return known[np.linspace(0, len(known) - 1, MOST_STEPS).round().astype(np.int64)]


def _numbers(known: Mapping[str, Any]) -> list[str]:
    return [name for name in known if name in FEATURE and FEATURE[name].unit is not Unit.LABEL]
