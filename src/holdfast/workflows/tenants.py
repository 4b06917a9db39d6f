"""Closing a tenant: everything of it is deleted, its records and its files."""

import sqlalchemy as sa

from holdfast.access.audit import note
from holdfast.access.caller import Caller
from holdfast.access.members import forget_strangers
from holdfast.access.tenants import delete_tenant, needed_tenant
from holdfast.errors import HoldfastError
from holdfast.store.records import Job
from holdfast.workflows.clock import now
from holdfast.workflows.jobs import UNDER_WAY
from holdfast.workflows.service import Service
from holdfast.workflows.shop import folder_of


class TenantInUseError(HoldfastError):
    """The tenant cannot be deleted now."""

    code = "conflict"
    status = 409


def close_tenant(service: Service, caller: Caller, name: str, *, request_id: str = "") -> None:
    """Delete a tenant with everything of it; noted in the audit log of the caller's own tenant.

    Its folder leaves its place before the records are gone: a process that is killed in between leaves an empty tenant,
    never files that a new tenant of the same name would find.
    """
    if name == caller.tenant:
        raise TenantInUseError(
            "You are acting in this tenant.",
            seen=f"{name} holds your key, or is the one you chose.",
            todo="Delete it from another tenant: with X-Tenant-Id, or with a key from there.",
        )
    with service.database.begin() as session:
        needed_tenant(session, name)
        folder = folder_of(service.settings, name)
        under_way = sa.select(sa.func.count()).where(Job.tenant == name, Job.state.in_(UNDER_WAY))
        if jobs := session.scalar(under_way):
            raise TenantInUseError(
                "Jobs of this tenant are under way.", seen=f"{jobs} of them.", todo="Cancel them, or let them end."
            )
        folder.delete()
        forget_strangers(session, delete_tenant(session, name))
        note(session, caller, "delete tenant", name, now=now(), request_id=request_id)
