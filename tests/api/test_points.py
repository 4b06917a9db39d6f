"""Points: two figures of every customer in columns, for a chart."""

from pathlib import Path

import pytest

from tests.sample_home import reading


def test_points_are_the_customers_of_the_list_in_columns(sample_home: Path) -> None:
    with reading(sample_home) as client:
        asked = {"where": "risk_band=high", "x": "days_since_last_order", "y": "net_revenue", "colour": "rfm_group"}
        points = client.get("points", params=asked).json()
        listed = client.get(
            "customers",
            params={
                "where": "risk_band=high",
                "sort": "-net_revenue",
                "limit": 1000,
                "columns": ",".join(list(asked.values())[1:]),
            },
        ).json()
    rows = listed["items"]
    assert points["total"] == listed["total"] == len(points["ids"])
    assert points["ids"] == [row["customer_id"] for row in rows]
    assert points["x"] == [row["days_since_last_order"] for row in rows]
    assert points["y"] == [float(row["net_revenue"]) for row in rows]
    assert points["colour"] == [row["rfm_group"] for row in rows]


def test_customers_without_a_value_are_left_out_and_counted(sample_home: Path) -> None:
    with reading(sample_home) as client:
        points = client.get("points", params={"y": "median_gap_days"}).json()
    assert 0 < len(points["ids"]) < points["total"]
    assert points["colour"] == []
    assert {len(points[name]) for name in ("ids", "x", "y")} == {len(points["ids"])}


@pytest.mark.parametrize(("asked", "status"), [({"y": "risk_band"}, 422), ({"x": "nothing_like_it"}, 422)])
def test_what_is_no_figure_is_refused(sample_home: Path, asked: dict[str, str], status: int) -> None:
    with reading(sample_home) as client:
        answer = client.get("points", params=asked)
    assert answer.status_code == status
    assert answer.json()["todo"]
