"""The next action for one customer: what to do, or why it is left alone, and what it has stopped buying."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from holdfast.actions.profit import Offer
from holdfast.actions.stopped import Stopped, stopped_buying
from holdfast.engine import Query
from holdfast.errors import NotFoundError
from holdfast.forecast.wording import counted, money
from holdfast.workflows.action_words import Action, action_of
from holdfast.workflows.actions import NO_LISTS, NO_PLAY, Actions, FromLists, rank_actions
from holdfast.workflows.listing import GROUPED
from holdfast.workflows.opened_views import View
from holdfast.workflows.plain import plain
from holdfast.workflows.shop import Shop
from holdfast.workflows.views import needed_view

MOST_STOPPED = 10
"""Things that an answer lists; the others are counted. A wholesaler may have stopped buying hundreds of products."""


class Alone(StrEnum):
    """Why a customer is left alone."""

    NO_FORECAST = "no_forecast"
    NO_CONSENT = "no_consent"
    ON_ANOTHER_LIST = "on_another_list"
    NO_PLAY = "no_play"
    COSTS_MORE = "costs_more"


SENTENCES: Mapping[Alone, str] = {
    Alone.NO_CONSENT: "They said that they must not be contacted.",
    Alone.ON_ANOTHER_LIST: "They are on an open list, treated or held out, or were contacted through one lately.",
    Alone.NO_PLAY: "None of the plays is for customers like them.",
    Alone.COSTS_MORE: "Even their best play is expected to take more in contact and incentive than it adds.",
}


@dataclass(frozen=True, slots=True)
class NextAction:
    """`action` is the best play for the customer; it is done unless `alone` says why not.

    `place` is the customer's among the `of` who are treated, without limits. `stopped` are the things that it buys no
    more and that were worth most a month, of `stopped_total`.
    """

    view: View
    customer_id: str
    action: Action | None
    offer: Offer | None
    place: int | None
    of: int
    alone: Alone | None
    because: str | None
    stopped: tuple[Stopped, ...]
    stopped_total: int

    def as_dict(self) -> dict[str, Any]:
        """As JSON: estimates are numbers, net revenue is exact text."""
        facts = self.view.facts
        currency = facts.currency
        return {
            "customer_id": self.customer_id,
            "as_of": facts.as_of,
            "dataset": facts.dataset,
            "model": facts.model,
            "currency": currency,
            "horizon_days": facts.forecast_days,
            "action": asdict(self.action) if self.action else None,
            "offer": asdict(self.offer) if self.offer else None,
            "place": self.place,
            "of": self.of,
            "left_alone": {"reason": self.alone, "because": self.because} if self.alone else None,
            "stopped": [plain(each) | {"sentence": sentence_of(each, currency)} for each in self.stopped],
            "stopped_total": self.stopped_total,
        }


def next_action(
    shop: Shop, customer_id: str, *, as_of: str | date | None = None, lists: FromLists = NO_LISTS
) -> NextAction:
    """What to do for one customer as of a day; NotFoundError if there was no order by then.

    Without a model nobody can say what to do, but what was stopped is known all the same.
    """
    view, found = needed_view(shop, as_of=as_of), None
    if view.facts.model is not None:
        found = rank_actions(shop, as_of=as_of, lists=lists)
        view = found.view  # a newer one, if there was an import in between
    key, has_forecast = _customer(view, customer_id)
    stopped = _stopped(shop, view, key)
    nothing = NextAction(
        view=view,
        customer_id=customer_id,
        action=None,
        offer=None,
        place=None,
        of=0,
        alone=Alone.NO_FORECAST,
        because=view.facts.no_forecast or "There is no forecast for this customer.",
        stopped=stopped[:MOST_STOPPED],
        stopped_total=len(stopped),
    )
    if found is None or not has_forecast:
        return nothing
    place = int(np.searchsorted(found.keys, key))
    alone = _why_alone(found, place, said_no=_said_no(shop, view, key), is_apart=customer_id in lists.apart)
    suits = int(found.play[place]) != NO_PLAY
    return replace(
        nothing,
        action=action_of(found, place) if suits else None,
        offer=found.plays[found.play[place]].offer if suits else None,
        place=None if alone else int(np.flatnonzero(found.ranking.list == place)[0]) + 1,
        of=found.ranking.chosen,
        alone=alone,
        because=SENTENCES[alone] if alone else None,
    )


def sentence_of(stopped: Stopped, currency: str | None) -> str:
    """A message point: what was stopped, in the customer's own numbers."""
    usual = f"{stopped.median_gap_days:,.1f}".removesuffix(".0")
    since = f", with {counted(stopped.ordered_since, 'order day')} since" if stopped.ordered_since else ""
    return (
        f"Stopped buying {stopped.name}, worth {money(stopped.worth_a_month, currency)} a month: last bought "
        f"{counted(stopped.days_silent, 'day')} ago{since}, before that usually every {usual} days."
    )


# --- parts -----------------------------------------------------------------------------------------------------------


def _customer(view: View, customer_id: str) -> tuple[int, bool]:
    """The key of a customer, and whether there is a forecast."""
    forecast = "p_buy IS NOT NULL" if "p_buy" in view.types else "FALSE"
    text = f"SELECT customer_key, {forecast} AS has_forecast FROM {GROUPED} WHERE customer_id = $id"
    with view.engine() as engine:
        rows = engine.rows(Query("one_key", "one customer", text, {"id": customer_id})).rows
    if not rows:
        raise NotFoundError(
            f"There is no customer {customer_id[:80]!r} with an order before {view.facts.as_of}.",
            seen=f"{view.facts.customers:,} others.",
            todo="Check the id, or look from a later as_of. Ids are those of the file, letter by letter.",
        )
    return int(rows[0][0]), bool(rows[0][1])


def _stopped(shop: Shop, view: View, key: int) -> tuple[Stopped, ...]:
    """From the lines of the data set that the view was made of; they are sorted by customer, so few are read."""
    with view.engine() as engine:
        for name in ("order_lines", "returns", "products"):
            engine.bind(name, _table(shop, view, name))
        return stopped_buying(engine, key, as_of=date.fromisoformat(view.facts.as_of))


def _said_no(shop: Shop, view: View, key: int) -> bool:
    """Whether the customer must not be contacted."""
    text = "SELECT consent FROM consents WHERE customer_key = $key"
    with view.engine() as engine:
        engine.bind("consents", _table(shop, view, "customers"))
        rows = engine.rows(Query("consent", "one customer", text, {"key": key})).rows
    return bool(rows) and rows[0][0] is False


def _table(shop: Shop, view: View, name: str) -> Path:
    """A table of the data set that the view was made of."""
    place = shop.folder.find(f"datasets/{view.facts.dataset}")
    if place is None:
        raise NotFoundError("The data set is gone.", seen=view.facts.dataset, todo="Ask again.")
    return place / f"{name}.parquet"


def _why_alone(found: Actions, place: int, *, said_no: bool, is_apart: bool) -> Alone | None:
    """The first reason that applies; None for who is treated."""
    if said_no:
        return Alone.NO_CONSENT
    if is_apart:
        return Alone.ON_ANOTHER_LIST
    if found.play[place] == NO_PLAY:
        return Alone.NO_PLAY
    return None if found.expected.profit[place] > 0 else Alone.COSTS_MORE
