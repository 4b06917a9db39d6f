from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from holdfast.engine import DuckEngine
from holdfast.errors import PolicyError
from holdfast.segments.rule_segments import count_rules, members
from holdfast.segments.rules import VOUCHER_RANGES, OneOf, Range, RuleSet, parse_rules

from .customers import Customer, keep

COLUMNS = {"order_count": "INTEGER", "churn_ratio": "DOUBLE", "risk_band": "VARCHAR", "net_revenue": "DECIMAL(18,4)"}


def rules(*segments: Any) -> RuleSet:
    return parse_rules({"segments": list(segments)}, columns=COLUMNS)


@pytest.fixture
def engine() -> Iterator[DuckEngine]:
    with DuckEngine(threads=1) as opened:
        yield opened


def test_a_file_becomes_rules() -> None:
    parsed = rules(
        {
            "name": "Late regulars",
            "kind": "mine",
            "sentence": "Regulars who are late.",
            "where": {"order_count": {"min": 5}, "risk_band": ["medium", "high"]},
        },
        {"name": "Nobody yet", "where": {"order_count": 0}},
    )
    late, nobody = parsed.rules
    assert (late.name, late.kind, late.sentence) == ("Late regulars", "mine", "Regulars who are late.")
    assert late.conditions == (Range("order_count", 5, None), OneOf("risk_band", ("medium", "high")))
    assert (nobody.kind, nobody.sentence, nobody.conditions) == ("", "", (OneOf("order_count", (0,)),))
    assert parsed.notes == ()


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        (None, "no list of segments"),
        ([], "no list of segments"),
        ({}, "no list of segments"),
        ({"segments": []}, "no list of segments"),
        ({"segments": "all"}, "no list of segments"),
        ({"segments": [1], "other": 2}, "no list of segments"),
        ({"segments": ["all"]}, "no name"),
        ({"segments": [{"where": {"order_count": 1}}]}, "no name"),
        ({"segments": [{"name": " ", "where": {"order_count": 1}}]}, "no name"),
        ({"segments": [{"name": "A"}]}, "no conditions"),
        ({"segments": [{"name": "A", "where": {}}]}, "no conditions"),
        ({"segments": [{"name": "A", "when": 1, "where": {"order_count": 1}}]}, "key nobody reads"),
        ({"segments": [{"name": "A", "where": {"orders": 1}}]}, "unknown column"),
        ({"segments": [{"name": "A", "where": {"order_count": {}}}]}, "no usable range"),
        ({"segments": [{"name": "A", "where": {"order_count": {"from": 1}}}]}, "no usable range"),
        ({"segments": [{"name": "A", "where": {"order_count": {"min": "1"}}}]}, "no usable range"),
        ({"segments": [{"name": "A", "where": {"order_count": {"min": True}}}]}, "no usable range"),
        ({"segments": [{"name": "A", "where": {"order_count": {"min": float("nan")}}}]}, "no usable range"),
        ({"segments": [{"name": "A", "where": {"risk_band": {"min": 1}}}]}, "no usable range"),
        ({"segments": [{"name": "A", "where": {"order_count": {"min": 4, "max": 1}}}]}, "empty range"),
        ({"segments": [{"name": "A", "where": {"order_count": []}}]}, "nothing usable"),
        ({"segments": [{"name": "A", "where": {"order_count": [None]}}]}, "nothing usable"),
        ({"segments": [{"name": "A", "where": {"order_count": "many"}}]}, "wrong kind of value"),
        ({"segments": [{"name": "A", "where": {"risk_band": [1, "low"]}}]}, "wrong kind of value"),
        ({"segments": [{"name": "A", "where": {"order_count": True}}]}, "wrong kind of value"),
        ({"segments": [{"name": "A", "where": {"order_count": 1}}] * 2}, "same name"),
    ],
)
def test_what_cannot_be_meant_is_refused(written: object, complaint: str) -> None:
    with pytest.raises(PolicyError, match=complaint) as refused:
        parse_rules(written, columns=COLUMNS)
    assert refused.value.seen
    assert refused.value.todo


@pytest.mark.parametrize(
    ("lower", "upper"),
    [
        ({"max": 4}, {"min": 4}),
        ({"min": 2}, {"min": 9}),
        ({"max": 3}, {"max": 5}),
        ({"min": 1, "max": 9}, {"min": 2, "max": 3}),
    ],
)
def test_overlapping_ranges_of_one_kind_are_refused_but_not_of_two(lower: Any, upper: Any) -> None:
    a, b = {"name": "A", "where": {"order_count": lower}}, {"name": "B", "where": {"order_count": upper}}
    with pytest.raises(PolicyError, match="overlap"):
        rules({**a, "kind": "x"}, {**b, "kind": "x"})
    assert rules({**a, "kind": "x"}, {**b, "kind": "y"}).notes == ()
    assert rules(a, b).notes == ()


