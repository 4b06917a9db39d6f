"""The public data sets through the command line, with their published counts as expected values."""

from pathlib import Path

import pytest

from tests.cli.command import Command
from tests.real.shops import stage_fingerprint


def figures(report: dict[str, object]) -> tuple[object, ...]:
    """What has to agree with the published counts."""
    return tuple(report[name] for name in ("customers", "orders", "lines_kept", "revenue_kept", "currency"))


def test_online_retail_from_csv_and_parquet_is_the_same_stage(holdfast: Command, data: Path) -> None:
    folder = data / "online_retail"
    from_csv = holdfast("import", folder / "OnlineRetail.csv.gz", "--policy", "simple", "--tenant", "csv").json
    from_parquet = holdfast("import", folder / "online_retail.parquet", "--policy", "simple", "--tenant", "pq").json
    expected = (4338, 18532, 397884, "8911407.90", "GBP")
    assert figures(from_csv) == figures(from_parquet) == expected
    assert from_csv["lines_in"] == 541909
    assert from_csv["revenue_in"] == "9747747.93"
    assert from_csv["first_order"] == "2010-12-01T08:26:00"
    assert from_csv["as_of"] == "2011-12-09", "the last day is cut at ten to one"
    assert {r["reason"]: r["lines"] for r in from_csv["reasons"]} == {
        "no_customer": 135080, "cancelled_invoice": 8905, "free_goods": 40,
    }  # fmt: skip
    assert stage_fingerprint(holdfast.home, "csv") == stage_fingerprint(holdfast.home, "pq")


def test_importing_a_file_twice_changes_nothing_and_says_so(holdfast: Command, data: Path) -> None:
    file = data / "online_retail" / "online_retail.parquet"
    first, second = holdfast("import", file).json, holdfast("import", file).json
    assert first["changed"] is True
    assert second["changed"] is False
    assert second["reasons"][0]["reason"] == "already_imported"
    assert second["lines_rejected"] == second["lines_in"] == 541909
    assert second["dataset"] == first["dataset"]
    assert len(holdfast("imports").json["items"]) == 1


@pytest.mark.parametrize("order", [("year_2009_2010", "year_2010_2011"), ("year_2010_2011", "year_2009_2010")])
def test_online_retail_ii_counts_the_overlap_once(holdfast: Command, data: Path, order: tuple[str, str]) -> None:
    files = [data / "online_retail_ii" / f"{name}.parquet" for name in order]
    report = holdfast("import", *files, "--policy", "simple").json
    assert (report["customers"], report["lines_kept"], report["revenue_kept"]) == (5878, 791045, "17431551.18")
    assert report["lines_in"] == 1067371
    assert report["reasons"][0] | {"meaning": ""} == {
        "reason": "already_imported", "lines": 22523, "revenue": "377488.45", "meaning": "",
    }  # fmt: skip


def test_the_second_year_after_the_first_and_undone_again(holdfast: Command, data: Path) -> None:
    folder = data / "online_retail_ii"
    before = holdfast("import", folder / "year_2009_2010.parquet", "--policy", "simple").json
    after = holdfast("import", folder / "year_2010_2011.parquet").json
    assert after["policy"] == "simple", "the shop's policy is kept"
    assert after["dataset"]["revenue_kept"] == "17431551.18"
    assert after["dataset"]["lines_kept"] == 791045
    fingerprint = stage_fingerprint(holdfast.home, "default")
    assert holdfast("imports", "undo", after["import"]).code == 0
    assert holdfast("import", folder / "year_2010_2011.parquet").json["dataset"]["lines_kept"] == 791045
    assert stage_fingerprint(holdfast.home, "default") == fingerprint
    assert before["dataset"]["customers"] == before["customers"]


def test_both_sheets_of_the_workbook(holdfast: Command, data: Path) -> None:
    report = holdfast("import", data / "online_retail_ii" / "online_retail_II_ten_countries.xlsx").json
    assert report["lines_in"] == 14269 + 20497


@pytest.mark.parametrize(("policy", "customers"), [("simple", 23502), ("none", 23570)])
@pytest.mark.parametrize("file", ["CDNOW_master.txt.gz", "cdnow_master.parquet"])
def test_cdnow(holdfast: Command, data: Path, file: str, policy: str, customers: int) -> None:
    report = holdfast("import", data / "cdnow" / file, "--policy", policy).json
    assert report["customers"] == customers
    assert report["lines_in"] == 69659
    assert report["revenue_kept"] == "2500315.63"
    assert sum(reason["lines"] for reason in report["reasons"]) == (80 if policy == "simple" else 0)


def test_the_headerless_cdnow_sample(holdfast: Command, data: Path) -> None:
    report = holdfast("import", data / "cdnow" / "CDNOW_sample.txt.gz", "--policy", "none").json
    assert (report["lines_in"], report["customers"]) == (6919, 2357)


def test_olist_counts_delivered_orders_of_persons(holdfast: Command, data: Path) -> None:
    report = holdfast("import", data / "olist").json
    assert report["lines_in"] == 112650
    assert report["revenue_in"] == "13591643.70"
    assert report["customers"] == 93358
    assert report["revenue_kept"].startswith("13221498.")
    assert report["currency"] == "BRL"
    assert any("775" in warning for warning in report["warnings"])
    assert "2018-08-20" <= report["as_of"] <= "2018-08-30", "not the stray orders of October"


def test_hillstrom_is_no_order_history(holdfast: Command, data: Path) -> None:
    for file in ("hillstrom.csv.gz", "hillstrom.parquet"):
        ran = holdfast("import", data / "hillstrom" / file)
        assert ran.code == 2
        assert "date" in ran.err.lower()


def test_no_best_customer_is_left_by_orders_cancelled_minutes_later(holdfast: Command, data: Path) -> None:
    holdfast("import", data / "online_retail" / "online_retail.parquet")
    best = holdfast("customers", "--sort", "-net_revenue", "--limit", "20").json["items"]
    assert not {"12346", "16446"} & {customer["customer_id"] for customer in best}
    between = holdfast("customer", "12346", "--as-of", "2011-01-18")
    assert between.code == 2, "sold and cancelled on this very day: not known before it, undone after it"
