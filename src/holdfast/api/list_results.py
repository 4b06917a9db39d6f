"""What came of an action list."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from holdfast.actions.effect import Effect
from holdfast.api.actions import tag_of_lists, tag_of_playbook
from holdfast.api.callers import reading as open_transaction
from holdfast.api.etags import UNCHANGED, InReading, Reading
from holdfast.api.paging import Cursor, Limit, decode, encode
from holdfast.errors import InputError
from holdfast.experiments import compare
from holdfast.workflows import list_results as measured
from holdfast.workflows.action_lists import find_list, from_lists
from holdfast.workflows.list_changes import Change, Why, changes_of
from holdfast.workflows.measuring import result_of

router = APIRouter(prefix="/action-lists", tags=["actions"])


class Window(BaseModel, from_attributes=True):
    """Orders count on days from `starts` to before `ends`; known is every day before `known_until`."""

    starts: date
    ends: date
    known_until: date
    horizon: int = Field(description="Days that the window was to last.")
    days: int = Field(description="Days of it that are known.")
    is_over: bool
    is_whole: bool = Field(description="Over, and not cut short: only then does it teach the playbook.")


class Arm(BaseModel, from_attributes=True):
    """What the customers of one arm did within the window."""

    customers: int
    buyers: int
    share: float = Field(description="Share of its customers who ordered.")
    revenue: float = Field(description="Net revenue.")


class ArmDifference(BaseModel, from_attributes=True):
    """Treated less left alone, with its 95 % interval."""

    estimate: float
    low: float
    high: float
    tells: bool = Field(description="Whether it is more, or less, than chance would bring.")


class PlayResult(BaseModel):
    """A play on this list. Effects are percentage points more buyers at an even chance, with an 80 % interval."""

    name: str
    treated: int
    treated_buyers: int
    holdout: int
    holdout_buyers: int
    believed: float = Field(description="As the playbook says.")
    believed_low: float
    believed_high: float
    after: float = Field(description="With what this list showed.")
    after_low: float
    after_high: float
    evidence: str = Field(description="How well it is known then.")


class ListResult(BaseModel):
    """What came of a list; differences are null where nothing can be compared."""

    list_id: str
    sentence: str
    window: Window
    measurable: bool
    treated: Arm
    holdout: Arm
    buyers: ArmDifference | None = Field(description="In percentage points.")
    revenue: ArmDifference | None = Field(description="Per customer.")
    margin: ArmDifference | None = Field(description="Added margin of all who were treated.")
    profit: ArmDifference | None = Field(description="That, less what treating them was planned to cost.")
    cost: float = Field(description="What treating them was planned to cost.")
    expected_profit: float = Field(description="What the list was drawn for.")
    currency: str | None
    plays: list[PlayResult]
    teaches: bool = Field(description="Whether the effects of plays are believed anew with it.")


@router.get("/{list_id}/result", response_model=ListResult, responses=UNCHANGED)
def read_result(list_id: str, reading: InReading) -> Response:
    """What came of a list: its customers' orders since it was sent, treated beside left alone at random."""
    with open_transaction(reading.service) as session:
        record = find_list(session, tenant=reading.caller.tenant, list_id=list_id)
        asked = reading.depending_on(f"{record.state}-{record.sent_on}-{record.closed_at}")
        return asked.answer(lambda: _shown(list_id, result_of(session, reading.shop, record)))


class ChangedCustomer(BaseModel, from_attributes=True):
    """A customer who came to a list or left it since it was sent."""

    customer_id: str
    change: Change
    reason: Why
    play: str | None = Field(description="What to do with a customer who came.")
    profit: float | None = Field(description="What that is expected to add.")


class ListChanges(BaseModel):
    """Who left a list since it was sent, then who would come to it today."""

    list_id: str
    sent_on: date
    left: int
    came: int
    items: list[ChangedCustomer]
    next_cursor: str | None = Field(default=None, description="For the next page; null on the last one.")


@router.get("/{list_id}/changes", response_model=ListChanges, responses=UNCHANGED)
def list_changes(list_id: str, reading: InReading, limit: Limit = 100, cursor: Cursor = None) -> Response:
    """Who left a list since it was sent: who ordered, or must not be contacted; and who would come to it today.

    Holdouts are on the list, so they never come.
    """
    with open_transaction(reading.service) as session:
        record = find_list(session, tenant=reading.caller.tenant, list_id=list_id)
        lists = from_lists(session, reading.shop)
        asked = reading.depending_on(record.state, tag_of_lists(lists), tag_of_playbook(reading.shop))

        def page() -> ListChanges:
            first = _place(asked, cursor) if cursor else 0
            found = changes_of(session, reading.shop, record)
            left = sum(each.change is Change.LEFT for each in found)
            last = first + limit
            return ListChanges(
                list_id=list_id,
                sent_on=date.fromisoformat(record.sent_on or record.as_of),
                left=left,
                came=len(found) - left,
                items=[ChangedCustomer.model_validate(each) for each in found[first:last]],
                next_cursor=encode([asked.edition.tag, last]) if last < len(found) else None,
            )

        return asked.answer(page)


def _place(reading: Reading, cursor: str) -> int:
    """Where a page begins; InputError where the changes are others by now."""
    edition, place = decode(cursor, parts=2)
    if edition != reading.edition.tag or not isinstance(place, int) or place < 0:
        raise InputError(
            "The list has changed.",
            seen="The cursor was made before the data or the model changed.",
            todo="Begin without a cursor.",
        )
    return place


def _shown(list_id: str, found: measured.ListResult) -> ListResult:
    return ListResult(
        list_id=list_id,
        sentence=found.sentence,
        window=Window.model_validate(found.window),
        measurable=found.measurable,
        treated=Arm.model_validate(found.treated),
        holdout=Arm.model_validate(found.holdout),
        buyers=_difference(found.buyers),
        revenue=_difference(found.revenue),
        margin=_difference(found.margin),
        profit=_difference(found.profit),
        cost=found.cost,
        expected_profit=found.expected_profit,
        currency=found.currency,
        plays=[_play(each) for each in found.plays],
        teaches=bool(found.experience),
    )


def _difference(found: compare.Difference | None) -> ArmDifference | None:
    return None if found is None else ArmDifference.model_validate(found)


def _play(found: measured.PlayResult) -> PlayResult:
    arms = found.arms
    effects: dict[str, Any] = {**_points("believed", found.believed), **_points("after", found.after)}
    return PlayResult(
        name=found.name,
        treated=arms.treated,
        treated_buyers=arms.treated_buyers,
        holdout=arms.holdout,
        holdout_buyers=arms.holdout_buyers,
        evidence=found.after.evidence.value,
        **effects,
    )


def _points(name: str, effect: Effect) -> dict[str, float]:
    low, high = effect.interval
    return {name: effect.points, f"{name}_low": low, f"{name}_high": high}
