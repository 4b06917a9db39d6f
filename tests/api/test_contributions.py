"""Contributions: from the typical customer to one customer, in steps that add up."""

import itertools
from pathlib import Path

from tests.sample_home import reading


def test_the_steps_lead_from_the_baseline_to_the_customer(sample_home: Path) -> None:
    with reading(sample_home) as client:
        model = client.get("models/default").json()["model"]
        ids = [row["customer_id"] for row in client.get("customers", params={"limit": 2}).json()["items"]]
        answer = client.get(f"models/{model}/shapley", params={"customer": ids})
    assert answer.status_code == 200
    assert [item["customer_id"] for item in answer.json()["items"]] == ids
    for item in answer.json()["items"]:
        steps = item["steps"]
        assert steps[0]["start"] == item["baseline"]
        assert all(one["end"] == other["start"] for one, other in itertools.pairwise(steps))
        assert abs(item["baseline"] + sum(step["contribution"] for step in steps) - item["log_odds"]) < 1e-6
        sizes = [abs(step["contribution"]) for step in steps[:-1]]
        assert sizes == sorted(sizes, reverse=True)


def test_an_unknown_customer_is_a_404(sample_home: Path) -> None:
    with reading(sample_home) as client:
        model = client.get("models/default").json()["model"]
        assert client.get(f"models/{model}/shapley", params={"customer": "nobody"}).status_code == 404
