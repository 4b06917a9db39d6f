"""What to offer, on the command line and in a notebook."""

import csv
from pathlib import Path

import pytest

from holdfast.errors import NotFoundError
from holdfast.library import open_shop
from tests.cli.command import Command
from tests.sample_home import copy_tenant


@pytest.fixture
def shop(sample_home: Path, tmp_path: Path, holdfast: Command) -> Command:
    """A command on a copy of the sample shop."""
    copy_tenant(sample_home, tmp_path / "home", name="default")
    return holdfast


def test_some_customers_all_of_them_and_whether_it_is_worth_it(shop: Command, tmp_path: Path) -> None:
    ids = [each["customer_id"] for each in shop("customers", "--limit", "2").json["items"]]
    found = shop("recommend", *ids, "nobody", "--top", "3").json
    assert [each["customer_id"] for each in found["items"]] == ids
    assert found["unknown"] == ["nobody"]
    shown = shop("recommend", ids[0], "--top", "3", as_json=False).out
    assert found["why"].split(":")[0][:40] in " ".join(shown.split())
    out = tmp_path / "offers.csv"
    written = shop("recommend", "--out", out, "--top", "3").json
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert len(rows) == written["rows"]
    first = [row for row in rows if row["customer_id"] == ids[0]]
    assert [row["product_id"] for row in first] == [each["product_id"] for each in found["items"][0]["items"]]
    assert "NDCG" in shop("recommend", "--evaluate", as_json=False).out
    assert shop("recommend", "--evaluate").json["evaluation"]["new"]
    assert shop("recommend").problem["what"] == "Whom to recommend to?"
    assert shop("recommend", ids[0], "--top", "0").code == 2
    in_python = open_shop(shop.home, tenant="default")
    lists = in_python.recommend(ids, n=3)
    assert [item.product_id for item in lists[0].items] == [each["product_id"] for each in found["items"][0]["items"]]
    assert in_python.recommendation_evaluation()["evaluation"]["new"]
    with pytest.raises(NotFoundError):
        in_python.recommend(["nobody"])
