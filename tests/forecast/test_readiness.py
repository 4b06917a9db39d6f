from typing import Any

import pytest

from holdfast.forecast.readiness import Readiness, State, readiness, season_known

SHOP: dict[str, Any] = {"customers": 4000, "repeat_buyers": 2500, "history_days": 739, "horizon": 90}


SEASON = "Season unknown: 455 days of history; the same window last year and 90 days before it take more than 455."
UNCHECKED = (
    "No past date can be checked: 150 days of history; a check needs 180, a horizon before the date and one after it."
)


def test_ready_misses_nothing() -> None:
    assert readiness(**SHOP) == Readiness(State.READY, (), season_known=True)


@pytest.mark.parametrize(
    ("changed", "state", "missing"),
    [
        (
            {"history_days": 274},
            State.DEGRADED,
            ["Under a year of history (274 days): season unknown."],
        ),
        (
            {"history_days": 455},
            State.DEGRADED,
            [SEASON],
        ),
        (
            {"history_days": 150},
            State.DEGRADED,
            [
                UNCHECKED,
                "Under a year of history (150 days): season unknown.",
            ],
        ),
        (
            {"history_days": 60},
            State.NOT_YET,
            [
                "History is shorter than the horizon (60 of 90 days).",
                "Under a year of history (60 days): season unknown.",
            ],
        ),
        (
            {"customers": 29, "repeat_buyers": 20},
            State.NOT_YET,
            [
                "29 customers: at least 30 are needed.",
                "20 repeat buyers: below 100, rates are uncertain by a tenth or more.",
            ],
        ),
        (
            {"customers": 500, "repeat_buyers": 0},
            State.NOT_YET,
            ["0 of 500 customers ordered on a second day: returning cannot be learned; at least 10 are needed."],
        ),
        (
            {"customers": 500, "repeat_buyers": 99},
            State.DEGRADED,
            ["99 repeat buyers: below 100, rates are uncertain by a tenth or more."],
        ),
        (
            {"customers": 90_000, "repeat_buyers": 2_700},
            State.DEGRADED,
            ["97 % one-time buyers: little tells them apart."],
        ),
        ({"has_amounts": False}, State.DEGRADED, ["No amounts: expected spend cannot be told."]),
    ],
)
def test_what_is_missing_is_said(changed: dict[str, Any], state: State, missing: list[str]) -> None:
    found = readiness(**{**SHOP, **changed})
    assert found.state is state
    assert list(found.missing) == missing


@pytest.mark.parametrize(
    ("customers", "repeat_buyers", "history_days"), [(0, 0, 0), (1, 0, 1), (1, 1, 5000), (40, 0, 1), (2, 1, 18_000)]
)
def test_next_to_nothing_is_not_yet(customers: int, repeat_buyers: int, history_days: int) -> None:
    found = readiness(customers=customers, repeat_buyers=repeat_buyers, history_days=history_days, horizon=90)
    assert found.state is State.NOT_YET
    assert all(sentence.endswith(".") for sentence in found.missing)


@pytest.mark.parametrize(
    ("history_days", "horizon", "known"),
    [(274, 90, False), (455, 90, False), (456, 90, True), (547, 180, True), (545, 180, False), (273, 273, False)],
)
def test_a_season_is_known_after_a_year_and_a_horizon(history_days: int, horizon: int, known: bool) -> None:
    assert season_known(history_days=history_days, horizon=horizon) is known
    assert readiness(**{**SHOP, "history_days": history_days, "horizon": horizon}).season_known is known


@pytest.mark.parametrize(
    ("history_days", "state", "sentences"),
    [(89, State.NOT_YET, 2), (90, State.DEGRADED, 2), (179, State.DEGRADED, 2), (180, State.DEGRADED, 1)],
)
def test_a_horizon_can_be_seen_and_two_can_be_checked(history_days: int, state: State, sentences: int) -> None:
    found = readiness(**{**SHOP, "history_days": history_days})
    assert (found.state, len(found.missing)) == (state, sentences)
