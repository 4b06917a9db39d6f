from collections.abc import Mapping

import numpy as np
import pytest

from holdfast.forecast.reasons.facts import FACTS, chance, days
from holdfast.forecast.reasons.groups import GROUPS, group_of
from holdfast.forecast.reasons.sentences import Reasons, Said, points, three_sentences, written
from holdfast.forecast.reasons.standing import Standing

REGULAR = {
    "days_since_last_order": 94.0, "order_day_count": 12.0, "purchase_span_days": 341.0, "median_gap_days": 31.0,
    "order_count": 13.0, "order_count_365d": 12.0, "net_revenue": 1312.4, "mean_order_value": 109.37,
    "churn_ratio": 94 / 31, "loyalty_points": 7.0,
}  # fmt: skip
ONCE = {
    "days_since_last_order": 20.0, "order_day_count": 1.0, "purchase_span_days": 0.0, "median_gap_days": np.nan,
    "order_count": 1.0, "order_count_365d": 1.0, "net_revenue": 45.5, "mean_order_value": 45.5,
    "churn_ratio": np.nan, "loyalty_points": np.nan,
}  # fmt: skip
BESIDE = 10


def told(
    customer: Mapping[str, float], moved: Mapping[str, float], *, amounts: bool = True, currency: str | None = "EUR"
) -> tuple[str, str, str]:
    """The sentences of a customer among ten others, regulars with half of its numbers, whose columns moved it so."""
    numbers = {name: np.array([value] + [ONCE[name] / 2] * BESIDE) for name, value in customer.items()}
    said = Said(15_000, numbers, Standing(numbers), currency, amounts)
    groups = np.zeros(len(GROUPS))
    for name, value in moved.items():
        groups[GROUPS.index(group_of(name))] += value
    return three_sentences(said, Reasons(0, groups, tuple(moved), np.array([*moved.values()]), 0.142, 0.31, 90))


def test_a_regular_who_has_gone_quiet() -> None:
    assert told(REGULAR, {"history.quiet_days": -18.2, "order_count_365d": 10.9, "churn_ratio": -3.4}) == (
        "No order for 94 days; usually orders every 31 days: -18 points.",
        "12 orders in the last year, more than 9 in 10 customers: +11 points.",
        "Quiet for 3.0 times its usual gap: -3 points.",
    )


def test_somebody_who_ordered_once() -> None:
    moved = {"history.quiet_days": 4.0, "history.order_days": -7.0, "median_gap_days": -1.0, "first_order_value": 2.0}
    assert told(ONCE, moved)[:2] == ("Ordered once so far, like 9 % of customers: -7 points.",
                                     "First order only 20 days ago: +4 points.")  # fmt: skip
    assert told(ONCE, moved)[2] == "45.50 EUR for its one order, more than 9 in 10 customers: +2 points."
    assert told(ONCE, {"median_gap_days": -1.0})[0] == "No rhythm of its own yet, after one order day: -1 point."


def test_two_orders_are_one_gap_and_no_rhythm() -> None:
    twice = {**REGULAR, "order_day_count": 2.0, "purchase_span_days": 31.0, "order_count": 2.0}
    assert told(twice, {"churn_ratio": -3.0})[0] == "Its two order days were 31 days apart: -3 points."
    assert told(twice, {"history.quiet_days": -3.0})[0] == (
        "No order for 94 days, longer than 9 in 10 customers: -3 points."
    )


def test_orders_of_a_single_day_are_not_one_order() -> None:
    thrice = {**ONCE, "order_count": 3.0}
    assert told(thrice, {"order_count": -3.0})[0].startswith("All orders on one day so far")


def test_the_fact_told_is_the_one_that_speaks_in_the_groups_direction() -> None:
    moved = {"order_count": -2.0, "order_count_365d": 6.0, "order_count_decayed_365d": 3.0, "history.order_days": 5.0}
    assert told(REGULAR, moved)[0] == "12 orders in the last year, more than 9 in 10 customers: +12 points."


