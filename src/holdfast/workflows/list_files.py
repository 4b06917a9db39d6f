"""An action list as a file for whoever sends it: those who are treated, and nobody who is held out."""

from pathlib import Path

import numpy as np
from sqlalchemy.orm import Session

from holdfast.engine import Query
from holdfast.store.records import ActionList
from holdfast.workflows.action_lists import WORDS, entries_of
from holdfast.workflows.exporting import check_format
from holdfast.workflows.shop import Shop

FIGURES = ("customer_id", "play", "evidence", "p_buy", "profit", "profit_low", "profit_high", "cost")


def write_entries(session: Session, shop: Shop, record: ActionList, out: Path, *, exact: bool = False) -> int:
    """Write those who are treated, the best first, to a .csv or .parquet file; returns how many."""
    check_format(out)
    entries = session.scalars(entries_of(record, holdout=False)).all()
    columns = {"place": np.array([each.place for each in entries], dtype=np.int64)}
    columns |= {name: np.array([getattr(each, name) for each in entries]) for name in FIGURES}
    for name in WORDS:
        said = [each.words.get(name, "") for each in entries]
        columns[name] = np.array([" ".join(text) if isinstance(text, list) else text for text in said], dtype=np.str_)
    with shop.engine() as engine:
        engine.bind_columns("listed", columns)
        query = Query("listed", "one customer of the list", "SELECT * FROM listed ORDER BY place")
        return engine.write(query, out, exact=exact)
