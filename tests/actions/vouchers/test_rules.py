"""The rule table: the usual ranges to the day, and what cannot be meant."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.actions.vouchers import DEFAULT_RULES, VoucherRules, parse_voucher_rules
from holdfast.errors import PolicyError


def table(*rows: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [dict(zip(("kind", "segment", "from", "to"), row, strict=True)) for row in rows]


@pytest.mark.parametrize(
    ("kind", "value", "segment"),
    [
        ("frequent_segment", 0, None),
        ("frequent_segment", 1, "1-4"),
        ("frequent_segment", 4, "1-4"),
        ("frequent_segment", 5, "5-13"),
        ("frequent_segment", 13, "5-13"),
        ("frequent_segment", 14, "14-37"),
        ("frequent_segment", 37, "14-37"),
        ("frequent_segment", 38, None),
        ("recency_segment", 29, None),
        ("recency_segment", 30, "30-60"),
        ("recency_segment", 60, "30-60"),
        ("recency_segment", 61, "61-90"),
        ("recency_segment", 90, "61-90"),
        ("recency_segment", 91, "91-120"),
        ("recency_segment", 120, "91-120"),
        ("recency_segment", 121, "121-180"),
        ("recency_segment", 180, "121-180"),
        ("recency_segment", 181, "180+"),
        ("recency_segment", 5000, "180+"),
    ],
)
def test_the_usual_ranges(kind: str, value: int, segment: str | None) -> None:
    assert DEFAULT_RULES.segment(kind, value) == segment


def test_what_the_usual_ranges_leave_out_is_said() -> None:
    assert DEFAULT_RULES.notes() == (
        "Below 1 orders there is no segment.",
        "Above 37 orders there is no segment.",
        "Below 30 days since the last order there is no segment.",
    )


def test_gaps_are_said() -> None:
    rules = parse_voucher_rules(
        table(("recency", "c", 91, None), ("recency", "a", 0, 10), ("recency", "b", 12, 60), ("recency", "", "", ""))[
            :3
        ]
    )
    assert rules.notes() == (
        "Gap between a and b: 11 days since the last order.",
        "Gap between b and c: 61 to 90 days since the last order.",
    )


def test_a_table_as_a_spreadsheet_saves_it() -> None:
    rules = parse_voucher_rules(
        table(
            (" Frequency ", " few ", "1.0", " 4 "),
            ("country", "Peru", "", None),
            ("", "", "", ""),
            ("country", "Peru", "", ""),
        )
    )
    assert rules.as_rows() == table(("frequency", "few", 1, 4), ("country", "Peru", None, None))


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([], "no ranges"),
        (table(("country", "Peru", None, None)), "no ranges"),
        (table(("frequency", "a", 5, 4)), "empty"),
        (table(("frequency", "a", None, 4)), "empty"),
        (table(("frequency", "a", "", "")), "empty"),
        (table(("frequency", "a", -1, 4)), "whole number"),
        (table(("frequency", "a", 1.5, 4)), "whole number"),
        (table(("frequency", "a", "1e3", 4)), "whole number"),
        (table(("frequency", "a", "²", 4)), "whole number"),
        (table(("frequency", "a", 1, 10**30)), "whole number"),
        (table(("frequency", "a", True, 4)), "whole number"),
        (table(("frequenzy", "a", 1, 4)), "known kind"),
        (table(("frequency", " ", 1, 4)), "usable name"),
        (table(("frequency", "x" * 101, 1, 4)), "usable name"),
        ([{"kind": "frequency", "segment": "a", "from": 1, "to": 4, "amount": 7}], "too much"),
        (table(("frequency", "a", 1, 4), ("frequency", "a", 5, 9)), "same name"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_meant_is_refused(rows: list[dict[str, Any]], says: str) -> None:
    with pytest.raises(PolicyError) as refused:
        parse_voucher_rules(rows)
    assert says in refused.value.what
    assert refused.value.todo


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ((121, 180), (180, None), "both hold 180."),
        ((1, 10), (5, 7), "both hold 5 to 7"),
        ((1, None), (5, None), "both hold from 5 on"),
        ((1, 4), (1, 4), "both hold 1 to 4"),
    ],
)
def test_an_overlap_is_refused_and_named(one: tuple[Any, Any], other: tuple[Any, Any], shared: str) -> None:
    with pytest.raises(PolicyError) as refused:
        parse_voucher_rules(table(("recency", "one", *one), ("recency", "other", *other)))
    assert "overlap" in refused.value.what
    assert shared in refused.value.seen


@given(
    st.lists(st.tuples(st.integers(0, 60), st.one_of(st.none(), st.integers(0, 60))), min_size=1, max_size=5),
    st.integers(0, 70),
)
def test_whatever_is_accepted_puts_each_value_into_one_range_at_most(
    ends: list[tuple[int, int | None]], value: int
) -> None:
    rows = table(*(("frequency", str(i), *each) for i, each in enumerate(ends)))
    inside = [i for i, (least, most) in enumerate(ends) if least <= value and (most is None or value <= most)]
    try:
        rules: VoucherRules = parse_voucher_rules(rows)
    except PolicyError:
        return
    assert rules.segment("frequent_segment", value) == (str(inside[0]) if inside else None)
    assert len(inside) <= 1
    assert parse_voucher_rules(rules.as_rows()) == rules
