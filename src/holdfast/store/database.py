"""The database of records: keys, users, uploads, jobs, predictions, the audit log. SQLite at home, or PostgreSQL.

Opening it migrates it. Many processes may open it at once: the first one migrates, the others wait.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock
from sqlalchemy.orm import Session, sessionmaker

from holdfast.errors import StoreError

FILE_NAME = "records.sqlite"
MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 5_012_746_330
"""A number of our own for PostgreSQL's advisory locks."""


@dataclass(frozen=True, slots=True)
class Database:
    """An open database; `url` without its driver, as other libraries read it."""

    url: str
    engine: sa.Engine
    _sessions: sessionmaker[Session]

    @classmethod
    def open(cls, url: str | None, *, home: Path, revision: str = "head") -> "Database":
        """Open the database at `url` (default: SQLite in the home folder) and bring it to a revision, the newest.

        Raises StoreError where it cannot be reached, or was written by a newer Holdfast.
        """
        address = normal_url(url, home=home)
        if address.startswith("sqlite"):
            home.mkdir(parents=True, exist_ok=True)
        engine = _engine(address)
        try:
            _migrate(engine, home=home, revision=revision)
        except sa.exc.OperationalError as error:
            raise StoreError(
                "The database cannot be reached.",
                seen=f"{engine.url.render_as_string(hide_password=True)}: {str(error.orig).strip()}",
                todo="Check HOLDFAST_DATABASE_URL, and that the server is up.",
            ) from error
        return cls(address, engine, sessionmaker(engine, expire_on_commit=False))

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A transaction: committed at the end, rolled back if anything is raised. Records outlive it."""
        with self._sessions.begin() as session:
            yield session

    def compact(self) -> None:
        """See to it that what was deleted cannot be read from the file either."""
        compact(self.url)

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def compact(url: str) -> None:
    """Rewrite a SQLite file without what was deleted from it; PostgreSQL does so by itself in time (autovacuum)."""
    if not url.startswith("sqlite"):
        return
    with closing(sqlite3.connect(sa.make_url(url).database or "", timeout=60, isolation_level=None)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def normal_url(url: str | None, *, home: Path) -> str:
    """The address in one spelling: `sqlite:///FILE` or `postgresql://...`, without a driver."""
    if url is None:
        return f"sqlite:///{(home / FILE_NAME).as_posix()}"
    scheme, rest = url.split("://", 1)
    kind = "sqlite" if scheme.startswith("sqlite") else "postgresql"
    return f"{kind}://{rest}"


def _engine(address: str) -> sa.Engine:
    if address.startswith("postgresql"):
        url = sa.make_url(address).set(drivername="postgresql+psycopg")
        return sa.create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=30)
    engine = sa.create_engine(address, connect_args={"timeout": 30})
    sa.event.listen(engine, "connect", _tune_sqlite)
    sa.event.listen(engine, "begin", _begin_at_once)
    return engine


def _tune_sqlite(connection: Any, _record: object) -> None:
    """Readers and a writer side by side; a commit survives the process, and the power cut at worst loses the last."""
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_at_once(connection: sa.Connection) -> None:
    """A transaction that reads first and writes later would fail, not wait, if another one wrote in between."""
    mode = "DEFERRED" if connection.get_execution_options().get("only_reads") else "IMMEDIATE"
    connection.exec_driver_sql(f"BEGIN {mode}")


def _migrate(engine: sa.Engine, *, home: Path, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    wanted = script.get_current_head() if revision == "head" else revision
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == wanted:
            return
    with _alone(engine, home=home) as connection:
        known = {each.revision for each in script.walk_revisions()}
        current = MigrationContext.configure(connection).get_current_revision()
        unknown = {current, wanted} - known - {None}
        if unknown:
            raise StoreError(
                "The records were written by a newer Holdfast.",
                seen=f"Their revision is {', '.join(map(str, unknown))}; this one knows {script.get_current_head()}.",
                todo="Upgrade Holdfast, or restore a backup from before the upgrade.",
            )
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


@contextmanager
def _alone(engine: sa.Engine, *, home: Path) -> Iterator[sa.Connection]:
    """A transaction that no other process migrates in."""
    if engine.dialect.name == "sqlite":
        with FileLock(home / "migrating.lock", timeout=60), engine.begin() as connection:
            yield connection
        return
    with engine.begin() as connection:
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        yield connection
