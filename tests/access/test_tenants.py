"""Tenants: made under names that can be folders, and deleted with everything of theirs."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from holdfast.access.audit import entries, note
from holdfast.access.caller import Caller, Role
from holdfast.access.keys import create_key
from holdfast.access.members import invite
from holdfast.access.tenants import create_tenant, delete_tenant, ensure_tenant, list_tenants
from holdfast.errors import InputError, SettingsError
from holdfast.store.records import ApiKey, AuditEntry, Base, Membership, Tenant, new_id
from tests.access.conftest import NOW

ADMIN = Caller("tea", Role.ADMIN, "key:1")


@pytest.mark.parametrize("name", ["", "Tea", "../tea", "tea/..", ".tea", "tea shop", "ä", "a" * 64, "tea\n"])
def test_a_name_that_cannot_be_a_folder_is_refused(session: Session, name: str) -> None:
    with pytest.raises(SettingsError, match="not a name for a tenant"):
        ensure_tenant(session, name, now=NOW)
    with pytest.raises(SettingsError, match="not a name for a tenant"):
        create_tenant(session, name, title="", settings={}, now=NOW)


def test_a_tenant_is_made_once(session: Session) -> None:
    made = create_tenant(session, "cocoa", title="Cocoa", settings={"currency": "EUR"}, now=NOW)
    assert ensure_tenant(session, "cocoa", now=NOW) is made
    with pytest.raises(InputError, match="there already"):
        create_tenant(session, "cocoa", title="", settings={}, now=NOW)
    assert [each.name for each in list_tenants(session)] == ["cocoa", "coffee", "tea"]


def test_a_deleted_tenant_leaves_no_record_in_any_table(session: Session) -> None:
    for tenant in ("tea", "coffee"):
        caller = Caller(tenant, Role.ADMIN, "test")
        create_key(session, tenant=tenant, role=Role.ADMIN, name="", by="test", now=NOW)
        invite(session, caller, email=f"ann@{tenant}.example", name="", role=Role.ADMIN, now=NOW)
        note(session, caller, "test", "it", now=NOW)
    session.flush()
    members = delete_tenant(session, "tea")
    assert len(members) == 1
    left = {
        table.name: session.scalars(sa.select(table.c.tenant)).all()
        for table in Base.metadata.sorted_tables
        if "tenant" in table.columns
    }
    assert {name: rows for name, rows in left.items() if "tea" in rows} == {}
    for record in (ApiKey, Membership, AuditEntry):
        assert left[record.__tablename__] == ["coffee"]
    assert [each.name for each in list_tenants(session)] == ["coffee"]


def test_every_table_that_belongs_to_a_tenant_says_so_by_its_column() -> None:
    """What `delete_tenant` relies on."""
    bound = {
        table.name
        for table in Base.metadata.sorted_tables
        if any(key.column.table is Tenant.__table__ for key in table.foreign_keys)
    }
    named = {table.name for table in Base.metadata.sorted_tables if "tenant" in table.columns}
    assert bound == named
    assert {"jobs", "uploads", "predictions", "audit", "answered"} <= named


def test_audit_entries_are_found_by_what_they_say(session: Session) -> None:
    for actor, action in (("key:1", "create key"), ("user:2", "create key"), ("key:1", "export customers")):
        note(session, Caller("tea", Role.ADMIN, actor), action, new_id("key"), now=NOW, request_id="r1")
    note(session, Caller("coffee", Role.ADMIN, "key:1"), "create key", "theirs", now=NOW)
    session.flush()

    def found(**wanted: str) -> list[tuple[str, str]]:
        return sorted((each.actor, each.action) for each in session.scalars(entries("tea", **wanted)))  # type: ignore[arg-type]

    assert len(found()) == 3
    assert found(actor="key:1") == [("key:1", "create key"), ("key:1", "export customers")]
    assert found(actor="key:1", action="create key") == [("key:1", "create key")]
    assert found(subject="theirs") == []
    assert list(session.scalars(entries("tea", since=NOW))) != []
    assert list(session.scalars(entries("tea", until=NOW))) == []
