"""The next best action for every customer of a shop, ranked by what it is expected to earn."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from holdfast.actions.effect import Effect, Vector
from holdfast.actions.experience import Experience, experienced
from holdfast.actions.playbook import Play
from holdfast.actions.profit import Expected, Prospects, expect
from holdfast.actions.ranking import Point, Ranking, rank
from holdfast.engine import Query
from holdfast.errors import InputError, NotFoundError
from holdfast.experiments.power import Planned, plan
from holdfast.forecast.wording import counted, money
from holdfast.workflows.latest import Latest
from holdfast.workflows.listing import GROUPED
from holdfast.workflows.opened_views import View
from holdfast.workflows.playbooks import Chosen, keep_playbook, playbook_tag, understood, written_playbook
from holdfast.workflows.shop import Shop
from holdfast.workflows.views import needed_view

NO_PLAY = -1
MOST_KEPT = 2_000_000
"""Customers in the rankings that stay in memory, so that the next page of one is a look-up: about 150 MB of figures."""

LEAST_RISE = 0.005
"""A rise of the share of buyers that no list of a shop sees; smaller ones are planned for as if they were this."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a list may cost in the shop's currency, and how many customers it may contact; None is no limit."""

    budget: float | None = None
    contacts: int | None = None

    def __post_init__(self) -> None:
        wrong = [
            name for name in ("budget", "contacts") if (given := getattr(self, name)) is not None and not given >= 0
        ]
        if wrong:
            raise InputError(
                f"The {wrong[0]} cannot be this.",
                seen=f"{getattr(self, wrong[0])}.",
                todo="Give 0 or more, or nothing.",
            )


@dataclass(frozen=True, slots=True)
class FromLists:
    """What a ranking takes from the shop's lists: customers who are `apart`, on another one, and what lists showed."""

    apart: frozenset[str] = frozenset()
    seen: tuple[Experience, ...] = ()


NO_LISTS = FromLists()


@dataclass(frozen=True, slots=True)
class PlayTotal:
    """A play: whom it suits, whom it is the best action for, and how many of these are on the list."""

    name: str
    suits: int
    best_for: int
    chosen: int
    cost: float
    profit: float
    evidence: str
    points: float


@dataclass(frozen=True, slots=True, eq=False)
class Actions:
    """The ranking of a shop; `play` holds each customer's best play by place in the playbook, NO_PLAY for none."""

    view: View
    plays: tuple[Play, ...]
    own_playbook: bool
    keys: npt.NDArray[np.int64]
    prospects: Prospects
    play: npt.NDArray[np.int64]
    expected: Expected
    ranking: Ranking
    totals: tuple[PlayTotal, ...]
    holdout: Planned
    without_consent: int
    on_other_lists: int
    limits: Limits

    @property
    def chosen(self) -> Point:
        """The list as a whole."""
        return self.ranking.at(self.ranking.chosen)

    @property
    def headline(self) -> str:
        """What to do, in a sentence with the numbers in it."""
        found, currency = self.chosen, self.view.facts.currency
        if not found.customers:
            return f"Leave everybody alone: {self.ranking.stop}."
        return (
            f"Treat {counted(found.customers, 'customer')}: expected to add {money(found.profit, currency)} of profit "
            f"within {self.view.facts.forecast_days} days ({money(found.profit_low, currency)} to "
            f"{money(found.profit_high, currency)}), at a cost of {money(found.cost, currency)}. "
            f"Stop there: {self.ranking.stop}."
        )

    def as_dict(self) -> dict[str, Any]:
        """The ranking as a whole, without the customers; estimates are numbers, not exact money."""
        facts = self.view.facts
        return {
            "as_of": facts.as_of,
            "dataset": facts.dataset,
            "model": facts.model,
            "currency": facts.currency,
            "horizon_days": facts.forecast_days,
            "margin": self.prospects.margin,
            "headline": self.headline,
            "stop": self.ranking.stop.value,
            "budget": self.limits.budget,
            "contacts": self.limits.contacts,
            "customers": len(self.keys),
            "without_consent": self.without_consent,
            "on_other_lists": self.on_other_lists,
            "own_playbook": self.own_playbook,
            "chosen": asdict(self.chosen),
            "plays": [asdict(total) for total in self.totals],
            "holdout": asdict(self.holdout),
            "curve": [asdict(point) for point in self.ranking.curve],
        }


