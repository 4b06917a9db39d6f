import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from holdfast.engine import DuckEngine
from holdfast.reports import first_answer, grid_picture
from holdfast.segments import SegmentConfig, assign

from .groupings import SHOP, MadeAtRisk, MadeClusters, MadeGroupings, MadeHolder, MadeSegment

HYPE = ("AI-powered", "accuracy", "saves", "guaranteed", "significant", "lift", "log-odds")
BY_RISK = (
    "By risk: 1,929 low (churn ratio below 1), 389 medium (churn ratio 1 to 2), 471 high (churn ratio above 2); "
    "1,549 bought on one day only and have no churn ratio."
)
UNKNOWN = MadeAtRisk(
    basis="cannot tell",
    amount=None,
    customers=12,
    top=(MadeHolder(revenue_at_risk=None),),
    top_share=None,
    missing="90 days ago 3 repeat customers were past their usual gap; at least 30 are needed",
)


@pytest.mark.parametrize(
    ("at_risk", "headline"),
    [
        (MadeAtRisk(), "£48,210 of the next 90 days' revenue is at risk, in 312 customers; 20 of them hold 41 %."),
        (
            MadeAtRisk(customers=2, top=(MadeHolder(revenue_at_risk=Decimal("36157.87")), MadeHolder())),
            "£48,210 of the next 90 days' revenue is at risk, in 2 customers; the largest holds 75 %.",
        ),
        (
            MadeAtRisk(customers=1, top=(MadeHolder(),), top_share=1.0),
            "£48,210 of the next 90 days' revenue is at risk, in 1 customer.",
        ),
        (
            MadeAtRisk(customers=0, amount=Decimal("0.00"), top=(), top_share=None),
            "No revenue is at risk in the next 90 days: no repeat customer is late by the usual gap.",
        ),
        (
            MadeAtRisk(customers=5, amount=Decimal("0.00"), top_share=None),
            "No revenue is at risk in the next 90 days: 5 customers are late, and such customers came back so far.",
        ),
        (
            replace(UNKNOWN, customers=0, top=()),
            "How much of the next 90 days' revenue is at risk cannot be told yet; no repeat customer is late now.",
        ),
        (
            UNKNOWN,
            (
                "How much of the next 90 days' revenue is at risk cannot be told yet; "
                "12 customers past the usual gap would spend £151,000 by going on as before."
            ),
        ),
    ],
)
def test_the_headline(at_risk: MadeAtRisk, headline: str) -> None:
    assert first_answer(SHOP, MadeGroupings(at_risk=at_risk)).headline == headline


def test_the_evidence_in_sentences() -> None:
    gone = MadeAtRisk(gone_customers=166, gone_run_rate=Decimal("36833.36"))
    answer = first_answer(SHOP, MadeGroupings(at_risk=gone))
    assert answer.sentences == (
        "Customer 14156 holds £6,149 of it: last order 9 days ago, usually every 4.5 days.",
        BY_RISK,
        "166 repeat customers left long ago; the £36,833 they used to spend in 90 days is not counted.",
        "The RFM group with most revenue is Champions: 682 customers, 16 % of all, with 61 % of revenue.",
        (
            "Archetypes: Seasonal, 2,367 customers with 25 % of revenue; "
            "Monthly High-Value, 1 customer with 25 % of revenue."
        ),
        "397,884 of 541,909 lines count; 144,025 do not, each with its reason.",
    )
    assert answer.method == (
        "Run rate x lapse share: the £151,000 these customers would spend in 90 days by going on as before, "
        "times the share of such spending that was lost in the last 90 days (medium risk 18 %, high risk 43 %)."
    )


def test_sentences_say_when_something_cannot_be_told() -> None:
    unclear = MadeClusters(clear=False, reason="silhouette 0.12, below 0.25")
    poor = (MadeSegment("Dormant", revenue_share=None),)
    groupings = MadeGroupings(at_risk=UNKNOWN, fitted_archetypes=unclear, rfm_groups=poor)
    answer = first_answer(replace(SHOP, rejected=()), groupings)
    assert answer.sentences == (
        "Customer 14156 would spend £28,863 in 90 days: last order 9 days ago, usually every 4.5 days.",
        BY_RISK,
        "The customers fall into no clear clusters: silhouette 0.12, below 0.25.",
        "All 397,884 lines count.",
    )
    assert answer.method == f"Run rate x lapse share; cannot be applied: {UNKNOWN.missing}."
    assert (answer.amount_at_risk, answer.readiness.state) == (None, "not yet")


