"""Measuring an action list: its customers' orders since, those treated beside those left alone at random.

Counted is by who was to be treated, whether or not the message arrived: that is what was drawn at random. The window
begins on the day the list was sent, and lasts as long as the forecast looked; closing the list earlier ends it, since
whoever was left alone may be treated from then on.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from sqlalchemy.orm import Session

from holdfast.actions.effect import Arms
from holdfast.actions.experience import Experience, experienced
from holdfast.actions.playbook import Play, parse_playbook
from holdfast.engine import DuckEngine, Query
from holdfast.experiments.compare import Difference, Sums, compare
from holdfast.forecast.days import day_number
from holdfast.forecast.labels import outcomes
from holdfast.forecast.order_days import order_days
from holdfast.store import Dataset, needed_dataset
from holdfast.store.records import ActionList, ListEntry
from holdfast.workflows.latest import Latest
from holdfast.workflows.list_results import FEWEST_BUYERS, Arm, ListResult, PlayResult, Window
from holdfast.workflows.list_states import ListState
from holdfast.workflows.shop import Shop, as_of_date

MOST_KEPT = 500
"""Results that stay in memory: they change with the data set only."""

Flags = npt.NDArray[np.bool_]
Vector = npt.NDArray[np.float64]


def result_of(session: Session, shop: Shop, record: ActionList) -> ListResult:
    """What came of a list, as far as the data set in force reaches; NotFoundError for a shop without orders."""
    dataset = needed_dataset(shop.folder)
    window = window_of(record, known_until=as_of_date(None, dataset))
    key = (record.id, dataset.manifest.version, window, shop.settings.margin)
    return _lately.get(key, lambda: _measured(record, window, _happened(session, shop, dataset, record, window), shop))


def experience_of(session: Session, shop: Shop) -> tuple[Experience, ...]:
    """What the shop's lists have shown until now, the oldest first."""
    left_the_shop = ActionList.state.in_([ListState.EXPORTED.value, ListState.CLOSED.value])
    chosen = (
        sa.select(ActionList)
        .where(ActionList.tenant == shop.settings.tenant, ActionList.measurable, left_the_shop)
        .where(ActionList.sent_on.is_not(None))
        .order_by(ActionList.sent_on, ActionList.id)
    )
    return tuple(each for record in session.scalars(chosen) for each in result_of(session, shop, record).experience)


def window_of(record: ActionList, *, known_until: date) -> Window:
    """When orders of a list's customers count; every day before `known_until` is known.

    What was not sent is looked at from its as_of: a difference between its arms is chance.
    """
    starts = date.fromisoformat(record.sent_on or record.as_of)
    ends = starts + timedelta(days=record.horizon)
    if record.closed_at is not None:
        ends = min(ends, max(record.closed_at.date(), starts))
    return Window(starts, ends, known_until, record.horizon)


_lately: Latest[tuple[str, str, Window, float], ListResult] = Latest(MOST_KEPT)

# --- parts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Happened:
    """One value per customer of the list who is still known: what was drawn for them, and what they did."""

    play: npt.NDArray[np.str_]
    stratum: npt.NDArray[np.int64]
    is_holdout: Flags
    bought: Flags
    revenue: Vector


def _happened(session: Session, shop: Shop, dataset: Dataset, record: ActionList, window: Window) -> _Happened:
    chosen = sa.select(ListEntry.customer_id, ListEntry.play, ListEntry.stratum, ListEntry.is_holdout)
    rows = session.execute(chosen.where(ListEntry.list_id == record.id)).all()
    ids, play, stratum, is_holdout = (np.array(column) for column in zip(*rows, strict=True))
    with shop.stage(dataset) as (engine, _):
        place, key = _found(engine, ids)
        history = order_days(engine, as_of=day_number(window.known_until))
    bought, revenue = np.zeros(len(key), dtype=np.bool_), np.zeros(len(key))
    if window.days:
        did = outcomes(history, cutoff=day_number(window.starts), horizon=window.days)
        ever = key < len(did)  # keys beyond are of customers without a single live order
        bought[ever], revenue[ever] = did.bought[key[ever]], did.spend[key[ever]]
    return _Happened(play[place], stratum[place].astype(np.int64), is_holdout[place].astype(np.bool_), bought, revenue)


def _found(engine: DuckEngine, ids: npt.NDArray[np.str_]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where in `ids` a known customer is, and the customer's key; who was erased is in neither arm."""
    engine.bind_columns("listed", {"customer_id": ids, "place": np.arange(len(ids), dtype=np.int64)})
    text = "SELECT place, customer_key FROM listed JOIN customers USING (customer_id) ORDER BY place"
    found = engine.columns(Query("listed", "one customer of the list", text))
    return found["place"].astype(np.int64), found["customer_key"].astype(np.int64)


def _measured(record: ActionList, window: Window, happened: _Happened, shop: Shop) -> ListResult:
    treated, alone = (_arm(happened, happened.is_holdout == holdout) for holdout in (False, True))
    enough = record.measurable and window.days > 0 and treated.buyers + alone.buyers >= FEWEST_BUYERS
    buyers = _compared(happened, happened.bought.astype(np.float64)) if enough else None
    revenue = _compared(happened, happened.revenue) if enough else None
    margin = revenue.times(treated.customers * shop.settings.margin) if revenue else None
    cost = float(record.totals["cost"])
    plays = tuple(_play_result(play, happened) for play in parse_playbook(record.playbook, columns=None))
    return ListResult(
        window=window,
        measurable=record.measurable,
        treated=treated,
        holdout=alone,
        buyers=buyers.times(100.0) if buyers else None,
        revenue=revenue,
        margin=margin,
        profit=margin.less(cost) if margin else None,
        cost=cost,
        expected_profit=float(record.totals["profit"]),
        plays=tuple(result for result, _ in plays if result.arms.treated + result.arms.holdout),
        experience=tuple(taught for _, taught in plays if record.sent_on and record.measurable and window.is_whole),
        currency=record.currency,
    )


def _arm(happened: _Happened, theirs: Flags) -> Arm:
    return Arm(int(theirs.sum()), int(happened.bought[theirs].sum()), float(happened.revenue[theirs].sum()))


def _compared(happened: _Happened, values: Vector) -> Difference | None:
    """Within the strata that the holdout was drawn in."""
    arms = [
        [Sums.of(values[(happened.stratum == stratum) & (happened.is_holdout == holdout)]) for holdout in (False, True)]
        for stratum in np.unique(happened.stratum)
    ]
    return compare(treatment=[treated for treated, _ in arms], holdout=[alone for _, alone in arms])


def _play_result(play: Play, happened: _Happened) -> tuple[PlayResult, Experience]:
    treated, alone = (
        _arm(happened, (happened.play == play.name) & (happened.is_holdout == holdout)) for holdout in (False, True)
    )
    arms = Arms(treated.customers, treated.buyers, alone.customers, alone.buyers)
    seen = Experience(play.name, play.offer, arms)
    return PlayResult(play.name, arms, play.effect, experienced(play, [seen]).effect), seen
