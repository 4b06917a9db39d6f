"""Offers: what was measured decides, limits stand against it, and chance is what it says it is."""

from collections import Counter
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from scipy import stats

from holdfast.actions.vouchers import ArmOutcomes, Decision, Given, Limits, Measured, choose, measure
from holdfast.actions.vouchers.decision import Label
from holdfast.actions.vouchers.offer import draw_for

DAY = date(2018, 8, 15)
DECISION = Decision(Decimal(20), "1-4", 8, 0.6, Label.MOST_USED, "Peru", DAY)
AMOUNTS = (Decimal(10), Decimal(20), Decimal(30))
UNKNOWN = Measured((), None, "Nothing was tried.")
NO_LIMITS, NOTHING_GIVEN = Limits(), Given()


def arm(amount: int, net: list[int], *, redeemed: int = 0) -> ArmOutcomes:
    return ArmOutcomes(Decimal(amount), len(net), redeemed, sum(net), float(sum(value * value for value in net)))


def offered(
    *,
    measured: Measured = UNKNOWN,
    limits: Limits = NO_LIMITS,
    given: Given = NOTHING_GIVEN,
    explore: float = 0.0,
    draw: float = 0.5,
) -> tuple[object, ...]:
    found = choose(DECISION, amounts=AMOUNTS, measured=measured, limits=limits, given=given, explore=explore, draw=draw)
    return found.amount, found.label.value, found.explored, found.probability


def test_the_interval_is_welchs() -> None:
    draw = np.random.default_rng(7)
    nothing, ten = (draw.integers(-500, 5000, size=n).tolist() for n in (60, 45))
    found = measure([arm(0, nothing), arm(10, ten, redeemed=5)])
    low, high = stats.ttest_ind(ten, nothing, equal_var=False).confidence_interval(0.9)
    effect = found.arms[1]
    assert (effect.low, effect.high) == pytest.approx((low / 100, high / 100))
    assert effect.effect == pytest.approx((np.mean(ten) - np.mean(nothing)) / 100)
    assert (effect.n, effect.redeemed, found.arms[0].effect) == (45, 5, None)


def test_what_pays_best_is_given_and_what_loses_is_not() -> None:
    nothing, wins, wins_most, loses = [0, 100] * 20, [400, 500] * 20, [600, 700] * 20, [-500, -400] * 20
    assert measure([arm(0, nothing), arm(10, wins), arm(20, wins_most), arm(30, loses)]).best == 20
    assert measure([arm(0, nothing), arm(10, loses), arm(30, loses)]).best == 0
    assert measure([arm(0, nothing), arm(10, [10, 110] * 20)]).best is None, "it may be nothing"
    assert measure([arm(0, nothing), arm(10, wins[:29])]).best is None, "29 say nothing"
    assert measure([arm(0, nothing[:29]), arm(10, wins)]).best is None
    assert measure([arm(10, wins)]).best is None, "nobody got nothing"
    assert measure([]).best is None


def test_what_brings_nothing_is_rarely_taken_for_something() -> None:
    draw = np.random.default_rng(11)
    taken = 0
    for _ in range(400):
        spends = [(draw.random(40) < 0.3) * draw.integers(100, 3000, 40) for _ in range(2)]
        taken += measure([arm(0, spends[0].tolist()), arm(10, spends[1].tolist())]).best == 10
    assert taken / 400 < 0.09, "one side of a 90 % interval: 5 %"


def test_measured_margin_wins_over_what_was_used_most() -> None:
    assert offered() == (20, "most_used", False, 1.0)
    assert offered(measured=Measured((), Decimal(10), "")) == (10, "measured_margin", False, 1.0)
    assert offered(measured=Measured((), Decimal(0), "")) == (0, "leave_alone", False, 1.0)


@pytest.mark.parametrize(
    ("limits", "given", "stops"),
    [
        (Limits(budget=Decimal(100)), Given(in_month=Decimal(80)), False),
        (Limits(budget=Decimal(100)), Given(in_month=Decimal("80.01")), True),
        (Limits(budget=Decimal(0)), Given(), True),
        (Limits(per_customer=2), Given(to_customer=1), False),
        (Limits(per_customer=2), Given(to_customer=2), True),
        (Limits(per_customer=0), Given(), True),
        (Limits(cool_down_days=14), Given(last_on=date(2018, 8, 1)), False),
        (Limits(cool_down_days=15), Given(last_on=date(2018, 8, 1)), True),
    ],
)
def test_limits(limits: Limits, given: Given, stops: bool) -> None:
    amount, label, *_ = offered(limits=limits, given=given)
    assert (amount, label) == ((None, "limit_reached") if stops else (20, "most_used"))


def test_the_largest_that_chance_may_draw_has_to_fit() -> None:
    limits, given = Limits(budget=Decimal(100)), Given(in_month=Decimal(75))
    assert offered(limits=limits, given=given)[1] == "most_used"
    assert offered(limits=limits, given=given, explore=0.1)[1] == "limit_reached"


def test_chance_is_what_it_says() -> None:
    drawn = Counter(offered(explore=0.4, draw=draw_for(7, f"c{i}", "Peru", "2018-08-15")) for i in range(20_000))
    expected = {
        (Decimal(0), "held_out", True, 0.1): 0.1,
        (Decimal(10), "explored", True, 0.1): 0.1,
        (Decimal(20), "explored", True, 0.1): 0.1,
        (Decimal(30), "explored", True, 0.1): 0.1,
        (Decimal(20), "most_used", False, 0.6): 0.6,
    }
    assert drawn.keys() == expected.keys()
    assert stats.chisquare([drawn[k] for k in expected], [20_000 * v for v in expected.values()]).pvalue > 0.001
    assert draw_for(7, "c1", "x") == draw_for(7, "c1", "x")
    assert draw_for(7, "c1", "x") != draw_for(8, "c1", "x")


def test_outside_the_rules_nothing_is_offered() -> None:
    nobody = Decision(None, None, 0, None, Label.OUTSIDE_RULES, "Peru", DAY)
    found = choose(nobody, amounts=AMOUNTS, measured=UNKNOWN, limits=Limits(), given=Given(), explore=1.0, draw=0.0)
    assert (found.amount, found.label) == (None, Label.OUTSIDE_RULES)
