"""One customer's forecast, at once: looked up if the shop knows the customer, else from seven features alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from holdfast.errors import InputError, NotFoundError
from holdfast.forecast.learning.blend import Expected
from holdfast.forecast.learning.seven import Seven, predict_seven
from holdfast.forecast.learning.spread import Spread, quantiles
from holdfast.forecast.measures.chosen_threshold import EVEN
from holdfast.settings import Settings
from holdfast.store import StoredModel, needed_dataset, needed_model
from holdfast.store.folder import read_json
from holdfast.store.models import BACKTEST, MODEL, SEVEN
from holdfast.workflows.lookup import lookup, standards_of
from holdfast.workflows.shop import Shop

STORED, FEATURES = "stored customer", "features"
BOTH_GIVEN = "The shop knows this customer, so the stored history was used, not the features that were sent."
WITHOUT_PROOF = "The model has no backtest, so the threshold is one half."


@dataclass(frozen=True, slots=True)
class Question:
    """Who is meant: a customer by id, or somebody with these seven features (None where one is not known)."""

    customer_id: str | None
    features: Mapping[str, float | None] | None


@dataclass(frozen=True, slots=True)
class LifetimeValue:
    """Revenue until as_of, expected revenue of the coming `years`, and their sum; None where it cannot be told."""

    historic: float | None
    predicted: float
    total: float | None
    low: float | None
    high: float | None
    years: float
    currency: str | None


@dataclass(frozen=True, slots=True)
class Predicted:
    """What is expected of one customer within the horizon, and what follows from it."""

    customer_id: str | None
    source: str
    note: str
    model: str
    as_of: str
    horizon_days: int
    p_buy: float
    churn_probability: float
    threshold: float
    at_risk: bool
    e_orders: float
    e_spend: float
    spend_p10: float
    spend_p90: float
    lifetime_value: LifetimeValue
    segment: str | None
    action: str | None


def predict_customers(
    shop: Shop, questions: Sequence[Question], *, model_id: str | None, strict: bool
) -> list[Predicted | None]:
    """The forecast of each, in their order; None for an unknown id without features, or NotFoundError if `strict`."""
    model = needed_model(shop.folder, model_id)
    currency = needed_dataset(shop.folder).manifest.currency
    answers = [_answer(shop, model, question, currency) for question in questions]
    if strict and None in answers:
        unknown = next(each.customer_id for each, answer in zip(questions, answers, strict=True) if answer is None)
        raise NotFoundError(
            f"The model does not know a customer {unknown!r}.",
            seen=f"{model.record.id} was trained on {model.record.customers:,} others, as of {model.record.as_of}.",
            todo="Check the id, letter by letter, or send the seven features as well.",
        )
    return answers


def knows(shop: Shop, model: StoredModel, customer_id: str) -> bool:
    """Whether a model was trained on a customer."""
    return lookup(shop, model, customer_id) is not None


def _answer(shop: Shop, model: StoredModel, question: Question, currency: str | None) -> Predicted | None:
    row = lookup(shop, model, question.customer_id) if question.customer_id is not None else None
    if row is not None:
        return _of_row(shop.settings, model, row, currency, also_features=question.features is not None)
    if question.features is None:
        return None
    return _of_features(shop, model, question.customer_id, question.features, currency)


def _of_row(
    settings: Settings, model: StoredModel, row: Mapping[str, Any], currency: str | None, *, also_features: bool
) -> Predicted:
    threshold, known = _threshold(model.folder)
    notes = [BOTH_GIVEN] if also_features else []
    gone = 1.0 - row["p_buy"]
    return Predicted(
        customer_id=row["customer_id"],
        source=STORED,
        note=" ".join([*notes, *([] if known else [WITHOUT_PROOF])]),
        model=model.record.id,
        as_of=model.record.as_of,
        horizon_days=model.record.horizon,
        p_buy=row["p_buy"],
        churn_probability=gone,
        threshold=threshold,
        at_risk=gone >= threshold,
        e_orders=row["e_orders"],
        e_spend=row["e_spend"],
        spend_p10=row["spend_p10"],
        spend_p90=row["spend_p90"],
        lifetime_value=_value(row["historic_revenue"], row["predicted_revenue"], row, settings.value_years, currency),
        segment=row.get("rfm_group"),
        action=row.get("action"),
    )


def _of_features(
    shop: Shop, model: StoredModel, customer_id: str | None, given: Mapping[str, float | None], currency: str | None
) -> Predicted:
    seven, spread = _small_model(model.folder)
    if seven is None:
        raise InputError(
            "This model cannot score features alone.",
            seen=f"{model.record.id} saw too few buyers, or too few others, on past dates.",
            todo="Ask for customers by their id, or train again when the shop has a longer history.",
        )
    features = {name: np.array([np.nan if value is None else float(value)]) for name, value in given.items()}
    found = predict_seven(seven, features)
    low, high = quantiles(spread, Expected(found.p_buy, found.e_orders, found.e_spend), (0.1, 0.9))
    row = {"e_spend": float(found.e_spend[0]), "spend_p10": float(low[0]), "spend_p90": float(high[0])}
    threshold, known = _threshold(model.folder)
    standards = standards_of(shop, model)
    gone = 1.0 - float(found.p_buy[0])
    notes = ["From seven features alone: less exact than a forecast from the whole history."]
    if customer_id is not None:
        notes.append(f"The shop does not know {customer_id!r}.")
    years = model.record.horizon / 365
    return Predicted(
        customer_id=customer_id,
        source=FEATURES,
        note=" ".join([*notes, *([] if known else [WITHOUT_PROOF])]),
        model=model.record.id,
        as_of=model.record.as_of,
        horizon_days=model.record.horizon,
        p_buy=1.0 - gone,
        churn_probability=gone,
        threshold=threshold,
        at_risk=gone >= threshold,
        e_orders=float(found.e_orders[0]),
        lifetime_value=_value(given["monetary"], row["e_spend"], row, years, currency),
        segment=standards.rfm_group(given) if standards else None,
        action=standards.action(given, at_risk=gone >= threshold) if standards else None,
        **row,
    )


def _value(
    historic: float | None, predicted: float, row: Mapping[str, float], years: float, currency: str | None
) -> LifetimeValue:
    """With an interval: what is predicted, as many times larger or smaller as the spend within the horizon may be."""
    if historic is None:
        return LifetimeValue(None, predicted, None, None, None, years, currency)
    low, high = (
        historic + (predicted * row[name] / row["e_spend"] if row["e_spend"] > 0 else 0.0)
        for name in ("spend_p10", "spend_p90")
    )
    return LifetimeValue(historic, predicted, historic + predicted, low, high, years, currency)


@lru_cache(maxsize=256)
def _threshold(folder: Path) -> tuple[float, bool]:
    """The threshold a model's backtest chose, and whether it did; a model's files never change."""
    path = folder / BACKTEST
    proof = read_json(path) if path.exists() else None
    chosen = proof["threshold"] if proof else None
    return (float(chosen["threshold"]), True) if chosen else (EVEN, False)


@lru_cache(maxsize=64)
def _small_model(folder: Path) -> tuple[Seven | None, Spread]:
    """The model on seven features, and how far spend lies from what is expected."""
    stored = read_json(folder / SEVEN)
    model = read_json(folder / MODEL)
    return Seven.from_json(stored) if stored else None, Spread.from_json(model["model"]["spread"])