def rank_actions(
    shop: Shop,
    *,
    as_of: str | date | None = None,
    limits: Limits | None = None,
    lists: FromLists = NO_LISTS,
) -> Actions:
    """The next best action of every customer, as of a day; NotFoundError for a shop without a model in use."""
    view = _needed_forecasts(shop, as_of)
    written, own = written_playbook(shop.folder)
    asked = limits or Limits()

    def make() -> Actions:
        return _ranked(shop, view, understood(written, view.types), asked, own=own, lists=lists)

    return _lately.get((view.folder, playbook_tag(written), asked, lists), make)


def preview_playbook(
    shop: Shop,
    written: object,
    *,
    as_of: str | date | None = None,
    limits: Limits | None = None,
    lists: FromLists = NO_LISTS,
) -> Actions:
    """The ranking under another playbook, which is not kept; PolicyError where it cannot be used."""
    view = _needed_forecasts(shop, as_of)
    return _ranked(shop, view, understood(written, view.types), limits or Limits(), own=True, lists=lists)


def set_playbook(shop: Shop, written: Mapping[str, Any]) -> list[str]:
    """Make a playbook the shop's own; returns the names of its plays. PolicyError where it cannot be used."""
    plays = understood(written, needed_view(shop).types)
    keep_playbook(shop.folder, written)
    return [each.play.name for each in plays]


_lately: Latest[tuple[Path, str, Limits, FromLists], Actions] = Latest(MOST_KEPT, weight=lambda found: len(found.keys))

# --- parts -----------------------------------------------------------------------------------------------------------


def _needed_forecasts(shop: Shop, as_of: str | date | None) -> View:
    view = needed_view(shop, as_of=as_of)
    if view.facts.model is None:
        raise NotFoundError(
            "Actions need a forecast.",
            seen=view.facts.no_forecast or "No model is in use.",
            todo="Train a model first.",
        )
    return view


def _ranked(
    shop: Shop,
    view: View,
    plays: Sequence[Chosen],
    limits: Limits,
    *,
    own: bool,
    lists: FromLists,
) -> Actions:
    plays = [replace(each, play=experienced(each.play, lists.seen)) for each in plays]
    table, suits = _customers(view, plays)
    prospects = _prospects(table, margin=shop.settings.margin)
    play, expected = _best(prospects, plays, suits)
    refused = _refused(shop, view, table["customer_key"])
    busy = _named(view, table["customer_key"], lists.apart) & ~refused
    ranking = rank(
        expected, eligible=(play != NO_PLAY) & ~refused & ~busy, budget=limits.budget, contacts=limits.contacts
    )
    return Actions(
        view=view,
        plays=tuple(each.play for each in plays),
        own_playbook=own,
        keys=table["customer_key"].astype(np.int64),
        prospects=prospects,
        play=play,
        expected=expected,
        ranking=ranking,
        totals=tuple(_total(nth, each, suits[nth], play, expected, ranking) for nth, each in enumerate(plays)),
        holdout=_holdout(prospects, expected, ranking),
        without_consent=int(refused.sum()),
        on_other_lists=int(busy.sum()),
        limits=limits,
    )


def _customers(view: View, plays: Sequence[Chosen]) -> tuple[Mapping[str, npt.NDArray[Any]], npt.NDArray[np.bool_]]:
    """Every customer with a forecast, by key, and which plays suit whom (plays x customers)."""
    parameters: dict[str, object] = {}
    flags = []
    for nth, each in enumerate(plays):
        test, values = each.rule.sql(f"play_{nth}")
        flags.append(f"{test} AS suits_{nth}")
        parameters |= values
    text = f"""SELECT customer_key, p_buy, e_orders, e_spend, mean_order_value, {", ".join(flags)}
        FROM {GROUPED} WHERE p_buy IS NOT NULL ORDER BY customer_key"""
    with view.engine() as engine:
        table = engine.columns(Query("prospects", "one customer", text, parameters))
    suits = np.array([table[f"suits_{nth}"] for nth in range(len(plays))], dtype=np.bool_)
    return table, suits.reshape(len(plays), len(table["p_buy"]))


