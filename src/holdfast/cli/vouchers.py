"""Commands about vouchers: import a history, show segments and rules, decide."""

from pathlib import Path
from typing import Annotated

import typer

from holdfast.cli import options, voucher_offers
from holdfast.cli.output import print_json, progress_bar, say

vouchers_app = typer.Typer(help="Which voucher a customer gets, by segment.", no_args_is_help=True)

Country = Annotated[list[str] | None, typer.Option("--country", help="Whose history counts; repeatable. [all]")]


@vouchers_app.command(name="import")
def import_(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Assignments. Without it, the raw history is made anew.")
    ] = None,
    country: Country = None,
    policy: Annotated[str | None, typer.Option(metavar="NAME", help="default or simple.")] = None,
    rules: Annotated[Path | None, typer.Option(metavar="FILE", help="A rule table: CSV, JSON or YAML.")] = None,
    maps: options.Map = None,
    warehouse: Annotated[
        bool, typer.Option("--warehouse", help="Make the layers in the warehouse of HOLDFAST_WAREHOUSE_URL.")
    ] = False,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Make a voucher history: raw, staged by the rules, published. Decisions go by it from then on."""
    from holdfast.cli.shops import mapping_from, open_shop
    from holdfast.cli.voucher_views import show_history
    from holdfast.sources.voucher_files import read_rule_table
    from holdfast.workflows.voucher_answers import segments_as_dict
    from holdfast.workflows.vouchers import HistoryWishes, import_history

    wishes = HistoryWishes(
        countries=country or None,
        policy=policy,
        rules=read_rule_table(rules) if rules else None,
        mapping=mapping_from(maps),
        in_warehouse=warehouse,
    )
    shop = open_shop(home, tenant)
    with progress_bar(hidden=as_json) as progress:
        report = import_history(shop, [file] if file else [], wishes=wishes, progress=progress)
    print_json(report.as_dict()) if as_json else show_history(report, segments_as_dict(shop))


@vouchers_app.command()
def segments(
    country: Annotated[str | None, typer.Option(help="Only this one.")] = None,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Show the most used voucher of every segment, with n, share and ties."""
    from holdfast.cli.shops import open_shop
    from holdfast.cli.voucher_views import show_segments
    from holdfast.workflows.voucher_answers import segments_as_dict

    found = segments_as_dict(open_shop(home, tenant), country=country)
    print_json(found) if as_json else show_segments(found)


@vouchers_app.command(name="rules")
def rules_(
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the table to a CSV file, to edit.")] = None,
    check: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Look at this table instead; change nothing.")
    ] = None,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Show the rule table, with its gaps; overlaps are refused."""
    from holdfast.actions.vouchers import parse_voucher_rules
    from holdfast.cli.shops import open_shop
    from holdfast.cli.voucher_views import show_rules, write_rules
    from holdfast.sources.voucher_files import read_rule_table
    from holdfast.workflows.vouchers import rules_in_force

    found = parse_voucher_rules(read_rule_table(check)) if check else rules_in_force(open_shop(home, tenant))
    if out is not None:
        write_rules(found, out)
        say(f"The rule table is in {out}. Use it with `holdfast vouchers import --rules {out}`.")
        return
    print_json({"rules": found.as_rows(), "notes": found.notes()}) if as_json else show_rules(found)


@vouchers_app.command()
def decide(
    country: Annotated[str, typer.Option(help="As in the history.")],
    total_orders: Annotated[int, typer.Option(help="Orders so far.")],
    segment: Annotated[str, typer.Option(help="frequent_segment or recency_segment.")] = "frequent_segment",
    last_order: Annotated[str | None, typer.Option(metavar="TIME", help="When the last order was.")] = None,
    first_order: Annotated[str | None, typer.Option(metavar="TIME", help="When the first order was.")] = None,
    customer: Annotated[str, typer.Option(metavar="ID", help="Who it is; nothing is looked up.")] = "",
    as_of: Annotated[str | None, typer.Option(metavar="DATE", help="The day of the decision. [today]")] = None,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Say which voucher one customer gets. Nothing is recorded."""
    from holdfast.cli.shops import open_shop
    from holdfast.cli.voucher_questions import question_of
    from holdfast.cli.voucher_views import show_decision
    from holdfast.workflows.voucher_answers import decision_as_dict
    from holdfast.workflows.voucher_decisions import decide_voucher

    question = question_of(customer, country, total_orders, segment, last_order, first_order, as_of)
    found = decision_as_dict(decide_voucher(open_shop(home, tenant), question))
    print_json(found) if as_json else show_decision(found)


for _command in (voucher_offers.offer, voucher_offers.outcome, voucher_offers.margins):
    vouchers_app.command()(_command)
