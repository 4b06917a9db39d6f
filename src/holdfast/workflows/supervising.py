"""The workers that a server starts: child processes, started anew when they die, stopped when it stops.

A worker's standard input is a pipe that nobody writes to. It ends when the server does, however that happens, and so
tells the worker to stop: no worker outlives its server unseen.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

log = structlog.get_logger(__name__)

COMMAND = (sys.executable, "-m", "holdfast", "worker", "--until-input-ends")

LIVED_LONG = 60.0
"""Seconds after which a death is an accident, and the next start need not wait."""

LONGEST_PAUSE = 30.0
"""Seconds between two starts of a worker that dies again and again."""

TO_STOP = 20.0
"""Seconds that workers have to put down what they are doing, a little more than they allow themselves."""

SECONDS_BETWEEN_LOOKS = 0.5


class Supervisor:
    """Keeps a number of workers alive, from `start` to `stop`."""

    def __init__(self, count: int, *, environment: Mapping[str, str], command: Sequence[str] = COMMAND) -> None:
        self._command, self._environment = command, environment
        self._places = [_Place() for _ in range(count)]
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def start(self) -> None:
        """Start the workers, and watch them."""
        self._watcher.start()

    def stop(self) -> None:
        """Tell the workers to stop, and wait until they have; who does not is killed, which loses nothing."""
        self._stopping.set()
        if self._watcher.is_alive():
            self._watcher.join()
        children = [place.child for place in self._places if place.child is not None]
        for child in children:
            child.terminate()
        deadline = time.monotonic() + TO_STOP
        for child in children:
            try:
                child.wait(timeout=max(deadline - time.monotonic(), 0.0))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            if child.stdin is not None:
                child.stdin.close()

    @property
    def pids(self) -> list[int]:
        """The processes of the workers that live."""
        return [place.child.pid for place in self._places if place.child is not None and place.child.poll() is None]

    def _watch(self) -> None:
        while not self._stopping.is_set():
            for place in self._places:
                self._look_at(place)
            self._stopping.wait(SECONDS_BETWEEN_LOOKS)

    def _look_at(self, place: "_Place") -> None:
        """Start a worker where there is none, and it is time."""
        moment = time.monotonic()
        if place.child is not None and place.child.poll() is not None:
            place.note_death(moment)
            log.warning("a worker died", code=place.child.returncode, seconds_to_next=place.next_start - moment)
            place.child = None
        if place.child is None and moment >= place.next_start:
            place.started = moment
            place.child = subprocess.Popen(  # noqa: S603 - our own command
                self._command, stdin=subprocess.PIPE, env=dict(self._environment)
            )


@dataclass(slots=True)
class _Place:
    """Where one worker belongs, and when the next one may start there."""

    child: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    next_start: float = 0.0
    deaths: int = 0

    def note_death(self, moment: float) -> None:
        """The more often in a row, the longer the pause."""
        self.deaths = 1 if moment - self.started > LIVED_LONG else self.deaths + 1
        self.next_start = moment + min(0.5 * 2 ** (self.deaths - 1), LONGEST_PAUSE)
