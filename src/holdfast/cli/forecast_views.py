"""How forecasts, models and backtests look on a terminal."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from holdfast.cli.output import print_rows, say
from holdfast.forecast import Readiness, State
from holdfast.forecast.churn.definitions import JudgedDefinition
from holdfast.forecast.days import day_date
from holdfast.forecast.measures.bootstrap import Difference
from holdfast.forecast.measures.comparison import MethodRow
from holdfast.forecast.proof.backtest import Backtest, Total
from holdfast.reports import counted, money
from holdfast.store import ModelRecord
from holdfast.workflows.churn import ChurnReport
from holdfast.workflows.explaining import Explained
from holdfast.workflows.forecasting import ForecastReport
from holdfast.workflows.training import Training

_METHODS = ("method", "AUC", "log loss", "top 10 % hold of spend", "AUC gain of the forecast, 95 %")


def show_forecast(report: ForecastReport) -> None:
    """The totals in two sentences, and what weakens them; that comes first where there is nothing to rely on."""
    currency, spend = report.currency or "", report.totals.spend
    expected, low, high = (money(Decimal(round(each)), currency) for each in (spend.expected, spend.p10, spend.p90))
    not_yet = report.readiness.state is State.NOT_YET
    if not_yet:
        _show_readiness(report.readiness)
    say(
        f"As of {report.as_of}, within {report.horizon} days: {report.totals.buyers.expected:,.0f} of "
        f"{counted(report.customers, 'customer')} are expected to order, on {report.totals.orders.expected:,.0f} "
        f"order days, for {expected} (in eight of ten cases {low} to {high}).",
        "" if not_yet else "bold",
    )
    say(f"The level is that of {report.level.words}.")
    if not not_yet:
        _show_readiness(report.readiness)
    if report.out:
        say(f"One row per customer is in {report.out}.")


def show_training(found: Training) -> None:
    """The forecast, the proof, and which model it is."""
    show_forecast(found.report)
    if found.backtest:
        show_backtest(found.backtest)
    say(found.next_order.sentence)
    say(f"Model {found.stored.record.id} is {'the default now' if found.is_default else 'kept'}.")


def show_backtest(found: Backtest) -> None:
    """The sentence, the grade, every method in a table, and the threshold."""
    say(found.sentence, "bold")
    if not found.dates:
        return
    say(found.graded.sentence)
    if found.reason:
        say(found.reason)
    if found.table:
        title = f"{counted(len(found.dates), 'past date')}, {found.horizon} days each"
        print_rows(title, _METHODS, [_method(row) for row in found.table], right=_METHODS[1:])
    totals = [
        (day_date(each.day), each.level_words, *_totals(each.orders), *_totals(each.spend)) for each in found.dates
    ]
    names = ("past date", "level of", "order days expected", "actual", "spend expected", "spent")
    print_rows("Totals of the shop, expected and actual", names, totals, right=names[2:])
    if found.threshold:
        say(found.threshold.sentence)


def show_stored(record: ModelRecord, proof: Mapping[str, Any] | None) -> None:
    """A stored model in a table, with its backtest's sentence."""
    facts = [
        ("as of", record.as_of),
        ("horizon", f"{record.horizon} days"),
        ("customers", f"{record.customers:,}"),
        ("data set", record.dataset),
        ("trained at", record.created_at),
        ("state", record.state),
        ("grade", record.grade or "no backtest"),
        ("libraries", ", ".join(f"{name} {number}" for name, number in record.libraries.items())),
    ]
    print_rows(f"Model {record.id}", ("", ""), facts)
    if proof:
        say(proof["sentence"], "bold")
        say(proof["graded"]["sentence"])


def show_reasons(found: Explained) -> None:
    """Three sentences for each customer."""
    for name, chance, sentences in zip(
        found.customer_ids, found.explanations.p_buy, found.explanations.sentences, strict=True
    ):
        say(f"{name}: {chance:.0%} to order within {found.record.horizon} days of {found.as_of}", "bold")
        for sentence in sentences:
            say(f"  - {sentence}")


def show_churn(found: ChurnReport) -> None:
    """Each definition with its record, the window the shop's gaps suggest, and who comes back after a first order."""
    first = found.definitions[0]
    rows = [(each.name, each.words, each.churned, _came_back(each)) for each in found.definitions]
    names = ("definition", "means", "called churned", "came back")
    title = f"Churn as of {found.as_of}, of {counted(first.customers, 'customer')}"
    note = f"came back: of those called churned on past dates, who ordered again within {first.follow_up} days"
    print_rows(title, names, rows, right=names[2:], note=note)
    for each in found.definitions:
        if each.reason:
            say(f"How many came back cannot be told for {each.name}: {each.reason}.")
    say(found.window.sentence)
    say(found.second_order.sentence)


def _show_readiness(readiness: Readiness) -> None:
    """What is missing; nothing where all is there."""
    if readiness.missing:
        say(f"{readiness.state.value.capitalize()}:", "bold" if readiness.state is State.NOT_YET else "")
    for sentence in readiness.missing:
        say(f"  - {sentence}")


def _came_back(judged: JudgedDefinition) -> str:
    return "–" if judged.came_back_share is None else f"{judged.came_back_share:.0%} of {judged.called_before:,}"


def _method(row: MethodRow) -> tuple[str, ...]:
    scores = row.scores
    held = "–" if scores.captured_spend is None else f"{scores.captured_spend:.0%}"
    return (row.method, _three(scores.auc), _three(scores.log_loss), held, _gain(row.auc_difference))


def _totals(total: Total) -> tuple[str, str]:
    return f"{total.expected:,.0f}", f"{total.actual:,.0f}"


def _gain(difference: Difference | None) -> str:
    return "–" if difference is None else f"{difference.value:+.3f} ({difference.low:+.3f} to {difference.high:+.3f})"


def _three(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
