"""How forecasts, models and backtests look on a terminal."""

from decimal import Decimal

from holdfast.cli.output import say
from holdfast.reports import counted, money
from holdfast.workflows.forecasting import ForecastReport


def show_forecast(report: ForecastReport) -> None:
    """The totals in two sentences, and what weakens them."""
    spend = money(Decimal(round(report.expected_spend)), report.currency or "")
    say(
        f"As of {report.as_of}, within {report.horizon} days: {report.expected_buyers:,.0f} of "
        f"{counted(report.customers, 'customer')} are expected to order, on {report.expected_orders:,.0f} order days, "
        f"for {spend}.",
        "bold",
    )
    say(f"The level is that of {report.level}.")
    show_readiness(report.readiness.state.value, report.readiness.missing)
    say(f"One row per customer is in {report.out}.")


def show_readiness(state: str, missing: tuple[str, ...]) -> None:
    """Ready, or what is missing."""
    if missing:
        say(f"{state.capitalize()}:")
    for sentence in missing:
        say(f"  - {sentence}")
