"""Forecasts through the public door, their scores, and the figures of other methods beside them."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
from quality_tasks import Task, Truth, truth, write_history

from holdfast.forecast.arrays import Vector
from holdfast.forecast.measures.scores import Scores, score

PEERS = Path(__file__).with_name("quality_peers.json")
BEFORE = "blend measured on this protocol before"
OTHER_BLENDS = frozenset({BEFORE, "the same blend, level of recent folds"})
"""Not peers that can be installed, but what the best recipe reached when the peers were measured."""

Figures = Mapping[str, float | None]
"""Name of a score -> its value, flat: auc, log_loss, ece, orders_gini, spend_bias, ..."""


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """What `holdfast forecast` wrote, in the order of the customers of a Truth."""

    columns: Mapping[str, Vector]

    def __getitem__(self, name: str) -> Vector:
        return self.columns[name]


def forecast(task: Task, data: Path, work: Path, *, seed: int | None = None) -> Path:
    """Run `holdfast forecast` on the history of a task and hand back its file; a failure ends the benchmark."""
    history = work / f"history_{task.name}.parquet"
    write_history(task, data, history)
    out = work / f"forecast_{task.name}{'' if seed is None else f'_{seed}'}.parquet"
    program = Path(sys.executable).with_name("holdfast")
    command: list[str | Path] = [
        program,
        "forecast",
        history,
        "--as-of",
        task.cutoff.isoformat(),
        "--horizon",
        str(task.horizon),
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
    if seed is not None:
        environment["HOLDFAST_SEED"] = str(seed)
    subprocess.run(
        [*command, "--out", out, "--policy", "none", "--json"], env=environment, stdout=subprocess.PIPE, check=True
    )
    return out


def read(path: Path, customers: list[str]) -> Predictions:
    """The predictions of these customers, in this order; ends the program where one is missing or occurs twice."""
    with duckdb.connect() as connection:
        found = connection.sql(f"SELECT * FROM '{path}'").fetchnumpy()
    at = {str(name): row for row, name in enumerate(found["customer_id"])}
    if len(at) != len(found["customer_id"]) or not at.keys() >= set(customers):
        sys.exit(f"{path.name} does not have every customer exactly once.")
    rows = np.array([at[name] for name in customers])
    return Predictions({name: np.asarray(found[name], float)[rows] for name in found if name != "customer_id"})


def judge(task: Task, data: Path, path: Path) -> tuple[Truth, Predictions, Scores]:
    """Score a file of predictions against what happened."""
    came = truth(task, data)
    said = read(path, came.customers)
    return (
        came,
        said,
        score(came.outcomes, p_buy=said["p_buy"], e_orders=said["e_orders"], e_spend=said["e_spend"]),
    )


def figures(scores: Scores) -> Figures:
    """The scores in one flat table, by the names that the peers' figures have."""
    found: dict[str, float | None] = {
        name: getattr(scores, name) for name in ("base_rate", "auc", "average_precision", "log_loss", "brier", "ece")
    }
    for tag, total in (("orders", scores.orders), ("spend", scores.spend)):
        if total is not None:
            found |= {f"{tag}_{name}": getattr(total, name) for name in ("gini", "mae", "rmse", "bias", "spearman")}
    return found


def peers(task: str) -> dict[str, Figures]:
    """Method -> figures on a task."""
    found: dict[str, Figures] = json.loads(PEERS.read_text(encoding="utf-8"))["tasks"][task]
    return found


def best(task: str, name: str) -> tuple[str, float]:
    """The best peer in a score and what it reached, the blends left out; least is best for losses and errors."""
    sign = 1.0 if name in {"auc", "average_precision", "orders_gini", "spend_gini"} else -1.0
    values = {
        method: value
        for method, row in peers(task).items()
        if method not in OTHER_BLENDS and (value := row.get(name)) is not None
    }
    method = max(values, key=lambda method: sign * values[method])
    return method, values[method]
