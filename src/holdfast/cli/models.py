"""Commands about trained models: model list, show, use, delete, card, drivers, shapley."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from holdfast.cli import options
from holdfast.cli.output import print_json, print_rows, progress_bar, say

model_app = typer.Typer(help="The models a shop has trained.", invoke_without_command=True)
Id = Annotated[str, typer.Argument(metavar="ID", help="From `holdfast model`.")]
OptionalId = Annotated[str | None, typer.Argument(metavar="[ID]", help="From `holdfast model`. [the default one]")]


@model_app.callback()
def list_(
    context: typer.Context, as_json: options.Json = False, home: options.Home = None, tenant: options.Tenant = None
) -> None:
    """List the models, oldest first."""
    if context.invoked_subcommand:
        return
    from holdfast.cli.shops import open_shop
    from holdfast.store import default_model, list_models

    folder = open_shop(home, tenant).folder
    chosen, records = default_model(folder), [model.record for model in list_models(folder)]
    if as_json:
        print_json({"default": chosen, "items": records})
        return
    names = ("id", "as of", "horizon, days", "customers", "state", "grade", "default")
    rows = [
        (each.id, each.as_of, each.horizon, each.customers, each.state, each.grade or "no backtest", each.id == chosen)
        for each in records
    ]
    print_rows("Models, oldest first", names, rows, note="Train one with `holdfast train`.")


@model_app.command()
def show(
    model_id: OptionalId = None,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Show a model: what it learned from, its backtest, its grade."""
    from holdfast.cli.forecast_views import show_stored
    from holdfast.cli.shops import open_shop
    from holdfast.store import needed_model
    from holdfast.workflows.models import model_backtest

    shop = open_shop(home, tenant)
    record, proof = needed_model(shop.folder, model_id).record, model_backtest(shop, model_id=model_id)
    print_json({"record": record, "backtest": proof}) if as_json else show_stored(record, proof)


@model_app.command()
def use(model_id: Id, as_json: options.Json = False, home: options.Home = None, tenant: options.Tenant = None) -> None:
    """Make a model the default."""
    from holdfast.cli.shops import open_shop
    from holdfast.store import needed_model, use_model

    folder = open_shop(home, tenant).folder
    use_model(folder, needed_model(folder, model_id).record.id)
    print_json({"default": model_id}) if as_json else say(f"{model_id} is the default now.")


@model_app.command()
def delete(
    model_id: Id, as_json: options.Json = False, home: options.Home = None, tenant: options.Tenant = None
) -> None:
    """Delete a model with its backtest and forecasts."""
    from holdfast.cli.shops import open_shop
    from holdfast.store import delete_model

    delete_model(open_shop(home, tenant).folder, model_id)
    print_json({"deleted": model_id}) if as_json else say(f"{model_id} is gone.")


@model_app.command()
def card(
    model_id: OptionalId = None,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Print the model card, as Markdown: grade, evidence, data, known limits."""
    from holdfast.cli.shops import open_shop
    from holdfast.workflows.models import model_card, model_card_page

    shop = open_shop(home, tenant)
    if as_json:
        print_json(model_card(shop, model_id=model_id))
    else:
        sys.stdout.write(model_card_page(shop, model_id=model_id))


@model_app.command()
def drivers(
    model_id: OptionalId = None,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Show what the forecasts of the whole shop are associated with."""
    from holdfast.cli.shops import open_shop
    from holdfast.workflows.explaining import model_drivers

    with progress_bar(hidden=as_json) as progress:
        found = model_drivers(open_shop(home, tenant), model_id=model_id, progress=progress)
    if as_json:
        print_json(found.as_json())
        return
    groups = [(str(each.group), each.points, f"{each.share:.0%}") for each in found.groups]
    print_rows("What the chance to order is associated with", ("group", "points", "share"), groups)
    columns = [(each.name, str(each.group), each.points, str(each.direction)) for each in found.columns[:15]]
    note = f"Mean size over {found.customers:,} customers, in percentage points. Associated with, not shown to cause."
    print_rows("Columns", ("column", "group", "points", "direction"), columns, note=note)


@model_app.command()
def shapley(
    out: Annotated[Path, typer.Option(metavar="FILE", help="A .csv or .parquet file.")],
    model_id: OptionalId = None,
    rows: Annotated[int, typer.Option(min=1, help="How many customers, evenly over all.")] = 2_000,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Write Shapley values, in log-odds, one row per customer and one column per feature, for analysts."""
    from holdfast.cli.shops import open_shop
    from holdfast.workflows.explaining import write_shapley

    with progress_bar(hidden=as_json) as progress:
        written = write_shapley(open_shop(home, tenant), out, model_id=model_id, rows=rows, progress=progress)
    print_json({"rows": written, "out": out}) if as_json else say(f"{written:,} customers are in {out}.")
