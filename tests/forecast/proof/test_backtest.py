import json
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from holdfast.errors import InputError
from holdfast.forecast import model
from holdfast.forecast.labels import OrderDays
from holdfast.forecast.measures.scores import score
from holdfast.forecast.model import ForecastConfig
from holdfast.forecast.past import Past
from holdfast.forecast.proof.backtest import Backtest, backtest
from holdfast.forecast.proof.baselines import METHODS
from holdfast.forecast.proof.grade import Grade
from holdfast.forecast.proof.replay import OURS
from tests.forecast.drawn_shops import drawn
from tests.forecast.histories import history, shop
from tests.forecast.seven_shops import past_with_seven

CONFIG = ForecastConfig(horizon=60)
AS_OF = 420
PAST = past_with_seven(drawn(300, days=AS_OF))


@pytest.fixture(scope="module")
def found() -> Backtest:
    return backtest(PAST, as_of=AS_OF, config=CONFIG)


def test_three_past_dates_a_horizon_apart(found: Backtest) -> None:
    assert [date.day for date in found.dates] == [360, 300, 240]
    assert (found.spacing, found.reason) == (60, "")


def test_each_date_is_the_forecast_of_that_day(found: Backtest) -> None:
    """What was known then is what a training on that day knows; later orders only judge."""
    then = Past(PAST.features_at, lambda day: PAST.order_days_at(min(day, 300)))
    forecasts = model.predict(model.fit(then, as_of=300, config=CONFIG), then.at(300))
    came = PAST.after(PAST.at(300), horizon=60, known=AS_OF)
    expected = score(came, p_buy=forecasts.p_buy, e_orders=forecasts.e_orders, e_spend=forecasts.e_spend)
    assert found.dates[1].scores[OURS] == expected
    assert found.dates[1].spend.actual == pytest.approx(came.spend.sum())
    assert found.dates[1].orders.expected == pytest.approx(forecasts.e_orders.sum())


def test_every_method_stands_in_the_table_with_intervals(found: Backtest) -> None:
    assert [row.method for row in found.table] == [OURS, *METHODS]
    ahead = {row.method: row.auc_difference for row in found.table}
    assert ahead[OURS] is None
    assert ahead["random"] is None
    for method in ("recency rule", "churn ratio", "BG/NBD", "logistic regression"):
        difference = ahead[method]
        assert difference is not None
        assert difference.low <= difference.value <= difference.high
    scores = {row.method: row.scores for row in found.table}
    assert found.scores == scores[OURS]
    assert scores["random"].auc == pytest.approx(0.5, abs=0.06)
    assert (scores[OURS].auc or 0) > (scores["recency rule"].auc or 1)
    assert scores["BG/NBD"].log_loss is not None
    assert scores["recency rule"].log_loss is None
    assert scores["same as last window"].spend is not None


def test_the_sentence_is_that_of_the_table(found: Backtest) -> None:
    held = {row.method: row.scores.captured_spend or 0 for row in found.table}
    assert found.sentence == (
        f"On 3 past dates the top 10 % held {held[OURS]:.0%} of next-60-day spend;"
        f" the recency rule {held['recency rule']:.0%}; random 10 %."
    ).replace("%", " %").replace("10  %", "10 %")


def test_counts_add_up(found: Backtest) -> None:
    customers = sum(date.customers for date in found.dates)
    assert found.scores is not None
    assert found.scores.customers == customers
    assert sum(each.customers for each in found.reliability) == customers
    assert found.threshold is not None
    cells = found.threshold.confusion
    assert cells.flagged_left + cells.flagged_stayed + cells.unflagged_left + cells.unflagged_stayed == customers
    assert found.spend_coverage is not None
    of_dates = [date.spend_coverage for date in found.dates]
    assert found.spend_coverage.above.part == sum(date.above.part for date in of_dates)
    parts = (found.spend_coverage.below, found.spend_coverage.inside, found.spend_coverage.above)
    assert sum(part.part for part in parts) == found.spend_coverage.inside.whole


def test_it_is_graded_against_every_simple_rule(found: Backtest) -> None:
    grades = {each.rule: each.graded for each in found.rules}
    assert set(grades) == {"recency rule", "churn ratio", "number of orders", "same as last window"}
    assert found.graded == grades["recency rule"]
    assert found.graded.sentence.count("3 past dates") == 1


