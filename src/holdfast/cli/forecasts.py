"""Commands about what is to come: forecast, train, score, backtest, reasons, churn."""

from pathlib import Path
from typing import Annotated

import typer

from holdfast.cli import options
from holdfast.cli.output import print_json, progress_bar

ModelId = Annotated[str | None, typer.Option("--model", metavar="ID", help="From `holdfast model`. [the default one]")]
Horizon = Annotated[int | None, typer.Option(metavar="DAYS", help="How far to look, in days. [90, or the setting]")]


def forecast(
    files: options.Files,
    out: Annotated[Path, typer.Option(metavar="FILE", help="A .csv or .parquet file: one row per customer.")],
    as_of: options.AsOf = None,
    horizon: Horizon = None,
    policy: options.PolicyName = None,
    rule: options.Rule = None,
    maps: options.Map = None,
    mapping: options.MappingFile = None,
    preset: options.Preset = None,
    currency: options.Currency = None,
    date_order: options.DateOrder = None,
    decimal: options.Decimal = None,
    rates: options.Rates = None,
    as_json: options.Json = False,
    home: options.Home = None,
) -> None:
    """Forecast the customers of a file, and keep nothing.

    No shop is needed: order lines in, one row per customer out. --home is where settings are read from.
    """
    from holdfast.cli.forecast_views import show_forecast
    from holdfast.cli.shops import how_to_read, rules_from
    from holdfast.settings import Settings
    from holdfast.workflows.forecasting import forecast_lines

    how = how_to_read(
        maps, mapping, preset=preset, currency=currency, date_order=date_order, decimal=decimal, rates=rates
    )
    with progress_bar(hidden=as_json) as progress:
        report = forecast_lines(
            Settings.load({"home": home}),
            files,
            how=how,
            out=out,
            policy=policy,
            rules=rules_from(rule),
            as_of=as_of,
            horizon=horizon,
            progress=progress,
        )
    print_json(report.as_dict()) if as_json else show_forecast(report)


def train(
    as_of: options.AsOf = None,
    horizon: Horizon = None,
    dates: Annotated[int, typer.Option(min=0, max=12, help="Past dates to replay as proof; 0 for none.")] = 3,
    keep_default: Annotated[bool, typer.Option("--keep-default", help="Leave the default model as it is.")] = False,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Train a model, try it on past dates, forecast everybody.

    The model becomes the default; its proof and its forecasts are kept beside it.
    """
    from holdfast.cli.forecast_views import show_training
    from holdfast.cli.shops import open_shop
    from holdfast.workflows import training

    with progress_bar(hidden=as_json) as progress:
        found = training.train(
            open_shop(home, tenant),
            as_of=as_of,
            horizon=horizon,
            dates=dates,
            make_default=not keep_default,
            progress=progress,
        )
    print_json(found.as_dict()) if as_json else show_training(found)


def score(
    out: options.Out = None,
    model: ModelId = None,
    as_of: options.AsOf = None,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Forecast every customer with a trained model.

    As of the day it was trained, or a later one.
    """
    from holdfast.cli.forecast_views import show_forecast
    from holdfast.cli.shops import open_shop
    from holdfast.workflows import training

    with progress_bar(hidden=as_json) as progress:
        report = training.score(open_shop(home, tenant), as_of=as_of, model_id=model, out=out, progress=progress)
    print_json(report.as_dict()) if as_json else show_forecast(report)


def backtest(
    as_of: options.AsOf = None,
    horizon: Horizon = None,
    dates: Annotated[int, typer.Option(min=1, max=12, help="How many past dates.")] = 3,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Try the forecast on past dates, beside simpler rules.

    Trains anew as of each date, with what was known then. Keeps nothing.
    """
    from holdfast.cli.forecast_views import show_backtest
    from holdfast.cli.shops import open_shop
    from holdfast.workflows import training

    with progress_bar(hidden=as_json) as progress:
        found = training.replay(open_shop(home, tenant), as_of=as_of, horizon=horizon, dates=dates, progress=progress)
    print_json(found.as_json()) if as_json else show_backtest(found)


def reasons(
    customer_ids: Annotated[list[str], typer.Argument(metavar="ID...", help="As in the file.")],
    model: ModelId = None,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Say why customers are expected to order or not."""
    from holdfast.cli.forecast_views import show_reasons
    from holdfast.cli.shops import open_shop
    from holdfast.workflows.explaining import explain_customers

    with progress_bar(hidden=as_json) as progress:
        found = explain_customers(open_shop(home, tenant), customer_ids, model_id=model, progress=progress)
    print_json(found.as_dict()) if as_json else show_reasons(found)


def churn(
    as_of: options.AsOf = None,
    window: Annotated[int | None, typer.Option(min=1, metavar="DAYS", help="A fixed window to judge. [90]")] = None,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Judge definitions of churn on the shop's past.

    By how many of those called churned came back.
    """
    from holdfast.cli.forecast_views import show_churn
    from holdfast.cli.shops import open_shop
    from holdfast.workflows.churn import churn_report

    report = churn_report(open_shop(home, tenant), as_of=as_of, window=window)
    print_json(report) if as_json else show_churn(report)
