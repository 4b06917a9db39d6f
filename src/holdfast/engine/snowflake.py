"""Snowflake as an engine, by its connector (the extra `holdfast[snowflake]`): tables made and read where they lie.

Only what the shared words of our queries need: parameters travel as the connector binds them, names come back small.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from holdfast.engine import dialect as sql
from holdfast.engine.duckdb import Rows
from holdfast.engine.query import Query
from holdfast.errors import EngineError, SettingsError

OPTIONS = frozenset({"warehouse", "role", "authenticator", "private_key_file", "private_key_file_pwd", "login_timeout"})
"""What may follow the `?` of an address; the connector's own words."""

_PARAMETER = re.compile(r"\$([A-Za-z_]\w*)")
_STAGE = "holdfast_upload"


def connection_arguments(address: str) -> dict[str, Any]:
    """`snowflake://USER:PASSWORD@ACCOUNT/DATABASE?warehouse=W&role=R` in the connector's words; or SettingsError."""
    parts = urlsplit(address)
    account = parts.netloc.rpartition("@")[2]
    database = parts.path.strip("/")
    options = dict(parse_qsl(parts.query))
    unknown = sorted(options.keys() - OPTIONS)
    if parts.scheme != "snowflake" or not account or not parts.username or not database or unknown:
        raise SettingsError(
            "The address of the warehouse cannot be used.",
            seen=f"Unknown: {', '.join(unknown)}." if unknown else "User, account or database is missing.",
            todo="Set HOLDFAST_WAREHOUSE_URL to snowflake://USER:PASSWORD@ACCOUNT/DATABASE?warehouse=NAME&role=NAME;"
            f" after the ? may stand {', '.join(sorted(OPTIONS))}.",
        )
    if "login_timeout" in options:
        options["login_timeout"] = options["login_timeout"].strip()
    secret = {"password": unquote(parts.password)} if parts.password else {}
    return {"user": unquote(parts.username), "account": account, "database": database, **secret, **options}


class Snowflake:
    """One session in a schema of ours; the same verbs as `DuckEngine`, as far as layers need them."""

    def __init__(self, connection: Any, place: str) -> None:
        self._connection = connection
        self.place = place

    @classmethod
    @contextmanager
    def opened(cls, address: str, *, schema: str) -> Iterator["Snowflake"]:
        """A session in `schema`, which is made if need be; EngineError where the warehouse does not let us in."""
        arguments = connection_arguments(address)
        with _explained(), closing(_connect(arguments)) as connection:
            place = f"snowflake://{arguments['account']}/{arguments['database']}/{schema}"
            engine = cls(connection, place)
            engine.execute(f"CREATE SCHEMA IF NOT EXISTS {sql.name(schema)}")
            engine.execute(f"USE SCHEMA {sql.name(schema)}")
            yield engine

    def keep(self, name: str, query: Query) -> int:
        """Make a table of a query, in the place of one of that name; its rows."""
        self.execute(f"CREATE OR REPLACE TABLE {name} AS {query.sql}", query.parameters)
        return int(self.execute(f"SELECT COUNT(*) FROM {name}")[1][0][0])

    def rows(self, query: Query) -> Rows:
        """Run a query and hold its rows."""
        names, rows = self.execute(query.sql, query.parameters)
        return Rows(names, rows)

    def has(self, name: str) -> bool:
        """Whether a table of that name is in the schema."""
        text = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = $schema AND table_name = $name"
        schema = self.place.rpartition("/")[2]
        return bool(self.execute(text, {"schema": schema, "name": name.upper()})[1][0][0])

    def load(self, name: str, columns: Mapping[str, str], file: Path) -> None:
        """Fill a new table (column -> SQL type) with a CSV file that has a header, in bulk."""
        listed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        self.execute(f"CREATE OR REPLACE TABLE {name} ({listed})")
        self.execute(f"CREATE OR REPLACE TEMPORARY STAGE {_STAGE}")
        self.execute(f"PUT {sql.text(file.resolve().as_uri())} @{_STAGE} OVERWRITE = TRUE")
        form = "TYPE = CSV FIELD_OPTIONALLY_ENCLOSED_BY = '\"' SKIP_HEADER = 1"
        self.execute(f"COPY INTO {name} FROM @{_STAGE} FILE_FORMAT = ({form})")

    def execute(
        self, statement: str, parameters: Mapping[str, object] | None = None
    ) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """Run a statement; names and rows of its answer."""
        given = {name: value for name, value in (parameters or {}).items() if f"${name}" in statement}
        with closing(self._connection.cursor()) as cursor:
            if given:
                cursor.execute(bound(statement, given), given)
            else:
                cursor.execute(statement)
            names = tuple(str(column[0]).lower() for column in cursor.description or ())
            return names, list(cursor.fetchall())


def bound(statement: str, names: Mapping[str, object] | Sequence[str]) -> str:
    """Our `$name` as the connector's `%(name)s`; a per cent sign of the text itself is doubled for it."""
    return _PARAMETER.sub(
        lambda found: f"%({found[1]})s" if found[1] in names else found[0], statement.replace("%", "%%")
    )


def _connect(arguments: Mapping[str, Any]) -> Any:
    try:
        import snowflake.connector  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise EngineError(
            "Snowflake's connector is not installed.",
            seen=str(error),
            todo="Install it with `pip install 'holdfast[snowflake]'`.",
        ) from error
    return snowflake.connector.connect(**arguments)


@contextmanager
def _explained() -> Iterator[None]:
    """What the warehouse refuses, as an error that says so; the connector's class is known only where it is there."""
    try:
        from snowflake.connector.errors import Error  # noqa: PLC0415 - an extra
    except ImportError:
        yield
        return
    try:
        yield
    except Error as error:
        raise EngineError(
            "The warehouse refused.",
            seen=str(error).splitlines()[0][:500],
            todo="Check HOLDFAST_WAREHOUSE_URL, and that its role may use the warehouse and make schemas and tables.",
        ) from error
