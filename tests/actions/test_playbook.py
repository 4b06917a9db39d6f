"""A playbook is read whole or refused with a reason."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.actions.default_playbook import DEFAULT_PLAYBOOK
from holdfast.actions.effect import Evidence
from holdfast.actions.playbook import parse_playbook
from holdfast.errors import PolicyError
from holdfast.workflows.columns import columns

COLUMNS = ("order_count", "risk_band", "net_revenue")
PLAY: dict[str, Any] = {
    "name": "Call",
    "where": {"risk_band": "high"},
    "what": "Call them.",
    "why": "{order_count} orders worth {net_revenue}; {{sic}}.",
    "message": ["Ask first."],
    "offer": {"contact_cost": 5},
    "effect": {"points": 5, "give_or_take": 3},
}


def book(**changed: Any) -> dict[str, Any]:
    return {"plays": [{key: value for key, value in {**PLAY, **changed}.items() if value is not ...}]}


def test_a_play_is_read() -> None:
    (play,) = parse_playbook(book(), columns=COLUMNS)
    assert (play.name, play.what, play.timing, play.message) == ("Call", "Call them.", "", ("Ask first.",))
    assert (play.offer.contact_cost, play.offer.redeemed) == (5.0, 1.0)
    assert play.effect.points == pytest.approx(5)
    assert play.effect.evidence is Evidence.RULE_OF_THUMB
    assert play.columns == ("order_count", "net_revenue")
    assert play.why.format(order_count=3, net_revenue="9") == "3 orders worth 9; {sic}."


def test_the_playbook_every_shop_begins_with_can_be_read() -> None:
    plays = parse_playbook(DEFAULT_PLAYBOOK, columns=tuple(each.name for each in columns()))
    assert len(plays) == 6
    assert {play.effect.evidence for play in plays} == {Evidence.RULE_OF_THUMB}
    assert all(play.what and play.why and play.timing and play.message for play in plays)


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"name": ""}, "no name"),
        ({"name": 5}, "no name"),
        ({"colour": "red"}, "colour"),
        ({"where": ...}, "for whom"),
        ({"where": []}, "for whom"),
        ({"where": {"order_count": {"min": 10**400}}}, "for whom"),
        ({"what": ...}, "what is to be done"),
        ({"what": ["Call"]}, "what is no text"),
        ({"message": [1]}, "message is no text"),
        ({"message": "Call"}, "message is no list"),
        ({"message": None}, "message is no list"),
        ({"offer": {"incentive": 10**400}}, "no offer"),
        ({"effect": {"points": 5, "give_or_take": 1, "evidence": []}}, "cannot claim"),
        ({"why": "{colour} is theirs."}, "colour"),
        ({"why": "{order_count!r}"}, "no name of a column"),
        ({"why": "{order_count:>{risk_band}}"}, "no name of a column"),
        ({"why": "{0.__class__}"}, "no name of a column"),
        ({"why": "{}"}, "no name of a column"),
        ({"why": "{order_count"}, "brace too many"),
        ({"offer": {"price": 3}}, "no offer"),
        ({"offer": {"incentive": "much"}}, "no offer"),
        ({"offer": {"incentive": True}}, "no offer"),
        ({"offer": {"incentive": -1}}, "Call: An offer cannot cost this"),
        ({"offer": 5}, "no offer"),
        ({"effect": ...}, "believed to do"),
        ({"effect": {"points": 5}}, "believed to do"),
        ({"effect": {"points": 50, "give_or_take": 1}}, "Call: This is no effect"),
        ({"effect": {"points": 5, "give_or_take": 0}}, "Call: This is no effect"),
        ({"effect": {"points": 5, "give_or_take": 1, "evidence": "measured here"}}, "cannot claim"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(changed: dict[str, Any], word: str) -> None:
    with pytest.raises(PolicyError, match=word) as refused:
        parse_playbook(book(**changed), columns=COLUMNS)
    assert refused.value.todo


@pytest.mark.parametrize(
    "written", [None, [], {}, {"plays": []}, {"plays": {}}, {"plays": [PLAY], "more": 1}, {"plays": [PLAY, PLAY]}]
)
def test_what_is_no_playbook_is_refused(written: Any) -> None:
    with pytest.raises(PolicyError):
        parse_playbook(written, columns=COLUMNS)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*PLAY, "timing", "x"]), ANYTHING))
def test_nothing_that_is_written_breaks_it(changed: dict[str, Any]) -> None:
    try:
        parse_playbook(book(**changed), columns=COLUMNS)
    except PolicyError as error:
        assert error.seen  # noqa: PT017 - refused or read, never anything else
