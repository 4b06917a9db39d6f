"""An action list as a file for whoever sends it: those who are treated, and nobody who is held out."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from holdfast.store.records import ActionList, ListEntry
from holdfast.workflows.action_lists import WORDS, entries_of
from holdfast.workflows.exporting import check_format
from holdfast.workflows.parted_files import ROWS_AT_ONCE, write_parts
from holdfast.workflows.shop import Shop

FIGURES = ("customer_id", "play", "evidence", "p_buy", "profit", "profit_low", "profit_high", "cost")


def write_entries(session: Session, shop: Shop, record: ActionList, out: Path, *, exact: bool = False) -> int:
    """Write those who are treated, the best first, to a .csv or .parquet file; returns how many."""
    check_format(out)
    with shop.engine() as engine:
        return write_parts(engine, _parts(session, record), out, grain="one customer of the list", exact=exact)


def _parts(session: Session, record: ActionList) -> Iterator[Mapping[str, npt.NDArray[Any]]]:
    entries = _some(session, record, after=0)
    yield _columns(entries)
    while len(entries) == ROWS_AT_ONCE:
        entries = _some(session, record, after=entries[-1].place)
        yield _columns(entries)


def _some(session: Session, record: ActionList, *, after: int) -> Sequence[ListEntry]:
    return session.scalars(entries_of(record, holdout=False, after=after).limit(ROWS_AT_ONCE)).all()


def _columns(entries: Sequence[ListEntry]) -> dict[str, npt.NDArray[Any]]:
    columns: dict[str, npt.NDArray[Any]] = {"place": np.array([each.place for each in entries], dtype=np.int64)}
    columns |= {name: np.array([getattr(each, name) for each in entries]) for name in FIGURES}
    for name in WORDS:
        said = [each.words.get(name, "") for each in entries]
        columns[name] = np.array([" ".join(text) if isinstance(text, list) else text for text in said], dtype=np.str_)
    return columns
