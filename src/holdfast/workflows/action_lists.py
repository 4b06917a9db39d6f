"""Action lists: drawn from the ranking with a holdout, approved, exported, closed.

A list is frozen when it is drawn: who is on it, who of them is left alone, with which probability, what is expected. A
customer is on one open list at a time, and on no other for `contact_days` after they were contacted; a holdout is left
alone until the list is closed, or there would be nothing to compare with.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from holdfast.errors import InputError, NotFoundError
from holdfast.experiments.assign import Assignment, assign
from holdfast.forecast.wording import counted
from holdfast.store.database import Database
from holdfast.store.records import ActionList, ListEntry, new_id
from holdfast.workflows.action_words import listed_actions
from holdfast.workflows.actions import Actions, FromLists, Limits, rank_actions
from holdfast.workflows.clock import now
from holdfast.workflows.list_states import OPEN, ListState, ListStateError
from holdfast.workflows.measuring import experience_of
from holdfast.workflows.parted_files import ROWS_AT_ONCE
from holdfast.workflows.plain import plain
from holdfast.workflows.playbooks import written_playbook
from holdfast.workflows.shop import Shop

WITHOUT_A_PROPOSAL = 0.5
"""What is held out where the list is too small for any share to answer: half tells most, for several lists together."""

WORDS = ("what", "why", "timing", "message")


@dataclass(frozen=True, slots=True)
class Draw:
    """What a list is to be: `holdout` is the share left alone, None as planned, 0 for nobody (not measurable)."""

    name: str
    limits: Limits
    as_of: str | date | None = None
    holdout: float | None = None
    seed: int | None = None

    def __post_init__(self) -> None:
        if self.holdout is not None and not 0 <= self.holdout < 1:
            raise InputError(
                "This is no holdout.", seen=f"{self.holdout:g}.", todo="Give a share from 0 to below 1, or nothing."
            )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A list that was drawn, and is not kept yet."""

    draw: Draw
    found: Actions
    assigned: Assignment


def draw_list(session: Session, shop: Shop, draw: Draw) -> Drawn:
    """Draw a list and its holdout, which takes a while and only reads; InputError where nobody is worth treating."""
    found = rank_actions(shop, as_of=draw.as_of, limits=draw.limits, lists=from_lists(session, shop))
    if not found.ranking.chosen:
        raise InputError(
            "Nobody would be on this list.",
            seen=f"{found.headline} {counted(found.on_other_lists, 'customer')} are on other lists.",
            todo="Raise the limits, change the playbook, or wait.",
        )
    seed = secrets.randbelow(2**31) if draw.seed is None else draw.seed
    return Drawn(draw, found, _assigned(found, share=_share(found, draw.holdout), seed=seed))


def keep_list(database: Database, shop: Shop, drawn: Drawn, *, by: str) -> ActionList:
    """Keep a list that was drawn, as a draft.

    In several transactions, since a million rows in one would keep every other writer waiting; a draft that was not
    written to its end cannot be approved.
    """
    with database.begin() as session:
        record = _record(shop, drawn, by=by)
        session.add(record)
    for first in range(0, drawn.found.ranking.chosen, ROWS_AT_ONCE):
        rows = list(_rows(record, drawn, first))
        with database.begin() as session:
            session.execute(sa.insert(ListEntry), rows)
    return record


def find_list(session: Session, *, tenant: str, list_id: str) -> ActionList:
    """A list of the tenant; NotFoundError if there is none."""
    found = session.get(ActionList, list_id)
    if found is None or found.tenant != tenant:
        raise NotFoundError(
            f"There is no action list {list_id!r}.", seen=f"Tenant {tenant} has no such list.", todo="List them."
        )
    return found


def approve(session: Session, record: ActionList, *, by: str) -> None:
    """From now on nobody on it is on another list; ListStateError where somebody on it is on one by now."""
    must_be(record, (ListState.DRAFT,), "Only a draft can be approved.")
    there = session.scalar(sa.select(sa.func.count()).where(ListEntry.list_id == record.id))
    if there != record.totals["customers"]:
        raise ListStateError(
            "This draft was not written to its end.",
            seen=f"{there:,} of {record.totals['customers']:,} customers are there.",
            todo="Wait if it is being drawn; else throw it away and draw it anew.",
        )
    taken = _taken_meanwhile(session, record)
    if taken:
        raise ListStateError(
            "Customers of this draft are on another list by now.",
            seen=f"{counted(taken, 'customer')} of {record.id}.",
            todo="Throw the draft away and draw it anew.",
        )
    record.state, record.approved_at, record.approved_by = ListState.APPROVED.value, now(), by


def exported(record: ActionList, *, sent_on: date) -> None:
    """It leaves the shop, and is sent on a day, from which on its orders count.

    A list that left may leave again, since a file may get lost; the day stays as it was said first. InputError for a
    day before the list's as_of: what it was chosen for would count as what it brought.
    """
    must_be(record, OPEN, "Only a list that was approved can be exported.")
    check_day(record, sent_on)
    record.state, record.exported_at = ListState.EXPORTED.value, record.exported_at or now()
    record.sent_on = record.sent_on or sent_on.isoformat()


def check_day(record: ActionList, sent_on: date) -> None:
    """InputError for a day before the list's as_of, unless another day was said before."""
    if record.sent_on is None and sent_on < date.fromisoformat(record.as_of):
        raise InputError(
            "A list cannot be sent before its as_of.",
            seen=f"Sent on {sent_on}, drawn as of {record.as_of}.",
            todo="Name the day on which it is sent.",
        )


def close(record: ActionList) -> None:
    """Its holdouts may be treated again."""
    must_be(record, OPEN, "Only a list that is under way can be closed.")
    record.state, record.closed_at = ListState.CLOSED.value, now()


