"""A job under way, as the function that does it sees it: what to do, whom to tell, and whether to stop."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog
from dbos import DBOS

from holdfast.store.folder import ShopLockedError
from holdfast.store.records import Job
from holdfast.workflows.jobs import State
from holdfast.workflows.service import Service
from holdfast.workflows.shop import Shop

T = TypeVar("T")

log = structlog.get_logger(__name__)

SECONDS_BETWEEN_WRITES = 0.5
"""Progress is written twice a second at most: people do not read faster, and SQLite has one writer."""

LOCKED_RETRIES = (1, 2, 4, 8, 15, 30, 60, 60, 60, 60)
"""Seconds to wait for a shop that somebody else changes, such as a large import on the command line."""


class Interrupted(BaseException):
    """The work ends here, and what it did so far counts for nothing.

    No `Exception`, so that nobody on the way takes it for a failure, and the queue does not remember it as one.
    """


class Cancelled(Interrupted):
    """Somebody asked to stop the job."""


class HandedBack(Interrupted):
    """The job goes on elsewhere: this worker is leaving, or another one has taken the job over."""


@dataclass(slots=True)
class Told:
    """What was last said about the progress, and when it was written."""

    step: str
    done: float
    written: float = float("-inf")

    def note(self, step: str, done: float) -> None:
        """Remember what is going on; what is done never becomes less."""
        self.step, self.done = step, min(max(done, self.done), 1.0)

    def due(self) -> bool:
        """Whether it is time to write."""
        moment = time.monotonic()
        if moment - self.written < SECONDS_BETWEEN_WRITES:
            return False
        self.written = moment
        return True


@dataclass(frozen=True, slots=True)
class Work:
    """One attempt at a job by one worker, or a part of it that takes the progress from `begin` to `end`.

    `arguments` are what was asked for; `leaving` says whether the worker has to go.
    """

    service: Service
    job: Job
    shop: Shop
    arguments: Mapping[str, Any]
    leaving: Callable[[], bool]
    told: Told
    begin: float = 0.0
    end: float = 1.0

    @property
    def tenant(self) -> str:
        """Whose shop it is about."""
        return self.job.tenant

    def step(self, name: str, do: Callable[[], T]) -> T:
        """Do something once: after a crash its result, which must be JSON, is remembered and it is not done again.

        What was under way when the worker died is done again, so `do` must not mind finding its own traces. A job must
        take the same steps in the same order each time it is done: which ones, may depend on its arguments and on the
        results of steps before, not on anything that changes meanwhile.
        """
        return DBOS.run_step({"name": name}, lambda: self._when_free(do))

    def part(self, begin: float, end: float, **arguments: Any) -> "Work":
        """A part of the work with arguments of its own, as one kind of job does what another one is made of."""
        return replace(self, begin=begin, end=end, arguments=arguments)

    def progress(self, step: str, done: float) -> None:
        """Say what is going on and how much is done (0-1); raises Interrupted where the work has to end."""
        self.told.note(step, self.begin + (self.end - self.begin) * done)
        if self.told.due():
            self._tell()

    def _tell(self) -> None:
        """Write progress, and in the same breath learn whether to stop."""
        if self.leaving():
            raise HandedBack
        written = (
            sa.update(Job)
            .where(*mine(self.job))
            .values(step=self.told.step, progress=self.told.done)
            .returning(Job.stop_asked)
        )
        try:
            with self.service.database.begin() as session:
                stop_asked = session.scalar(written)
        except sa.exc.OperationalError as error:  # nobody hears of it this time; the work itself goes on
            log.warning("progress was not written", job=self.job.id, reason=str(error.orig))
            return
        if stop_asked is None:
            raise HandedBack
        if stop_asked:
            raise Cancelled

    def _when_free(self, do: Callable[[], T]) -> T:
        for pause in LOCKED_RETRIES:
            self._tell()
            try:
                return do()
            except ShopLockedError:
                self.told.note("Waiting for somebody else who changes the shop", self.told.done)
                time.sleep(pause)
        return do()


Kinds = Mapping[str, Callable[[Work], dict[str, Any]]]
"""What does each kind of job."""


def mine(job: Job) -> tuple[sa.ColumnElement[bool], ...]:
    """Whether a job is still ours: in this attempt, with this worker."""
    return (
        Job.id == job.id,
        Job.attempt == job.attempt,
        Job.worker == job.worker,
        Job.state == State.RUNNING.value,
    )
