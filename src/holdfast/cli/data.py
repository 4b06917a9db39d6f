"""Commands about data: inspect, import, imports, rejects, export."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from holdfast.cli import options
from holdfast.cli.output import print_json, print_rows, progress_bar, say

imports_app = typer.Typer(help="The imports a shop's data set is made of.", invoke_without_command=True)


def inspect(
    files: options.Files,
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
    """Say what a file is and how its columns would be read. Changes nothing."""
    from holdfast.cli.shops import how_to_read, open_shop
    from holdfast.cli.views import show_inspection
    from holdfast.workflows.importing import inspect_files

    how = how_to_read(
        maps, mapping, preset=preset, currency=currency, date_order=date_order, decimal=decimal, rates=rates
    )
    with progress_bar(hidden=as_json) as progress:
        inspection = inspect_files(open_shop(home, tenant), files, how=how, progress=progress)
    print_json(inspection.as_dict()) if as_json else show_inspection(inspection)


def import_(
    files: options.Files,
    policy: options.PolicyName = None,
    rule: options.Rule = None,
    services: Annotated[
        str | None, typer.Option(metavar="CODE,...", help="Product codes that are postage, fees or adjustments.")
    ] = None,
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
    """Import files into the shop: clean them, keep a ledger, make a new data set."""
    from holdfast.cli.asking import with_answers
    from holdfast.cli.shops import how_to_read, open_shop, rules_from
    from holdfast.cli.views import show_import
    from holdfast.workflows.importing import import_files

    shop = open_shop(home, tenant)
    rules = rules_from(rule) | ({"service_codes": services} if services is not None else {})
    how = how_to_read(
        maps, mapping, preset=preset, currency=currency, date_order=date_order, decimal=decimal, rates=rates
    )
    how = with_answers(shop, files, how, may_ask=not as_json)
    with progress_bar(hidden=as_json) as progress:
        report = import_files(shop, files, how=how, policy=policy, rules=rules, progress=progress)
    print_json(report.as_dict()) if as_json else show_import(report)


@imports_app.callback()
def list_(
    context: typer.Context, as_json: options.Json = False, home: options.Home = None, tenant: options.Tenant = None
) -> None:
    """List the imports, oldest first."""
    if context.invoked_subcommand:
        return
    from holdfast.cli.shops import open_shop
    from holdfast.workflows.importing import list_imports

    records = list_imports(open_shop(home, tenant))
    rows = [
        {
            "id": record.id,
            "created_at": record.created_at,
            "files": list(record.files),
            "rows": sum(table.rows for table in record.tables),
            "mapping": dict(record.mapping),
        }
        for record in records
    ]
    if as_json:
        print_json({"items": rows})
        return
    cells = [
        (record.id, datetime.fromisoformat(record.created_at), ", ".join(record.files), row["rows"])
        for record, row in zip(records, rows, strict=True)
    ]
    print_rows("Imports, oldest first", ("id", "created at, UTC", "files", "rows"), cells)


@imports_app.command()
def undo(
    import_id: Annotated[str, typer.Argument(metavar="ID", help="From `holdfast imports`.")],
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Take an import back; the data set is made anew from the others."""
    from holdfast.cli.shops import open_shop
    from holdfast.workflows.importing import undo_import

    with progress_bar(hidden=as_json) as progress:
        dataset = undo_import(open_shop(home, tenant), import_id, progress=progress)
    left = dataset.manifest.rows["customers"] if dataset else 0
    if as_json:
        print_json({"undone": import_id, "dataset": dataset.manifest.version if dataset else None, "customers": left})
        return
    say(f"Import {import_id} is undone. " + (f"{left:,} customers are left." if dataset else "The shop is empty now."))


@imports_app.command()
def rebuild(
    policy: options.PolicyName = None,
    rule: options.Rule = None,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Clean all imports anew, under another policy or other rules."""
    from holdfast.cli.shops import open_shop, rules_from
    from holdfast.cli.views import ledger_rows
    from holdfast.workflows import importing
    from holdfast.workflows.report import ledger_of

    with progress_bar(hidden=as_json) as progress:
        dataset = importing.rebuild(open_shop(home, tenant), policy=policy, rules=rules_from(rule), progress=progress)
    ledger = ledger_of(dataset.manifest)
    if as_json:
        print_json({"dataset": dataset.manifest.version, "policy": dict(dataset.manifest.policy), "ledger": ledger})
        return
    names, rows = ledger_rows(ledger)
    print_rows(f"Ledger under policy {dataset.manifest.policy['name']}", names, rows)


def rejects(
    out: options.Out = None,
    reason: Annotated[str | None, typer.Option(help="Only this reason code.")] = None,
    import_id: Annotated[str | None, typer.Option("--import", metavar="ID", help="Only this import.")] = None,
    exact: options.Exact = False,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Count rejected lines by reason and column, or write them to a file as they came."""
    from holdfast.cli.shops import open_shop
    from holdfast.workflows.exporting import count_rejects, write_rejects

    shop = open_shop(home, tenant)
    if out is not None:
        written = write_rejects(shop, out, reason=reason, import_id=import_id, exact=exact)
        print_json({"rows": written, "out": out}) if as_json else say(f"{written:,} rejected rows are in {out}.")
        return
    counted = count_rejects(shop, reason=reason, import_id=import_id)
    if as_json:
        print_json({"items": counted.dicts()})
        return
    note = "Write the rows themselves with `holdfast rejects --out rejects.csv`."
    print_rows("Rejected lines", counted.names, counted.rows, note=note)


def export(
    table: Annotated[str, typer.Argument(metavar="TABLE", help="customers, orders, lines or segments.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="A .csv or .parquet file.")],
    as_of: options.AsOf = None,
    exact: options.Exact = False,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Write a table for other programs."""
    from holdfast.cli.shops import open_shop
    from holdfast.workflows import exporting

    with progress_bar(hidden=as_json) as progress:
        shop = open_shop(home, tenant)
        written = exporting.export(shop, table, out, as_of=as_of, exact=exact, progress=progress)
    print_json({"table": table, "rows": written, "out": out}) if as_json else say(f"{written:,} rows are in {out}.")
