"""Members: the people of a tenant, invited by e-mail, each in a role."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from holdfast.access import members
from holdfast.access.audit import note
from holdfast.access.caller import Role
from holdfast.access.members import Member as Found
from holdfast.api.callers import Admin, InService, RequestId, reading
from holdfast.api.paging import Cursor, Limit, Page, decode, encode
from holdfast.workflows.clock import now

router = APIRouter(prefix="/members", tags=["members"])

MemberRole = Literal["viewer", "analyst", "admin"]


class Member(BaseModel):
    """A person and what they may do."""

    user_id: str
    email: str
    name: str
    role: MemberRole
    has_password: bool = Field(description="Without one only a link lets them in.")
    disabled_at: datetime | None


class Invitation(BaseModel, extra="forbid"):
    """Somebody to invite."""

    email: str = Field(min_length=3, max_length=254)
    name: str = Field(default="", max_length=200)
    role: MemberRole


class Invited(BaseModel):
    """The new member, and a link to hand to them."""

    member: Member
    link: str | None = Field(description="Signs them in once, within a week; null for who has an account already.")


class Link(BaseModel):
    """A link to hand to a member."""

    link: str = Field(description="Signs them in once, within a week.")


class RoleChange(BaseModel, extra="forbid"):
    """Another role."""

    role: MemberRole


@router.get("")
def list_members(caller: Admin, service: InService, limit: Limit = 100, cursor: Cursor = None) -> Page[Member]:
    """The people of the tenant, by e-mail."""
    after = str(decode(cursor, parts=1)[0]) if cursor is not None else ""
    with reading(service) as session:
        found = [each for each in members.list_members(session, caller.tenant) if each[0].email > after]
    more = len(found) > limit
    return Page(
        items=[_shown(each) for each in found[:limit]],
        next_cursor=encode([found[limit - 1][0].email]) if more else None,
    )


@router.post("", status_code=201)
def invite_member(
    body: Invitation, request: Request, response: Response, caller: Admin, service: InService, request_id: RequestId
) -> Invited:
    """Invite somebody. Nothing is sent: hand them the link. Who has an account already is added by an operator."""
    with service.database.begin() as session:
        member, token = members.invite(
            session, caller, email=body.email, name=body.name, role=Role(body.role), now=now()
        )
        note(
            session, caller, "invite member", member[0].id, now=now(), request_id=request_id,
            details={"role": body.role},
        )  # fmt: skip
    response.headers["Cache-Control"] = "no-store"
    return Invited(member=_shown(member), link=sign_in_address(request, token) if token is not None else None)


@router.patch("/{user_id}")
def change_member(user_id: str, body: RoleChange, caller: Admin, service: InService, request_id: RequestId) -> Member:
    """Give a member another role; it holds at once."""
    with service.database.begin() as session:
        member = members.change_role(session, tenant=caller.tenant, user_id=user_id, role=Role(body.role))
        details = {"role": body.role}
        note(session, caller, "change member", user_id, now=now(), request_id=request_id, details=details)
    return _shown(member)


@router.delete("/{user_id}", status_code=204)
def remove_member(user_id: str, caller: Admin, service: InService, request_id: RequestId) -> None:
    """Take a member out. Somebody who belongs to no other tenant is forgotten."""
    with service.database.begin() as session:
        members.remove(session, tenant=caller.tenant, user_id=user_id)
        note(session, caller, "remove member", user_id, now=now(), request_id=request_id)


@router.post("/{user_id}/link", status_code=201)
def renew_link(
    user_id: str, request: Request, response: Response, caller: Admin, service: InService, request_id: RequestId
) -> Link:
    """Another link for a member who has no password yet."""
    with service.database.begin() as session:
        token = members.renewed_link(session, caller, user_id, now=now())
        note(session, caller, "create link", user_id, now=now(), request_id=request_id)
    response.headers["Cache-Control"] = "no-store"
    return Link(link=sign_in_address(request, token))


def sign_in_address(request: Request, token: str) -> str:
    """Where a link leads, under the name by which the server was just addressed."""
    return str(request.url_for("sign_in_by_link").include_query_params(token=token))


def _shown(found: Found) -> Member:
    user, membership = found
    return Member.model_validate(
        {
            "user_id": user.id,
            "email": user.email,
            "name": user.name,
            "role": membership.role,
            "has_password": user.password_hash is not None,
            "disabled_at": user.disabled_at,
        }
    )
