"""A PostgreSQL database of a test's own."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tests.conftest import skip

SERVER = "postgresql://postgres@127.0.0.1:5432"


@contextmanager
def new_database(template: str = "template1") -> Iterator[str]:
    """The address of an empty database, or a copy of one, gone afterwards; skips by name where no server is at hand."""
    name = f"holdfast_{secrets.token_hex(6)}"
    try:
        with psycopg.connect(f"{SERVER}/postgres", autocommit=True, connect_timeout=3) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    except psycopg.OperationalError:
        skip("there is no PostgreSQL at 127.0.0.1:5432 that lets postgres in")
    yield f"{SERVER}/{name}"
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
