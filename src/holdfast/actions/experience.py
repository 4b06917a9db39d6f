"""What lists with a holdout have shown about a play, and what is believed of it from then on."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from holdfast.actions.effect import Arms, believed_after, measured
from holdfast.actions.playbook import Play
from holdfast.actions.profit import Offer


@dataclass(frozen=True, slots=True)
class Experience:
    """One list's customers of a play under an offer: how many ordered in either arm until its window ended."""

    play: str
    offer: Offer
    arms: Arms


def experienced(play: Play, seen: Iterable[Experience]) -> Play:
    """The play with the effect that is believed after what was seen of it under the same offer, list by list.

    Lists are not added up, since their holdouts were of different sizes and their customers of different kinds. Another
    offer is another action: what a voucher of 10 % did says nothing here about one of 20 %.
    """
    effect = play.effect
    for each in seen:
        if each.play == play.name and each.offer == play.offer:
            effect = believed_after(effect, measured(each.arms))
    return play if effect is play.effect else replace(play, effect=effect)
