"""Services to submit jobs to, on SQLite and on PostgreSQL, and workers for them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfast.access.tenants import ensure_tenant
from holdfast.settings import Settings
from holdfast.workflows.clock import now
from holdfast.workflows.service import Service
from tests.postgres import new_database


@pytest.fixture(params=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    """An empty service with the tenants `tea` and `coffee`, and nobody who works."""
    if request.param == "sqlite":
        yield from _opened(Settings(home=tmp_path))
        return
    with new_database() as url:
        yield from _opened(Settings(home=tmp_path, database_url=url))


def _opened(settings: Settings) -> Iterator[Service]:
    service = Service.open(settings)
    with service.database.begin() as session:
        for tenant in ("tea", "coffee"):
            ensure_tenant(session, tenant, now=now())
    yield service
    service.close()
