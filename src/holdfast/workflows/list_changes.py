"""Who came to an action list and who left it since it was sent, so that what was sent can be kept right elsewhere.

Who ordered since need not be asked again; who said no must not be. Who came is worth treating today, and is on no list.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from sqlalchemy.orm import Session

from holdfast.engine import Query
from holdfast.engine import dialect as sql
from holdfast.store import Dataset, needed_dataset
from holdfast.store.records import ActionList
from holdfast.workflows.action_lists import entries_of, from_lists, must_be
from holdfast.workflows.action_words import listed_actions
from holdfast.workflows.actions import Limits, rank_actions
from holdfast.workflows.list_states import ListState
from holdfast.workflows.shop import Shop

_CHECKED = f"""
    SELECT l.place, c.customer_key IS NULL AS gone, COALESCE(c.consent = FALSE, FALSE) AS said_no,
        COALESCE(o.ordered, FALSE) AS ordered
    FROM listed AS l LEFT JOIN customers AS c USING (customer_id)
    LEFT JOIN (
        SELECT DISTINCT customer_key, TRUE AS ordered FROM orders
        WHERE lines > 0 AND reversed_at IS NULL AND ordered_at >= {sql.day_start("$sent_on")}
    ) AS o ON o.customer_key = c.customer_key
    ORDER BY l.place"""
"""One row per treated customer of the list: whether they are still known, said no, or ordered since."""


class Change(StrEnum):
    """What became of a customer."""

    LEFT = "left"
    CAME = "came"


class Why(StrEnum):
    """For which reason; of several, the first here."""

    GONE = "no longer known"
    SAID_NO = "must not be contacted"
    ORDERED = "has ordered"
    WORTH_IT = "is worth treating now"


@dataclass(frozen=True, slots=True)
class ChangedCustomer:
    """A customer who came or left; what to do with those who came, and the profit expected of it."""

    customer_id: str
    change: Change
    reason: Why
    play: str | None = None
    profit: float | None = None


def changes_of(session: Session, shop: Shop, record: ActionList) -> tuple[ChangedCustomer, ...]:
    """Who left the list, the best first, then who came, the best first; ListStateError for a list that was not sent.

    Who came is ranked within the list's own limits, as of what is known now.
    """
    must_be(record, (ListState.EXPORTED, ListState.CLOSED), "Only a list that was sent has changed since.")
    return (*_left(session, shop, record, needed_dataset(shop.folder)), *_came(session, shop, record))


def _left(session: Session, shop: Shop, record: ActionList, dataset: Dataset) -> list[ChangedCustomer]:
    ids = np.array([each.customer_id for each in session.scalars(entries_of(record, holdout=False))], dtype=np.str_)
    sent_on = date.fromisoformat(record.sent_on or record.as_of)
    with shop.stage(dataset) as (engine, _):
        engine.bind_columns("listed", {"customer_id": ids, "place": np.arange(len(ids))})
        checked = engine.columns(Query("checked", "one customer of the list", _CHECKED, {"sent_on": sent_on}))
    reasons = ((Why.GONE, checked["gone"]), (Why.SAID_NO, checked["said_no"]), (Why.ORDERED, checked["ordered"]))
    found = []
    for place, customer_id in enumerate(ids):
        why = next((why for why, holds in reasons if holds[place]), None)
        if why is not None:
            found.append(ChangedCustomer(str(customer_id), Change.LEFT, why))
    return found


def _came(session: Session, shop: Shop, record: ActionList) -> list[ChangedCustomer]:
    limits = Limits(record.budget, record.contacts)
    ranked = rank_actions(shop, limits=limits, lists=from_lists(session, shop))
    return [
        ChangedCustomer(each.customer_id, Change.CAME, Why.WORTH_IT, each.play, each.profit)
        for each in listed_actions(ranked)
    ]
