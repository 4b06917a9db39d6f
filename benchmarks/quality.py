"""How good the forecasts are: seven tasks through the public door, beside other methods, and what each part is worth.

    HOLDFAST_DATA=folder python benchmarks/quality.py                        the table of all seven tasks
    python benchmarks/quality.py --task uci1 --seeds 1 2 3                   one task, and how much the seed matters
    python benchmarks/quality.py --steps table ablations imbalance checks    everything; takes about half an hour
    python benchmarks/quality.py --steps --docs docs/evaluation.md           writes the page from what was measured

HOLDFAST_DATA names the folder of data sets, see docs/data-sets.md. What is measured is kept in the folder of --work,
step by step, so that the page can be written from several runs. All tasks have the one default configuration: nothing
is set for a data set. Speed is measured by quality_speed.py.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from importlib.metadata import version
from importlib.util import find_spec
from math import isclose
from pathlib import Path
from tempfile import gettempdir
from time import perf_counter
from typing import Any

from quality_ablation import DEFAULT, features, levels, parts, weights
from quality_case import Case, opened
from quality_checks import checks, costs, leaks
from quality_imbalance import class_weights, learners, missing
from quality_page import write_page
from quality_scores import figures, forecast, judge
from quality_tables import tasks_table
from quality_tasks import TASKS, Task, data_folder
from report import machine, write_json
from threadpoolctl import threadpool_limits

STEPS = ("table", "ablations", "imbalance", "checks")
LIBRARIES = {
    "lightgbm": "lightgbm",
    "scikit-learn": "sklearn",
    "scipy": "scipy",
    "xgboost-cpu": "xgboost",
    "imbalanced-learn": "imblearn",
}
"""Distribution -> module; the last two may be missing."""

LEAK_TASK, COST_TASK = "uci1", "uci2_90c"
"""Where the leak is shown, and the cost of errors."""

Results = dict[str, Any]
"""Step -> task -> what was measured, as plain numbers."""


def main() -> int:
    """Measure the steps asked for, print the table, and write the page where asked."""
    options = _options()
    options.work.mkdir(parents=True, exist_ok=True)
    kept = options.work / "quality.json"
    results: Results = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    for name in options.task:
        task = TASKS[name]
        if "table" in options.steps:
            _keep(results, kept, "table", name, _through_the_door(task, options.work, None))
            for seed in options.seeds:
                _keep(results, kept, "seeds", f"{name} {seed}", _through_the_door(task, options.work, seed))
        if {"ablations", "imbalance", "checks"} & set(options.steps):
            _inside(task, options.steps, results, kept)
    print(tasks_table(results.get("table", {})))
    apart = _apart(results)
    if apart:
        print("The ablations are not about the forecast of the door, so they mean nothing:", *apart, sep="\n  ")
        return 1
    if options.docs:
        write_page(options.docs, results)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--task", nargs="+", choices=list(TASKS), default=list(TASKS), metavar="TASK", help="these only"
    )
    parser.add_argument("--seeds", type=int, nargs="*", default=[], help="forecast again with each of these seeds")
    parser.add_argument("--steps", nargs="*", choices=STEPS, default=["table"], help="what to measure (default: table)")
    parser.add_argument(
        "--work", type=Path, default=Path(gettempdir()) / "holdfast-quality", help="where results are kept"
    )
    parser.add_argument("--docs", type=Path, help="write tables and pictures of this page")
    return parser.parse_args()


def _apart(results: Results) -> list[str]:
    """The tasks on which the forecast of the door and the one that was taken apart have different scores."""
    door, inside = results.get("table", {}), results.get("parts", {})
    found = []
    for name in door.keys() & inside.keys():
        moved = [
            score
            for score, value in inside[name][DEFAULT].items()
            if not isclose(value, door[name][score], rel_tol=1e-6)
        ]
        found += [f"{name}: {', '.join(moved)}"] if moved else []
    return sorted(found)


def _keep(results: Results, kept: Path, step: str, name: str, found: Mapping[str, Any]) -> None:
    """Remember a result, in memory and on disk."""
    results.setdefault(step, {})[name] = dict(found)
    results["machine"] = _machine()
    write_json(kept, results)


def _machine() -> dict[str, str]:
    """What the forecasts were measured with: the machine, and the libraries that have a say in them."""
    facts = {name: value for name, value in machine().items() if name not in {"pandas", "polars", "pyarrow"}}
    return facts | {name: version(name) for name in LIBRARIES if find_spec(LIBRARIES[name])}


def _through_the_door(task: Task, work: Path, seed: int | None) -> dict[str, Any]:
    print(f"{task.name}: holdfast forecast{'' if seed is None else f', seed {seed}'}", file=sys.stderr)
    start = perf_counter()
    path = forecast(task, data_folder(), work, seed=seed)
    seconds = perf_counter() - start
    came, _, scores = judge(task, data_folder(), path)
    return {**figures(scores), "customers": len(came.customers), "seconds": seconds}


def _inside(task: Task, steps: list[str], results: Results, kept: Path) -> None:
    """Whatever needs the parts of the forecast in hand."""
    print(f"{task.name}: training for {', '.join(step for step in steps if step != 'table')}", file=sys.stderr)
    with threadpool_limits(limits=1), opened(task, data_folder()) as case:
        if "checks" in steps:
            _keep(results, kept, "checks", task.name, checks(case))
            if task.name == LEAK_TASK:
                _keep(results, kept, "leaks", task.name, leaks(case))
            if task.name == COST_TASK:
                _keep(results, kept, "costs", task.name, costs(case))
        if "ablations" in steps:
            _ablate(case, results, kept)
        if "imbalance" in steps:
            _keep(results, kept, "class_weights", task.name, class_weights(case))
            _keep(results, kept, "learners", task.name, {**learners(case), "missing": missing()})


def _ablate(case: Case, results: Results, kept: Path) -> None:
    name = case.task.name
    _keep(results, kept, "parts", name, parts(case))
    _keep(results, kept, "levels", name, levels(case))
    judged, learned = weights(case)
    _keep(results, kept, "weights", name, {"variants": judged, "learned": learned})
    judged, columns = features(case)
    _keep(results, kept, "features", name, {"variants": judged, "columns": columns})


if __name__ == "__main__":
    sys.exit(main())
