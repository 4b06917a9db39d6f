"""Commands about action lists: draw, list, show, approve, export, close, discard."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from holdfast.cli import options
from holdfast.cli.output import print_json, print_rows, say

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from holdfast.access.caller import Caller
    from holdfast.actions.effect import Effect
    from holdfast.store.records import ActionList

lists_app = typer.Typer(help="Action lists: drawn with a holdout, approved, exported, closed.")

ListId = Annotated[str, typer.Argument(metavar="ID", help="From `holdfast lists all`.")]
SentOn = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The day on which it is sent: orders count from then on. Default: today."),
]
SHOWN = (
    "id", "name", "state", "as_of", "horizon", "model", "currency", "budget", "contacts", "seed", "holdout_share",
    "measurable", "sentence", "totals", "created_at", "created_by", "approved_at", "exported_at", "sent_on",
    "closed_at",
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
    from holdfast.cli.records import ACTOR, changing, noted
    from holdfast.cli.shops import open_shop
    from holdfast.store.database import Database
    from holdfast.workflows.action_lists import Draw, draw_list, keep_list
    from holdfast.workflows.actions import Limits

    wanted, shop = Draw(name, Limits(budget, contacts), as_of, holdout, seed), open_shop(home, tenant)
    with changing(home, tenant, make_tenant=True) as (session, _):
        drawn = draw_list(session, shop, wanted)
    database = Database.open(shop.settings.database_url, home=shop.settings.home)
    try:
        record = keep_list(database, shop, drawn, by=ACTOR)
    finally:
        database.close()
    with changing(home, tenant) as (session, caller):
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
    sent_on: SentOn = None,
    exact: options.Exact = False,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Write those who are treated to a file; holdouts are never in it."""
    from holdfast.cli.shops import open_shop
    from holdfast.workflows.action_lists import exported
    from holdfast.workflows.clock import today
    from holdfast.workflows.list_files import write_entries

    with _changing(list_id, "export list", home, tenant) as (session, _, record):
        shop = open_shop(home, tenant)
        exported(record, sent_on=sent_on.date() if sent_on else today(shop.settings.time_zone))
        rows = write_entries(session, shop, record, out, exact=exact)
    print_json({"rows": rows, "out": out}) if as_json else say(f"{rows:,} customers are in {out}.")


@lists_app.command()
def send(
    list_id: ListId,
    sent_on: SentOn = None,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Send those who are treated to the webhook; what it took before is not sent again."""
    import time

    from holdfast.cli.output import progress_bar
    from holdfast.cli.records import changing, noted
    from holdfast.cli.shops import open_shop
    from holdfast.store.database import Database
    from holdfast.workflows.clock import today
    from holdfast.workflows.sending import check_sending, send_list

    shop = open_shop(home, tenant)
    with changing(home, tenant) as (session, caller):
        record = check_sending(session, tenant=caller.tenant, list_id=list_id)
        noted(session, caller, "send list", list_id, name=record.name)
    day = sent_on.date() if sent_on else today(shop.settings.time_zone)
    database = Database.open(shop.settings.database_url, home=shop.settings.home)
    try:
        with progress_bar(hidden=as_json) as progress:
            sent = send_list(database, shop, list_id, sent_on=day, wait=time.sleep, progress=progress)
    finally:
        database.close()
    if as_json:
        print_json(sent.as_dict())
    else:
        say(f"{sent.host} took {sent.customers:,} customers now, and {sent.before:,} before.")


@lists_app.command()
def result(
    list_id: ListId, as_json: options.Json = False, home: options.Home = None, tenant: options.Tenant = None
) -> None:
    """What came of a list: treated customers beside those left alone at random."""
    from holdfast.cli.records import changing
    from holdfast.cli.shops import open_shop
    from holdfast.workflows.action_lists import find_list
    from holdfast.workflows.measuring import result_of

    with changing(home, tenant) as (session, caller):
        record = find_list(session, tenant=caller.tenant, list_id=list_id)
        found = result_of(session, open_shop(home, tenant), record)
    if as_json:
        print_json({"list_id": list_id, "sentence": found.sentence, **asdict(found)})
        return
    say(found.sentence, "bold")
    arms = (("treated", found.treated), ("left alone", found.holdout))
    rows = [(name, arm.customers, arm.buyers, f"{100 * arm.share:.1f} %", round(arm.revenue, 2)) for name, arm in arms]
    print_rows("Arms", ("arm", "customers", "ordered", "share", f"net revenue {found.currency or ''}"), rows)
    plays = [
        (
            each.name,
            f"{each.arms.treated_buyers} of {each.arms.treated:,}",
            f"{each.arms.holdout_buyers} of {each.arms.holdout:,}",
            _points(each.believed),
            _points(each.after),
        )
        for each in found.plays
    ]
    print_rows("Plays", ("play", "treated ordered", "left alone ordered", "believed", "with this list"), plays)


@lists_app.command()
def changes(
    list_id: ListId,
    top: Annotated[int, typer.Option(min=0, help="How many customers to show.")] = 20,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Who left a list since it was sent, and who would come to it today."""
    from holdfast.cli.records import changing
    from holdfast.cli.shops import open_shop
    from holdfast.workflows.action_lists import find_list
    from holdfast.workflows.list_changes import Change, changes_of

    with changing(home, tenant) as (session, caller):
        record = find_list(session, tenant=caller.tenant, list_id=list_id)
        found = changes_of(session, open_shop(home, tenant), record)
    left = sum(each.change is Change.LEFT for each in found)
    if as_json:
        print_json({"list_id": list_id, "left": left, "came": len(found) - left, "items": [asdict(e) for e in found]})
        return
    say(f"{left:,} customers left the list since it was sent, {len(found) - left:,} would come to it today.", "bold")
    rows = [(each.customer_id, each.change, each.reason, each.play or "") for each in found[:top]]
    print_rows("Changes", ("customer", "change", "because", "play"), rows)


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


def _points(effect: "Effect") -> str:
    low, high = effect.interval
    return f"{effect.points:+.1f} ({low:+.1f} to {high:+.1f})"


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
