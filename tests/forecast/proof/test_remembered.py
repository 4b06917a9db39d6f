import numpy as np

from holdfast.forecast.past import Features, Past
from holdfast.forecast.proof.remembered import Remembered
from tests.forecast.histories import shop
from tests.forecast.seven_shops import past_with_seven

HISTORY = shop([1, 5, 9], [2, 4], [3])


def counting() -> tuple[Past, list[int]]:
    source, asked = past_with_seven(HISTORY), list[int]()

    def features_at(day: int) -> Features:
        asked.append(day)
        return source.features_at(day)

    return Past(features_at, source.order_days_at), asked


def test_a_day_is_computed_once() -> None:
    past, asked = counting()
    remembered = Remembered(past)
    for day in (10, 8, 10, 8, 10):
        assert len(remembered.past.at(day)) == 3
    assert asked == [10, 8]


def test_what_is_too_much_to_keep_is_computed_again_but_the_seven_are_kept() -> None:
    past, asked = counting()
    remembered = Remembered(past, most_cells=1)
    for _ in range(2):
        remembered.past.at(10)
    assert asked == [10, 10]
    kept = remembered.seven.features_at(10).columns
    assert asked == [10, 10]
    assert "median_gap_days" not in kept
    assert np.array_equal(kept["order_count"], [3.0, 2.0, 1.0])


def test_old_days_are_forgotten() -> None:
    past, asked = counting()
    remembered = Remembered(past)
    for day in range(5, 15):
        remembered.past.features_at(day)
    remembered.past.features_at(5)
    remembered.seven.features_at(14)
    assert asked == [*range(5, 15), 5]
