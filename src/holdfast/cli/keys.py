"""Commands about the keys of programs: keys create, list, revoke, rotate."""

from typing import TYPE_CHECKING, Annotated

import typer

from holdfast.access.caller import Role
from holdfast.cli import options
from holdfast.cli.output import print_json, print_rows, say

if TYPE_CHECKING:
    from holdfast.store.records import ApiKey

keys_app = typer.Typer(help="Keys with which programs use the API of a shop.", no_args_is_help=True)
Id = Annotated[str, typer.Argument(metavar="ID", help="From `holdfast keys list`.")]
Days = Annotated[int | None, typer.Option(min=1, max=36_500, help="Days until it ends. [never]")]


@keys_app.command()
def create(
    role: Annotated[Role, typer.Option(help="What it may do; each role may do all that those before it may.")],
    name: Annotated[str, typer.Option(help="What it is for.")] = "",
    days: Days = None,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Make a key, and its tenant if that is not there. The key is shown this once; only its SHA-256 is kept."""
    from holdfast.access.keys import create_key
    from holdfast.cli.records import ACTOR, changing, noted
    from holdfast.workflows.clock import now

    with changing(home, tenant, make_tenant=True) as (session, caller):
        record, token = create_key(session, tenant=caller.tenant, role=role, name=name, by=ACTOR, now=now(), days=days)
        noted(session, caller, "create key", record.id, role=role.value)
    _show_once(record, token, as_json=as_json)


@keys_app.command(name="list")
def list_(as_json: options.Json = False, home: options.Home = None, tenant: options.Tenant = None) -> None:
    """List the keys of a shop, the newest first; never the keys themselves."""
    from holdfast.access.keys import list_keys
    from holdfast.cli.records import changing

    with changing(home, tenant) as (session, caller):
        found = list_keys(session, tenant=caller.tenant)
    if as_json:
        print_json({"items": [_described(each) for each in found]})
        return
    names = ("id", "name", "role", "begins", "created", "last used", "ends", "revoked")
    rows = [(e.id, e.name, e.role, e.prefix, e.created_at, e.last_used_at, e.expires_at, e.revoked_at) for e in found]
    print_rows(f"Keys of {caller.tenant}", names, rows, note="Make one with `holdfast keys create`.")


@keys_app.command()
def revoke(key_id: Id, as_json: options.Json = False, home: options.Home = None, tenant: options.Tenant = None) -> None:
    """End a key at once."""
    from holdfast.access.keys import revoke_key
    from holdfast.cli.records import changing, noted
    from holdfast.workflows.clock import now

    with changing(home, tenant) as (session, caller):
        record = revoke_key(session, tenant=caller.tenant, key_id=key_id, now=now())
        noted(session, caller, "revoke key", key_id)
    print_json(_described(record)) if as_json else say(f"{key_id} opens nothing any more.")


@keys_app.command()
def rotate(
    key_id: Id,
    overlap: Annotated[int, typer.Option(min=0, max=720, help="Hours in which the old key still opens.")] = 24,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Make a new key like an old one, which ends after an overlap."""
    from datetime import timedelta

    from holdfast.access.keys import rotate_key
    from holdfast.cli.records import ACTOR, changing, noted
    from holdfast.workflows.clock import now

    with changing(home, tenant) as (session, caller):
        record, token = rotate_key(
            session, tenant=caller.tenant, key_id=key_id, by=ACTOR, now=now(), overlap=timedelta(hours=overlap)
        )
        noted(session, caller, "rotate key", key_id, new=record.id, overlap_hours=overlap)
    _show_once(record, token, as_json=as_json)


def _show_once(record: "ApiKey", token: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"key": token, **_described(record)})
        return
    typer.echo(token)
    say(
        f"This is {record.id}, {record.role} of {record.tenant}. It is not shown again: keep it where secrets are kept."
    )


def _described(record: "ApiKey") -> dict[str, object]:
    """A key for programs, without what opens."""
    names = (
        "id", "tenant", "name", "role", "prefix", "created_at", "created_by", "expires_at", "last_used_at", "revoked_at"
    )  # fmt: skip
    return {name: getattr(record, name) for name in names}
