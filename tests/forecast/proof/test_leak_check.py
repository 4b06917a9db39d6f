import json

import numpy as np
import pytest

from holdfast.errors import InputError
from holdfast.forecast.arrays import Vector
from holdfast.forecast.labels import OrderDays, outcomes
from holdfast.forecast.past import Features, Past
from holdfast.forecast.proof.leak_check import MOST_CUSTOMERS, PLANTED, differing, halves, leak_check, with_planted_leak
from tests.forecast.drawn_shops import drawn
from tests.forecast.histories import shop
from tests.forecast.seven_shops import past_with_seven

HISTORY = drawn(900, days=400)
PAST = past_with_seven(HISTORY)


def with_column(name: str, values: dict[int, Vector] | None = None) -> Past:
    """The shop with a feature that knows whether an order comes in the 60 days after the day."""

    def features_at(day: int) -> Features:
        found = PAST.features_at(day)
        coming = outcomes(HISTORY, cutoff=day, horizon=60).bought[found.keys].astype(np.float64)
        return Features(found.keys, {**found.columns, name: coming}, found.ratios)

    return Past(features_at, PAST.order_days_at)


def test_a_planted_leak_is_caught_and_honest_features_are_not() -> None:
    found = leak_check(PAST, as_of=400, horizon=60)
    assert found.caught is True
    assert found.suspects == ()
    assert found.features == 7
    assert PLANTED not in [gain.feature for gain in found.largest]
    assert found.planted_gain is not None
    assert found.planted_gain > found.limit > found.largest[0].gain
    assert found.sentence.startswith("A feature made from the future was caught: it added ")
    json.dumps(found.as_json(), allow_nan=False)


def test_a_real_leak_is_a_suspect() -> None:
    found = leak_check(with_column("days_to_delivery"), as_of=400, horizon=60)
    assert found.suspects == ("days_to_delivery",)
    assert "Suspects among the shop's own features: days_to_delivery" in found.sentence


def test_a_leak_by_being_missing_is_a_suspect() -> None:
    """The value is filled in after the next order: it says nothing, but that it is there says all."""

    def features_at(day: int) -> Features:
        found = PAST.features_at(day)
        coming = outcomes(HISTORY, cutoff=day, horizon=60).bought[found.keys]
        return Features(found.keys, {**found.columns, "filled": np.where(coming, 1.0, np.nan)}, found.ratios)

    assert leak_check(Past(features_at, PAST.order_days_at), as_of=400, horizon=60).suspects == ("filled",)


def test_an_alarm_that_does_not_ring_says_so() -> None:
    found = leak_check(PAST, as_of=400, horizon=60, limit=0.9)
    assert found.caught is False
    assert "was not caught, so the alarm cannot be relied on here" in found.sentence


def test_few_buyers_among_many_customers_are_enough() -> None:
    """Of 30,000 customers 8 % order a second time, whenever it may be: 1 % of them in a window of 60 days."""
    random = np.random.default_rng(1)
    first = random.integers(0, 250, size=30_000)
    again = np.flatnonzero(random.random(len(first)) < 0.08)
    customer = np.concatenate([np.arange(len(first)), again])
    day = np.concatenate([first, first[again] + 1 + random.integers(0, 400, size=len(again))])
    order = np.lexsort((day, customer))
    crowd = OrderDays(len(first), customer[order], day[order], np.full(len(day), 25.0))
    found = leak_check(past_with_seven(crowd), as_of=400, horizon=60)
    assert found.caught is True
    assert found.suspects == ()
    assert found.folds == 2
    assert found.customers <= 2.1 * MOST_CUSTOMERS


def test_too_little_history_cannot_tell() -> None:
    found = leak_check(past_with_seven(shop([1, 50], [3])), as_of=100, horizon=20)
    assert found.caught is None
    assert found.sentence.startswith("Cannot tell whether a feature knows the future, because ")
    with pytest.raises(InputError, match="No order before 1970-01-01"):
        leak_check(PAST, as_of=0, horizon=60)


def test_the_same_again() -> None:
    assert leak_check(PAST, as_of=400, horizon=60) == leak_check(PAST, as_of=400, horizon=60)


def test_the_planted_feature_counts_what_is_to_come() -> None:
    past = with_planted_leak(past_with_seven(shop([1, 12, 14], [2, 30])), horizon=5, known=40, noise=0.0)
    assert past.features_at(10).columns[PLANTED].tolist() == [2.0, 0.0]
    assert past.features_at(30).columns[PLANTED].tolist() == [0.0, 1.0]


def test_what_changes_with_later_rows_is_a_leak_however_faint() -> None:
    honest = PAST.features_at(300)
    assert differing(honest, PAST.features_at(300)) == ()
    faint = honest.columns["net_revenue"].copy()
    faint[3] += 0.01
    leaking = Features(honest.keys, {**honest.columns, "net_revenue": faint}, honest.ratios)
    assert differing(leaking, honest) == ("net_revenue",)
    with pytest.raises(InputError, match="Later rows change who or what is known"):
        differing(PAST.features_at(301), Features(honest.keys, {}, frozenset()))


def test_halves_are_halves() -> None:
    first = halves(np.arange(10_000))
    assert first.mean() == pytest.approx(0.5, abs=0.02)