def _prospects(table: Mapping[str, npt.NDArray[Any]], *, margin: float) -> Prospects:
    """Spend of one who orders is expected spend over the chance; value of an order is expected spend over orders."""
    p_buy, e_orders, e_spend = (np.asarray(table[name], dtype=np.float64) for name in ("p_buy", "e_orders", "e_spend"))
    past = np.clip(np.nan_to_num(np.asarray(table["mean_order_value"], dtype=np.float64)), 0.0, None)
    value = np.divide(e_spend, p_buy, out=past.copy(), where=p_buy > 0)
    order_value = np.divide(e_spend, e_orders, out=past.copy(), where=e_orders > 0)
    return Prospects(p_buy, value, order_value, margin)


def _best(
    prospects: Prospects, plays: Sequence[Chosen], suits: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.int64], Expected]:
    """Each customer's most profitable play among those that suit, and what it brings; nothing where none suits."""
    n = len(prospects)
    play = np.full(n, NO_PLAY, dtype=np.int64)
    best = {name: np.zeros(n) for name in ("profit_low", "profit_high", "cost", "added_buyers")}
    profit: Vector = np.full(n, -np.inf)
    for nth, each in enumerate(plays):
        found = expect(prospects, each.play.offer, each.play.effect)
        better = suits[nth] & (found.profit > profit)
        play[better], profit[better] = nth, found.profit[better]
        for name, column in best.items():
            column[better] = getattr(found, name)[better]
    return play, Expected(profit=np.where(play == NO_PLAY, 0.0, profit), **best)


def _refused(shop: Shop, view: View, keys: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Who has said that they must not be contacted."""
    file = shop.folder.find(f"datasets/{view.facts.dataset}")
    if file is None:
        raise NotFoundError("The data set is gone.", seen=view.facts.dataset, todo="Ask again.")
    with view.engine() as engine:
        engine.bind("consents", file / "customers.parquet")
        text = "SELECT customer_key FROM consents WHERE consent = FALSE"
        said_no = engine.columns(Query("said_no", "one customer", text))["customer_key"]
    return np.isin(keys, said_no)


def _named(view: View, keys: npt.NDArray[Any], ids: frozenset[str]) -> npt.NDArray[np.bool_]:
    """Whose ids these are."""
    if not ids:
        return np.zeros(len(keys), dtype=np.bool_)
    text = f"SELECT customer_key FROM {GROUPED} WHERE list_contains($ids, customer_id)"
    with view.engine() as engine:
        found = engine.columns(Query("named", "one customer", text, {"ids": sorted(ids)}))["customer_key"]
    return np.isin(keys, found)


def _total(
    nth: int,
    chosen: Chosen,
    suits: npt.NDArray[np.bool_],
    play: npt.NDArray[np.int64],
    expected: Expected,
    ranking: Ranking,
) -> PlayTotal:
    listed = ranking.list[play[ranking.list] == nth]
    effect: Effect = chosen.play.effect
    return PlayTotal(
        name=chosen.play.name,
        suits=int(suits.sum()),
        best_for=int((play == nth).sum()),
        chosen=len(listed),
        cost=float(expected.cost[listed].sum()),
        profit=float(expected.profit[listed].sum()),
        evidence=effect.evidence.value,
        points=effect.points,
    )


def _holdout(prospects: Prospects, expected: Expected, ranking: Ranking) -> Planned:
    """Which holdout the list needs to see the effect that is expected of it."""
    listed = ranking.list
    if not len(listed):
        return plan(0, p=0.0, deviation=0.0, rise=LEAST_RISE)
    p, value = prospects.p_buy[listed], prospects.value[listed]
    rise = max(float(expected.added_buyers[listed].mean()), LEAST_RISE)
    spend = p * value
    deviation = float(np.sqrt(max((p * value**2).mean() - spend.mean() ** 2, 0.0)))
    return plan(len(listed), p=float(p.mean()), deviation=deviation, rise=rise)
