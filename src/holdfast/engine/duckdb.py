"""DuckDB as our engine: bounded memory, a spill directory, capped threads, and errors that say what to do."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import numpy as np
import numpy.typing as npt

from holdfast.engine import dialect as sql
from holdfast.engine.query import Query
from holdfast.errors import EngineError, StoreError

ROWS_PER_GROUP = 122_880  # DuckDB's own default: large enough to compress, small enough to skip by customer


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a query, small enough to hold: column names and rows in order."""

    names: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def dicts(self) -> list[dict[str, Any]]:
        """One dictionary a row."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]

    def one(self) -> dict[str, Any]:
        """The only row of an answer that has exactly one."""
        (row,) = self.rows
        return dict(zip(self.names, row, strict=True))


class DuckEngine:
    """One DuckDB in memory, used as a context manager.

    `memory_limit` is text such as "4GB" (default: DuckDB's own, 80 % of the machine), `threads` caps the workers,
    `spill` is where it may write what does not fit. Data live in Parquet files, never in a DuckDB file, so that a new
    DuckDB reads what an old one wrote.
    """

    def __init__(
        self, *, memory_limit: str | None = None, threads: int | None = None, spill: Path | None = None
    ) -> None:
        config: dict[str, str | bool | int | float | list[str]] = {
            "threads": threads or min(os.cpu_count() or 1, 8),
            "temp_directory": str(spill) if spill else "",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if memory_limit:
            config["memory_limit"] = memory_limit
        try:
            self._connection = duckdb.connect(config=config)
        except duckdb.Error as error:
            raise EngineError(
                "The SQL engine did not start.",
                seen=str(error).splitlines()[0],
                todo="Check memory_limit (such as 4GB) and threads in the settings.",
            ) from error
        self._compress_only_what_is_large()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give memory and spill files back."""
        self._connection.close()

    def beside(self) -> "DuckEngine":
        """Another connection to the same tables, for another thread; temporary tables are each connection's own."""
        other = object.__new__(DuckEngine)
        other._connection = self._connection.cursor()
        return other

    def _compress_only_what_is_large(self) -> None:
        """Let DuckDB compress temporary tables only once they fill a quarter of the memory.

        By itself it may do so from 16 MB on, which took a fifth of cleaning 2 million lines and saved less in reading.
        """
        limit = self._execute("SELECT parse_formatted_bytes(current_setting('memory_limit'))").fetchone()
        if limit:
            self._execute(f"SET checkpoint_threshold = '{limit[0] // 4}B'")

    # --- what can be read --------------------------------------------------------------------------------------------

    def bind(self, name: str, paths: Path | Sequence[Path]) -> None:
        """Make Parquet files readable as a table called `name`."""
        files = [paths] if isinstance(paths, Path) else list(paths)
        listed = ", ".join(sql.text(str(path)) for path in files)
        self._execute(f"CREATE OR REPLACE TEMP VIEW {sql.name(name)} AS SELECT * FROM read_parquet([{listed}])")

    def bind_columns(self, name: str, columns: Mapping[str, npt.NDArray[Any]]) -> None:
        """Make columns in memory readable as a table called `name` (copied once)."""
        self._connection.register("bound_columns", dict(columns))
        self._execute(f"CREATE OR REPLACE TEMP TABLE {sql.name(name)} AS SELECT * FROM bound_columns")
        self._connection.unregister("bound_columns")

    def names(self, table: str) -> tuple[str, ...]:
        """Column names of a table."""
        return tuple(row[0] for row in self._execute(f"DESCRIBE {sql.name(table)}").fetchall())

    def types(self, table: str) -> dict[str, str]:
        """Column names of a table with their SQL types."""
        return {row[0]: row[1] for row in self._execute(f"DESCRIBE {sql.name(table)}").fetchall()}

    # --- running -----------------------------------------------------------------------------------------------------

    def rows(self, query: Query) -> Rows:
        """Run a query and hold its rows."""
        result = self._execute(query.sql, query.parameters)
        return Rows(tuple(column[0] for column in result.description or ()), result.fetchall())

    def columns(self, query: Query) -> dict[str, npt.NDArray[Any]]:
        """Run a query and hold its columns; decimals become DOUBLE, NULL becomes NaN or, in text, None."""
        fetched = self._execute(query.sql, query.parameters).fetchnumpy()
        return {name: _without_mask(column) for name, column in fetched.items()}

    def keep(self, name: str, query: Query) -> int:
        """Run a query into a temporary table called `name`; returns its rows."""
        self._execute(f"CREATE OR REPLACE TEMP TABLE {sql.name(name)} AS {query.sql}", query.parameters)
        return self._count(name)

    def define(self, name: str, query: Query) -> None:
        """Make a query without parameters readable as `name`; it runs whenever that is read."""
        self._execute(f"CREATE OR REPLACE TEMP VIEW {sql.name(name)} AS {query.sql}")

    def drop(self, name: str) -> None:
        """Forget a temporary table."""
        self._execute(f"DROP TABLE IF EXISTS {sql.name(name)}")

    def write(self, query: Query, path: Path, *, exact: bool = False) -> int:
        """Run a query into a Parquet file (zstd), or a CSV file if it is called so; returns its rows.

        In a CSV file a text that a spreadsheet would take for a formula gets an apostrophe in front, unless it is to be
        `exact`; numbers stay numbers.
        """
        if path.suffix.lower() == ".csv" and not exact:
            query = self._without_formulas(query)
        parquet = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS_PER_GROUP}"
        form = "FORMAT csv, HEADER" if path.suffix.lower() == ".csv" else parquet
        statement = f"COPY ({query.sql}) TO {sql.text(str(path))} ({form})"
        written = self._execute(statement, query.parameters).fetchall()
        return int(written[0][0])

    def execute(self, statement: str, parameters: Mapping[str, object] | None = None) -> duckdb.DuckDBPyConnection:
        """Run any statement of DuckDB's own, for `sources` that read files DuckDB's way."""
        return self._execute(statement, parameters)

    def _without_formulas(self, query: Query) -> Query:
        described = self._execute(f"DESCRIBE {query.sql}", query.parameters).fetchall()
        columns = {
            row[0]: sql.harmless(sql.name(row[0])) if row[1] == "VARCHAR" else sql.name(row[0]) for row in described
        }
        chosen = ", ".join(f"{value} AS {sql.harmless_name(column)}" for column, value in columns.items())
        return replace(query, sql=f"SELECT {chosen} FROM ({query.sql})")

    def _count(self, table: str) -> int:
        counted = self._execute(f"SELECT COUNT(*) FROM {sql.name(table)}").fetchall()  # to the end, or it stays open
        return int(counted[0][0])

    def _execute(self, statement: str, parameters: Mapping[str, object] | None = None) -> duckdb.DuckDBPyConnection:
        with _explained():
            return self._connection.execute(statement, dict(parameters) if parameters else None)


