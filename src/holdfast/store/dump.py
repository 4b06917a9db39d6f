"""Records as JSON lines, one file a table: the same from SQLite and PostgreSQL, and into either.

Sessions, sign-in links, kept answers and workers are not in it: after a restore nobody is signed in.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext

from holdfast.store.database import Database
from holdfast.store.records import Answered, Base, SignInLink, WebSession, Worker

LEFT_OUT = frozenset(kind.__tablename__ for kind in (WebSession, SignInLink, Answered, Worker))
ENDING = ".jsonl"
AT_ONCE = 1000
"""Rows that are held in memory."""


def dump(database: Database, folder: Path) -> str:
    """Write every table as of one moment; returns the revision they are of."""
    one_moment: dict[str, Any] = {"isolation_level": "REPEATABLE READ"}
    if database.engine.dialect.name == "sqlite":
        one_moment = {"only_reads": True}  # in SQLite a transaction sees the moment of its first read
    folder.mkdir(parents=True)
    with database.engine.connect().execution_options(**one_moment) as connection, connection.begin():
        revision = MigrationContext.configure(connection).get_current_revision()
        for table in Base.metadata.sorted_tables:
            if table.name not in LEFT_OUT:
                _write(connection, table, folder / f"{table.name}{ENDING}")
    return str(revision)


def load(url: str | None, *, home: Path, folder: Path, revision: str) -> None:
    """Fill an empty database with tables of a revision, all or none, then bring it to the newest."""
    old = Database.open(url, home=home, revision=revision)
    try:
        metadata = sa.MetaData()
        metadata.reflect(old.engine, only=[path.stem for path in folder.glob(f"*{ENDING}")])
        with old.engine.begin() as connection:
            for table in metadata.sorted_tables:
                for rows in _read(table, folder / f"{table.name}{ENDING}"):
                    connection.execute(table.insert(), rows)
    finally:
        old.close()
    Database.open(url, home=home).close()


def is_empty(database: Database) -> bool:
    """Whether there is nothing in any table."""
    with database.begin() as session:
        found = (session.execute(sa.select(sa.literal(1)).select_from(t).limit(1)).first() for t in _tables())
        return not any(found)


def drop(database: Database) -> None:
    """Delete every table."""
    with database.engine.begin() as connection:
        Base.metadata.drop_all(connection)
        connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))


def _tables() -> list[sa.Table]:
    return [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]


def _write(connection: sa.Connection, table: sa.Table, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in connection.execute(sa.select(table).execution_options(yield_per=AT_ONCE)).mappings():
            values = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
            file.write(json.dumps(values, ensure_ascii=False) + "\n")


def _read(table: sa.Table, path: Path) -> Iterator[list[dict[str, Any]]]:
    moments = [column.name for column in table.columns if isinstance(column.type, sa.DateTime)]
    rows: list[dict[str, Any]] = []
    with path.open(encoding="utf-8") as file:
        for line in file:
            row: dict[str, Any] = json.loads(line)
            rows.append(row | {name: _moment(row[name]) for name in moments})
            if len(rows) == AT_ONCE:
                yield rows
                rows = []
    if rows:
        yield rows


def _moment(text: str | None) -> datetime | None:
    """In UTC, and without saying so, as the columns have it."""
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None) if text else None
