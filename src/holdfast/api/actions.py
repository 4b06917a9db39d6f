"""Actions: what to do for whom, ranked by expected profit, and where to stop."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from holdfast.access.audit import note
from holdfast.api.callers import reading as open_transaction
from holdfast.api.customers import AsOf
from holdfast.api.etags import UNCHANGED, InReading, Reading
from holdfast.api.files import FILE, made_for_download
from holdfast.api.paging import Cursor, Limit, decode, encode
from holdfast.errors import InputError
from holdfast.workflows import actions as acting
from holdfast.workflows.action_lists import on_other_lists
from holdfast.workflows.action_words import listed_actions, write_actions
from holdfast.workflows.clock import now
from holdfast.workflows.playbooks import playbook_tag, written_playbook
from holdfast.workflows.service import Service
from holdfast.workflows.shop import Shop

router = APIRouter(tags=["actions"])

MOST_MONEY = 1e15


class PlayTotal(BaseModel):
    """A play: whom it suits, whom it is the best action for, how many of these are on the list, and what they bring."""

    name: str
    suits: int
    best_for: int
    chosen: int
    cost: float
    profit: float
    evidence: str = Field(description="measured here, measured in a sample, or rule of thumb.")
    points: float = Field(description="Its effect: percentage points more buyers among those whose chance is even.")


class CurvePoint(BaseModel):
    """The first `customers` of the ranking: cost and expected profit; low and high hold it in 80 of 100 cases."""

    customers: int
    cost: float
    profit: float
    profit_low: float
    profit_high: float


class Split(BaseModel):
    """A list cut in two arms, and the smallest effects it finds in four of five cases; null where there is none."""

    share: float
    held_out: int
    treated: int
    detectable_points: float | None
    detectable_money: float | None


class Holdout(BaseModel):
    """How many of the list to leave alone at random, so that its effect can be measured."""

    splits: list[Split]
    proposed: Split | None = Field(description="Null where the list is too small for the effect that is expected.")
    sentence: str


class Action(BaseModel):
    """What to do for one customer: in words that hold its own numbers, and in money."""

    customer_id: str
    play: str
    what: str
    why: str
    timing: str
    message: list[str]
    evidence: str
    p_buy: float
    profit: float = Field(description="Expected, beside leaving the customer alone.")
    profit_low: float
    profit_high: float
    cost: float


class RankedActions(BaseModel):
    """The ranking as a whole. Amounts are estimates, and therefore numbers, in `currency`."""

    as_of: date
    dataset: str
    model: str
    currency: str | None
    horizon_days: int
    margin: float
    headline: str
    stop: str = Field(description="Why the list ends where it does.")
    budget: float | None
    contacts: int | None
    customers: int = Field(description="Customers with a forecast.")
    without_consent: int = Field(description="Who must not be contacted, and is on no list.")
    on_other_lists: int = Field(
        description="Who is on an open action list, or was contacted lately, and is not on this one."
    )
    own_playbook: bool
    chosen: CurvePoint = Field(description="The list.")
    plays: list[PlayTotal]
    holdout: Holdout
    curve: list[CurvePoint] = Field(
        description="From nobody, beyond the end of the list, to everybody who fits a play."
    )


class Actions(RankedActions):
    """The ranking, and a page of its list."""

    items: list[Action]
    next_cursor: str | None = Field(default=None, description="For the next page; null on the last one.")


def limits_of(
    budget: Annotated[
        float | None, Query(ge=0, le=MOST_MONEY, description="What the list may cost, in the shop's currency.")
    ] = None,
    contacts: Annotated[int | None, Query(ge=0, le=10**9, description="How many customers it may contact.")] = None,
) -> acting.Limits:
    """The limits of a list."""
    return acting.Limits(budget, contacts)


InLimits = Annotated[acting.Limits, Depends(limits_of)]


@router.get("/actions", response_model=Actions, responses={**UNCHANGED, **FILE})
def list_actions(
    reading: InReading,
    limits: InLimits,
    as_of: AsOf = None,
    limit: Limit = 100,
    cursor: Cursor = None,
    format: Annotated[  # noqa: A002 - its name in the address
        Literal["json", "csv", "parquet"], Query(description="A file holds the whole list, not one page.")
    ] = "json",
) -> Response:
    """What to do for whom: the most profitable action of every customer, those that earn most first.

    Nobody is on the list who is expected to cost more than they return, who said that they must not be contacted, or
    who is on an open action list: its holdouts are left alone by this one too.
    """
    apart = busy(reading.service, reading.shop)
    tag = playbook_tag(written_playbook(reading.shop.folder)[0])
    asked = reading.depending_on(f"{tag}-{apart_tag(apart)}")

    def rank() -> acting.Actions:
        return acting.rank_actions(reading.shop, as_of=as_of, limits=limits, apart=apart)

    if format != "json":
        return _file(asked, rank(), limits, format)
    return asked.answer(lambda: _page(asked, rank, limit=limit, cursor=cursor))


def busy(service: Service, shop: Shop) -> frozenset[str]:
    """Who is on an open list, or was contacted lately."""
    with open_transaction(service) as session:
        return on_other_lists(session, shop)


def apart_tag(ids: frozenset[str]) -> str:
    """A short name for who is on other lists."""
    return sha256("\0".join(sorted(ids)).encode()).hexdigest()[:10]


def summary(found: acting.Actions) -> dict[str, Any]:
    """The ranking as a whole, for a model of this file."""
    return found.as_dict()


def _page(reading: Reading, rank: Callable[[], acting.Actions], *, limit: int, cursor: str | None) -> Actions:
    first = _place(reading, cursor) if cursor else 0
    found = rank()
    items = [Action(**asdict(each)) for each in listed_actions(found, first=first, most=limit)]
    more = first + limit < found.ranking.chosen
    return Actions(
        **summary(found),
        items=items,
        next_cursor=encode([*reading.marks, reading.edition.tag, first + limit]) if more else None,
    )


def _place(reading: Reading, cursor: str) -> int:
    """Where a page begins; InputError where the ranking is another one by now."""
    *made_for, place = decode(cursor, parts=3)
    if made_for != [*reading.marks, reading.edition.tag] or not isinstance(place, int) or place < 0:
        raise InputError(
            "The ranking has changed.",
            seen="The cursor was made before the data, the model or the playbook changed.",
            todo="Begin without a cursor.",
        )
    return place


def _file(reading: Reading, found: acting.Actions, limits: acting.Limits, form: str) -> Response:
    """The whole list as a file, noted in the audit log before it leaves."""
    response = made_for_download(f"actions.{form}", lambda out: write_actions(found, reading.shop, out))
    details = {
        "rows": found.ranking.chosen,
        "as_of": found.view.facts.as_of,
        "budget": limits.budget,
        "contacts": limits.contacts,
        "format": form,
    }
    request_id = reading.request.state.request_id
    with reading.service.database.begin() as session:
        note(
            session, reading.caller, "export actions", found.view.facts.dataset,
            now=now(), request_id=request_id, details=details,
        )  # fmt: skip
    return response
