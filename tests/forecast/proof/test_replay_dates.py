import pytest

from holdfast.forecast.proof.replay_dates import choose_dates


def test_a_long_history_gives_dates_a_horizon_apart() -> None:
    found = choose_dates(first_day=0, as_of=730, horizon=90, dates=3)
    assert found.days == (640, 550, 460)
    assert (found.spacing, found.reason) == (90, "")


def test_a_shorter_one_gives_closer_dates_and_says_so() -> None:
    found = choose_dates(first_day=0, as_of=374, horizon=90, dates=3)
    assert found.days == (284, 202, 120)
    assert found.reason == (
        "The past dates lie 82 days apart, so that their windows overlap: the history is 374 days long,"
        " and for 3 past dates 90 days apart you need 390 days."
    )


@pytest.mark.parametrize(
    ("history", "days"),
    [
        (390, (300, 210, 120)),  # just enough
        (240, (150, 135, 120)),  # a sixth of the horizon apart
        (239, (149, 119, 90)),  # with less behind the first date
        (209, (119, 104)),  # no room for a third
        (194, (104,)),
        (180, (90,)),
        (179, ()),
        (1, ()),
        (0, ()),
    ],
)
def test_the_shorter_the_history_the_closer_the_fewer(history: int, days: tuple[int, ...]) -> None:
    found = choose_dates(first_day=1000, as_of=1000 + history, horizon=90, dates=3)
    assert tuple(day - 1000 for day in found.days[:1]) == days[:1]
    assert len(found.days) == len(days)
    assert bool(found.reason) == (history < 390)


def test_two_dates_instead_of_three_are_explained() -> None:
    assert choose_dates(first_day=0, as_of=200, horizon=90, dates=3).reason.startswith(
        "Only 2 past dates instead of 3: the history is 200 days long"
    )


def test_none_says_what_is_needed() -> None:
    found = choose_dates(first_day=0, as_of=100, horizon=90, dates=3)
    assert found.days == ()
    assert found.reason == (
        "the history is 100 days long; you need 180 days, a horizon before a past date and one after it"
    )


def test_one_date_needs_no_spacing() -> None:
    found = choose_dates(first_day=0, as_of=180, horizon=90, dates=1)
    assert (found.days, found.spacing, found.reason) == ((90,), None, "")


@pytest.mark.parametrize("horizon", [1, 2, 7, 365])
def test_every_window_is_over_and_has_a_horizon_behind_it(horizon: int) -> None:
    for history in range(2 * horizon, 8 * horizon):
        found = choose_dates(first_day=0, as_of=history, horizon=horizon, dates=3)
        assert found.days
        assert list(found.days) == sorted(set(found.days), reverse=True)
        assert found.days[0] + horizon == history
        assert found.days[-1] >= horizon
