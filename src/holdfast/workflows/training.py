"""Training: a model of the shop's past, the proof on past dates, and a forecast of every customer, kept together."""

import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from holdfast.engine import DuckEngine, Query
from holdfast.errors import InputError
from holdfast.forecast import ForecastConfig, Forecasts, Model, Past, Snapshot, fit, predict
from holdfast.forecast.days import day_date, day_number
from holdfast.forecast.learning.seven import fit_seven, rows_at_folds
from holdfast.forecast.measures.chosen_threshold import CostAssumptions
from holdfast.forecast.model_file import write as write_model
from holdfast.forecast.next_order import HitRate, hit_rate, next_order
from holdfast.forecast.proof.backtest import Backtest, backtest
from holdfast.forecast.proof.leak_check import LeakCheck, leak_check
from holdfast.forecast.proof.model_card import model_card
from holdfast.forecast.proof.remembered import Remembered
from holdfast.forecast.value import ValueConfig, lifetime_value
from holdfast.settings import Settings
from holdfast.store import Dataset, ModelRecord, StoredModel, needed_model, next_model_id, publish_model, use_model
from holdfast.store.folder import read_json
from holdfast.store.models import BACKTEST, CARD, CARD_PAGE, FORECASTS, MODEL, NEXT_ORDER, SEVEN
from holdfast.workflows.clock import stamp
from holdfast.workflows.exporting import check_format
from holdfast.workflows.forecasting import (
    COLUMNS,
    ForecastReport,
    forecast_config,
    keep_forecasts,
    report_on,
)
from holdfast.workflows.models import load_model
from holdfast.workflows.past import past_of
from holdfast.workflows.shop import Progress, Shop, as_of_date, no_progress

LIBRARIES = ("lightgbm", "numpy", "scikit-learn", "scipy", "duckdb", "holdfast")
"""Whose versions a model remembers."""


@dataclass(frozen=True, slots=True)
class Training:
    """A trained model as it was stored, its totals, and what past dates showed.

    `backtest` is None if none was asked for; `next_order` says how often windows of the next order held.
    """

    stored: StoredModel
    is_default: bool
    backtest: Backtest | None
    next_order: HitRate
    report: ForecastReport

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "model": self.stored.record.id,
            "default": self.is_default,
            "grade": self.stored.record.grade,
            "sentence": self.stored.record.sentence,
            "forecast": self.report.as_dict(),
            "backtest": self.backtest.as_json() if self.backtest else None,
            "next_order": self.next_order.as_json(),
        }


def train(
    shop: Shop,
    *,
    as_of: str | date | None = None,
    horizon: int | None = None,
    dates: int = 3,
    make_default: bool = True,
    progress: Progress = no_progress,
) -> Training:
    """Train on everything known before as_of, replay `dates` past dates (0 for none), and forecast every customer."""
    config = forecast_config(shop.settings, horizon)
    with shop.folder.locked(), shop.stage() as (engine, dataset), shop.folder.workspace() as work:
        day, currency = as_of_date(as_of, dataset), dataset.manifest.currency
        as_of_day = day_number(day)
        remembered = Remembered(past_of(engine))
        model = fit(remembered.past, as_of=as_of_day, config=config, progress=lambda step, n: progress(step, 0.25 * n))
        now = remembered.past.at(as_of_day)
        forecasts = predict(model, now)
        windows = hit_rate(remembered.past, as_of=as_of_day, model=model)
        seven = fit_seven(
            rows_at_folds(remembered.seven, as_of=as_of_day, horizon=config.horizon), horizon=config.horizon
        )
        costs = cost_assumptions(shop.settings, currency)
        proof = _proof(remembered.past, as_of_day, config, costs, dates, progress) if dates else None

        progress("Writing the model", 0.97)
        write_valued_forecasts(engine, model, now, forecasts, work / FORECASTS, shop.settings, levels=windows.levels)
        text = write_model(model, about_model(shop.settings, dataset, day, proof))
        (work / MODEL).write_text(text, encoding="utf-8")
        _write_json(work / SEVEN, seven.as_json() if seven else None)
        _write_json(work / NEXT_ORDER, windows.as_json())
        _write_json(work / BACKTEST, proof.as_json() if proof else None)
        if proof:
            leak = leak_check(remembered.past, as_of=as_of_day, horizon=config.horizon, seed=config.seed)
            _write_card(work, model, now, proof, leak, windows)
        stored = publish_model(shop.folder, work, _record(shop, dataset, model, text, proof))
        if make_default:
            use_model(shop.folder, stored.record.id)
        report = report_on(model, forecasts, day=day, currency=currency, out=stored.file(FORECASTS))
        return Training(stored, make_default, proof, windows, report)


def replay(
    shop: Shop,
    *,
    as_of: str | date | None = None,
    horizon: int | None = None,
    dates: int = 3,
    progress: Progress = no_progress,
) -> Backtest:
    """What the forecasts would have been worth on past dates; keeps nothing."""
    config = forecast_config(shop.settings, horizon)
    with shop.stage() as (engine, dataset):
        day = as_of_date(as_of, dataset)
        return backtest(
            past_of(engine),
            as_of=day_number(day),
            config=config,
            dates=dates,
            costs=cost_assumptions(shop.settings, dataset.manifest.currency),
            progress=progress,
        )


