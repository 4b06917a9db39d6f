"""Tenants: the shops of this server, their titles and settings; made and deleted by an operator."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from holdfast.access.audit import note
from holdfast.access.caller import Caller, Role
from holdfast.access.roles import visible_tenants
from holdfast.access.tenants import create_tenant, needed_tenant
from holdfast.api.callers import Admin, InService, Operator, RequestId, Viewer, reading
from holdfast.api.paging import Cursor, Limit, Page, decode, encode
from holdfast.errors import NotFoundError
from holdfast.store.records import Tenant as TenantRecord
from holdfast.workflows.clock import now
from holdfast.workflows.service import settings_of
from holdfast.workflows.tenants import close_tenant

router = APIRouter(prefix="/tenants", tags=["tenants"])

OwnSettings = dict[str, Any]


class Tenant(BaseModel, from_attributes=True):
    """A shop of this server."""

    name: str
    title: str
    settings: OwnSettings = Field(description="What it has otherwise than the server, see docs/settings.md.")
    created_at: datetime


class NewTenant(BaseModel, extra="forbid"):
    """A shop to be."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")
    title: str = Field(default="", max_length=200)
    settings: OwnSettings = Field(default_factory=dict)


class TenantChange(BaseModel, extra="forbid"):
    """What is to be otherwise; what is absent stays."""

    title: str | None = Field(default=None, max_length=200)
    settings: OwnSettings | None = Field(
        default=None,
        description="Takes the place of all settings of the tenant; null as a value: as the server has it.",
    )


@router.get("")
def list_tenants(caller: Viewer, service: InService, limit: Limit = 100, cursor: Cursor = None) -> Page[Tenant]:
    """The tenants you may act in, by name."""
    after = str(decode(cursor, parts=1)[0]) if cursor is not None else ""
    with reading(service) as session:
        found = [each for each in visible_tenants(session, caller) if each.name > after]
    more = len(found) > limit
    return Page(
        items=[Tenant.model_validate(each) for each in found[:limit]],
        next_cursor=encode([found[limit - 1].name]) if more else None,
    )


@router.post("", status_code=201)
def make_tenant(body: NewTenant, caller: Operator, service: InService, request_id: RequestId) -> Tenant:
    """Make a tenant. With X-Tenant-Id an operator then acts in it, and makes its first key."""
    own = _checked(service, body.name, body.settings)
    with service.database.begin() as session:
        made = create_tenant(session, body.name, title=body.title, settings=own, now=now())
        note(session, caller, "create tenant", made.name, now=now(), request_id=request_id)
    return Tenant.model_validate(made)


@router.get("/{name}")
def read_tenant(name: str, caller: Viewer, service: InService) -> Tenant:
    """One tenant you may act in."""
    with reading(service) as session:
        found = next((each for each in visible_tenants(session, caller) if each.name == name), None)
    if found is None:
        raise _unknown(name)
    return Tenant.model_validate(found)


@router.patch("/{name}")
def change_tenant(name: str, body: TenantChange, caller: Admin, service: InService, request_id: RequestId) -> Tenant:
    """Change the title or the settings of the tenant you act in."""
    _is_own(caller, name)
    with service.database.begin() as session:
        tenant: TenantRecord = needed_tenant(session, name)
        if body.title is not None:
            tenant.title = body.title
        if body.settings is not None:
            tenant.settings = _checked(service, name, body.settings)
        changes = body.model_dump(exclude_none=True)
        note(session, caller, "change tenant", name, now=now(), request_id=request_id, details=changes)
    return Tenant.model_validate(tenant)


@router.delete("/{name}", status_code=204)
def remove_tenant(name: str, caller: Operator, service: InService, request_id: RequestId) -> None:
    """Delete a tenant with everything of it: data sets, models, keys, audit log. It cannot be undone."""
    close_tenant(service, caller, name, request_id=request_id)


def _checked(service: InService, name: str, own: OwnSettings) -> OwnSettings:
    """The settings that a tenant would have; SettingsError for what it may not set, or a wrong value."""
    given = {key: value for key, value in own.items() if value is not None}
    settings_of(service.settings, name, given)
    return given


def _is_own(caller: Caller, name: str) -> None:
    if name != caller.tenant and caller.role is not Role.OPERATOR:
        raise _unknown(name)


def _unknown(name: str) -> NotFoundError:
    return NotFoundError(
        f"There is no tenant {name[:80]!r}.", seen="None of that name among yours.", todo="List the tenants."
    )
