"""A file of rows that are made in parts, so that a million of them are never in memory as texts."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy.typing as npt

from holdfast.engine import DuckEngine, Query

ROWS_AT_ONCE = 20_000


def write_parts(
    engine: DuckEngine, parts: Iterable[Mapping[str, npt.NDArray[Any]]], out: Path, *, grain: str, exact: bool = False
) -> int:
    """Write parts with the same columns, `place` among them, to a .csv or .parquet file by place; returns the rows."""
    names = []
    for nth, part in enumerate(parts):
        names.append(f"part_{nth}")
        engine.bind_columns(names[-1], part)
    text = " UNION ALL ".join(f"SELECT * FROM {name}" for name in names)
    return engine.write(Query("parts", grain, f"SELECT * FROM ({text}) ORDER BY place"), out, exact=exact)
