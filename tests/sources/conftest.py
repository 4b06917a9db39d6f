"""Opened tables and inspections for the tests of understanding, made from a few lines of text."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.sources.inspected import Inspection
from holdfast.sources.inspection import inspect
from holdfast.sources.opened import OpenedTable

Opener = Callable[..., OpenedTable]
Inspector = Callable[..., Inspection]


@pytest.fixture(scope="session")
def duck() -> Iterator[DuckEngine]:
    """One engine for all tests of understanding."""
    with DuckEngine(threads=2) as engine:
        yield engine


@pytest.fixture
def opened(duck: DuckEngine, tmp_path: Path) -> Opener:
    """Make an opened table from CSV text, every cell as it was written and NULL where empty."""
    return partial(_opened, duck, tmp_path, count())


def _opened(
    duck: DuckEngine, folder: Path, number: Iterator[int], text: str, *, file: str = "orders.csv", separator: str = ","
) -> OpenedTable:
    rows = list(csv.reader(io.StringIO(text.strip()), delimiter=separator))
    return _written(duck, folder / f"opened_{next(number)}.parquet", rows[0], rows[1:], file, separator)


def _written(
    duck: DuckEngine, path: Path, header: Sequence[str], rows: Sequence[Sequence[str]], file: str, separator: str
) -> OpenedTable:
    cells = [[row[i].strip() or None for row in rows] for i in range(len(header))]
    columns = {f"c{i}": np.array(cells[i], dtype=object) for i in range(len(header))}
    duck.bind_columns("written", columns | {"row_number": np.arange(1, len(rows) + 1)})
    named = ", ".join(f"CAST(c{i} AS VARCHAR) AS {sql.name(name)}" for i, name in enumerate(header))
    duck.write(Query("written", "one row", f"SELECT {named}, row_number FROM written ORDER BY row_number"), path)
    facts = {"format": "text", "separator": {",": "comma", ";": "semicolon"}[separator]}
    return OpenedTable(path, file, Path(file).stem, "0" * 64, len(rows), tuple(header), facts)


@pytest.fixture
def inspected(duck: DuckEngine, opened: Opener, tmp_path: Path) -> Inspector:
    """Inspect CSV text, with any of the decisions that `inspect` takes."""

    def run(text: str, *, separator: str = ",", **decisions: object) -> Inspection:
        return inspect([opened(text, separator=separator)], engine=duck, into=tmp_path, **decisions)  # type: ignore[arg-type]  # the decisions of each test are checked by what it expects

    return run
