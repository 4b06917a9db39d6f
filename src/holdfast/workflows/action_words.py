"""The actions of a list in words that hold each customer's own numbers, one by one or as a file."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from holdfast.engine import Query
from holdfast.engine import dialect as sql
from holdfast.forecast.wording import money
from holdfast.workflows.actions import Actions
from holdfast.workflows.columns import columns
from holdfast.workflows.exporting import check_format
from holdfast.workflows.listing import GROUPED
from holdfast.workflows.parted_files import ROWS_AT_ONCE, write_parts
from holdfast.workflows.shop import Shop


@dataclass(frozen=True, slots=True)
class Action:
    """What to do for one customer, with what it is expected to bring and cost, in words that hold its own numbers."""

    customer_id: str
    play: str
    what: str
    why: str
    timing: str
    message: tuple[str, ...]
    evidence: str
    p_buy: float
    profit: float
    profit_low: float
    profit_high: float
    cost: float


def listed_actions(found: Actions, *, first: int = 0, most: int | None = None) -> list[Action]:
    """The actions of the list, the best first, from place `first` on."""
    return _actions(found, found.ranking.list[first : None if most is None else first + most])


def action_of(found: Actions, place: int) -> Action:
    """The action of one customer, by its place among all; also of who is not on the list, if a play suits."""
    return _actions(found, np.array([place]))[0]


def write_actions(found: Actions, shop: Shop, out: Path, *, exact: bool = False) -> int:
    """Write the whole list, the best first, to a .csv or .parquet file; returns the customers."""
    check_format(out)
    starts = range(0, max(found.ranking.chosen, 1), ROWS_AT_ONCE)  # a list of nobody is a file with a head
    with shop.engine() as engine:
        return write_parts(
            engine, (_columns(found, first) for first in starts), out, grain="one customer of the list", exact=exact
        )


def _columns(found: Actions, first: int) -> dict[str, npt.NDArray[Any]]:
    """The actions from a place on as columns, as many as are written at once."""
    listed = listed_actions(found, first=first, most=ROWS_AT_ONCE)
    rows = [
        {"place": nth, **asdict(each), "message": " ".join(each.message)}
        for nth, each in enumerate(listed, start=first + 1)
    ]
    names = ("place", *(field.name for field in fields(Action)))
    return {name: np.array([row[name] for row in rows]) for name in names}


def _actions(found: Actions, places: npt.NDArray[np.int64]) -> list[Action]:
    """Those customers' actions in words; one query for all of them."""
    shown = tuple(dict.fromkeys(name for play in found.plays for name in play.columns))
    listed = ", ".join(sql.name(name) for name in ("customer_id", *shown))
    text = f"SELECT {listed} FROM wanted JOIN {GROUPED} USING (customer_key) ORDER BY place"
    wanted = {"customer_key": found.keys[places], "place": np.arange(len(places))}
    with found.view.engine() as engine:
        engine.bind_columns("wanted", wanted)
        rows = engine.rows(Query("named", "one customer", text)).dicts()
    return [_action(found, int(place), row) for place, row in zip(places, rows, strict=True)]


def _action(found: Actions, place: int, row: Mapping[str, Any]) -> Action:
    play, expected = found.plays[found.play[place]], found.expected
    numbers = {name: _in_words(name, row[name], found.view.facts.currency) for name in play.columns}
    return Action(
        customer_id=row["customer_id"],
        play=play.name,
        what=filled(play.what, numbers),
        why=filled(play.why, numbers),
        timing=filled(play.timing, numbers),
        message=tuple(filled(each, numbers) for each in play.message),
        evidence=play.effect.evidence.value,
        p_buy=float(found.prospects.p_buy[place]),
        profit=float(expected.profit[place]),
        profit_low=float(expected.profit_low[place]),
        profit_high=float(expected.profit_high[place]),
        cost=float(expected.cost[place]),
    )


def filled(text: str, numbers: Mapping[str, str]) -> str:
    """A sentence of the playbook with a customer's numbers: a template says days, and one customer has 1 day."""
    return _ONE_OF_MANY.sub(r"1 \1", text.format(**numbers))


_ONE_OF_MANY = re.compile(r"(?<![\d.,])1 (day|week|month|order|product)s\b")


def _in_words(name: str, value: Any, currency: str | None) -> str:
    """A customer's number as a sentence holds it."""
    if value is None or value != value:  # noqa: PLR0124 - NaN alone is none of itself
        return "not known"
    if isinstance(value, Decimal) or _UNITS.get(name) == "money":
        return money(float(value), currency)
    if isinstance(value, float):
        return f"{value:,.1f}".removesuffix(".0")
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


_UNITS = {each.name: each.unit for each in columns()}
