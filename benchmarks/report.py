"""Runs become tables in Markdown, JSON, and the marked places of docs/benchmarks.md."""

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from statistics import median

from measure import Run
from tasks import SIX, TASKS, Task

PEERS = ("duckdb", "pandas", "polars", "pyarrow", "numpy")

Results = Mapping[str, Sequence[Run]]
"""Task name -> its runs, one a round."""


def machine() -> dict[str, str]:
    """What the numbers were measured with."""
    cores = f"{os.cpu_count()} cores"
    if sys.platform == "linux":
        cores = (
            f"{len(os.sched_getaffinity(0))} cores, {os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') >> 30} GB"
        )
    versions = {package: version(package) for package in ("holdfast", *PEERS)}
    return {"machine": cores, "system": platform.system(), "python": platform.python_version(), **versions}


def pipeline_table(results: Results) -> str:
    """One row a task: median seconds with their range, median ratios to floors of the same round, highest memory."""
    rows = [
        "| task | computes | seconds (min-max) | x its floor | x six raw columns | peak MB |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for task in (task for task in TASKS if task.name in results):
        seconds = spread([run.seconds for run in results[task.name]])
        floors = f"{_times(results, task, task.floor)} | {_times(results, task, SIX)}"
        peak = max(run.peak_mb for run in results[task.name])
        rows.append(f"| {task.name} | {task.computes} | {seconds} | {floors} | {peak:,.0f} |")
    return "\n".join(rows)


def _times(results: Results, task: Task, floor: str | None) -> str:
    """Median over the rounds of the task's seconds over those of the floor in the same round."""
    if floor is None or floor not in results:
        return ""
    pairs = zip(results[task.name], results[floor], strict=True)
    return f"{median(run.seconds / least.seconds for run, least in pairs):.1f}"


def growth_table(by_lines: Mapping[int, Results]) -> str:
    """How the median time grows from each size to the next; `linear` is the growth of the lines."""
    sizes = sorted(by_lines)
    steps = list(pairwise(sizes))
    heads = [f"{millions(a)} -> {millions(b)} (linear: x{b / a:g})" for a, b in steps]
    rows = [f"| task | {' | '.join(heads)} |", "| --- |" + " --- |" * len(steps)]
    for task in TASKS:
        cells = [_growth(by_lines[a].get(task.name), by_lines[b].get(task.name)) for a, b in steps]
        if any(cells):
            rows.append(f"| {task.name} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _growth(small: Sequence[Run] | None, large: Sequence[Run] | None) -> str:
    if not small or not large:
        return ""
    return f"x{median(run.seconds for run in large) / median(run.seconds for run in small):.1f}"


def spread(seconds: Sequence[float]) -> str:
    """Median with least and most."""
    return f"{median(seconds):.2f} ({min(seconds):.2f}-{max(seconds):.2f})"


def millions(lines: int) -> str:
    """1000000 as `1 M`."""
    return f"{lines / 1e6:g} M"


def write_json(path: Path, content: object) -> None:
    """Everything measured, for programs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def write_between(path: Path, mark: str, text: str) -> None:
    """Put the text between the comments `<!-- mark -->` and `<!-- end of mark -->` of a page."""
    page = path.read_text(encoding="utf-8")
    begin, end = f"<!-- {mark} -->", f"<!-- end of {mark} -->"
    before, found, rest = page.partition(begin)
    _, found_end, after = rest.partition(end)
    if not (found and found_end):
        sys.exit(f"{path} has no place for the table: write the comments {begin} and {end} where it belongs.")
    path.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")
