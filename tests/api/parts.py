"""What the servers of these tests stand on: a folder alone, or PostgreSQL, Redis and S3 where TEST_PARTS=services.

PostgreSQL and Redis are those of this machine; S3 is moto's server, a stand-in. Every home has a database and a bucket
of its own, made when its settings are first asked for and gone when the tests are over.
"""

import os
import secrets
import urllib.request
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import redis

from holdfast.settings import Settings
from holdfast.store.database import Database
from holdfast.workflows.durable import migrate
from tests.conftest import skip
from tests.postgres import new_database
from tests.store.conftest import new_server

PARTS = os.environ.get("TEST_PARTS", "embedded")
assert PARTS in ("embedded", "services"), PARTS

opened = ExitStack()
"""What has to be closed when the tests are over."""

AWS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}


def settings_on(home: Path, **settings: object) -> Settings:
    """Settings with this home, on the parts that were chosen; what is said here comes before them."""
    return Settings(home=home, **{**parts_of(home), **settings})  # type: ignore[arg-type]


@cache
def parts_of(home: Path) -> Mapping[str, str]:
    """The addresses of the parts of a home: none where a folder is all there is."""
    if PARTS == "embedded":
        return {}
    return {
        "database_url": opened.enter_context(new_database(template=_migrated())),
        "redis_url": _emptied_redis(),
        "storage_url": f"s3://{_new_bucket()}/holdfast",
        "storage_endpoint": _s3(),
    }


@cache
def _migrated() -> str:
    """The name of a database with all tables, to be copied: that takes a tenth of the time of making them."""
    with TemporaryDirectory() as home:
        settings = Settings(home=Path(home), database_url=opened.enter_context(new_database()))
        assert settings.database_url
        Database.open(settings.database_url, home=settings.home).close()
        migrate(settings)
    return settings.database_url.rpartition("/")[2]


def _emptied_redis() -> str:
    """One of Redis's databases, empty; tests that run side by side have different ones, and none has the usual one."""
    number = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 15
    address = f"redis://127.0.0.1:6379/{number}"
    try:
        redis.Redis.from_url(address).flushdb()
    except redis.ConnectionError:
        skip("there is no Redis at 127.0.0.1:6379")
    return address


@cache
def _s3() -> str:
    """The address of a server; whoever asks it names these keys."""
    os.environ.update(AWS)
    return opened.enter_context(new_server())


def _new_bucket() -> str:
    name = f"shops-{secrets.token_hex(8)}"
    urllib.request.urlopen(urllib.request.Request(f"{_s3()}/{name}", method="PUT")).close()
    return name
