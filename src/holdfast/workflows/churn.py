"""What churn means in this shop: definitions judged on its own past."""

from dataclasses import dataclass
from datetime import date

from holdfast.forecast.churn.definitions import ByRhythm, FixedWindow, JudgedDefinition, judge
from holdfast.forecast.churn.second_order import SecondOrder, second_order
from holdfast.forecast.churn.window import SuggestedWindow, suggest_window
from holdfast.forecast.days import day_number
from holdfast.forecast.order_days import order_days
from holdfast.workflows.shop import Shop, as_of_date


@dataclass(frozen=True, slots=True)
class ChurnReport:
    """Definitions with their record, the window that the shop's gaps suggest, and who comes back after one order."""

    as_of: date
    definitions: tuple[JudgedDefinition, ...]
    window: SuggestedWindow
    second_order: SecondOrder


def churn_report(shop: Shop, *, as_of: str | date | None = None, window: int | None = None) -> ChurnReport:
    """Judge the rhythm-dependent definition and a fixed window of `window` days, as of a date."""
    with shop.stage() as (engine, dataset):
        day = as_of_date(as_of, dataset)
        history = order_days(engine, as_of=day_number(day))
    definitions = (ByRhythm(), FixedWindow() if window is None else FixedWindow(window))
    return ChurnReport(
        as_of=day,
        definitions=judge(history, as_of=day_number(day), definitions=definitions),
        window=suggest_window(history, as_of=day_number(day)),
        second_order=second_order(history, as_of=day_number(day)),
    )
