"""Commands that answer: answer, run, demo."""

from pathlib import Path
from typing import Annotated

import typer

from holdfast.cli import options
from holdfast.cli.output import print_json, progress_bar, say


def answer(
    as_of: options.AsOf = None,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Answer in money: what is at risk, who holds it, and which groups there are."""
    from holdfast.cli.shops import open_shop
    from holdfast.cli.views import show_answer
    from holdfast.workflows import answer as answering

    with progress_bar(hidden=as_json) as progress:
        found = answering.answer(open_shop(home, tenant), as_of=as_of, progress=progress)
    print_json(found.as_json()) if as_json else show_answer(found)


def run(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE...", help="Files, folders or zips of tables, to import.")
    ] = None,
    steps: Annotated[
        str, typer.Option(metavar="A,B", help="Only these steps: import, answer, train.")
    ] = "import,answer,train",
    policy: options.PolicyName = None,
    rule: options.Rule = None,
    as_of: options.AsOf = None,
    maps: options.Map = None,
    mapping: options.MappingFile = None,
    preset: options.Preset = None,
    currency: options.Currency = None,
    date_order: options.DateOrder = None,
    decimal: options.Decimal = None,
    rates: options.Rates = None,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Run the whole chain: import, clean, answer, forecast."""
    from holdfast.cli.asking import with_answers
    from holdfast.cli.shops import how_to_read, open_shop, rules_from
    from holdfast.cli.views import show_run
    from holdfast.workflows import running

    shop = open_shop(home, tenant)
    how = how_to_read(
        maps, mapping, preset=preset, currency=currency, date_order=date_order, decimal=decimal, rates=rates
    )
    chosen = [step.strip() for step in steps.split(",")]
    if "import" in chosen:
        how = with_answers(shop, files or (), how, may_ask=bool(files) and not as_json)
    with progress_bar(hidden=as_json) as progress:
        report = running.run(
            shop,
            files or (),
            how=how,
            steps=chosen,
            policy=policy,
            rules=rules_from(rule),
            as_of=as_of,
            progress=progress,
        )
    print_json(report.as_dict()) if as_json else show_run(report)


def demo(
    serve: Annotated[
        bool, typer.Option(help="Stay and serve the shop over HTTP until Ctrl-C; not with --json.")
    ] = True,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, another shop.")] = 7,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = "sample",
) -> None:
    """Make a sample shop, import it, answer, forecast, and serve it."""
    from holdfast.cli.shops import open_shop
    from holdfast.cli.views import show_run
    from holdfast.workflows import demo as demonstrating

    with progress_bar(hidden=as_json) as progress:
        report = demonstrating.demo(open_shop(home, tenant), seed=seed, progress=progress)
    if as_json:
        print_json(report.as_dict())
        return
    show_run(report)
    say("\nTry next: holdfast customers --tenant sample · holdfast segments --tenant sample · holdfast run YOUR-FILE")
    if serve:
        from holdfast.cli.serve import serve_with
        from holdfast.settings import Settings

        serve_with(Settings.load({"home": home, "tenant": tenant}), any_port=True)
