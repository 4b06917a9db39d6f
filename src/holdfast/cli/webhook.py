"""Commands about the webhook of a shop: webhook set, show, test, remove."""

from typing import Annotated

import typer

from holdfast.cli import options
from holdfast.cli.output import print_json, say

webhook_app = typer.Typer(help="Where action lists are sent, signed.")


@webhook_app.command(name="set")
def set_(
    url: Annotated[str, typer.Argument(metavar="URL", help="https, unless private addresses are allowed.")],
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Send lists there from now on, signed with a new secret, which is shown this once."""
    from holdfast.cli.records import ACTOR, changing, noted, settings_of
    from holdfast.workflows.webhooks import endpoint_of, set_webhook

    with changing(home, tenant, make_tenant=True) as (session, caller):
        record = set_webhook(session, settings_of(home, tenant), url=url, by=ACTOR)
        noted(session, caller, "set webhook", endpoint_of(record).host)
    if as_json:
        print_json({"url": record.url, "secret": record.secret, "created_at": record.created_at})
        return
    say(f"Lists are sent to {record.url}. What is sent is signed with this secret, which is not shown again:")
    say(record.secret, "bold")


@webhook_app.command()
def show(as_json: options.Json = False, home: options.Home = None, tenant: options.Tenant = None) -> None:
    """Where lists are sent."""
    from holdfast.cli.records import changing
    from holdfast.workflows.webhooks import needed_webhook

    with changing(home, tenant) as (session, caller):
        record = needed_webhook(session, caller.tenant)
    if as_json:
        print_json({"url": record.url, "created_at": record.created_at, "created_by": record.created_by})
    else:
        say(f"Lists are sent to {record.url}, since {record.created_at}.")


@webhook_app.command(name="test")
def try_(as_json: options.Json = False, home: options.Home = None, tenant: options.Tenant = None) -> None:
    """Send a signed message without customers."""
    from holdfast.cli.records import changing, settings_of
    from holdfast.workflows.webhooks import endpoint_of, needed_webhook, try_webhook

    with changing(home, tenant) as (session, caller):
        endpoint = endpoint_of(needed_webhook(session, caller.tenant))
    answer = try_webhook(settings_of(home, tenant), endpoint)
    print_json({"answer": answer}) if as_json else say(f"{endpoint.host} took it ({answer}).")


@webhook_app.command()
def remove(as_json: options.Json = False, home: options.Home = None, tenant: options.Tenant = None) -> None:
    """Send nothing there any more."""
    from holdfast.cli.records import changing, noted
    from holdfast.workflows.webhooks import endpoint_of, needed_webhook, remove_webhook

    with changing(home, tenant) as (session, caller):
        host = endpoint_of(needed_webhook(session, caller.tenant)).host
        remove_webhook(session, caller.tenant)
        noted(session, caller, "remove webhook", host)
    print_json({"removed": host}) if as_json else say(f"Nothing is sent to {host} any more.")
