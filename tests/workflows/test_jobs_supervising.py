"""A server's workers: started, started anew when they die, stopped with it."""

import os
import signal
import sys

import pytest

from holdfast.workflows import supervising
from holdfast.workflows.supervising import Supervisor
from tests.workflows.at_work import until

OBEDIENT = (sys.executable, "-c", "import sys; sys.stdin.read()")
STUBBORN = (sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, print); time.sleep(60)")
DYING = (sys.executable, "-c", "raise SystemExit(1)")


def test_a_worker_that_dies_is_started_anew_and_the_others_live_on() -> None:
    supervisor = Supervisor(2, environment=os.environ, command=OBEDIENT)
    supervisor.start()
    until(lambda: len(supervisor.pids) == 2)
    first, second = supervisor.pids
    os.kill(first, signal.SIGKILL)
    until(lambda: len(supervisor.pids) == 2 and first not in supervisor.pids)
    assert second in supervisor.pids
    supervisor.stop()
    assert supervisor.pids == []


def test_a_worker_that_does_not_stop_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "TO_STOP", 0.5)
    supervisor = Supervisor(1, environment=os.environ, command=STUBBORN)
    supervisor.start()
    until(lambda: supervisor.pids)
    supervisor.stop()
    assert supervisor.pids == []


def test_the_more_often_it_dies_the_longer_the_pause() -> None:
    place = supervising._Place(started=0.0)
    pauses = []
    for moment in range(10):
        place.note_death(float(moment))
        pauses.append(place.next_start - moment)
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30, 30]
    place.note_death(100.0)
    assert place.next_start == 100.5


def test_a_supervisor_without_workers_or_without_a_start_stops() -> None:
    none = Supervisor(0, environment=os.environ, command=DYING)
    none.start()
    none.stop()
    Supervisor(3, environment=os.environ, command=DYING).stop()
