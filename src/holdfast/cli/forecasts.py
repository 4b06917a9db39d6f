"""Commands about what is to come: forecast, train, score, backtest, model."""

from pathlib import Path
from typing import Annotated

import typer

from holdfast.cli import options
from holdfast.cli.output import print_json, progress_bar

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
) -> None:
    """Forecast the customers of a file of order lines, and keep nothing else: no shop is needed."""
    from holdfast.cli.forecast_views import show_forecast
    from holdfast.cli.shops import how_to_read, rules_from
    from holdfast.settings import Settings
    from holdfast.workflows.forecasting import forecast_lines

    how = how_to_read(
        maps, mapping, preset=preset, currency=currency, date_order=date_order, decimal=decimal, rates=rates
    )
    with progress_bar(hidden=as_json) as progress:
        report = forecast_lines(
            Settings.load(),
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
