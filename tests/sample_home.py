"""A home folder with the sample shop in it, imported and trained once a session; for tests that only read."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi.testclient import TestClient

from holdfast.access.caller import Role
from holdfast.api.app import create_app
from holdfast.samples import make_shop
from holdfast.workflows.importing import HowToRead, import_files
from holdfast.workflows.shop import Shop
from holdfast.workflows.training import train
from tests.api.conftest import key_for
from tests.api.parts import settings_on

TENANT = "sample"


def shop_in(home: Path, tenant: str = TENANT) -> Shop:
    """A shop under the default settings."""
    return Shop.open(settings_on(home, tenant=tenant))


def fill(home: Path) -> None:
    """Import and train."""
    sample = make_shop(home / "files", seed=3, customers=300)
    import_files(shop_in(home), [sample.orders, sample.customers, sample.reviews], how=HowToRead(currency="GBP"))
    train(shop_in(home), dates=0)


def copy_tenant(home: Path, to: Path, *, tenant: str = TENANT, name: str = TENANT) -> None:
    """Copy a shop, without what ties it to the storage it came from: the storage of the copy adopts it."""
    untied = shutil.ignore_patterns(".mirror")
    shutil.copytree(home / "tenants" / tenant, to / "tenants" / name, ignore=untied)


@contextmanager
def reading(home: Path, tenant: str = TENANT, role: Role = Role.VIEWER, **settings: object) -> Iterator[TestClient]:
    """A client of an application over a home, with a key of a tenant."""
    app = create_app(settings_on(home, **settings))
    with TestClient(app, raise_server_exceptions=False, base_url="http://testserver/api/v1/") as client:
        client.headers["Authorization"] = f"Bearer {key_for(app.state.service, tenant, role)}"
        yield client