def test_a_late_customer_is_not_praised_for_being_late() -> None:
    moved = {"churn_ratio": 4.0, "median_gap_days": 1.0}
    assert told(REGULAR, moved)[0] == "Usually 31 days from one order to the next: +5 points."
    idle = {**REGULAR, "order_count_365d": 0.0}
    assert told(idle, {"order_count_365d": 4.0, "order_count": 1.0})[0].startswith("13 orders so far")
    assert told(idle, {"order_count_365d": -4.0, "order_count": 1.0})[0].startswith("No orders in the last year")


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        ({}, ("Nothing sets this customer apart from the typical one.",)),
        ({"history.quiet_days": -0.04}, ("Nothing sets this customer apart from the typical one.",)),
        ({"history.quiet_days": -0.4}, ("No order for 94 days; usually orders every 31 days: -0.4 points.",)),
        (
            {"history.quiet_days": -9.0, "net_revenue": 9.0, "order_count": 0.2},
            ("No order for 94 days; usually orders every 31 days: -9 points.",
             "1,312 EUR spent in all, more than 9 in 10 customers: +9 points."),
        ),
    ],
)  # fmt: skip
def test_where_few_reasons_matter_the_rest_is_what_else_is_known(
    moved: Mapping[str, float], expected: tuple[str, ...]
) -> None:
    otherwise = (
        "Customer since 17 November 2009: 12 order days, 1,312 EUR in all.",
        "14 % chance of an order within 90 days; 31 % is typical of this shop.",
    )
    assert told(REGULAR, moved) == (*expected, *otherwise)[:3]


def test_without_amounts_nothing_is_said_of_them() -> None:
    sentences = told(REGULAR, {"net_revenue": 3.0}, amounts=False)
    assert sentences[:2] == (
        "No amounts on record: +3 points.",
        "Customer since 17 November 2009: 12 order days.",
    )


def test_a_column_nobody_described_is_named_as_it_is() -> None:
    assert told(REGULAR, {"loyalty_points": 3.0})[0] == "Loyalty points 7: +3 points."
    assert told(ONCE, {"loyalty_points": 3.0})[0] == "Other facts: +3 points."


@pytest.mark.parametrize(
    ("number", "text"),
    [(-18.2, "-18 points"), (0.97, "+1 point"), (-1.4, "-1 point"), (0.94, "+0.9 points"), (-0.05, "-0.1 points")],
)
def test_points(number: float, text: str) -> None:
    assert points(number) == text


def test_numbers_in_words() -> None:
    assert [days(number) for number in (1.0, 2.5, 94.4, 1200.0)] == ["1 day", "2.5 days", "94 days", "1,200 days"]
    assert [chance(value) for value in (0.0001, 0.014, 0.41)] == ["under 0.1 %", "1.4 %", "41 %"]
    assert (written(0), written(15_045)) == ("1 January 1970", "12 March 2011")


def test_every_fact_can_be_said_of_any_number() -> None:
    for name, fact in FACTS.items():
        for value in (-3.0, 0.0, 1.0, 2.5, 40_000.0):
            text = fact.say(value, "EUR")
            assert text == text.strip(), name
            assert "{}" not in text, name


def test_standing_is_strict_and_among_those_who_have_the_number() -> None:
    standing = Standing({"x": np.array([1.0, 1.0, 1.0, 2.0, 3.0, np.nan])})
    words = {"more": "more than", "fewer": "fewer than"}
    assert standing.compared("x", 3.0, **words) == "more than 8 in 10 customers"
    assert standing.compared("x", 2.0, **words) == "more than 6 in 10 customers"
    assert standing.compared("x", 1.0, **words) == ""
    assert standing.compared("x", 0.5, **words) == "fewer than 99 in 100 customers"
    assert standing.equal("x", 1.0) == 0.6
    assert Standing({"x": np.arange(4.0)}).compared("x", 2.0, **words) == "more than half of customers"
