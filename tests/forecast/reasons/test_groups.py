import numpy as np

from holdfast.features import CATALOGUE, Unit
from holdfast.forecast.learning.design import RANKED_MODELS
from holdfast.forecast.reasons.attributed import MOVED_BY
from holdfast.forecast.reasons.facts import FACTS, SAID_AS
from holdfast.forecast.reasons.groups import GROUPS, HISTORY, MEMBERS, Group, by_group, group_of

NUMBERS = [feature.name for feature in CATALOGUE if feature.unit is not Unit.LABEL]


def test_every_number_of_the_catalogue_has_a_group() -> None:
    assert [name for name in NUMBERS if group_of(name) is Group.OTHER] == []


def test_no_column_is_in_two_groups_and_none_is_unknown_to_the_catalogue() -> None:
    listed = [name for names in MEMBERS.values() for name in names]
    assert len(listed) == len(set(listed))
    assert set(listed) - set(NUMBERS) == {"purchases.value", *HISTORY}


def test_what_purchase_models_say_has_a_group_or_is_handed_on_to_columns_that_have() -> None:
    for name in (*RANKED_MODELS, *HISTORY):
        receivers = [to for _, to in MOVED_BY[name]] if name in MOVED_BY else [name]
        assert all(group_of(to) is not Group.OTHER for to in receivers)


def test_every_number_of_the_catalogue_can_be_said() -> None:
    own_wording = {"days_since_last_order"}
    silent = [name for name in NUMBERS if SAID_AS.get(name, name) not in FACTS]
    assert set(silent) == own_wording


def test_a_column_is_said_in_the_words_of_its_own_group() -> None:
    assert {name: told for name, told in SAID_AS.items() if group_of(name) is not group_of(told)} == {}


def test_a_column_nobody_described_is_other() -> None:
    assert group_of("loyalty_points") is Group.OTHER


def test_groups_add_up_their_columns() -> None:
    values = np.array([[1.0, 2.0, 4.0, 8.0]])
    summed = by_group(("order_count", "loyalty_points", "order_count_90d", "net_revenue"), values)
    assert dict(zip(GROUPS, summed[0], strict=True)) == {
        **dict.fromkeys(GROUPS, 0.0), Group.OFTEN: 5.0, Group.OTHER: 2.0, Group.SPEND: 8.0,
    }  # fmt: skip
