"""Kinds of jobs that only tests need, and a worker process that knows them: `python -m tests.workflows.odd_jobs`.

What a job did is a line in `traces` in the shop's folder. A job that waits goes on once there is a file `go`.
"""

import os
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from holdfast.errors import MappingError
from holdfast.settings import Settings
from holdfast.workflows import mending, worker
from holdfast.workflows.work import Kinds, Work


def echo(work: Work) -> dict[str, Any]:
    """Gives back what it was told."""
    trace(work, str(work.arguments.get("name", "echo")))
    return dict(work.arguments)


def refuse(_work: Work) -> dict[str, Any]:
    """Cannot be done, for a reason."""
    raise MappingError("No.", seen="This.", todo="That.", details={"columns": ["a"]})


def refuse_in_a_step(work: Work) -> dict[str, Any]:
    """Fails in a step that is remembered; waits before it says so."""
    try:
        work.step("refuse", lambda: refuse(work))
    except MappingError as error:
        wait(work)
        trace(work, f"refused {error.details['columns']}")
        raise
    return {}


def stumble(_work: Work) -> dict[str, Any]:
    """A bug."""
    raise ValueError("secret of the shop")


def waits(work: Work) -> dict[str, Any]:
    """Two steps, and waiting in between."""
    first = work.step("first", lambda: trace(work, f"first {work.arguments.get('name', '')}".strip()))
    wait(work)
    second = work.step("second", lambda: trace(work, f"second {work.arguments.get('name', '')}".strip()))
    return {"traces": [first, second]}


def deaf(work: Work) -> dict[str, Any]:
    """Says nothing of its progress, and so hears nothing."""
    trace(work, "deaf")
    while not (work.shop.folder.path / "go").exists():
        time.sleep(0.02)
    return {}


def kill_its_worker(work: Work) -> dict[str, Any]:
    """Takes its worker down with it."""
    trace(work, "killed")
    os._exit(9)


def trace(work: Work, text: str) -> str:
    """Leave a line."""
    work.shop.folder.path.mkdir(parents=True, exist_ok=True)
    with (work.shop.folder.path / "traces").open("a", encoding="utf-8") as file:
        file.write(f"{text}\n")
    return text


def wait(work: Work) -> None:
    """Until there is a file `go`, telling of progress meanwhile."""
    for n in range(10_000):
        if (work.shop.folder.path / "go").exists():
            return
        work.progress(f"waiting {n}", min(0.1 + n / 100, 0.9))
        time.sleep(0.02)


ODD: Kinds = {
    "echo": echo, "refuse": refuse, "refuse in a step": refuse_in_a_step, "stumble": stumble, "waits": waits,
    "deaf": deaf, "kill its worker": kill_its_worker,
}  # fmt: skip


def quick() -> None:
    """Seconds where the product has minutes."""
    worker.HEARTBEAT, worker.MENDING, worker.TO_FINISH, worker.TO_LET_GO = 0.3, 0.6, 0.5, 1.0
    mending.SILENCE = timedelta(seconds=4)
    worker.DEATHS = 2


if __name__ == "__main__":
    quick()
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()  # type: ignore[func-returns-value]
    if not worker.work(Settings(home=Path(sys.argv[1]), database_url=sys.argv[2] or None), ODD, stop=stop):
        os._exit(0)
