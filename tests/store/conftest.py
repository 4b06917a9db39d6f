"""Storage that several machines share: a folder, and S3 as moto's server on loopback speaks it (a stand-in)."""

import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from holdfast.settings import Settings
from holdfast.store import ShopFolder
from holdfast.store.remote import Storage, open_storage


@contextmanager
def new_server() -> Iterator[str]:
    """The address of an S3-compatible server."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@contextmanager
def new_bucket(monkeypatch: pytest.MonkeyPatch, endpoint: str | None = None) -> Iterator[dict[str, str]]:
    """The settings that name a folder in an empty bucket, of a server of its own if none is given."""
    for name, value in (("ACCESS_KEY_ID", "key"), ("SECRET_ACCESS_KEY", "secret"), ("REGION", "us-east-1")):
        monkeypatch.setenv(f"AWS_{name}", value)
    with nullcontext(endpoint) if endpoint else new_server() as address:
        bucket = f"shops-{uuid.uuid4().hex}"
        urllib.request.urlopen(urllib.request.Request(f"{address}/{bucket}", method="PUT")).close()
        yield {"storage_url": f"s3://{bucket}/holdfast/here", "storage_endpoint": str(address)}


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """One server for all tests."""
    with new_server() as address:
        yield address


@pytest.fixture(params=["folder", "s3"])
def shared(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The settings that name an empty storage."""
    if request.param == "folder":
        yield {"storage_url": (tmp_path / "bucket of all").as_uri()}
        return
    with new_bucket(monkeypatch, request.getfixturevalue("s3_endpoint")) as settings:
        yield settings


@pytest.fixture
def storage(shared: dict[str, str]) -> Storage:
    """The storage itself."""
    opened = open_storage(shared["storage_url"], shared.get("storage_endpoint"))
    assert opened is not None
    return opened


class Machines:
    """Machines that share a storage; each has a home of its own."""

    def __init__(self, root: Path, shared: dict[str, str]) -> None:
        self._root, self._shared = root, shared

    def settings(self, name: str) -> Settings:
        """The settings of a machine."""
        return Settings.load({"home": self._root / name, **self._shared})

    def folder(self, name: str, tenant: str = "shop") -> ShopFolder:
        """A shop's folder on a machine."""
        storage = open_storage(self._shared["storage_url"], self._shared.get("storage_endpoint"))
        return ShopFolder.of(self._root / name, tenant, storage=storage)


@pytest.fixture
def machines(tmp_path: Path, shared: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Machines:
    """Machines that look at the catalogue each time, so that no test waits for one second."""
    monkeypatch.setattr("holdfast.store.mirror.SECONDS_FRESH", -1.0)
    return Machines(tmp_path / "machines", shared)
