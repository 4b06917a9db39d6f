"""One task in a process of its own: its seconds, its peak memory, its answer.

Run as a script it is that process: it prepares the task, times it once and prints one line of JSON. Peak memory is that
of the whole process, imports included (`ru_maxrss`). A child inherits the peak of the process that starts it, so that
one stays small: neither this module nor `pipeline` imports an engine.
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
from tasks import TASK, Place, Task


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one task."""

    seconds: float
    peak_mb: float
    answer: Answer


def run_apart(task: Task, place: Place) -> Run:
    """Run the task in a fresh process and wait for it."""
    command = [sys.executable, __file__, task.name, str(place.raw), str(place.stage), place.memory_limit or ""]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def build_apart(place: Place, lines: int, *, with_stage: bool) -> None:
    """Make the raw lines, and the stage where wanted, in a fresh process, see `build`."""
    script = Path(__file__).with_name("build.py")
    stage = str(place.stage) if with_stage else ""
    subprocess.run(
        [sys.executable, str(script), str(place.raw), str(lines), stage, place.memory_limit or ""], check=True
    )


def _main(name: str, raw: str, stage: str, memory_limit: str) -> None:
    prepare = TASK[name].load()
    with ExitStack() as stack:
        timed = prepare(Place(Path(raw), Path(stage), memory_limit or None), stack)
        start = perf_counter()
        answer = timed()
        seconds = perf_counter() - start
    print(json.dumps({"seconds": seconds, "peak_mb": _peak_mb(), "answer": dict(answer)}))


def _peak_mb() -> float:
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024  # bytes on macOS, kilobytes on Linux
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


if __name__ == "__main__":
    _main(*sys.argv[1:])
