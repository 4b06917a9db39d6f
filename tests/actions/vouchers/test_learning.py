"""A simulated year in which the truth is known: offers find what pays, and bring more than the most used voucher."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from holdfast.actions.vouchers import ArmOutcomes, Decision, Given, Limits, choose, measure
from holdfast.actions.vouchers.decision import Label

AMOUNTS = (Decimal(5), Decimal(10), Decimal(20))
MOST_USED = Decimal(10)
BASKET = 60.0
"""Mean margin of a customer who comes, in money; exponential, so that a few bring much."""

CHANCES = {
    "persuadable": {0: 0.10, 5: 0.25, 10: 0.35, 20: 0.80},
    "sure things": {0: 0.60, 5: 0.60, 10: 0.60, 20: 0.60},
    "lost causes": {0: 0.02, 5: 0.02, 10: 0.02, 20: 0.02},
}
"""Chance to come back by segment and amount. The voucher is redeemed by whoever comes."""


def truth(segment: str, amount: Decimal) -> float:
    """Expected net margin of a customer."""
    return CHANCES[segment][int(amount)] * (BASKET - float(amount))


@dataclass
class Tried:
    """Sums of the offers at random of one segment."""

    sums: dict[Decimal, list[float]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0, 0.0]))

    def note(self, amount: Decimal, *, came: bool, net: int) -> None:
        for place, value in enumerate((1, int(came), net, float(net) ** 2)):
            self.sums[amount][place] += value

    def arms(self) -> list[ArmOutcomes]:
        return [
            ArmOutcomes(amount, int(n), int(redeemed), int(total), squares)
            for amount, (n, redeemed, total, squares) in self.sums.items()
        ]


def a_year(segment: str, *, seed: int, customers: int = 2000) -> tuple[Decimal | None, float]:
    """What is offered at the end of twelve months, and the expected net margin of a customer over all of them."""
    draw, tried, expected = np.random.default_rng(seed), Tried(), 0.0
    decision = Decision(MOST_USED, segment, 100, 0.5, Label.MOST_USED, "Peru", date(2025, 1, 1))
    best: Decimal | None = None
    for _ in range(12):
        measured = measure(tried.arms())
        best = measured.best
        for number in draw.random(customers):
            offer = choose(
                decision, amounts=AMOUNTS, measured=measured, limits=Limits(), given=Given(), explore=0.1, draw=number
            )
            assert offer.amount is not None
            expected += truth(segment, offer.amount)
            if offer.explored:
                came = draw.random() < CHANCES[segment][int(offer.amount)]
                net = round(came * (draw.exponential(BASKET) - float(offer.amount)) * 100)
                tried.note(offer.amount, came=came, net=net)
    return best, expected / (12 * customers)


def test_what_is_persuaded_by_a_large_voucher_gets_it() -> None:
    found = [a_year("persuadable", seed=seed) for seed in range(5)]
    assert [best for best, _ in found].count(Decimal(20)) == 5
    assert min(brought for _, brought in found) > 1.4 * truth("persuadable", MOST_USED)


@pytest.mark.parametrize("segment", ["sure things", "lost causes"])
def test_those_whom_nothing_moves_are_not_given_more_than_before(segment: str) -> None:
    found = [a_year(segment, seed=seed) for seed in range(5)]
    assert all(best in (None, Decimal(0)) for best, _ in found), "no voucher is taken for one that pays"
    assert min(brought for _, brought in found) > 0.97 * truth(segment, MOST_USED), "the price of learning"


def test_over_all_segments_a_year_of_offers_brings_more_than_the_most_used() -> None:
    brought = sum(a_year(segment, seed=1)[1] for segment in CHANCES)
    most_used = sum(truth(segment, MOST_USED) for segment in CHANCES)
    oracle = sum(max(truth(segment, amount) for amount in (Decimal(0), *AMOUNTS)) for segment in CHANCES)
    assert most_used < brought < oracle
    assert brought / most_used == pytest.approx(1.21, abs=0.06)
