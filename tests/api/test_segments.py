"""Segments over HTTP: every grouping, who is in one, rules that are tried out, RFM groups of anybody."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from holdfast.engine import Query
from holdfast.segments import SegmentResult
from holdfast.workflows.customers import grouped_customers
from holdfast.workflows.plain import plain
from holdfast.workflows.views import needed_view
from tests.sample_home import reading, shop_in

ACTIONS = {
    "Early access and loyalty perks",
    "Targeted incentive",
    "Low-touch win-back or deprioritise",
    "Stay in touch as usual",
}


@pytest.fixture(scope="module")
def client(sample_home: Path) -> Iterator[TestClient]:
    with reading(sample_home) as client:
        yield client


@pytest.fixture(scope="module")
def groups(sample_home: Path) -> SegmentResult:
    with grouped_customers(shop_in(sample_home)) as grouped:
        return grouped.groups


def test_every_grouping_is_what_the_library_says(client: TestClient, groups: SegmentResult) -> None:
    found = client.get("segments").json()
    assert found["risk_bands"] == plain(groups.bands)
    assert found["rfm_groups"] == plain(groups.rfm_groups)
    assert found["rfm_groups_eight"] == plain(groups.rfm_groups_eight)
    assert found["archetypes"] == plain(groups.archetypes)
    assert found["rules"] == plain(groups.rules)
    assert found["rfm_grid"] == plain(groups.grid)
    assert found["rfm_cutoffs"] == plain(groups.rfm_cutoffs)
    assert found["fitted_archetypes"]["clear"] is groups.fitted_archetypes.clear
    assert found["risk_cutoffs"]["high"] == "churn ratio above 2"
    assert (found["customers"], found["revenue"]) == (groups.customers, str(groups.revenue))


def test_each_segment_has_an_action_and_groups_add_up(client: TestClient) -> None:
    found = client.get("segments").json()
    for grouping in ("risk_bands", "rfm_groups", "rfm_groups_eight", "archetypes"):
        assert {segment["action"] for segment in found[grouping]} <= ACTIONS
        assert sum(segment["customers"] for segment in found[grouping]) == found["customers"]
    assert len(found["rfm_grid"]) == 25
    assert sum(cell["customers"] for cell in found["rfm_grid"]) == found["customers"]
    assert sum(Decimal(cell["revenue"]) for cell in found["rfm_grid"]) == Decimal(found["revenue"])


def test_segments_of_a_past_day(client: TestClient, sample_home: Path) -> None:
    with grouped_customers(shop_in(sample_home), as_of="2024-06-01") as grouped:
        expected = plain(grouped.groups.bands)
    assert client.get("segments", params={"as_of": "2024-06-01"}).json()["risk_bands"] == expected


def test_the_customers_of_every_segment_are_as_many_as_it_says(client: TestClient) -> None:
    found = client.get("segments").json()
    listed = {
        "risk_band": found["risk_bands"],
        "rfm_group": found["rfm_groups"],
        "rfm_group_eight": found["rfm_groups_eight"],
        "archetype": found["archetypes"],
        "rule": found["rules"]["segments"],
    }
    for grouping, segments in listed.items():
        for segment in segments:
            name = segment.get("segment") or segment["name"]
            page = client.get(f"segments/{grouping}/{quote(name, safe='')}/customers", params={"limit": 1}).json()
            assert page["total"] == segment["customers"], (grouping, name)


def test_a_segment_is_a_list_with_the_arguments_of_one(client: TestClient) -> None:
    by_path = client.get("segments/risk_band/high/customers", params={"sort": "-net_revenue", "where": "order_count>3"})
    by_condition = client.get(
        "customers", params={"sort": "-net_revenue", "where": ["order_count>3", "risk_band=high"]}
    )
    assert by_path.json() == by_condition.json()
    file = client.get("segments/risk_band/high/customers", params={"format": "csv", "columns": "risk_band"}).text
    assert {line.split(",")[1] for line in file.splitlines()[1:]} == {"high"}


@pytest.mark.parametrize(
    ("grouping", "name", "said"),
    [
        ("colour", "red", "risk_band"),
        ("risk_band", "highest", "one_time"),
        ("rule", "nope", "1-4 orders"),
        ("p_buy", "1", "rule"),
    ],
)
def test_a_segment_that_is_not_there_is_a_404_that_names_those_that_are(
    client: TestClient, grouping: str, name: str, said: str
) -> None:
    answer = client.get(f"segments/{grouping}/{name}/customers")
    assert answer.status_code == 404
    assert said in answer.json()["detail"]


# --- rules that are tried out ----------------------------------------------------------------------------------------


def test_a_rule_says_whom_it_would_hold(client: TestClient, sample_home: Path) -> None:
    rule = {"where": {"order_count": {"min": 5, "max": 13}, "risk_band": ["medium", "high"]}}
    found = client.post("segments/preview", json=rule).json()
    (segment,) = found["segments"]
    text = """
        SELECT COUNT(*) AS n, SUM(net_revenue) AS revenue, COUNT(*) FILTER (risk_band = 'high') AS high
        FROM customers_grouped WHERE order_count BETWEEN 5 AND 13 AND risk_band IN ('medium', 'high')"""
    with needed_view(shop_in(sample_home)).engine() as engine:
        expected = engine.rows(Query("counted", "shop", text)).one()
    assert segment["customers"] == expected["n"] > 0
    assert Decimal(segment["revenue"]) == round(expected["revenue"], 2)
    assert segment["risk_bands"]["high"] == expected["high"]
    assert set(segment["risk_bands"]) <= {"medium", "high"}
    assert sum(segment["rfm_groups"].values()) == segment["customers"]
    assert found["outside"] == 300 - segment["customers"]
    assert segment["customer_share"] == segment["customers"] / 300
    assert segment["in_words"].startswith(f"{segment['customers']} customers (")
    assert segment["in_words"].endswith("order_count from 5 to 13 and risk_band is medium or high.")


def test_several_rules_say_how_they_overlap(client: TestClient) -> None:
    rules = {
        "segments": [
            {"name": "few", "kind": "orders", "sentence": "Up to three.", "where": {"order_count": {"max": 3}}},
            {"name": "many", "kind": "orders", "where": {"order_count": {"min": 5}}},
            {"name": "all", "where": {"order_count": {"min": 1}}},
        ]
    }
    found = client.post("segments/preview", json=rules).json()
    few, many, everybody = found["segments"]
    assert found["overlap"] == [
        [few["customers"], 0, few["customers"]],
        [0, many["customers"], many["customers"]],
        [few["customers"], many["customers"], 300],
    ]
    assert found["outside"] == 0
    assert found["notes"] == ["Gap between few and many: order_count above 3 and below 5."]
    assert few["in_words"].endswith(": Up to three.")
    assert everybody["customer_share"] == 1


def test_forecasts_can_be_part_of_a_rule(client: TestClient) -> None:
    found = client.post("segments/preview", json={"where": {"p_buy": {"max": 0.2}, "is_gone": False}}).json()
    listed = client.get("customers", params={"where": ["p_buy<=0.2", "is_gone=false"], "limit": 1}).json()
    assert found["segments"][0]["customers"] == listed["total"] > 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"where": {}},
        {"where": {"nope": 1}},
        {"where": {"order_count": "many"}},
        {"where": {"order_count": {"min": 5, "max": 1}}},
        {"where": {"order_count": {}}},
        {"where": {"order_count": {"least": 1}}},
        {"where": {"order_count": {"min": 10**400}}},
        {"where": {"order_count": [10**400]}},
        {"where": {"order_count": {"min": 1e300}}},
        {"where": {"order_count": []}},
        {"where": {"risk_band": 5}},
        {"where": {"risk_band": {"min": 5}}},
        {"where": {"risk_band": "x" * 201}},
        {"where": {"order_count": None}},
        {"where": {"a": 1}, "segments": []},
        {"segments": []},
        {"segments": [{"name": "a", "where": {"order_count": 1}}] * 2},
        {"segments": [{"name": "a", "where": {"order_count": 1}}] * 21},
        {"name": "", "where": {"order_count": 1}},
        {"name": "\ud800", "where": {"order_count": 1}},
        {"where": {"risk_band": "\ud800"}},
        {"where": {"\ud800": 1}},
    ],
)
def test_a_rule_that_cannot_be_used_is_refused(client: TestClient, body: Any) -> None:
    answer = client.post("segments/preview", content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["code"] in ("bad_request", "bad_policy")


@pytest.mark.parametrize("text", ['{"where": {"order_count": {"min": NaN}}}', '{"where": {"order_count": 1e999}}', "{"])
def test_what_is_no_json_is_refused(client: TestClient, text: str) -> None:
    answer = client.post("segments/preview", content=text, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


# --- RFM groups of anybody -------------------------------------------------------------------------------------------

CUTOFFS = {"recency": [90, 60, 30, 10], "frequency": [2, 3, 5, 9], "monetary": [10, 50, 100, None]}


def place(client: TestClient, body: Any) -> Any:
    answer = client.post("segments/rfm", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("recency", "frequency", "monetary", "scores", "group", "group_eight"),
    [
        (5, 9, 100, (5, 5, 4, 5), "Champions", "Champions"),
        (10, 1, 9.99, (5, 1, 1, 1), "New", "New Customers"),
        (91, 1, 0, (1, 1, 1, 1), "Dormant", "Lost Customers"),
        (60, 4, 60, (3, 3, 3, 3), "Needs attention", "Loyal Customers"),
        (89.5, 9, -5, (2, 5, 1, 3), "At risk", "At Risk"),
    ],
)
def test_figures_are_scored_by_the_cutoffs_sent_with_them(
    client: TestClient,
    recency: float,
    frequency: float,
    monetary: float,
    scores: tuple[int, int, int, int],
    group: str,
    group_eight: str,
) -> None:
    figures = {"customer_id": "x", "recency_days": recency, "frequency": frequency, "monetary": monetary}
    found = place(client, {"customers": [figures], "cutoffs": CUTOFFS})
    (item,) = found["items"]
    assert (item["r"], item["f"], item["m"], item["fm"]) == scores
    assert (item["customer_id"], item["rfm_group"], item["rfm_group_eight"]) == ("x", group, group_eight)
    assert found["cutoffs_from"] == "request"
    assert found["cutoffs"] == CUTOFFS


def test_scores_are_placed_as_they_are(client: TestClient) -> None:
    found = place(client, {"customers": [{"r": 1, "f": 5, "m": 4}, {"r": 5, "f": 1, "m": 2, "customer_id": "é"}]})
    assert [item["rfm_group"] for item in found["items"]] == ["Previously loyal", "Promising"]
    assert [item["customer_id"] for item in found["items"]] == [None, "é"]
    assert found["cutoffs"] is None
    assert found["cutoffs_from"] is None


def test_without_cutoffs_the_shop_s_own_are_used(client: TestClient) -> None:
    client.get("customers")
    (stored,) = client.get("customers", params={"limit": 1, "columns": "*"}).json()["items"]
    figures = {
        "recency_days": stored["days_since_last_order"],
        "frequency": stored["order_count"],
        "monetary": float(stored["net_revenue"]),
    }
    found = place(client, {"customers": [figures]})
    assert found["cutoffs_from"] == "shop"
    assert found["items"][0]["rfm_group"] == stored["rfm_group"]
    assert found["cutoffs"] == client.get("segments").json()["rfm_cutoffs"]


def test_in_an_empty_shop_customers_are_ranked_among_themselves(sample_home: Path) -> None:
    figures = [{"recency_days": nth, "frequency": 11 - nth, "monetary": 110 - nth} for nth in range(1, 11)]
    with reading(sample_home, "nobody-yet") as client:
        found = place(client, {"customers": figures})
        assert found["cutoffs_from"] == "posted customers"
        assert [item["r"] for item in found["items"]] == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
        few = client.post("segments/rfm", json={"customers": figures[:4]})
        assert few.status_code == 422
        assert "Send `cutoffs`" in few.json()["todo"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"customers": []},
        {"customers": [{"recency_days": 1, "frequency": 1}]},
        {"customers": [{"recency_days": -1, "frequency": 1, "monetary": 1}]},
        {"customers": [{"recency_days": 1e300, "frequency": 1, "monetary": 1}]},
        {"customers": [{"r": 0, "f": 1, "m": 1}]},
        {"customers": [{"r": 1, "f": 6, "m": 1}]},
        {"customers": [{"r": 1, "f": 1, "m": 1}, {"recency_days": 1, "frequency": 1, "monetary": 1}]},
        {"customers": [{"recency_days": 1, "frequency": 1, "monetary": 1}], "cutoffs": {"recency": [1, 2, 3, 4]}},
        {
            "customers": [{"recency_days": 1, "frequency": 1, "monetary": 1}],
            "cutoffs": CUTOFFS | {"recency": [1, 2, 3, 4]},
        },
        {
            "customers": [{"recency_days": 1, "frequency": 1, "monetary": 1}],
            "cutoffs": CUTOFFS | {"monetary": [1, None, 3, 4]},
        },
    ],
)
def test_what_cannot_be_placed_is_refused(client: TestClient, body: Any) -> None:
    answer = client.post("segments/rfm", json=body)
    assert answer.status_code == 422
    assert answer.json()["code"] in ("bad_request", "bad_policy")
