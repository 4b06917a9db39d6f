"""Forecasts of a shop: from its past as of a day to one row per customer, kept or written to a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from holdfast.engine import DuckEngine, Query, Rows
from holdfast.errors import InputError
from holdfast.forecast import ForecastConfig, Forecasts, Level, Model, Readiness, fit, predict
from holdfast.forecast.days import day_number
from holdfast.forecast.totals import Totals, totals
from holdfast.settings import Settings
from holdfast.store import needed_model
from holdfast.store.models import FORECASTS
from holdfast.workflows.exporting import check_format
from holdfast.workflows.importing import HowToRead, import_files
from holdfast.workflows.past import past_of
from holdfast.workflows.shop import Progress, Shop, as_of_date, no_progress

COLUMNS = ("p_buy", "e_orders", "e_spend", "spend_p10", "spend_p90", "p_alive")
"""What is forecast of every customer, in the order of the files we write. Other programs rely on it."""

LONGEST_HORIZON = 730


@dataclass(frozen=True, slots=True)
class ForecastReport:
    """What was forecast: totals over all customers, and how far it can be trusted."""

    as_of: date
    horizon: int
    customers: int
    totals: Totals
    currency: str | None
    level: Level
    readiness: Readiness
    out: Path | None

    def as_dict(self) -> dict[str, Any]:
        """As JSON; sums are estimates and therefore numbers, not exact money."""
        return {
            "as_of": self.as_of.isoformat(),
            "horizon_days": self.horizon,
            "customers": self.customers,
            "expected_buyers": round(self.totals.buyers.expected, 1),
            "expected_orders": round(self.totals.orders.expected, 1),
            "expected_spend": round(self.totals.spend.expected, 2),
            "expected_spend_p10": round(self.totals.spend.p10, 2),
            "expected_spend_p90": round(self.totals.spend.p90, 2),
            "currency": self.currency,
            "level_from": self.level.source.value,
            "level": self.level.words,
            "state": self.readiness.state.value,
            "season_known": self.readiness.season_known,
            "missing": list(self.readiness.missing),
            "out": str(self.out) if self.out else None,
        }


def forecast_lines(
    settings: Settings,
    paths: Sequence[Path],
    *,
    how: HowToRead,
    out: Path,
    policy: str | None = None,
    rules: Mapping[str, object] | None = None,
    as_of: str | date | None = None,
    horizon: int | None = None,
    progress: Progress = no_progress,
) -> ForecastReport:
    """Forecast the customers of some files without keeping anything but the file that is asked for.

    `out` gets one row for each customer with an order before as_of: customer_id, then COLUMNS.
    """
    check_format(out)
    config = forecast_config(settings, horizon)
    with TemporaryDirectory(prefix="holdfast-") as home:
        shop = Shop.open(_set_apart(settings, Path(home)))
        import_files(
            shop, paths, how=how, policy=policy, rules=rules, progress=lambda step, done: progress(step, 0.2 * done)
        )
        with shop.stage() as (engine, dataset):
            day = as_of_date(as_of, dataset)
            past = past_of(engine)
            model = fit(
                past,
                as_of=day_number(day),
                config=config,
                progress=lambda step, done: progress(step, 0.2 + 0.7 * done),
            )
            progress("Forecasting every customer", 0.9)
            forecasts = predict(model, past.at(day_number(day)))
            write_forecasts(engine, forecasts, out)
            return report_on(model, forecasts, day=day, currency=dataset.manifest.currency, out=out)


def stored_forecasts(shop: Shop, *, model_id: str | None = None, limit: int | None = None) -> tuple[Rows, date]:
    """The forecasts that a model made on the day it was trained, largest expected spend first; and that day."""
    stored = needed_model(shop.folder, model_id)
    with shop.engine() as engine:
        engine.bind("forecasts", stored.file(FORECASTS))
        text = "SELECT * FROM forecasts ORDER BY e_spend DESC, p_buy DESC, customer_id"
        text += f" LIMIT {int(limit)}" if limit is not None else ""
        return engine.rows(Query("forecasts", "one customer", text)), date.fromisoformat(stored.record.as_of)


def _set_apart(settings: Settings, home: Path) -> Settings:
    """The settings of a shop that is gone afterwards."""
    return settings.model_copy(update={"home": home, "tenant": "forecast", "spill": None, "storage_url": None})


def forecast_config(settings: Settings, horizon: int | None) -> ForecastConfig:
    """The settings in the words of the forecast room; InputError for a horizon nobody can look."""
    days = settings.horizon_days if horizon is None else horizon
    if not 1 <= days <= LONGEST_HORIZON:
        raise InputError(
            "That horizon is out of range.",
            seen=f"{days} days.",
            todo=f"Choose 1 to {LONGEST_HORIZON} days; 90 is usual.",
        )
    return ForecastConfig(horizon=days, seed=settings.seed)


def keep_forecasts(engine: DuckEngine, forecasts: Forecasts, *, name: str = "forecasts") -> None:
    """Keep the forecasts as a table: customer_key, then COLUMNS."""
    columns = {column: getattr(forecasts, column) for column in COLUMNS}
    engine.bind_columns(name, {"customer_key": forecasts.keys, **columns})


def write_forecasts(engine: DuckEngine, forecasts: Forecasts, out: Path) -> int:
    """Write the forecasts with the shop's own customer ids, sorted by them; returns the rows."""
    keep_forecasts(engine, forecasts)
    text = f"SELECT c.customer_id, {', '.join(f'f.{column}' for column in COLUMNS)} FROM forecasts AS f"
    query = Query(
        "forecasts", "one customer", f"{text} JOIN customers AS c USING (customer_key) ORDER BY c.customer_id"
    )
    return engine.write(query, out)


def report_on(
    model: Model, forecasts: Forecasts, *, day: date, currency: str | None, out: Path | None
) -> ForecastReport:
    """Sum the forecasts up."""
    return ForecastReport(
        as_of=day,
        horizon=model.horizon,
        customers=len(forecasts),
        totals=totals(model, forecasts),
        currency=currency,
        level=model.level,
        readiness=model.readiness,
        out=out,
    )
