"""Seconds and peak memory of training, proof and forecast, through the command line as a person would run it.

    HOLDFAST_DATA=folder python benchmarks/quality_speed.py --docs docs/evaluation.md
    python benchmarks/quality_speed.py --only million

Online Retail (541,909 lines): train with the replay of three past dates, then score. Olist (95 thousand customers): the
same. A million generated customers with one line an order: `holdfast forecast`, the import included. Each command is a
process of its own, its start included; peak memory is that of the process (`ru_maxrss`). Nothing is warmed up. What was
measured is kept in the folder of --work; `--only` without a name writes the page from it.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from time import perf_counter
from typing import Any

import duckdb
import numpy as np
from quality_tables import table
from quality_tasks import data_folder
from report import machine, write_between, write_json

MILLION = 1_000_000
DAYS, SEED = 730, 20_260_101
FIRST_DAY = np.datetime64("2024-01-01")


Arguments = list[str | Path]


@dataclass(frozen=True, slots=True)
class Run:
    """One command: what it was run on, its wall seconds, its peak memory in MB, and the machine's load at its end."""

    data: str
    command: str
    seconds: float
    peak_mb: float
    load: float


def main() -> int:
    """Measure what is asked for, print all that was measured so far, and write where asked."""
    options = _options()
    options.work.mkdir(parents=True, exist_ok=True)
    kept = options.work / "speed.json"
    results: dict[str, list[dict[str, Any]]] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    for name in options.only:
        results[name] = [asdict(run) for run in MEASURED[name](options.work)]
        write_json(kept, results)
    text = _shown([Run(**run) for name in MEASURED for run in results.get(name, [])], options.note)
    print(text)
    if options.docs:
        write_between(options.docs, "speed", text)
    return 0


def _shown(runs: list[Run], note: str | None) -> str:
    """All runs as a table, with the machine."""
    facts = ", ".join(f"{name} {value}" for name, value in machine().items())
    rows = [
        [run.data, f"`{run.command}`", f"{run.seconds:.0f}", f"{run.peak_mb:,.0f}", f"{run.load:.1f}"] for run in runs
    ]
    heads = ["data", "command", "seconds", "peak MB", "load average at the end"]
    return f"Measured with {facts}; n = 1.{f' {note}' if note else ''}\n\n{table(heads, rows)}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", choices=list(MEASURED), default=list(MEASURED), help="these runs only")
    parser.add_argument("--note", help="a sentence about the circumstances, such as other work on the machine")
    parser.add_argument("--docs", type=Path, help="write the table into this page")
    parser.add_argument(
        "--work", type=Path, default=Path(gettempdir()) / "holdfast-quality", help="where generated lines are kept"
    )
    return parser.parse_args()


def online_retail(_: Path) -> list[Run]:
    """Five thousand customers at most, half a million lines."""
    file = data_folder() / "online_retail" / "OnlineRetail.csv.gz"
    return _trained("Online Retail, 541,909 lines", [file])


def olist(_: Path) -> list[Run]:
    """A hundred thousand customers, nearly all of them with one order."""
    return _trained("Olist, 95 thousand customers", [data_folder() / "olist"])


def million(work: Path) -> list[Run]:
    """A million customers, from a file to a file."""
    file = work / "million.parquet"
    _write_million(file)
    day = str(FIRST_DAY + DAYS)
    with TemporaryDirectory() as out:
        command: Arguments = [
            "forecast",
            file,
            "--as-of",
            day,
            "--out",
            Path(out) / "forecast.parquet",
            "--policy",
            "none",
        ]
        return [_run("1 M customers, one line an order", command, "holdfast forecast")]


MEASURED: Mapping[str, Callable[[Path], list[Run]]] = {
    "online_retail": online_retail,
    "olist": olist,
    "million": million,
}


def _trained(data: str, files: Sequence[Path]) -> list[Run]:
    with TemporaryDirectory() as home:
        at: Arguments = ["--home", Path(home)]
        return [
            _run(data, ["import", *files, *at], "holdfast import"),
            _run(data, ["train", *at], "holdfast train"),
            _run(data, ["score", "--out", Path(home) / "scores.parquet", *at], "holdfast score"),
        ]


def _run(data: str, arguments: Arguments, shown: str) -> Run:
    """One command to its end; a failure ends the benchmark."""
    print(f"{data}: {shown}", file=sys.stderr)
    program = Path(sys.executable).with_name("holdfast")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
    start = perf_counter()
    child = subprocess.Popen([program, *arguments, "--json"], stdout=subprocess.DEVNULL, env=environment)
    _, status, used = os.wait4(child.pid, 0)
    seconds = perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{shown} failed on {data}.")
    peak = used.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)  # bytes on macOS, kilobytes on Linux
    return Run(data, shown, seconds, peak, os.getloadavg()[0])


def _write_million(path: Path) -> None:
    """Customers who arrive evenly, order at gamma rates and stay for exponential lifetimes; unless it is there."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    arrived = rng.uniform(0, DAYS, MILLION)
    until = np.minimum(arrived + rng.exponential(300.0, MILLION), DAYS)
    orders = 1 + rng.poisson(rng.gamma(0.6, 1 / 60.0, MILLION) * (until - arrived))
    customer = np.repeat(np.arange(MILLION), orders)
    day = arrived[customer] + rng.uniform(0, 1, len(customer)) * (until - arrived)[customer]
    day[np.cumsum(orders) - orders] = arrived
    columns = {
        "customer_id": customer,
        "order_id": np.arange(len(customer)),
        "ordered_at": (FIRST_DAY + day.astype(np.int64)).astype("datetime64[s]"),
        "amount": np.round(rng.lognormal(3.3, 0.8, len(customer)), 2),
    }
    with duckdb.connect() as connection:
        connection.register("columns", columns)
        text = "SELECT CAST(customer_id AS VARCHAR) AS customer_id, CAST(order_id AS VARCHAR) AS order_id,"
        connection.sql(f"{text} ordered_at, amount FROM columns").write_parquet(str(path))


if __name__ == "__main__":
    sys.exit(main())
