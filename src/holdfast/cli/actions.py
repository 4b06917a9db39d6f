"""Commands about what to do: actions, playbook."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from holdfast.cli import options
from holdfast.cli.output import print_json, print_rows, progress_bar, say
from holdfast.errors import InputError

if TYPE_CHECKING:
    from holdfast.workflows.actions import Actions
    from holdfast.workflows.next_action import NextAction

playbook_app = typer.Typer(help="Show or change the playbook: what to do for whom, at what cost, with which effect.")

TOP = 10


def actions(
    budget: Annotated[float | None, typer.Option(min=0, help="What the list may cost, in the shop's currency.")] = None,
    contacts: Annotated[int | None, typer.Option(min=0, help="How many customers it may contact.")] = None,
    top: Annotated[int, typer.Option(min=0, help="How many customers to show.")] = TOP,
    customer: Annotated[str | None, typer.Option(metavar="ID", help="What to do for this one alone.")] = None,
    out: options.Out = None,
    playbook: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Try another playbook, without keeping it.")
    ] = None,
    as_of: options.AsOf = None,
    exact: options.Exact = False,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Rank what to do for whom by expected profit, and say where to stop."""
    from holdfast.cli.records import transaction
    from holdfast.cli.shops import open_shop
    from holdfast.sources.documents import read_document
    from holdfast.workflows import actions as acting
    from holdfast.workflows.action_lists import from_lists
    from holdfast.workflows.action_words import listed_actions, write_actions

    if customer is not None:
        about_a_list = {"budget": budget, "contacts": contacts, "out": out, "playbook": playbook}
        _one(customer, about_a_list, as_of, as_json, home, tenant)
        return
    shop, limits = open_shop(home, tenant), acting.Limits(budget, contacts)
    with progress_bar(hidden=as_json) as progress:
        progress("Ranking", 0.3)
        with transaction(shop.settings) as session:
            lists = from_lists(session, shop)
        if playbook is None:
            found = acting.rank_actions(shop, as_of=as_of, limits=limits, lists=lists)
        else:
            found = acting.preview_playbook(shop, read_document(playbook), as_of=as_of, limits=limits, lists=lists)
    if out is not None:
        write_actions(found, shop, out, exact=exact)
    if as_json:
        print_json(found.as_dict() | {"items": listed_actions(found, most=top), "out": out})
        return
    _show(found, top=top)
    if out is not None:
        say(f"The list is in {out}.")


def _one(
    customer: str,
    others: Mapping[str, object],
    as_of: str | None,
    as_json: bool,
    home: Path | None,
    tenant: str | None,
) -> None:
    """The next action for one customer; InputError together with what is about a list."""
    from holdfast.cli.records import transaction
    from holdfast.cli.shops import open_shop
    from holdfast.workflows.action_lists import from_lists
    from holdfast.workflows.next_action import next_action

    given = [f"--{name}" for name, value in others.items() if value is not None]
    if given:
        raise InputError("One customer is no list.", seen=f"--customer with {', '.join(given)}.", todo="Leave one out.")
    shop = open_shop(home, tenant)
    with transaction(shop.settings) as session:
        lists = from_lists(session, shop)
    found = next_action(shop, customer, as_of=as_of, lists=lists)
    print_json(found.as_dict()) if as_json else _show_one(found)


def _show_one(found: "NextAction") -> None:
    from holdfast.forecast.wording import counted, money
    from holdfast.workflows.next_action import sentence_of

    action, currency = found.action, found.view.facts.currency
    if found.alone:
        say(f"Leave alone: {found.because}", "bold")
    elif action:
        say(action.what, "bold")
        say(f"Why: {action.why}")
        say(f"When: {action.timing}")
        say(f"To say: {' '.join(action.message)}")
        say(
            f"Expected to add {money(action.profit, currency)} of profit ({money(action.profit_low, currency)} to "
            f"{money(action.profit_high, currency)}), {action.evidence}; number {found.place} of {found.of:,}."
        )
    for each in found.stopped:
        say(sentence_of(each, currency))
    more = found.stopped_total - len(found.stopped)
    if more:
        say(f"And {counted(more, 'thing')} more that they stopped buying.")


def _show(found: "Actions", *, top: int) -> None:
    from holdfast.workflows.action_words import listed_actions

    currency = found.view.facts.currency or ""
    say(found.headline, "bold")
    plays = [
        (each.name, each.suits, each.best_for, each.chosen, round(each.cost, 2), round(each.profit, 2), each.evidence)
        for each in found.totals
    ]
    heads = ("play", "suits", "best for", "on the list", f"cost {currency}", f"expected profit {currency}", "evidence")
    print_rows("Plays", heads, plays)
    rows = [
        (each.customer_id, each.play, each.why, round(each.profit, 2), f"{100 * each.p_buy:.0f} %")
        for each in listed_actions(found, most=top)
    ]
    if rows:
        names = ("customer", "play", "why", f"expected profit {currency}", "chance to order")
        print_rows("The best first", names, rows)
    say(found.holdout.sentence)
    if found.on_other_lists:
        say(f"{found.on_other_lists:,} customers are on another list, or were contacted lately, and are left out.")
    if found.without_consent:
        say(f"{found.without_consent:,} customers said that they must not be contacted, and are on no list.")


@playbook_app.command()
def show(
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Print the playbook, as a file to edit."""
    import yaml

    from holdfast.cli.shops import open_shop
    from holdfast.workflows.plain import plain
    from holdfast.workflows.playbooks import written_playbook

    written, own = written_playbook(open_shop(home, tenant).folder)
    if as_json:
        print_json({"own": own, "playbook": written})
        return
    text = yaml.safe_dump(plain(written), sort_keys=False, allow_unicode=True, width=100)
    typer.echo(
        f"# {'The shop has this playbook of its own.' if own else 'The playbook every shop begins with.'}\n{text}"
    )


@playbook_app.command(name="set")
def set_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A playbook in YAML or JSON.")],
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Check a playbook and make it the shop's own."""
    from holdfast.cli.shops import open_shop
    from holdfast.sources.documents import read_document
    from holdfast.workflows.actions import set_playbook

    kept = set_playbook(open_shop(home, tenant), read_document(file))
    print_json({"plays": kept}) if as_json else say(f"The shop has this playbook now: {', '.join(kept)}.")


@playbook_app.command()
def reset(
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Go back to the playbook that every shop begins with."""
    from holdfast.cli.shops import open_shop
    from holdfast.workflows.playbooks import forget_playbook

    forget_playbook(open_shop(home, tenant).folder)
    print_json({"own": False}) if as_json else say("The shop has the usual playbook again.")