def test_gaps_between_ranges_of_one_kind_are_noted() -> None:
    def two(column: str, end: float, start: float) -> tuple[str, ...]:
        return rules(
            {"name": "low", "kind": "x", "where": {column: {"max": end}}},
            {"name": "top", "kind": "x", "where": {column: {"min": start}}},
        ).notes

    assert two("order_count", 4, 5) == ()
    assert two("order_count", 4, 7) == ("Gap between low and top: order_count above 4 and below 7.",)
    assert two("churn_ratio", 1, 1.5) == ("Gap between low and top: churn_ratio above 1 and below 1.5.",)


VOUCHER_CASES = {
    "1-4 orders": (1, 4),
    "5-13 orders": (5, 13),
    "14-37 orders": (14, 37),
    "30-60 days": (30, 60),
    "61-90 days": (61, 90),
    "91-120 days": (91, 120),
    "121-180 days": (121, 180),
    "180+ days": (181, 9999),
}


def test_the_voucher_ranges_hold_both_their_ends(engine: DuckEngine) -> None:
    ends = [(name, end) for name, between in VOUCHER_CASES.items() for end in between]
    keep(
        engine,
        [
            Customer(i, orders=end, days=1) if "orders" in name else Customer(i, orders=99, days=end)
            for i, (name, end) in enumerate(ends)
        ],
    )
    preset = parse_rules(VOUCHER_RANGES, columns=engine.types("customers_asof"))
    assert preset.notes == ()
    assert [rule.name for rule in preset.rules] == list(VOUCHER_CASES)
    found = engine.rows(members(preset, table="customers_asof")).dicts()
    assert sorted((row["customer_key"], row["rule_segment"]) for row in found) == [
        (i, name) for i, (name, _) in enumerate(ends)
    ]
    counted = count_rules(engine, preset, table="customers_asof")
    assert [segment.customers for segment in counted.segments] == [2] * 8
    assert counted.outside == 0


def test_counts_revenue_overlap_and_outsiders(engine: DuckEngine) -> None:
    keep(
        engine,
        [
            Customer(1, orders=1, days=5, revenue="10.10"),
            Customer(2, orders=5, days=5, revenue="20.20"),
            Customer(3, orders=5, days=70, revenue="30.30"),
            Customer(4, orders=1, days=70, revenue="39.40"),
        ],
    )
    written = {
        "segments": [
            {"name": "regular", "where": {"order_count": {"min": 5}}},
            {"name": "silent", "where": {"days_since_last_order": {"min": 60}}},
            {"name": "nobody", "where": {"customer_id": ["c9", "o'clock"]}},
            {"name": "late ratio", "where": {"churn_ratio": {"min": 1}}},
        ]
    }
    result = count_rules(engine, parse_rules(written, columns=engine.types("customers_asof")), table="customers_asof")
    assert [(s.name, s.customers, s.revenue, s.revenue_share) for s in result.segments] == [
        ("regular", 2, Decimal("50.50"), pytest.approx(0.505)),
        ("silent", 2, Decimal("69.70"), pytest.approx(0.697)),
        ("nobody", 0, Decimal("0.00"), 0),
        ("late ratio", 0, Decimal("0.00"), 0),
    ]
    assert result.overlap == ((2, 1, 0, 0), (1, 2, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0))
    assert (result.outside, result.outside_revenue) == (1, Decimal("10.10"))


def test_segments_of_one_kind_that_share_customers_are_noted_and_no_revenue_has_no_share(engine: DuckEngine) -> None:
    keep(engine, [Customer(1, orders=7, days=70, revenue="0")])
    written = {
        "segments": [
            {"name": "regular", "kind": "x", "where": {"order_count": {"min": 5}}},
            {"name": "silent", "kind": "x", "where": {"days_since_last_order": {"min": 60}}},
        ]
    }
    result = count_rules(engine, parse_rules(written, columns=engine.types("customers_asof")), table="customers_asof")
    assert result.notes == ("Customers in both regular and silent, of one kind (x): 1.",)
    assert [segment.revenue_share for segment in result.segments] == [None, None]