@contextmanager
def _explained() -> Iterator[None]:
    """Turn want of memory or disk into errors a person can act on; a wrong query stays the bug it is."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise EngineError(
            "There was not enough memory to finish.",
            seen=str(error).splitlines()[0],
            todo="Raise HOLDFAST_MEMORY_LIMIT, lower HOLDFAST_THREADS, or give a spill directory with free space.",
        ) from error
    except duckdb.IOException as error:
        is_full = "No space left" in str(error)
        raise StoreError(
            "The disk is full; nothing was changed." if is_full else "A file cannot be read or written.",
            seen=str(error).splitlines()[0],
            todo="Free some space and run the command again." if is_full else "Check that it is there and may be used.",
        ) from error


def _without_mask(column: Any) -> npt.NDArray[Any]:
    """NumPy's masked NULLs as NaN, NaT or None."""
    if not np.ma.isMaskedArray(column):
        return np.asarray(column)
    missing, values = np.ma.getmaskarray(column), np.array(column.data)
    if not missing.any():
        return values
    if values.dtype.kind in "iub":
        values = values.astype(np.float64)
    nothing: object = {"f": np.nan, "m": np.timedelta64("NaT", "us"), "M": np.datetime64("NaT", "us")}.get(
        values.dtype.kind
    )
    values[missing] = nothing
    return values
