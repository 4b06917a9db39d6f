"""Commands about action lists: draw, list, show, approve, export, close, discard."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from holdfast.cli import options
from holdfast.cli.output import print_json, print_rows, say

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from holdfast.access.caller import Caller
    from holdfast.store.records import ActionList

lists_app = typer.Typer(help="Action lists: drawn with a holdout, approved, exported, closed.")

ListId = Annotated[str, typer.Argument(metavar="ID", help="From `holdfast lists all`.")]
SHOWN = (
    "id", "name", "state", "as_of", "horizon", "model", "currency", "budget", "contacts", "seed", "holdout_share",
    "measurable", "sentence", "totals", "created_at", "created_by", "approved_at", "exported_at", "closed_at",
)  # fmt: skip


@lists_app.command()
def draw(
    name: Annotated[str, typer.Option(help="What it is for.")] = "",
    budget: Annotated[float | None, typer.Option(min=0, help="What it may cost, in the shop's currency.")] = None,
    contacts: Annotated[int | None, typer.Option(min=0, help="How many customers it may contact.")] = None,
    holdout: Annotated[
        float | None,
        typer.Option(min=0, max=0.99, help="Share left alone at random. Default: as planned."),
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Draws the same holdout again.")] = None,
    as_of: options.AsOf = None,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Draw a list from the ranking, and its holdout at random."""
    from holdfast.cli.records import changing, noted
    from holdfast.cli.shops import open_shop
    from holdfast.workflows.action_lists import Draw, draw_list
    from holdfast.workflows.actions import Limits

    wanted = Draw(name, Limits(budget, contacts), as_of, holdout, seed)
    with changing(home, tenant, make_tenant=True) as (session, caller):
        record = draw_list(session, open_shop(home, tenant), wanted, by=caller.actor)
        noted(session, caller, "draw list", record.id, **record.totals)
    _told(record, as_json=as_json)


@lists_app.command(name="all")
def all_(
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Every list, the newest first."""
    import sqlalchemy as sa

    from holdfast.cli.records import changing
    from holdfast.store.records import ActionList

    with changing(home, tenant, make_tenant=True) as (session, caller):
        chosen = sa.select(ActionList).where(ActionList.tenant == caller.tenant)
        found = session.scalars(chosen.order_by(ActionList.created_at.desc(), ActionList.id.desc())).all()
    if as_json:
        print_json({"items": [_plain(each) for each in found]})
        return
    rows = [
        (each.id, each.name, each.state, each.totals["treated"], each.totals["held_out"], each.totals["profit"])
        for each in found
    ]
    print_rows("Action lists", ("id", "name", "state", "treated", "held out", "expected profit"), rows)


@lists_app.command()
def approve(
    list_id: ListId, as_json: options.Json = False, home: options.Home = None, tenant: options.Tenant = None
) -> None:
    """Approve a draft: from now on nobody on it is on another list."""
    from holdfast.workflows import action_lists

    with _changing(list_id, "approve list", home, tenant) as (session, caller, record):
        action_lists.approve(session, record, by=caller.actor)
    _told(record, as_json=as_json)


@lists_app.command()
def export(
    list_id: ListId,
    out: Annotated[Path, typer.Option(metavar="FILE", help="A .csv or .parquet file.")],
    exact: options.Exact = False,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Write those who are treated to a file; holdouts are never in it."""
    from holdfast.cli.shops import open_shop
    from holdfast.workflows.action_lists import exported
    from holdfast.workflows.list_files import write_entries

    with _changing(list_id, "export list", home, tenant) as (session, _, record):
        exported(record)
        rows = write_entries(session, open_shop(home, tenant), record, out, exact=exact)
    print_json({"rows": rows, "out": out}) if as_json else say(f"{rows:,} customers are in {out}.")


@lists_app.command()
def close(
    list_id: ListId, as_json: options.Json = False, home: options.Home = None, tenant: options.Tenant = None
) -> None:
    """Close a list: its holdouts may be treated again."""
    from holdfast.workflows import action_lists

    with _changing(list_id, "close list", home, tenant) as (_, _, record):
        action_lists.close(record)
    _told(record, as_json=as_json)


@lists_app.command()
def discard(
    list_id: ListId, as_json: options.Json = False, home: options.Home = None, tenant: options.Tenant = None
) -> None:
    """Throw a draft away."""
    from holdfast.workflows import action_lists

    with _changing(list_id, "discard list", home, tenant) as (session, _, record):
        action_lists.discard(session, record)
    print_json({"discarded": list_id}) if as_json else say(f"{list_id} is gone.")


@contextmanager
def _changing(
    list_id: str, action: str, home: Path | None, tenant: str | None
) -> "Iterator[tuple[Session, Caller, ActionList]]":
    """A transaction about one list, noted in the audit log."""
    from holdfast.cli.records import changing, noted
    from holdfast.workflows.action_lists import find_list

    with changing(home, tenant) as (session, caller):
        record = find_list(session, tenant=caller.tenant, list_id=list_id)
        yield session, caller, record
        noted(session, caller, action, list_id, name=record.name)


def _plain(record: "ActionList") -> dict[str, object]:
    return {name: getattr(record, name) for name in SHOWN}


def _told(record: "ActionList", *, as_json: bool) -> None:
    if as_json:
        print_json(_plain(record))
        return
    totals = record.totals
    say(
        f"{record.id} ({record.name}) is {record.state}: {totals['treated']:,} to treat, {totals['held_out']:,} left "
        f"alone at random; expected profit {totals['profit']:,.2f} {record.currency or ''}, cost {totals['cost']:,.2f}."
    )
    say(record.sentence)
