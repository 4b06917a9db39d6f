"""Commands about vouchers that are really given: offer, outcome, margins."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from holdfast.cli import options
from holdfast.cli.output import print_json, say
from holdfast.errors import InputError

if TYPE_CHECKING:
    from holdfast.workflows.service import Service
    from holdfast.workflows.shop import Shop


def offer(
    customer: Annotated[str, typer.Option(metavar="ID", help="Who it is.")],
    country: Annotated[str, typer.Option(help="As in the history.")],
    total_orders: Annotated[int, typer.Option(help="Orders so far.")],
    segment: Annotated[str, typer.Option(help="frequent_segment or recency_segment.")] = "frequent_segment",
    last_order: Annotated[str | None, typer.Option(metavar="TIME", help="When the last order was.")] = None,
    first_order: Annotated[str | None, typer.Option(metavar="TIME", help="When the first order was.")] = None,
    as_of: Annotated[str | None, typer.Option(metavar="DATE", help="The day of the offer. [today]")] = None,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Give a customer a voucher, within the limits, and record it."""
    from holdfast.cli.records import ACTOR
    from holdfast.cli.voucher_questions import question_of
    from holdfast.workflows.voucher_answers import offer_as_dict
    from holdfast.workflows.voucher_offers import offer_voucher

    question = question_of(customer, country, total_orders, segment, last_order, first_order, as_of)
    with _opened(home, tenant) as (service, shop):
        found = offer_as_dict(offer_voucher(service, shop, question, by=ACTOR))
        if found["offer_id"]:
            _note(service, shop, "offer voucher", found["offer_id"])
    if as_json:
        print_json(found)
        return
    what = "nothing" if found["voucher_amount"] in (None, "0.00") else found["voucher_amount"]
    say(f"{customer} gets {what}: {found['label']}. {found['because']}", "bold")
    if found["offer_id"]:
        say(f"Say what came of it with `holdfast vouchers outcome {found['offer_id']}`.")


def outcome(
    offer_id: Annotated[str, typer.Argument(metavar="ID", help="Of the offer.")],
    margin: Annotated[str, typer.Option(metavar="MONEY", help="Of all that was bought, before the voucher.")],
    redeemed: Annotated[bool, typer.Option("--redeemed", help="The voucher was used.")] = False,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Write down what came of an offer, once, when its time is over."""
    from holdfast.workflows.voucher_offers import record_outcome

    with _opened(home, tenant) as (service, shop):
        with service.database.begin() as session:
            found, is_news = record_outcome(
                session, tenant=shop.settings.tenant, offer_id=offer_id, redeemed=redeemed, margin=_money(margin)
            )
        if is_news:
            _note(service, shop, "record voucher outcome", offer_id)
    told = {"offer_id": found.id, "redeemed": found.redeemed, "margin": f"{Decimal(found.margin or 0) / 100:.2f}"}
    print_json(told) if as_json else say(f"{offer_id}: margin {told['margin']}{', redeemed' if redeemed else ''}.")


def margins(
    as_of: Annotated[str | None, typer.Option(metavar="DATE", help="What was known by this day. [today]")] = None,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Show what each amount brings, measured on offers at random beside nothing at random."""
    from holdfast.cli.voucher_questions import moment
    from holdfast.cli.voucher_views import show_margins
    from holdfast.workflows.clock import today
    from holdfast.workflows.voucher_answers import margins_as_dict
    from holdfast.workflows.voucher_offers import given_in_month, outcomes

    given = moment("--as-of", as_of)
    with _opened(home, tenant) as (service, shop):
        day = given.date() if given else today(shop.settings.time_zone)
        with service.database.begin() as session:
            tried = list(outcomes(session, shop, as_of=day))
            given_so_far = given_in_month(session, shop.settings.tenant, day)
    found = margins_as_dict(shop, tried, as_of=day, given_in_month=given_so_far)
    print_json(found) if as_json else show_margins(found)


def _money(text: str) -> Decimal:
    """An amount to the cent; InputError for anything else."""
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) > 1_000_000_000 or amount != round(amount, 2):
        raise InputError("--margin is no amount.", seen=f"{text[:40]!r}.", todo="Write it like 31.50.")
    return amount


@contextmanager
def _opened(home: Path | None, tenant: str | None) -> Iterator[tuple["Service", "Shop"]]:
    from holdfast.cli.personal_data import opened

    with opened(home, tenant) as found:
        yield found


def _note(service: "Service", shop: "Shop", action: str, subject: str) -> None:
    from holdfast.cli.personal_data import note_action
    from holdfast.cli.records import ACTOR

    note_action(service, shop, ACTOR, action, subject)
