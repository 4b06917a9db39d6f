"""Seconds from a file to the first answer, through the command line as a person would run it.

    HOLDFAST_DATA=folder python benchmarks/first_answer.py

Measures `holdfast run FILE --json` into a new home, start of the program included: Online Retail as CSV.gz (where
HOLDFAST_DATA names the folder of data sets, see docs/data-sets.md) and 1 M generated lines as CSV.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from time import perf_counter

import synthetic
from report import machine, spread, write_between, write_json

_GENERATED_LINES = 1_000_000


def main() -> int:
    """Measure, print, and write where asked."""
    options = _options()
    seconds = {name: [_run(file) for _ in range(options.rounds)] for name, file in _files(options.data).items()}
    rows = [f"| {name} | {spread(measured)} |" for name, measured in seconds.items()]
    facts = ", ".join(f"{name} {value}" for name, value in machine().items())
    table = "\n".join(["| file | seconds (min-max) |", "| --- | --- |", *rows])
    text = f"Measured with {facts}; n = {options.rounds}.\n\n{table}"
    print(text)
    if options.docs:
        write_between(options.docs, "first answer", text)
    if options.out:
        write_json(options.out, {**machine(), "rounds": options.rounds, "seconds": seconds})
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="runs of each file (default 3)")
    parser.add_argument(
        "--data", type=Path, default=Path(gettempdir()) / "holdfast-benchmarks", help="where lines are kept"
    )
    parser.add_argument("--out", type=Path, help="write all runs as JSON")
    parser.add_argument("--docs", type=Path, help="write the table into this page")
    return parser.parse_args()


def _files(folder: Path) -> dict[str, Path]:
    generated = folder / f"lines_{_GENERATED_LINES}.csv"
    synthetic.write_csv(generated, _GENERATED_LINES)
    files = {"1 M generated lines, CSV": generated}
    if data := os.environ.get("HOLDFAST_DATA"):
        files["Online Retail, 541,909 lines, CSV.gz"] = Path(data) / "online_retail" / "OnlineRetail.csv.gz"
    else:
        print("Online Retail is left out: HOLDFAST_DATA does not name the folder of data sets.", file=sys.stderr)
    return files


def _run(file: Path) -> float:
    """Wall seconds of one run, a failure of which ends the benchmark."""
    holdfast = Path(sys.executable).with_name("holdfast")
    with TemporaryDirectory() as home:
        start = perf_counter()
        subprocess.run([holdfast, "run", file, "--json", "--home", home], stdout=subprocess.DEVNULL, check=True)
        return perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
