"""Records to work on, in SQLite and in a PostgreSQL of the test's own; and a moment that does not move."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from holdfast.access import passwords
from holdfast.access.tenants import ensure_tenant
from holdfast.store.database import Database
from holdfast.store.records import Base
from tests.postgres import new_database

NOW = datetime(2024, 7, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> PasswordHasher:
    """Hashing as always, with less work: it is slow on purpose."""
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", hasher)
    passwords._nobodys.cache_clear()
    return hasher


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of an empty database, gone afterwards."""
    with new_database() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Records with the tenants `tea` and `coffee`."""
    opened = Database.open(
        request.getfixturevalue("postgres") if request.param == "postgres" else None, home=tmp_path / "home"
    )
    with opened.begin() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(sa.delete(table))
        for name in ("tea", "coffee"):
            ensure_tenant(session, name, now=NOW)
    yield opened
    opened.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A transaction on them."""
    with database.begin() as session:
        yield session
