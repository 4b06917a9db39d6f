"""How fast Holdfast cleans lines and makes features, beside the floor, pandas and Polars: `make bench`.

    python benchmarks/pipeline.py                                     1 M and 10 M lines, three rounds
    python benchmarks/pipeline.py --lines 100M --rounds 1 --memory-limit 4GB
    python benchmarks/pipeline.py --lines 1M --tutorial               with groupby.apply, which takes minutes
    python benchmarks/pipeline.py --docs docs/benchmarks.md           writes the tables into the page

Every round runs every task once, each in a fresh process, so that a ratio compares neighbours in time; tables show
medians over the rounds. The files are read once before, so that all find them in the page cache. All engines may use
all cores. Results of the engines have to agree before any time is shown.
"""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import gettempdir

from fifteen import differences
from measure import Run, build_apart, run_apart
from report import growth_table, machine, millions, pipeline_table, write_between, write_json
from tasks import OURS, SIX, TASKS, Place, Task


def main() -> int:
    """Measure, print, and write where asked; 1 if the engines disagree."""
    options = _options()
    by_lines: dict[int, dict[str, list[Run]]] = {}
    for lines in sorted(options.lines):
        by_lines[lines] = _measured(lines, options)
        disagreements = _disagreements(by_lines[lines])
        if disagreements:
            print("The engines disagree, so their times mean nothing:", *disagreements, sep="\n  ")
            return 1
    tables = _tables(by_lines, options)
    print(tables)
    if options.docs:
        write_between(options.docs, "pipeline", tables)
    if options.out:
        runs = {
            lines: {task: [asdict(run) for run in of_task] for task, of_task in results.items()}
            for lines, results in by_lines.items()
        }
        write_json(
            options.out, {**machine(), "memory_limit": options.memory_limit, "rounds": options.rounds, "lines": runs}
        )
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=_number, nargs="+", default=[1_000_000, 10_000_000], help="such as 1M 10M 100M")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each task (default 3)")
    parser.add_argument("--memory-limit", help="for Holdfast's engine, such as 4GB")
    parser.add_argument("--tutorial", action="store_true", help="also groupby.apply, at up to 2 M lines")
    parser.add_argument("--only", nargs="+", metavar="TASK", help="these tasks and their floors")
    parser.add_argument(
        "--data", type=Path, default=Path(gettempdir()) / "holdfast-benchmarks", help="where lines are kept"
    )
    parser.add_argument("--out", type=Path, help="write all runs as JSON")
    parser.add_argument("--docs", type=Path, help="write the tables into this page")
    return parser.parse_args()


def _number(text: str) -> int:
    """`10M` as 10000000."""
    return int(float(text[:-1]) * 1_000_000) if text.upper().endswith("M") else int(text)


def _measured(lines: int, options: argparse.Namespace) -> dict[str, list[Run]]:
    chosen = _chosen(lines, options)
    place = Place(options.data / f"lines_{lines}.parquet", options.data / f"stage_{lines}", options.memory_limit)
    build_apart(place, lines, with_stage=any(task.from_stage for task in chosen))
    results: dict[str, list[Run]] = {task.name: [] for task in chosen}
    for number in range(options.rounds):
        for task in chosen:
            print(f"{millions(lines)}, round {number + 1} of {options.rounds}: {task.name}", file=sys.stderr)
            results[task.name].append(run_apart(task, place))
    return results


def _chosen(lines: int, options: argparse.Namespace) -> list[Task]:
    wanted = [
        task
        for task in TASKS
        if lines <= (task.most_lines or lines)
        and (options.tutorial or not task.on_request)
        and (not options.only or task.name in options.only)
    ]
    floors = {SIX, *(task.floor for task in wanted)}
    return [task for task in TASKS if task in wanted or task.name in floors]


def _disagreements(results: dict[str, list[Run]]) -> list[str]:
    peers = [task.name for task in TASKS if task.is_fifteen and task.name in results and task.name != OURS]
    if OURS not in results:
        return []
    ours = results[OURS][0].answer
    return [f"{peer}: {figure}" for peer in peers for figure in differences(ours, results[peer][0].answer)]


def _tables(by_lines: dict[int, dict[str, list[Run]]], options: argparse.Namespace) -> str:
    facts = ", ".join(f"{name} {value}" for name, value in machine().items())
    limit = f", memory limit {options.memory_limit}" if options.memory_limit else ""
    parts = [f"Measured with {facts}; n = {options.rounds}{limit}."]
    for lines, results in by_lines.items():
        parts.append(f"### {millions(lines)} lines\n\n{pipeline_table(results)}")
    if len(by_lines) > 1:
        parts.append(f"### Growth\n\n{growth_table(by_lines)}")
    return "\n\n".join(parts)


if __name__ == "__main__":
    sys.exit(main())
