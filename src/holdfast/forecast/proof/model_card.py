"""The card of a model: what it is, what it was made from, how good it was on the past, and what it cannot do."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from holdfast.forecast.days import day_date
from holdfast.forecast.measures.comparison import MethodRow
from holdfast.forecast.measures.scores import Scores
from holdfast.forecast.model import Model
from holdfast.forecast.proof.backtest import Backtest
from holdfast.forecast.proof.grade import Grade
from holdfast.forecast.proof.leak_check import LeakCheck
from holdfast.forecast.proof.replay import OURS
from holdfast.forecast.readiness import State
from holdfast.forecast.wording import counted, percent

ALWAYS_TRUE = (
    "A forecast says who is likely to order, not whom an action would move: only a holdout can tell that.",
    "It knows the shop's orders alone: a price change, a campaign or a competitor to come is in none of its figures.",
    "What drives a forecast is associated with ordering; it need not be the cause.",
)
"""Limits of every model."""


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """One method on the past dates; shares from 0 to 1, None where it did not say or cannot be told."""

    method: str
    auc: float | None
    log_loss: float | None
    ece: float | None
    captured_spend: float | None


@dataclass(frozen=True, slots=True)
class ModelCard:
    """All that a reader needs before relying on a model; dates as ISO text, the last day inclusive.

    `metrics` are the mean scores of the past dates, None without any. `missing` and `limits` are sentences.
    """

    grade: Grade
    use_rule: bool
    sentence: str
    evidence: str
    state: State
    missing: tuple[str, ...]
    season_known: bool
    customers: int
    order_days: int
    first_day: str
    last_day: str
    horizon: int
    features: int
    folds: tuple[str, ...]
    level: str
    past_dates: tuple[str, ...]
    metrics: Scores | None
    baselines: tuple[BaselineRow, ...]
    leak: str
    threshold: str
    next_order: str
    limits: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain numbers, lists and texts."""
        return asdict(self)

    def as_markdown(self) -> str:
        """The card as a page."""
        parts = (_head(self), _data(self), _evidence(self), _bullets("Known limits", self.limits))
        return "\n\n".join(part for part in parts if part) + "\n"


def model_card(
    model: Model, backtest: Backtest, *, order_days: int, first_day: int, leak: LeakCheck, next_order: str
) -> ModelCard:
    """Put the card together.

    `order_days` and `first_day` (a day number) describe the history before model.as_of; `next_order` is the sentence on
    how often windows of the next order held.
    """
    ready, threshold = model.readiness, backtest.threshold
    return ModelCard(
        grade=backtest.graded.grade,
        use_rule=backtest.graded.use_rule,
        sentence=backtest.sentence,
        evidence=backtest.graded.sentence,
        state=ready.state,
        missing=ready.missing,
        season_known=ready.season_known,
        customers=model.customers,
        order_days=order_days,
        first_day=_iso(first_day),
        last_day=_iso(model.as_of - 1),
        horizon=model.horizon,
        features=len(model.features),
        folds=tuple(_iso(fold.day) for fold in model.level.folds),
        level=model.level.words,
        past_dates=tuple(_iso(date.day) for date in backtest.dates),
        metrics=backtest.scores,
        baselines=tuple(_baseline(row) for row in backtest.table),
        leak=leak.sentence,
        threshold=threshold.sentence if threshold else "",
        next_order=next_order,
        limits=_limits(model, backtest, leak),
    )


def _baseline(row: MethodRow) -> BaselineRow:
    scores = row.scores
    return BaselineRow(row.method, scores.auc, scores.log_loss, scores.ece, scores.captured_spend)


def _limits(model: Model, backtest: Backtest, leak: LeakCheck) -> tuple[str, ...]:
    """What holds for this model, then what holds for all."""
    found = []
    if model.members is None:
        found.append("No past date had enough to learn from: the forecast is that of the purchase models alone.")
    if not model.readiness.season_known:
        found.append("The season is unknown: a strong month to come is not in the level.")
    if model.level.last_year_counts_for_nothing:
        found.append("Last year has been no guide to this one: a strong month to come is not in the level.")
    if backtest.dates and backtest.reason:
        found.append(backtest.reason)
    unbeaten = [each.rule for each in backtest.rules if each.graded.use_rule]
    if unbeaten:
        found.append(f"Not shown to be better than: {', '.join(unbeaten)}.")
    found.extend(_off(backtest))
    if leak.suspects:
        found.append(f"May know the future: {', '.join(leak.suspects)}. The figures on past dates are then too good.")
    return (*found, *ALWAYS_TRUE)


def _off(backtest: Backtest) -> tuple[str, ...]:
    """Past dates on which the total of spend was far from what was expected."""
    told = [date.spend.bias for date in backtest.dates if date.spend.bias is not None]
    if not told or max(abs(bias) for bias in told) <= 0.15:
        return ()
    worst = max(told, key=abs)
    return (f"The shop's spend was once expected {percent(abs(worst))} too {'high' if worst > 0 else 'low'}.",)


# --- the page --------------------------------------------------------------------------------------------------------


def _head(card: ModelCard) -> str:
    advice = "rank by the recency rule" if card.use_rule else "use it"
    lines = [f"# Forecast of the next {counted(card.horizon, 'day')}: {card.grade}, {advice}"]
    return "\n\n".join([*lines, *(text for text in (card.sentence, card.evidence, card.threshold) if text)])


def _data(card: ModelCard) -> str:
    rows = (
        ("State", str(card.state)),
        ("History", f"{card.first_day} to {card.last_day}"),
        ("Customers", f"{card.customers:,}"),
        ("Order days", f"{card.order_days:,}"),
        ("Features", f"{card.features}"),
        ("Past dates learned from", ", ".join(card.folds) or "none"),
        ("Level from", card.level),
        ("Season known", "yes" if card.season_known else "no"),
        ("Past dates tried", ", ".join(card.past_dates) or "none"),
        ("Leak check", card.leak),
    )
    table = _table(("what", "value"), rows)
    return "\n\n".join(part for part in (f"## Data\n\n{table}", _bullets("What is missing", card.missing)) if part)


def _evidence(card: ModelCard) -> str:
    """The methods in a table where there were past dates; below it what else was measured there."""
    told = [part for part in (_methods(card), card.next_order) if part]
    return "\n\n".join(["## On past dates", *told]) if told else ""


def _methods(card: ModelCard) -> str:
    if not card.baselines:
        return ""
    rows = [
        (
            f"**{row.method}**" if row.method == OURS else row.method,
            *(_figure(value) for value in (row.auc, row.log_loss, row.ece)),
            "-" if row.captured_spend is None else percent(row.captured_spend),
        )
        for row in card.baselines
    ]
    head = ("method", "AUC", "log loss", "ECE", "spend held by the top 10 %")
    return _table(head, rows)


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _bullets(title: str, sentences: Sequence[str]) -> str:
    return f"## {title}\n\n" + "\n".join(f"- {sentence}" for sentence in sentences) if sentences else ""


def _iso(day: int) -> str:
    return day_date(day).isoformat()
