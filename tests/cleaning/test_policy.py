"""Policies: presets stay what they are, and a policy file is checked to the last word."""

import pytest

from holdfast.cleaning import POLICIES, policy_from, policy_named
from holdfast.errors import PolicyError


def test_a_policy_survives_a_trip_through_json() -> None:
    for policy in POLICIES.values():
        assert policy_from(policy.as_dict(), base=POLICIES["default"]) == policy


def test_a_list_may_be_written_with_commas() -> None:
    policy = policy_from({"service_codes": "POST, DOT ,"}, base=POLICIES["default"])
    assert policy.service_codes == ("POST", "DOT")


@pytest.mark.parametrize(
    ("rules", "word"),
    [
        ({"free_good": "keep"}, "free_goods"),
        ({"free_goods": "maybe"}, "keep, drop"),
        ({"free_goods": None}, "keep, drop"),
        ({"cancellations": "drop it"}, "undo, drop, keep"),
        ({"service_codes": [1, 2]}, "a list of texts"),
        ({"service_codes": 7}, "a list of texts"),
    ],
)
def test_a_wrong_rule_is_refused_with_what_was_expected(rules: dict[str, object], word: str) -> None:
    with pytest.raises(PolicyError) as refused:
        policy_from(rules, base=POLICIES["default"])
    assert word in str(refused.value)


def test_an_unknown_policy_names_the_known_ones() -> None:
    with pytest.raises(PolicyError, match="simple"):
        policy_named("strict")
