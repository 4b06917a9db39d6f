"""The playbook: what to do for whom, at what cost, with which effect; read, tried out, changed."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from holdfast.access.audit import note
from holdfast.api.actions import InLimits, RankedActions, known_lists, summary
from holdfast.api.callers import Analyst, InService, RequestId, Viewer
from holdfast.api.customers import AsOf
from holdfast.workflows.actions import preview_playbook, set_playbook
from holdfast.workflows.clock import now
from holdfast.workflows.playbooks import forget_playbook, written_playbook
from holdfast.workflows.reading import shop_of

router = APIRouter(prefix="/playbook", tags=["actions"])


class Written(BaseModel, extra="forbid"):
    """A playbook as a file holds it."""

    plays: list[dict[str, Any]] = Field(
        min_length=1,
        max_length=50,
        description="Each with name, where, what, why, timing, message, offer and effect; see docs/actions.md.",
    )


class Playbook(BaseModel):
    """The playbook of the shop."""

    own: bool = Field(description="Whether it is the shop's own, or the one every shop begins with.")
    plays: list[dict[str, Any]]


@router.get("")
def read_playbook(caller: Viewer, service: InService) -> Playbook:
    """The playbook in force."""
    written, own = written_playbook(shop_of(service, caller.tenant).folder)
    return Playbook(own=own, plays=list(written["plays"]))


@router.post("/preview")
def try_playbook(
    body: Written, limits: InLimits, caller: Viewer, service: InService, as_of: AsOf = None
) -> RankedActions:
    """Who would get what under another playbook, and what that would bring. Keeps nothing."""
    shop = shop_of(service, caller.tenant)
    lists = known_lists(service, shop)
    found = preview_playbook(shop, body.model_dump(), as_of=as_of, limits=limits, lists=lists)
    return RankedActions(**summary(found))


@router.put("")
def change_playbook(body: Written, caller: Analyst, service: InService, request_id: RequestId) -> Playbook:
    """Make a playbook the shop's own, once it was checked."""
    names = set_playbook(shop_of(service, caller.tenant), body.model_dump())
    with service.database.begin() as session:
        note(session, caller, "change playbook", "playbook", now=now(), request_id=request_id, details={"plays": names})
    return Playbook(own=True, plays=body.plays)


@router.delete("", status_code=204)
def reset_playbook(caller: Analyst, service: InService, request_id: RequestId) -> None:
    """Go back to the playbook that every shop begins with."""
    forget_playbook(shop_of(service, caller.tenant).folder)
    with service.database.begin() as session:
        note(session, caller, "reset playbook", "playbook", now=now(), request_id=request_id)
