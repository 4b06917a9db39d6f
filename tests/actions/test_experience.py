"""What is believed of a play after lists with a holdout."""

from dataclasses import replace

import pytest

from holdfast.actions.effect import Arms, Effect, Evidence, believed_after, measured
from holdfast.actions.experience import Experience, experienced
from holdfast.actions.playbook import Play
from holdfast.actions.profit import Offer

OFFER = Offer(contact_cost=0.5, discount=0.1)
PLAY = Play("Voucher", {"order_count": 1}, "Send it.", "", "", (), OFFER, Effect.of_points(4, give_or_take=4))
LARGE = Arms(treated=2_000, treated_buyers=700, holdout=2_000, holdout_buyers=500)
SMALL = Arms(treated=20, treated_buyers=7, holdout=20, holdout_buyers=5)


def test_a_large_list_makes_it_measured_here() -> None:
    learnt = experienced(PLAY, [Experience("Voucher", OFFER, LARGE)])
    assert learnt.effect == believed_after(PLAY.effect, measured(LARGE))
    assert learnt.effect.evidence is Evidence.HERE
    assert learnt.effect.deviation < PLAY.effect.deviation
    assert replace(learnt, effect=PLAY.effect) == PLAY


def test_a_small_one_hardly_moves_what_is_believed() -> None:
    learnt = experienced(PLAY, [Experience("Voucher", OFFER, SMALL)])
    assert learnt.effect.evidence is Evidence.RULE_OF_THUMB
    assert abs(learnt.effect.points - PLAY.effect.points) < 1.5


def test_lists_teach_one_after_the_other_in_any_order() -> None:
    first, second = Experience("Voucher", OFFER, LARGE), Experience("Voucher", OFFER, SMALL)
    one, other = (experienced(PLAY, seen).effect for seen in ([first, second], [second, first]))
    assert [one.mean, one.deviation] == pytest.approx([other.mean, other.deviation])
    assert one.deviation < experienced(PLAY, [first]).effect.deviation


@pytest.mark.parametrize(
    "seen", [Experience("Other", OFFER, LARGE), Experience("Voucher", replace(OFFER, discount=0.2), LARGE)]
)
def test_another_play_or_another_offer_teaches_nothing(seen: Experience) -> None:
    assert experienced(PLAY, [seen]) is PLAY


def test_an_empty_arm_teaches_nothing() -> None:
    assert experienced(PLAY, [Experience("Voucher", OFFER, Arms(10, 3, 0, 0))]).effect == PLAY.effect
