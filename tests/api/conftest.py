"""An application with an empty home, and keys for two tenants."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from holdfast.access.caller import Role
from holdfast.access.keys import create_key
from holdfast.access.tenants import ensure_tenant
from holdfast.api.app import create_app
from holdfast.settings import Settings
from holdfast.workflows.clock import now
from holdfast.workflows.service import Service
from tests.access.conftest import database, postgres  # noqa: F401 - fixtures of these tests too
from tests.api.parts import opened, settings_on


@pytest.fixture(scope="session", autouse=True)
def parts() -> Iterator[None]:
    """Gone when the tests are over."""
    yield
    opened.close()


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Nothing from outside, everything in a folder of the test."""
    for name in [name for name in os.environ if name.startswith("HOLDFAST_")]:
        monkeypatch.delenv(name)
    return settings_on(tmp_path / "home")


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    """The application, not started."""
    return create_app(settings)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A client of the started application, without a key."""
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def key_for(service: Service, tenant: str, role: Role = Role.ADMIN) -> str:
    """A new key of a tenant, which is made if need be."""
    with service.database.begin() as session:
        ensure_tenant(session, tenant, now=now())
        return create_key(session, tenant=tenant, role=role, name="test", by="test", now=now())[1]


@pytest.fixture
def service(app: FastAPI, client: TestClient) -> Service:
    """What the started application works with."""
    found: Service = app.state.service
    return found


@pytest.fixture
def admin(client: TestClient, service: Service) -> TestClient:
    """The client with an admin's key of the tenant `shop`."""
    client.headers["Authorization"] = f"Bearer {key_for(service, 'shop')}"
    return client
