"""The durable queue that jobs wait in: DBOS, beside the records (a SQLite file at home, or the same PostgreSQL).

A server only puts tickets in; workers (`worker.py`) take them out. What people read about a job is its record; the
queue sees to it that every ticket is worked on until it has ended, whatever is killed in between.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import structlog
from dbos import DBOS, DBOSClient, EnqueueOptions
from dbos import Serializer as DbosSerializer
from filelock import FileLock

from holdfast.errors import HoldfastError
from holdfast.settings import Settings
from holdfast.store.database import compact, normal_url
from holdfast.store.records import Job

log = structlog.get_logger(__name__)

APPLICATION = "holdfast"
QUEUE = "jobs"
WORKFLOW = "job"
SCHEMA = "dbos"
FILE_NAME = "jobs.sqlite"

STEPS_VERSION = "1"
"""A whole number, raised by hand whenever a kind of job gets other steps, or steps in another order: what an earlier
version remembers of a job that was under way would not fit, so the job is then queued anew (`mending.py`)."""


class Serializer(DbosSerializer):
    """What the queue remembers, as JSON: arguments, results of steps, and errors. Never pickle, which runs code."""

    def name(self) -> str:
        """Stored beside every value."""
        return "holdfast_json"

    def serialize(self, data: Any) -> str:
        """As text; an error as what it says."""
        return json.dumps(_of_error(data) if isinstance(data, BaseException) else data, ensure_ascii=False)

    def deserialize(cls, serialized_data: str) -> Any:  # noqa: N805 - as DBOS has it
        """The value again; one of our errors as what it was, a bug as RuntimeError."""
        data = json.loads(serialized_data)
        return _error_of(data["$error"]) if isinstance(data, dict) and "$error" in data else data


def ticket_of(job: Job, *, attempt: int | None = None) -> str:
    """The name under which the queue knows a job, by default for its present attempt; a new attempt has a new one."""
    return f"{job.id}.{attempt or job.attempt}"


@dataclass(frozen=True, slots=True)
class Tickets:
    """The end of the queue where tickets go in."""

    url: str
    client: DBOSClient

    @classmethod
    def open(cls, settings: Settings) -> "Tickets":
        """Open the queue, made or migrated if need be."""
        url = queue_url(settings)
        migrate(settings)
        return cls(
            url,
            DBOSClient(
                system_database_url=url,
                dbos_system_schema=SCHEMA,
                serializer=Serializer(),
                application_name=APPLICATION,
                retry_connection_errors=False,
            ),
        )

    def send(self, job: Job) -> None:
        """Queue a job. Sending again changes nothing; what cannot be sent now is sent by a worker later."""
        options: EnqueueOptions = {
            "workflow_name": WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": ticket_of(job),
            "app_version": STEPS_VERSION,
            "priority": job.priority,
            "queue_partition_key": job.tenant,
        }
        try:
            self.client.enqueue(options, job.id, job.attempt)
        except sa.exc.DBAPIError as error:
            log.warning("a job will be queued later", job=job.id, reason=str(error.orig))

    def forget(self, names: Sequence[str]) -> None:
        """Delete what the queue remembers of tickets that have ended, for good."""
        if names:
            self.client.delete_workflows(list(names))
            compact(self.url)

    def close(self) -> None:
        """Give connections back."""
        self.client.destroy()


def queue_url(settings: Settings) -> str:
    """Where the queue is kept: with the records in PostgreSQL, else a SQLite file of its own.

    A file of its own, because workers ask it for tickets all the time, and SQLite has one writer a file.
    """
    records = normal_url(settings.database_url, home=settings.home)
    return records if records.startswith("postgresql") else f"sqlite:///{(settings.home / FILE_NAME).as_posix()}"


def forget_queue(settings: Settings) -> None:
    """Delete the queue with all tickets; it is made anew by whoever opens it next. Nobody may be working."""
    url = queue_url(settings)
    if url.startswith("sqlite"):
        for file in settings.home.glob(f"{FILE_NAME}*"):
            file.unlink()
        return
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(sa.schema.DropSchema(SCHEMA, cascade=True, if_exists=True))
    engine.dispose()


def migrate(settings: Settings) -> None:
    """Bring the queue's tables to what this version needs; of processes that start at once, one does it."""
    url = queue_url(settings)
    settings.home.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.home / "migrating-jobs.lock", timeout=60):
        DBOS.migrate(url, schema=SCHEMA)
        if url.startswith("sqlite"):
            _readers_beside_a_writer(url)


def _readers_beside_a_writer(url: str) -> None:
    """A property of the file, set once and for all who open it."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    engine.dispose()


def _of_error(error: BaseException) -> dict[str, Any]:
    if isinstance(error, HoldfastError):
        return {"$error": {"name": type(error).__name__, "problem": error.problem()}}
    return {"$error": {"name": type(error).__name__, "text": str(error)}}


def _error_of(data: dict[str, Any]) -> Exception:
    problem = data.get("problem")
    if problem is None:
        return RuntimeError(f"{data['name']}: {data['text']}")
    kind = next((kind for kind in _kinds(HoldfastError) if kind.__name__ == data["name"]), HoldfastError)
    error = kind(problem["what"], seen=problem["seen"], todo=problem["todo"], details=problem["details"])
    error.code = problem["code"]
    return error


def _kinds(parent: type[HoldfastError]) -> list[type[HoldfastError]]:
    """An error class and all below it."""
    return [parent, *(kind for child in parent.__subclasses__() for kind in _kinds(child))]
