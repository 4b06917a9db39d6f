"""One task in a process of its own: its seconds, its peak memory, its answer.

Run as a script it is that process: it prepares the task, times it once and prints one line of JSON. Peak memory is that
of the whole process, imports included (`ru_maxrss`), so a task cannot hide behind what an earlier one had loaded.
"""

import json
import resource
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from fifteen import Answer


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one task."""

    seconds: float
    peak_mb: float
    answer: Answer


def run_apart(task: str, raw: Path, stage: Path, memory_limit: str | None) -> Run:
    """Run the task in a fresh process and wait for it."""
    command = [sys.executable, __file__, task, str(raw), str(stage), memory_limit or ""]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def build_apart(raw: Path, lines: int, stage: Path | None, memory_limit: str | None) -> None:
    """Make the raw lines, if they are not there yet, and the stage under the default policy, in a fresh process.

    The stage is made anew each time, for it has to be what today's cleaning makes.
    """
    command = [sys.executable, __file__, "build", str(raw), str(lines), str(stage or ""), memory_limit or ""]
    subprocess.run(command, check=True)


def _build(raw: str, lines: str, stage: str, memory_limit: str) -> None:
    import ours  # noqa: PLC0415  # the parent, which only starts processes, stays small
    import synthetic  # noqa: PLC0415

    synthetic.write_parquet(Path(raw), int(lines))
    if stage:
        with ours.engine(memory_limit or None) as engine:
            ours.cleaned(engine, Path(raw), policy="default", into=Path(stage))


def _measure(task: str, raw: str, stage: str, memory_limit: str) -> None:
    from tasks import TASK, Place  # noqa: PLC0415

    with ExitStack() as stack:
        timed = TASK[task].prepare(Place(Path(raw), Path(stage), memory_limit or None), stack)
        start = perf_counter()
        answer = timed()
        seconds = perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
    print(json.dumps({"seconds": seconds, "peak_mb": peak, "answer": dict(answer)}))


if __name__ == "__main__":
    if sys.argv[1] == "build":
        _build(*sys.argv[2:])
    else:
        _measure(*sys.argv[1:])