def discard(session: Session, record: ActionList) -> None:
    """Throw a draft away."""
    must_be(record, (ListState.DRAFT,), "Only a draft can be thrown away: the others are evidence.")
    session.execute(sa.delete(ListEntry).where(ListEntry.list_id == record.id))
    session.delete(record)


def entries_of(record: ActionList, *, holdout: bool | None = None, after: int = 0) -> sa.Select[ListEntry]:
    """The entries of a list, the best first, behind a place; all, the held out, or those who are treated."""
    chosen = sa.select(ListEntry).where(ListEntry.list_id == record.id, ListEntry.place > after)
    if holdout is not None:
        chosen = chosen.where(ListEntry.is_holdout == holdout)
    return chosen.order_by(ListEntry.place)


def from_lists(session: Session, shop: Shop) -> FromLists:
    """What a ranking takes from the shop's lists."""
    return FromLists(on_other_lists(session, shop), experience_of(session, shop))


def on_other_lists(session: Session, shop: Shop) -> frozenset[str]:
    """Everybody on an open list, and who was contacted through a closed one in the last `contact_days`."""
    tenant = shop.settings.tenant
    lately = ActionList.exported_at > now() - timedelta(days=shop.settings.contact_days)
    contacted = sa.and_(ActionList.state == ListState.CLOSED.value, lately, ListEntry.is_holdout.is_(False))
    chosen = (
        sa.select(ListEntry.customer_id)
        .join(ActionList, ActionList.id == ListEntry.list_id)
        .where(ListEntry.tenant == tenant, sa.or_(ActionList.state.in_([each.value for each in OPEN]), contacted))
    )
    return frozenset(session.scalars(chosen))


def _taken_meanwhile(session: Session, record: ActionList) -> int:
    """How many of its customers are on another list that is open."""
    ours = sa.select(ListEntry.customer_id).where(ListEntry.list_id == record.id)
    others = (
        sa.select(sa.func.count(sa.distinct(ListEntry.customer_id)))
        .join(ActionList, ActionList.id == ListEntry.list_id)
        .where(
            ListEntry.tenant == record.tenant,
            ActionList.state.in_([each.value for each in OPEN]),
            ListEntry.customer_id.in_(ours),
        )
    )
    return session.scalar(others) or 0


def must_be(record: ActionList, allowed: Sequence[ListState], what: str) -> None:
    """ListStateError, which says `what` is wrong, unless the list is in one of the states."""
    if record.state not in allowed:
        raise ListStateError(what, seen=f"{record.id} is {record.state}.", todo="Read the list, or draw a new one.")


# --- parts -----------------------------------------------------------------------------------------------------------


def _share(found: Actions, wanted: float | None) -> float:
    if wanted is not None:
        return wanted
    return found.holdout.proposed.share if found.holdout.proposed else WITHOUT_A_PROPOSAL


def _assigned(found: Actions, *, share: float, seed: int) -> Assignment:
    """Drawn over the customers in the order of their keys, so that the same seed draws the same whatever their rank."""
    places = found.ranking.list
    by_key = np.argsort(found.keys[places], kind="stable")
    worth = (found.prospects.p_buy * found.prospects.value)[places]
    drawn = assign(worth[by_key], share=share, seed=seed)
    held_out, stratum = np.empty(len(places), dtype=np.bool_), np.empty(len(places), dtype=np.int64)
    held_out[by_key], stratum[by_key] = drawn.held_out, drawn.stratum
    return Assignment(held_out, stratum, drawn.probability, seed)


def _record(shop: Shop, drawn: Drawn, *, by: str) -> ActionList:
    draw, found, share = drawn.draw, drawn.found, drawn.assigned.probability
    facts, measurable = found.view.facts, share > 0
    return ActionList(
        id=new_id("list"),
        tenant=shop.settings.tenant,
        name=draw.name or f"Actions as of {facts.as_of}",
        state=ListState.DRAFT.value,
        as_of=facts.as_of,
        horizon=facts.forecast_days,
        dataset=facts.dataset,
        model=facts.model,
        currency=facts.currency,
        playbook=plain(written_playbook(shop.folder)[0]),
        budget=draw.limits.budget,
        contacts=draw.limits.contacts,
        seed=drawn.assigned.seed,
        holdout_share=share,
        measurable=measurable,
        sentence=found.holdout.sentence if measurable else "Nobody is left alone: what this list does cannot be told.",
        totals=_totals(drawn),
        created_at=now(),
        created_by=by,
    )


def _totals(drawn: Drawn) -> dict[str, Any]:
    """What is expected of those who are treated."""
    places, held_out = drawn.found.ranking.list, drawn.assigned.held_out
    treated = places[~held_out]
    sums = {
        name: float(getattr(drawn.found.expected, name)[treated].sum())
        for name in ("cost", "profit", "profit_low", "profit_high")
    }
    return {"customers": len(places), "treated": len(treated), "held_out": int(held_out.sum()), **sums}


def _rows(record: ActionList, drawn: Drawn, first: int) -> Iterator[dict[str, Any]]:
    """The entries from a place on, as many as are kept at once."""
    for nth, action in enumerate(listed_actions(drawn.found, first=first, most=ROWS_AT_ONCE), start=first):
        known = asdict(action)
        words = {name: known.pop(name) for name in WORDS}
        yield {
            "list_id": record.id,
            "place": nth + 1,
            "tenant": record.tenant,
            "words": {**words, "message": list(words["message"])},
            "is_holdout": bool(drawn.assigned.held_out[nth]),
            "probability": drawn.assigned.probability,
            "stratum": int(drawn.assigned.stratum[nth]),
            **known,
        }
