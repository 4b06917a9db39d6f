"""Runs become tables in Markdown, JSON, and the marked places of docs/benchmarks.md."""

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median

from measure import Run
from tasks import TASKS, Task

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


def ratios(results: Results, task: Task) -> list[float]:
    """Seconds over those of the floor in the same round."""
    return [
        run.seconds / floor.seconds
        for run, floor in zip(results[task.name], results[task.floor or task.name], strict=True)
    ]


def pipeline_table(results: Results) -> str:
    """One row a task: median seconds with their range, median ratio to the floor, highest peak memory."""
    rows = ["| task | computes | seconds (min-max) | x floor | peak MB |", "| --- | --- | --- | --- | --- |"]
    for task in (task for task in TASKS if task.name in results):
        seconds = [run.seconds for run in results[task.name]]
        peak = max(run.peak_mb for run in results[task.name])
        times = f"{median(ratios(results, task)):.1f}" if task.floor else "1"
        rows.append(f"| {task.name} | {task.computes} | {spread(seconds)} | {times} | {peak:,.0f} |")
    return "\n".join(rows)


def growth_table(by_lines: Mapping[int, Results]) -> str:
    """How the median time grows from each size to the next; `linear` is the growth of the lines."""
    sizes = sorted(by_lines)
    steps = list(zip(sizes, sizes[1:], strict=False))
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
    begin, end = f"<!-- {mark} -->\n", f"<!-- end of {mark} -->"
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(end)
    path.write_text(f"{before}{begin}\n{text}\n\n{end}{after}", encoding="utf-8")
