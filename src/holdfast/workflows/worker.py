"""A worker: a process that takes jobs from the queue, one at a time, and does them.

It may be killed at any moment. Whatever it was at is done again: by itself when it comes back under the same name, or
by another one once it has been silent for a minute.
"""

import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import sqlalchemy as sa
import structlog
from dbos import DBOS, DBOSConfig
from filelock import FileLock, Timeout

from holdfast.settings import Settings
from holdfast.store.records import Job, Worker
from holdfast.workflows.clock import now
from holdfast.workflows.durable import (
    APPLICATION,
    QUEUE,
    SCHEMA,
    STEPS_VERSION,
    WORKFLOW,
    Serializer,
    migrate,
    queue_url,
)
from holdfast.workflows.jobs import State
from holdfast.workflows.mending import mend, tidy
from holdfast.workflows.performing import perform
from holdfast.workflows.service import Service
from holdfast.workflows.work import HandedBack, Kinds

log = structlog.get_logger(__name__)

TICKETS_LOOKED_FOR = 0.5
"""Seconds between two looks into the queue: how long a job waits at most for an idle worker."""

HEARTBEAT, MENDING, TIDYING = 5.0, 15.0, 3600.0
"""Seconds between signs of life, between looks for what was left lying, and between throwing old tickets away."""

DEATHS = 10
"""How often a job may take its worker down with it (memory, usually) before it is given up."""

TO_FINISH, TO_LET_GO = 10.0, 5.0
"""Seconds that a worker which is told to stop has to finish its job; then to leave it at its next word of progress.
Together less than the 30 that container platforms give."""


def work(settings: Settings, kinds: Kinds, *, stop: threading.Event) -> bool:
    """Do jobs until told to stop. False if one cannot be put down, so that the process has to end with it."""
    service = Service.open(settings)
    migrate(settings)
    with name_of_its_own(settings.home) as name:
        desk = Desk(service, kinds, name)
        desk.sign_in()
        _launch(desk)
        log.info("worker ready", worker=name, process=os.getpid())
        _keep_house(desk, stop)
        put_down = desk.leave()
        log.info("worker leaves", worker=name, put_down=put_down)
        if put_down:
            DBOS.destroy(destroy_registry=True)
            service.close()
        return put_down


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a worker sits: its name, and how far it is in leaving."""

    service: Service
    kinds: Kinds
    name: str
    closed: threading.Event = field(default_factory=threading.Event)
    leaving: threading.Event = field(default_factory=threading.Event)
    _busy: threading.Lock = field(default_factory=threading.Lock)

    def take(self, job_id: str, attempt: int) -> None:
        """Do the job of a ticket."""
        with self._busy:
            if self.closed.is_set():
                raise HandedBack
            perform(self.service, self.kinds, job_id, attempt, worker=self.name, leaving=self.leaving.is_set)

    def leave(self) -> bool:
        """Take no more tickets, finish what is being done or hand it back; False if it cannot be put down."""
        self.closed.set()
        put_down = self._busy.acquire(timeout=TO_FINISH)
        if not put_down:
            self.leaving.set()
            put_down = self._busy.acquire(timeout=TO_LET_GO)
        self.sign_out()
        return put_down

    def sign_in(self) -> None:
        """Be known as alive, before the first ticket is taken."""
        with self.service.database.begin() as session:
            session.merge(Worker(id=self.name, started_at=now(), seen_at=now()))

    def sign_of_life(self) -> None:
        """Still here."""
        with self.service.database.begin() as session:
            seen = sa.update(Worker).where(Worker.id == self.name).values(seen_at=now()).returning(Worker.id)
            known = session.scalar(seen)
        if known is None:  # the records are older than we are: they were restored from a backup
            self.sign_in()

    def sign_out(self) -> None:
        """Gone: what is left is taken over by others at once, or by whoever comes next under this name."""
        left = sa.update(Job).where(Job.worker == self.name, Job.state == State.RUNNING.value)
        with self.service.database.begin() as session:
            session.execute(left.values(state=State.QUEUED.value, worker=None, step="Waiting for another worker"))
            session.execute(sa.delete(Worker).where(Worker.id == self.name))


def _launch(desk: Desk) -> None:
    """Start to take tickets; those that were taken under this name before go back into the queue first."""
    DBOS(config=_config(desk.service.settings, desk.name))

    @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=DEATHS)
    def take(job_id: str, attempt: int) -> None:
        desk.take(job_id, attempt)

    DBOS.launch()
    DBOS.register_queue(
        QUEUE,
        worker_concurrency=1,
        partition_concurrency=1,  # a tenant's jobs one after the other: they change the same shop
        polling_interval_sec=TICKETS_LOOKED_FOR,
        on_conflict="always_update",
    )


def _config(settings: Settings, name: str) -> DBOSConfig:
    return {
        "name": APPLICATION,
        "system_database_url": queue_url(settings),
        "dbos_system_schema": SCHEMA,
        "application_version": STEPS_VERSION,
        "executor_id": name,
        "serializer": Serializer(),
        "enable_otlp": False,
        "log_level": "WARNING",
        "sys_db_pool_size": 5,
    }


def _keep_house(desk: Desk, stop: threading.Event) -> None:
    """Signs of life, and looking after what was left lying, until told to stop."""
    for beat in count():
        try:
            desk.sign_of_life()
            if beat % int(MENDING / HEARTBEAT) == 0:
                mend(desk.service)
            if beat % int(TIDYING / HEARTBEAT) == 0:
                tidy(desk.service)
        except sa.exc.DBAPIError as error:  # the database is away; jobs that need it will say so
            log.warning("the database cannot be reached", reason=str(error.orig))
        if stop.wait(HEARTBEAT):
            return


@contextmanager
def name_of_its_own(home: Path) -> Iterator[str]:
    """A name that no other living worker has, and that the next one in its place will have again.

    It is the first free number of this home folder, held by a lock that ends with the process.
    """
    folder = home / "workers"
    folder.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        lock = FileLock(folder / f"{number}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue
        try:
            yield f"{_name_of(folder)}-{number}"
        finally:
            lock.release()
        return


def _name_of(folder: Path) -> str:
    """Tells home folders apart that share a database; made once."""
    file = folder / "name"
    with FileLock(folder / "name.lock"):
        if not file.exists():
            file.write_text(secrets.token_hex(4), encoding="utf-8")
        return file.read_text(encoding="utf-8")
