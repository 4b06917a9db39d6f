import json
from dataclasses import replace

import pytest

from holdfast.forecast import model
from holdfast.forecast.learning.level import Followed, Source
from holdfast.forecast.model import ForecastConfig, Model
from holdfast.forecast.proof.backtest import Backtest, backtest
from holdfast.forecast.proof.leak_check import LeakCheck, leak_check
from holdfast.forecast.proof.model_card import ALWAYS_TRUE, ModelCard, model_card
from tests.forecast.drawn_shops import drawn
from tests.forecast.seven_shops import past_with_seven

HISTORY = drawn(400, days=300)
PAST = past_with_seven(HISTORY)
CONFIG = ForecastConfig(horizon=60)


@pytest.fixture(scope="module")
def parts() -> tuple[Model, Backtest, LeakCheck]:
    trained = model.fit(PAST, as_of=300, config=CONFIG)
    tried = backtest(PAST, as_of=300, config=CONFIG, dates=2)
    return trained, tried, leak_check(PAST, as_of=300, horizon=60)


def card(parts: tuple[Model, Backtest, LeakCheck]) -> ModelCard:
    trained, tried, leak = parts
    first_day = int(HISTORY.day.min())
    return model_card(
        trained, tried, order_days=len(HISTORY.day), first_day=first_day, leak=leak, next_order="Half of them held."
    )


def test_what_it_is_made_from(parts: tuple[Model, Backtest, LeakCheck]) -> None:
    found = card(parts)
    assert (found.first_day, found.last_day) == ("1970-01-01", "1970-10-27")
    assert (found.customers, found.order_days, found.features) == (len(PAST.at(300)), len(HISTORY.day), 7)
    assert found.past_dates == ("1970-08-29", "1970-06-30")
    assert len(found.folds) == len(parts[0].level.folds)
    assert [row.method for row in found.baselines] == [row.method for row in parts[1].table]
    assert found.metrics == parts[1].scores
    json.dumps(found.as_json(), allow_nan=False)


def test_limits_are_said(parts: tuple[Model, Backtest, LeakCheck]) -> None:
    trained, tried, leak = parts
    found = card(parts)
    assert "The season is unknown: a strong month to come is not in the level." in found.limits
    assert found.limits[-len(ALWAYS_TRUE) :] == ALWAYS_TRUE
    suspected = card((replace(trained, members=None), tried, replace(leak, suspects=("last_visit",))))
    assert "May know the future: last_visit. The figures on past dates are then too good." in suspected.limits
    assert any("purchase models alone" in limit for limit in suspected.limits)


def test_a_last_year_that_was_no_guide_is_a_limit(parts: tuple[Model, Backtest, LeakCheck]) -> None:
    trained, tried, leak = parts
    level = replace(trained.level, source=Source.LAST_YEAR, followed=Followed(0.0, 0.0, 0.0))
    found = card((replace(trained, level=level), tried, leak))
    assert found.level == "the purchase models alone, since last year has been no guide"
    assert "Last year has been no guide to this one: a strong month to come is not in the level." in found.limits
    assert found.level in found.as_markdown()


def test_rules_that_are_not_beaten_are_named(parts: tuple[Model, Backtest, LeakCheck]) -> None:
    unbeaten = [each.rule for each in parts[1].rules if each.graded.use_rule]
    named = [limit for limit in card(parts).limits if limit.startswith("Not shown to be better than: ")]
    assert named == ([f"Not shown to be better than: {', '.join(unbeaten)}."] if unbeaten else [])


def test_the_page_holds_the_evidence(parts: tuple[Model, Backtest, LeakCheck]) -> None:
    page = card(parts).as_markdown()
    assert page.startswith("# Forecast of the next 60 days: ")
    assert parts[1].sentence in page
    assert "| method | AUC | log loss | ECE | spend held by the top 10 % |" in page
    assert "| recency rule | " in page
    assert "\n\nHalf of them held.\n\n## Known limits" in page
    assert "nan" not in page.split()
    widths = {line.count("|") for line in page.splitlines() if line.startswith(("| recency", "| BG"))}
    assert widths == {6}


def test_without_a_past_date_the_card_says_what_is_needed() -> None:
    young = past_with_seven(drawn(60, days=80))
    trained = model.fit(young, as_of=80, config=CONFIG)
    tried = backtest(young, as_of=80, config=CONFIG)
    leak = leak_check(young, as_of=80, horizon=60)
    found = model_card(trained, tried, order_days=100, first_day=0, leak=leak, next_order="")
    assert found.use_rule
    assert found.metrics is None
    assert "Cannot tell, because the history is" in found.as_markdown()
    assert "## On past dates" not in found.as_markdown()
    json.dumps(found.as_json(), allow_nan=False)