def score(
    shop: Shop,
    *,
    as_of: str | date | None = None,
    model_id: str | None = None,
    out: Path | None = None,
    progress: Progress = no_progress,
) -> ForecastReport:
    """Forecast every customer with a model that is already trained, into `out` if it is given.

    Raises InputError for a day before the one the model was trained at, since it has seen what came then, or where the
    data no longer have the columns it was trained on.
    """
    if out is not None:
        check_format(out)
    with shop.stage() as (engine, dataset):
        stored = needed_model(shop.folder, model_id)
        model = load_model(stored)
        day = as_of_date(as_of, dataset)
        _check_day(model, day, stored)
        progress("What is known of every customer", 0.1)
        now = past_of(engine).at(day_number(day))
        check_features(model, now, stored)
        progress("Forecasting", 0.6)
        forecasts = predict(model, now)
        if out is not None:
            low, high = read_json(stored.file(NEXT_ORDER))["levels"]
            write_valued_forecasts(engine, model, now, forecasts, out, shop.settings, levels=(low, high))
        return report_on(model, forecasts, day=day, currency=dataset.manifest.currency, out=out)


def value_config(settings: Settings) -> ValueConfig:
    """The settings in the words of customer value."""
    return ValueConfig(
        margin=settings.margin,
        margin_is_assumed="margin" not in settings.model_fields_set,
        discount_rate=settings.discount_rate,
        years=settings.value_years,
    )


def cost_assumptions(settings: Settings, currency: str | None) -> CostAssumptions:
    """The settings in the words of business cost."""
    return CostAssumptions(
        incentive=settings.incentive,
        margin=settings.margin,
        success_rate=settings.incentive_success_rate,
        currency=currency,
    )


def about_model(settings: Settings, dataset: Dataset, day: date, proof: Backtest | None) -> dict[str, Any]:
    """Where a model comes from: all that is needed to train it again, and how well it did."""
    return {
        "dataset": dataset.manifest.version,
        "policy": dict(dataset.manifest.policy),
        "as_of": day.isoformat(),
        "seed": settings.seed,
        "libraries": _libraries(),
        "scores": proof.scores.as_json() if proof and proof.scores else None,
        "grade": proof.graded.grade.value if proof else None,
    }


def _proof(
    past: Past, day: int, config: ForecastConfig, costs: CostAssumptions, dates: int, progress: Progress
) -> Backtest:
    return backtest(
        past,
        as_of=day,
        config=config,
        dates=dates,
        costs=costs,
        progress=lambda step, done: progress(step, 0.25 + 0.7 * done),
    )


def _write_card(work: Path, model: Model, now: Snapshot, proof: Backtest, leak: LeakCheck, windows: HitRate) -> None:
    card = model_card(
        model,
        proof,
        order_days=int(now.order_days.sum()),
        first_day=model.as_of - now.history_days,
        leak=leak,
        next_order=windows.sentence,
    )
    _write_json(work / CARD, card.as_json())
    (work / CARD_PAGE).write_text(card.as_markdown(), encoding="utf-8")


def write_valued_forecasts(
    engine: DuckEngine,
    model: Model,
    now: Snapshot,
    forecasts: Forecasts,
    out: Path,
    settings: Settings,
    *,
    levels: tuple[float, float],
) -> None:
    """One row per customer: its id, COLUMNS, its value, and the window of its next order, in days after as_of."""
    keep_forecasts(engine, forecasts)
    values = lifetime_value(model, now, forecasts, config=value_config(settings))
    coming = next_order(model, now, forecasts, levels=levels)
    extra: dict[str, Any] = {
        "historic_revenue": values.historic_revenue,
        "predicted_revenue": values.predicted_revenue,
        "clv_revenue": values.clv_revenue,
        "clv_margin": values.clv_margin,
        "next_order_from": coming.earliest,
        "next_order_to": coming.latest,
        "p_order_within_year": coming.p_within_year,
    }
    engine.bind_columns("values_of_customers", {"customer_key": now.keys, **extra})
    listed = ", ".join([*(f"f.{name}" for name in COLUMNS), *(f"v.{name}" for name in extra)])
    text = f"SELECT c.customer_id, {listed} FROM forecasts AS f JOIN values_of_customers AS v USING (customer_key)"
    text += " JOIN customers AS c USING (customer_key) ORDER BY c.customer_id"
    engine.write(Query("valued_forecasts", "one customer", text), out)


def _record(shop: Shop, dataset: Dataset, model: Model, text: str, proof: Backtest | None) -> ModelRecord:
    content = sha256(text.encode()).hexdigest()
    return ModelRecord(
        id=next_model_id(shop.folder, content),
        created_at=stamp(),
        dataset=dataset.manifest.version,
        as_of=day_date(model.as_of).isoformat(),
        horizon=model.horizon,
        customers=model.customers,
        state=model.readiness.state.value,
        grade=proof.graded.grade.value if proof else "",
        sentence=proof.sentence if proof else "",
        sha256=content,
        settings=shop.settings.model_dump(mode="json", include={"horizon_days", "seed", "margin", "discount_rate"}),
        libraries=_libraries(),
    )


def _libraries() -> dict[str, str]:
    return {name: version(name) for name in LIBRARIES}


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _check_day(model: Model, day: date, stored: StoredModel) -> None:
    if day_number(day) < model.as_of:
        raise InputError(
            "The model has seen what came after that day.",
            seen=f"as_of {day}; {stored.record.id} was trained as of {stored.record.as_of}.",
            todo="Choose a later day, or train a model as of that day with `holdfast train --as-of`.",
        )


def check_features(model: Model, now: Snapshot, stored: StoredModel) -> None:
    """InputError where the data do not have the columns that a model was trained on."""
    missing = sorted(set(model.features) - now.features.columns.keys())
    if missing:
        raise InputError(
            "The model does not fit the data.",
            seen=f"{stored.record.id} was trained on {len(model.features)} features; missing: {', '.join(missing[:5])}"
            f"{', ...' if len(missing) > 5 else ''}.",
            todo="Import the columns they need, or train again with `holdfast train`.",
        )