def test_the_same_again(found: Backtest) -> None:
    once, again = (backtest(PAST, as_of=AS_OF, config=CONFIG, dates=1) for _ in range(2))
    assert once == again
    assert once.dates[0] == found.dates[0]


def test_it_is_plain_json_without_nan(found: Backtest) -> None:
    stored = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert stored["dates"][0]["date"] == "1970-12-27"
    assert stored["graded"]["grade"] in {str(grade) for grade in Grade}


def test_progress_moves_forward_and_names_the_date() -> None:
    told: list[tuple[str, float]] = []
    backtest(PAST, as_of=AS_OF, config=CONFIG, dates=2, progress=lambda step, done: told.append((step, done)))
    shares = [done for _, done in told]
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] < 1
    assert told[0][0].startswith("Past date 1 of 2: ")


# --- little to go by -------------------------------------------------------------------------------------------------


def once(customers: int, *, spend: float = 10.0) -> OrderDays:
    """One-time buyers, three a day."""
    return history(*((i, i // 3, spend) for i in range(customers)), customers=customers)


def zero_amounts() -> OrderDays:
    full = drawn(120, days=300)
    return replace(full, spend=np.zeros(len(full.spend)))


def returned() -> OrderDays:
    full = drawn(120, days=300)
    return replace(full, spend=-full.spend)


@pytest.mark.parametrize(
    ("orders", "as_of"),
    [
        (history((0, 1, 5.0), (1, 2, 5.0), customers=2), 3),
        (history((0, 1, 5.0), (1, 2, 5.0), customers=2), 400),
        (shop([3]), 300),
        (shop([3, 50, 100, 150, 200, 250]), 300),
        (once(300), 240),
        (once(300, spend=0.0), 240),
        (history(*((i, 7, 1.0) for i in range(80)), customers=80), 8),
        (history(*((i, 7, 1.0) for i in range(80)), customers=80), 500),
        (shop(*[list(range(0, 300, 30))] * 60), 301),
        (zero_amounts(), 300),
        (returned(), 300),
        (drawn(60, days=50), 50),
    ],
    ids=[
        "two rows", "two rows long ago", "one order", "one customer", "all one-time", "all one-time for nothing",
        "all on one day", "all on one day long ago", "constant gaps", "no amounts", "all returned", "too short",
    ],
)  # fmt: skip
def test_little_to_go_by_is_no_error(orders: OrderDays, as_of: int) -> None:
    found = backtest(past_with_seven(orders), as_of=as_of, config=CONFIG)
    json.dumps(found.as_json(), allow_nan=False)
    assert all_finite(found.as_json())
    assert found.sentence.endswith(".")
    if not found.dates or not sum(date.buyers for date in found.dates):
        assert found.sentence.startswith("Cannot tell, because ")
        assert "you need" in found.sentence
        assert found.graded.grade is Grade.CANNOT_TELL


def test_a_horizon_longer_than_the_history_says_what_is_needed() -> None:
    found = backtest(PAST, as_of=AS_OF, config=ForecastConfig(horizon=500))
    assert found.sentence == (
        "Cannot tell, because the history is 420 days long; you need 1,000 days,"
        " a horizon before a past date and one after it."
    )
    assert (found.dates, found.table, found.threshold, found.scores) == ((), (), None, None)


def test_what_cannot_be_asked() -> None:
    with pytest.raises(InputError, match="No order before 1970-01-01"):
        backtest(PAST, as_of=0, config=CONFIG)
    with pytest.raises(InputError, match="0 past dates"):
        backtest(PAST, as_of=AS_OF, config=CONFIG, dates=0)
    with pytest.raises(InputError, match="recency rule"):
        backtest(PAST, as_of=AS_OF, config=CONFIG, methods={})


def all_finite(stored: Any) -> bool:
    if isinstance(stored, Mapping):
        return all(all_finite(value) for value in stored.values())
    if isinstance(stored, list | tuple):
        return all(all_finite(value) for value in stored)
    return not isinstance(stored, float) or math.isfinite(stored)
