from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from holdfast.errors import PolicyError
from holdfast.forecast.measures.chosen_threshold import (
    EVEN,
    NOBODY,
    CostAssumptions,
    Judged,
    choose_threshold,
)

CERTAIN = CostAssumptions(incentive=5, margin=0.5, success_rate=1)


def judged(bought: list[bool], churn: list[float], spend: float = 40) -> Judged:
    return Judged(np.array(bought), np.array(churn), np.full(len(bought), spend))


FIRST = judged([False, False, True, True], [0.4, 0.9, 0.1, 0.6])
SECOND = judged([False, True, True, True], [0.8, 0.7, 0.2, 0.3])


def test_the_cheapest_threshold_of_all_dates_together() -> None:
    """Value 20: flagging from 0.4 wastes 10 and loses nobody; from 0.8 it would lose one of 20."""
    found = choose_threshold([FIRST, SECOND], usual_order=100, assumptions=CERTAIN)
    assert found.threshold == 0.4
    assert found.cost is not None
    assert (found.cost.customers, found.cost.best.cost) == (8, 10)
    assert (found.confusion.flagged_left, found.confusion.flagged_stayed) == (3, 2)


def test_each_date_is_judged_with_the_threshold_of_the_others() -> None:
    found = choose_threshold([FIRST, SECOND], usual_order=100, assumptions=CERTAIN)
    assert [date.confusion.threshold for date in found.dates] == [0.8, 0.4]
    assert all(date.on_other_dates for date in found.dates)
    first = found.dates[0]
    assert first.cost is not None
    assert (first.confusion.flagged_left, first.confusion.unflagged_left, first.cost.cost) == (1, 1, 20)


def test_a_single_date_says_that_it_was_judged_on_itself() -> None:
    found = choose_threshold([FIRST], usual_order=100, assumptions=CERTAIN)
    assert [date.on_other_dates for date in found.dates] == [False]


def test_the_incentive_is_a_share_of_the_usual_order_unless_it_is_stated() -> None:
    assumed = choose_threshold([FIRST], usual_order=80, assumptions=CostAssumptions(incentive_share=0.1))
    assert assumed.incentive == pytest.approx(8)
    assert choose_threshold([FIRST], usual_order=80, assumptions=CERTAIN).incentive == 5


def test_no_amounts_decide_nothing() -> None:
    found = choose_threshold([judged([True, False], [0.2, 0.6], spend=0)], usual_order=0, assumptions=CostAssumptions())
    assert (found.threshold, found.cost, found.dates[0].cost) == (EVEN, None, None)
    assert found.confusion.flagged_left == 1
    assert found.sentence.startswith("No amounts")


def test_an_incentive_dearer_than_everybody_goes_to_nobody() -> None:
    found = choose_threshold([FIRST], usual_order=0, assumptions=CostAssumptions(incentive=1e6, success_rate=0.01))
    assert found.threshold in (NOBODY, 0.9)
    dear = choose_threshold([judged([True, True], [0.9, 0.8])], usual_order=10, assumptions=CERTAIN)
    assert dear.threshold == NOBODY
    assert dear.confusion.flagged_stayed == 0
    assert "No threshold beats" in dear.sentence


def test_the_sentence_repeats_what_was_assumed() -> None:
    in_euros = replace(CERTAIN, currency="EUR")
    sentence = choose_threshold([FIRST, SECOND], usual_order=100, assumptions=in_euros).sentence
    assert sentence == (
        "On past dates, flagging from 40 % churn probability (5 of 8 forecasts) would have cost least: 15.00 EUR less"
        " than treating everybody or nobody, with an incentive of 5.00 EUR, a margin of 50 % and 100 % of leavers kept"
        " by it."
    )


@pytest.mark.parametrize("wrong", [{"margin": 1.1}, {"incentive": -1.0}, {"success_rate": -0.1}])
def test_costs_that_cannot_be(wrong: dict[str, Any]) -> None:
    with pytest.raises(PolicyError):
        CostAssumptions(**wrong)
