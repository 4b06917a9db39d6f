from dataclasses import replace
from datetime import date

import pytest

from holdfast.reports import ShopFacts
from holdfast.reports.readiness import State, readiness

from .groupings import SHOP, MadeAtRisk, MadeClusters, MadeGroupings

YOUNG = replace(SHOP, first_order=date(2011, 6, 1))


def test_ready_means_nothing_is_missing() -> None:
    ready = readiness(SHOP, MadeGroupings())
    assert (ready.state, ready.missing) == (State.READY, ())


@pytest.mark.parametrize(
    ("shop", "groupings", "sentence"),
    [
        (YOUNG, MadeGroupings(), "Under a year of history (191 days): season unknown."),
        (
            SHOP,
            MadeGroupings(customers=1000, one_time_customers=969),
            "97 % one-time buyers: the churn ratio says nothing about them.",
        ),
        (
            SHOP,
            MadeGroupings(customers=29, one_time_customers=3),
            "29 customers: below 30, scores and shares say little.",
        ),
        (
            SHOP,
            MadeGroupings(fitted_archetypes=MadeClusters(clear=False, reason="silhouette 0.12, below 0.25")),
            "No clear archetypes: silhouette 0.12, below 0.25.",
        ),
        (
            SHOP,
            MadeGroupings(at_risk=MadeAtRisk(basis="pooled")),
            "Too few late customers in the past: medium and high risk share one lapse share.",
        ),
    ],
)
def test_degraded_says_what_is_missing(shop: ShopFacts, groupings: MadeGroupings, sentence: str) -> None:
    found = readiness(shop, groupings)
    assert (found.state, found.missing) == (State.DEGRADED, (sentence,))


def test_a_whole_year_is_enough() -> None:
    assert readiness(replace(SHOP, first_order=date(2010, 12, 9)), MadeGroupings()).state is State.READY
    assert readiness(replace(SHOP, first_order=date(2010, 12, 10)), MadeGroupings()).state is State.DEGRADED


def test_not_yet_where_revenue_at_risk_cannot_be_told() -> None:
    unknown = MadeAtRisk(basis="cannot tell", amount=None, missing="3 customers, at least 30 are needed")
    found = readiness(YOUNG, MadeGroupings(at_risk=unknown))
    assert found.state is State.NOT_YET
    assert found.missing == (
        "Revenue at risk cannot be told: 3 customers, at least 30 are needed.",
        "Under a year of history (191 days): season unknown.",
    )
