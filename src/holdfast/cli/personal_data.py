"""Commands about one person's data: personal-data, erase."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from holdfast.cli import options
from holdfast.cli.output import print_json, progress_bar, say
from holdfast.errors import InputError

if TYPE_CHECKING:
    from holdfast.workflows.service import Service
    from holdfast.workflows.shop import Shop

CustomerId = Annotated[str, typer.Argument(metavar="ID", help="As in the file.")]


def personal_data(
    customer_id: CustomerId,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write to a file instead of the screen.")] = None,
    as_json: options.Json = False,  # noqa: ARG001 - there is no other form
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Print everything that the shop holds on one customer, as one JSON object."""
    from holdfast.cli.records import ACTOR
    from holdfast.workflows.personal_data import export_customer
    from holdfast.workflows.tombstones import tombstone

    with opened(home, tenant) as (service, shop):
        found = export_customer(service, shop, customer_id)
        note_action(service, shop, ACTOR, "export personal data", tombstone(shop, customer_id))
    if out is None:
        print_json(found)
        return
    out.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    say(f"All that {shop.settings.tenant} holds on the customer is in {out}.")


def erase(
    customer_id: CustomerId,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask: there is no way back.")] = False,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Erase one customer everywhere: imports, data sets, forecasts, records. Prints a receipt."""
    from holdfast.cli.records import ACTOR
    from holdfast.workflows import erasing

    if not yes and not (sys.stdin.isatty() and typer.confirm(f"Erase {customer_id} for good?")):
        raise InputError("Erasing has to be confirmed.", seen="There is no way back.", todo="Say --yes.")
    with opened(home, tenant) as (service, shop), progress_bar(hidden=as_json) as progress:
        erasing.check_held(service, shop, customer_id)
        with service.database.begin() as session:
            erasure = erasing.begin(session, shop, customer_id, actor=ACTOR)
        note_action(service, shop, ACTOR, "erase personal data", erasure.customer_hash)
        receipt = erasing.erase(service, shop, customer_id, erasure.id, progress=progress)
    if as_json:
        print_json({"erasure": erasure.id, **receipt})
        return
    rows = sum(each["rows"] for each in receipt["rows"])
    say(f"Erased: {rows:,} rows of files, forecasts of {len(receipt['models'])} models. The receipt is {erasure.id}.")
    if receipt["files_that_wait"]:
        say(f"Files that wait may name them: {', '.join(receipt['files_that_wait'])}. An import leaves them out.")


@contextmanager
def opened(home: Path | None, tenant: str | None) -> Iterator[tuple["Service", "Shop"]]:
    """The shop and its records, which are made if it had none yet."""
    from holdfast.access.tenants import ensure_tenant
    from holdfast.cli.records import settings_of
    from holdfast.workflows.clock import now
    from holdfast.workflows.service import Service

    settings = settings_of(home, tenant)
    service = Service.open(settings)
    try:
        with service.database.begin() as session:
            ensure_tenant(session, settings.tenant, now=now())
            shop = service.shop(session, settings.tenant)
        yield service, shop
    finally:
        service.close()


def note_action(service: "Service", shop: "Shop", actor: str, action: str, subject: str) -> None:
    """An entry of the audit log, in a transaction of its own."""
    from holdfast.access.caller import Caller, Role
    from holdfast.cli.records import noted

    with service.database.begin() as session:
        noted(session, Caller(shop.settings.tenant, Role.OPERATOR, actor), action, subject)