def test_the_words_are_a_merchants() -> None:
    for at_risk in (MadeAtRisk(), UNKNOWN):
        answer = first_answer(SHOP, MadeGroupings(at_risk=at_risk))
        told = " ".join((answer.headline, answer.method, *answer.sentences, *answer.readiness.missing))
        assert not [word for word in HYPE if word.lower() in told.lower()]


def test_the_answer_is_json_with_exact_money_as_text() -> None:
    answer = first_answer(SHOP, MadeGroupings())
    told: dict[str, Any] = json.loads(json.dumps(answer.as_json()))
    assert (told["as_of"], told["currency"], told["amount_at_risk"]) == ("2011-12-09", "GBP", "48210.49")
    assert told["readiness"] == {"state": "ready", "missing": []}
    assert list(told["tables"]) == ["holders", "risk_bands", "rfm_grid", "rfm_groups", "archetypes", "ledger"]
    assert told["tables"]["holders"]["rows"][0] == ["14156", "high", 9, 4.5, "28863.48", "6149.42"]
    assert told["tables"]["holders"]["columns"][5] == {"heading": "Revenue at risk", "kind": "money"}


def test_the_risk_bands_print_their_cut_offs_in_order_of_risk() -> None:
    bands = first_answer(SHOP, MadeGroupings()).table("risk_bands")
    assert [row[:3] for row in bands.texts("GBP")] == [
        ("low", "churn ratio below 1", "1,929"),
        ("medium", "churn ratio 1 to 2", "389"),
        ("high", "churn ratio above 2", "471"),
        ("one_time", "one order day", "1,549"),
    ]


def test_the_ledger_adds_up_to_the_files() -> None:
    ledger = first_answer(SHOP, MadeGroupings()).table("ledger")
    assert ledger.texts("GBP") == (
        ("no_customer", "135,080", "£1,447,682.12"),
        ("cancelled", "8,945", "-£611,342.09"),
        ("rejected", "144,025", "£836,340.03"),
        ("kept", "397,884", "£8,911,407.90"),
        ("in the files", "541,909", "£9,747,747.93"),
    )


def test_the_grid_has_r_up_the_side_and_fm_along() -> None:
    picture = grid_picture(first_answer(SHOP, MadeGroupings()).table("rfm_grid"))
    assert [column.heading for column in picture.columns] == ["R \\ FM", "1", "2", "3", "4", "5"]
    assert [row[0] for row in picture.rows] == ["5", "4", "3", "2", "1"]
    assert picture.rows[0][5] == "group 55\n4 · 4 %"
    assert picture.rows[4][1] == "group 11\n4 · 4 %"


def test_every_table_can_be_shown() -> None:
    for at_risk in (MadeAtRisk(), UNKNOWN):
        for table in first_answer(SHOP, MadeGroupings(at_risk=at_risk)).tables:
            assert len(table.texts("XYZ")) == len(table.rows)
            assert all(len(row) == len(table.columns) for row in table.texts("XYZ"))


def test_the_results_of_the_segments_room_are_what_reports_read() -> None:
    with DuckEngine(threads=1) as engine:
        engine.execute(
            """
            CREATE TEMP TABLE customers_asof AS
            SELECT 1 AS customer_key, 'é 1' AS customer_id, 40 AS days_since_last_order, 5 AS order_count,
                5 AS order_day_count, CAST(900.5 AS DECIMAL(18,4)) AS net_revenue,
                CAST(30 AS DOUBLE) AS median_gap_days,
                CAST(4 AS DOUBLE) / 3 AS churn_ratio, 400 AS days_since_first_purchase,
                CAST(730 AS DECIMAL(18,4)) AS net_revenue_365d
            """
        )
        groupings = assign(engine, earlier=None, config=SegmentConfig())
    answer = first_answer(replace(SHOP, first_order=date(2010, 11, 4)), groupings)
    assert answer.headline == (
        "How much of the next 90 days' revenue is at risk cannot be told yet; "
        "1 customer past the usual gap would spend £180 by going on as before."
    )
    assert answer.table("holders").texts("GBP") == (("é 1", "medium", "40", "30.0", "£180.00", "–"),)
    assert len(answer.table("rfm_grid").rows) == 25
    assert [s[:9] for s in answer.readiness.missing] == ["Revenue a", "1 custome", "No clear "]
    assert json.loads(json.dumps(answer.as_json()))["customers_at_risk"] == 1
