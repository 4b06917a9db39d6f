"""Every command, as JSON and as text, on a small sample shop and on files of a few lines."""

import csv
import gzip
import json
import random
import re
import shlex
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import pytest
import typer

from holdfast.cli import output
from holdfast.cli.main import app, main
from holdfast.samples import Planted, SampleShop, make_shop
from tests.api.test_vouchers import SMALL as VOUCHERS
from tests.cli.command import Command

HEADER = "customer_id,order_id,ordered_at,product_id,quantity,unit_price\n"
JANUARY = (
    "00123,1,2024-01-05 10:00,mug,2,3.50\n"
    "bob,2,2024-01-09 11:00,cup,1,4.00\n"
    "bob,3,2024-01-20 12:00,mug,1,3.50\n"
    "bob,4,2024-01-21 12:00,mug,1,0\n"
)
FEBRUARY = "cid,5,2024-02-03 09:00,cup,3,4.00\n00123,6,2024-02-05 10:00,cup,1,4.00\n"
GROUPS = ("risk_band", "r_score", "f_score", "m_score", "fm_score", "rfm_group", "rfm_group_eight", "archetype")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleShop:
    return make_shop(tmp_path_factory.mktemp("sample"), seed=3, customers=300)


@pytest.fixture(scope="module")
def home(sample: SampleShop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample shop, imported once; for tests that only read."""
    folder = tmp_path_factory.mktemp("home")
    files = [str(file) for file in (sample.orders, sample.customers, sample.reviews)]
    with pytest.raises(SystemExit) as ended:
        main(["import", *files, "--currency", "GBP", "--home", str(folder), "--json"])
    assert not ended.value.code
    return folder


@pytest.fixture
def shop(home: Path, holdfast: Command) -> Command:
    """`holdfast` on the sample shop."""
    return Command(home, holdfast.capture)


@pytest.fixture
def january(tmp_path: Path) -> Path:
    return written(tmp_path / "january.csv", HEADER + JANUARY)


@pytest.fixture
def february(tmp_path: Path) -> Path:
    return written(tmp_path / "february.csv", HEADER + FEBRUARY)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def table(path: Path, columns: str = "*") -> list[tuple[Any, ...]]:
    """The rows of a CSV or Parquet file."""
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT {columns} FROM '{path}'").fetchall()


def types(path: Path) -> dict[str, str]:
    with duckdb.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()}


def file_lines(sample: SampleShop) -> list[dict[str, str]]:
    """The orders file as the csv module reads it."""
    with gzip.open(sample.orders, "rt", encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


# --- the ledger is the truth of the sample ---------------------------------------------------------------------------


def test_the_ledger_of_the_sample_is_what_was_planted(shop: Command, sample: SampleShop) -> None:
    rejects = shop("rejects").json["items"]
    counted: dict[str, int] = {}
    for each in rejects:
        counted[each["reason"]] = counted.get(each["reason"], 0) + each["lines"]
    planted = sample.planted
    unreadable = (
        Planted.UNREADABLE_DATE,
        Planted.BLANK_DATE,
        Planted.UNREADABLE_QUANTITY,
        Planted.UNREADABLE_PRICE,
        Planted.BLANK_PRICE,
    )
    assert counted == {
        "unreadable": sum(planted[label] for label in unreadable),
        "return_without_sale": planted[Planted.RETURN_WITHOUT_SALE],
        "non_positive": planted[Planted.CORRECTION] + planted[Planted.BAD_DEBT],
        "free_goods": planted[Planted.FREE],
    }


def test_importing_the_sample_again_changes_nothing_and_says_so(shop: Command, sample: SampleShop) -> None:
    again = shop("import", sample.orders).json
    assert again["changed"] is False
    assert again["lines_kept"] == 0
    assert again["lines_in"] == sample.lines
    assert [(r["reason"], r["lines"]) for r in again["reasons"]] == [("already_imported", sample.lines)]
    kept = {entry["reason"]: entry["lines"] for entry in again["dataset"]["kept"]}
    assert kept["sale_without_customer"] == sample.planted[Planted.GUEST]
    assert kept["return"] == sum(
        sample.planted[label] for label in (Planted.RETURN, Planted.PARTIAL_RETURN, Planted.MISTAKE_UNDONE)
    )
    assert again["duplicates"] == sample.planted[Planted.DUPLICATE]
    assert "nothing new" in shop("import", sample.orders, as_json=False).out


def test_revenue_in_is_the_sum_of_the_file(shop: Command, sample: SampleShop) -> None:
    total = Decimal(0)
    for line in file_lines(sample):
        if line["Price"].lstrip("-").replace(".", "").isdigit() and line["Quantity"].lstrip("-").isdigit():
            total += int(line["Quantity"]) * Decimal(line["Price"])
    dataset = shop("import", sample.orders).json["dataset"]
    assert Decimal(dataset["revenue_in"]) == total
    assert Decimal(dataset["revenue_kept"]) + Decimal(dataset["revenue_rejected"]) == total
    assert dataset["lines_in"] == sample.lines == dataset["lines_kept"] + dataset["lines_rejected"]


# --- import: the contract others rely on -----------------------------------------------------------------------------


def test_import_prints_one_object_about_the_file(holdfast: Command, january: Path) -> None:
    report = holdfast("import", january, "--policy", "simple", "--currency", "eur").json
    figures = {
        "lines_in": 4,
        "lines_kept": 3,
        "lines_rejected": 1,
        "revenue_in": "14.50",
        "revenue_kept": "14.50",
        "revenue_rejected": "0.00",
        "customers": 2,
        "orders": 3,
        "first_order": "2024-01-05T10:00:00",
        "last_order": "2024-01-20T12:00:00",
    }
    assert {name: report[name] for name in figures} == figures
    assert (report["currency"], report["as_of"], report["policy"]) == ("EUR", "2024-01-21", "simple")
    (reason,) = report["reasons"]
    assert (reason["reason"], reason["lines"], reason["revenue"]) == ("free_goods", 1, "0.00")
    assert {name: report["dataset"][name] for name in figures} == figures
    assert report["dataset"]["imports"] == [report["import"]]


def test_import_shows_a_ledger_that_adds_up(holdfast: Command, january: Path) -> None:
    shown = holdfast("import", january, "--currency", "EUR", as_json=False).out
    assert "Ledger of january.csv under policy default" in shown
    summary = "2 customers, 3 orders, 14.50 EUR, 2024-01-05 to 2024-01-20. As of 2024-01-21."
    assert summary in " ".join(shown.split())
    assert any(line.split()[:4] == ["in", "all", "4", "14.50"] for line in shown.splitlines())


def test_inspect_changes_nothing(holdfast: Command, january: Path) -> None:
    seen = holdfast("inspect", january)
    assert seen.code == 0
    assert "customer_id" in seen.out
    assert "Nothing was imported yet." in holdfast("inspect", january, as_json=False).out
    assert holdfast("imports").json == {"items": []}


def test_undo_and_import_again(holdfast: Command, january: Path, february: Path) -> None:
    first, second = holdfast("import", january).json, holdfast("import", february).json
    assert second["lines_in"] == 2
    assert second["dataset"]["lines_in"] == 6
    listed = holdfast("imports").json["items"]
    assert [(each["id"], each["files"], each["rows"]) for each in listed] == [
        (first["import"], ["january.csv"], 4),
        (second["import"], ["february.csv"], 2),
    ]
    assert "february.csv" in holdfast("imports", as_json=False).out
    undone = holdfast("imports", "undo", second["import"]).json
    assert (undone["undone"], undone["customers"]) == (second["import"], 2)
    assert holdfast("import", february).json["dataset"]["revenue_kept"] == second["dataset"]["revenue_kept"]
    for each in holdfast("imports").json["items"]:
        assert holdfast("imports", "undo", each["id"], as_json=False).code == 0
    assert holdfast("imports").json == {"items": []}
    assert holdfast("answer").code == 2


def test_rebuild_under_another_policy_changes_the_ledger(holdfast: Command, tmp_path: Path) -> None:
    file = written(tmp_path / "orders.csv", HEADER + JANUARY + ",7,2024-01-21 12:00,mug,1,3.50\n")
    before = holdfast("import", file).json
    assert [entry["reason"] for entry in before["kept"]] == ["sale", "sale_without_customer"]
    ledger = holdfast("imports", "rebuild", "--policy", "simple").json["ledger"]
    assert (ledger["lines_kept"], ledger["lines_rejected"]) == (3, 2)
    assert "Ledger under policy" in holdfast("imports", "rebuild", "--rule", "free_goods=keep", as_json=False).out
    assert holdfast("rejects").json["items"][0]["reason"] == "no_customer"


@pytest.mark.parametrize("name", ["ordered_at", "order_datetime"])
@pytest.mark.parametrize("form", ["json", "yaml"])
def test_a_mapping_file_is_used_and_remembered(holdfast: Command, tmp_path: Path, name: str, form: str) -> None:
    header = "a,b,c,d,e,f\n"
    first = written(tmp_path / "first.csv", header + JANUARY)
    second = written(tmp_path / "second.csv", header + FEBRUARY)
    ours = {"customer_id": "a", "order_id": "b", name: "c", "product_id": "d", "quantity": "e", "unit_price": "f"}
    text = json.dumps(ours) if form == "json" else "".join(f"{key}: {value}\n" for key, value in ours.items())
    mapping = written(tmp_path / f"mapping.{form}", text)
    assert holdfast("import", first).code == 2, "nobody can guess these columns"
    assert holdfast("import", first, "--mapping", mapping).json["lines_kept"] == 3
    assert holdfast("import", second).json["lines_kept"] == 2, "as it was read before"


def test_a_column_can_be_mapped_by_hand(holdfast: Command, tmp_path: Path) -> None:
    file = written(tmp_path / "orders.csv", HEADER.replace("customer_id", "x17") + JANUARY)
    assert holdfast("import", file).code == 2
    assert holdfast("import", file, "--map", "customer_id=x17").json["customers"] == 2


# --- run and demo ----------------------------------------------------------------------------------------------------


def test_run_does_the_steps_it_is_asked_for(holdfast: Command, january: Path) -> None:
    only_import = holdfast("run", january, "--steps", "import").json
    assert only_import["answer"] is None
    assert only_import["import"]["lines_kept"] == 3
    only_answer = holdfast("run", "--steps", "answer").json
    assert only_answer["import"] is None
    assert only_answer["answer"] == holdfast("answer").json
    both = holdfast("run", january).json
    assert both["import"]["changed"] is False
    assert both["answer"] == only_answer["answer"]
    assert holdfast("run", "--steps", "import").problem["todo"] == "Name files, or use --steps answer."
    assert "forecast" in holdfast("run", january, "--steps", "forecast").problem["what"]


@pytest.mark.parametrize("as_json", [True, False])
def test_demo_makes_a_shop_of_its_own_and_answers(
    holdfast: Command, sample: SampleShop, monkeypatch: pytest.MonkeyPatch, as_json: bool
) -> None:
    monkeypatch.setattr("holdfast.workflows.demo.make_shop", lambda folder, seed: sample)
    shown = holdfast("demo", "--no-serve", as_json=as_json)
    assert shown.code == 0
    if as_json:
        assert shown.json["import"]["lines_in"] == sample.lines
        assert shown.json["answer"]["headline"]
        kept = {entry["reason"]: entry["lines"] for entry in shown.json["import"]["kept"]}
        assert kept["service"] == sample.planted[Planted.POSTAGE] + sample.planted[Planted.FEE]
    else:
        for title in ("Ledger of orders.csv.gz", "Who holds it", "RFM grid", "Archetypes", "Risk bands"):
            assert title in shown.out
    assert holdfast("answer").code == 2, "the sample stands under a tenant of its own"
    assert holdfast("answer", "--tenant", "sample").code == 0


# --- customers, segments, features -----------------------------------------------------------------------------------


def test_customers_are_written_with_every_available_feature_and_group(
    shop: Command, sample: SampleShop, tmp_path: Path
) -> None:
    out = tmp_path / "customers.parquet"
    said = shop("customers", "--as-of", "2025-06-01", "--out", out).json
    assert said["as_of"] == "2025-06-01"
    found = types(out)
    assert found["customer_id"] == "VARCHAR"
    rows = table(out, "customer_id")
    assert len(rows) == len(set(rows)) == said["rows"]
    features = shop("features").json["items"]
    assert len(features) >= 80
    always = {feature["name"] for feature in features if not feature["needs"]}
    assert always | set(GROUPS) <= found.keys()
    assert found.keys() <= {feature["name"] for feature in features} | {
        "customer_id", *GROUPS, "is_gone", "run_rate", "revenue_at_risk",
    }  # fmt: skip
    reviewed = {feature["name"] for feature in features if feature["needs"] == ["reviews.score"]}
    assert reviewed <= found.keys()
    assert {row[0] for row in rows} <= {line["Customer ID"] for line in file_lines(sample)}


def test_features_whose_column_is_missing_are_left_out(holdfast: Command, tmp_path: Path) -> None:
    lines = [line + (",TEN" if line.startswith("bob") else ",") for line in JANUARY.splitlines()]
    file = written(tmp_path / "orders.csv", "\n".join([HEADER.strip() + ",voucher", *lines]) + "\n")
    holdfast("import", file)
    holdfast("customers", "--out", tmp_path / "customers.parquet")
    found = types(tmp_path / "customers.parquet")
    assert "voucher_order_share" in found
    assert "max_installments" not in found
    shares = dict(table(tmp_path / "customers.parquet", "customer_id, voucher_order_share"))
    assert shares == {"00123": 0, "bob": 1}, "ids are those of the file, with their zeros"


def test_customers_can_be_filtered_sorted_and_limited(shop: Command) -> None:
    everyone = shop("customers", "--limit", "100000", "--sort", "customer_id").json["items"]
    assert len(everyone) == 300
    assert len(shop("customers").json["items"]) == 20
    assert [each["customer_id"] for each in everyone] == sorted(each["customer_id"] for each in everyone)
    expected = [
        each for each in everyone if each["risk_band"] == "high" and Decimal(each["net_revenue"]) >= Decimal("250.5")
    ]
    expected.sort(key=lambda each: (-Decimal(each["net_revenue"]), each["customer_id"]))
    assert 3 < len(expected) < 300
    conditions = ("--filter", "risk_band=high", "--filter", "net_revenue >= 250.5")
    chosen = shop("customers", *conditions, "--sort", "-net_revenue", "--limit", "3", "--columns", "net_revenue").json
    assert chosen["items"] == [{name: each[name] for name in ("customer_id", "net_revenue")} for each in expected[:3]]
    listed = shop("customers", *conditions, "--sort", "-net_revenue", "--limit", "3", as_json=False).out
    assert [line.split()[0] for line in listed.splitlines() if line[:1].isdigit()] == [
        each["customer_id"] for each in expected[:3]
    ]


def test_a_fraction_is_not_rounded_when_it_is_compared_with_a_whole_number(shop: Command) -> None:
    assert shop("customers", "--filter", "order_count=1.5").json["items"] == []
    gone = shop("customers", "--filter", "is_gone=true", "--columns", "is_gone").json["items"]
    assert gone
    assert all(each["is_gone"] for each in gone)


def test_one_customer_is_the_line_of_the_list(shop: Command) -> None:
    (first,) = shop("customers", "--limit", "1").json["items"]
    one = shop("customer", first["customer_id"]).json
    assert {name: one["facts"][name] for name in first} == first
    orders = one["orders"]
    assert [order["ordered_at"] for order in orders] == sorted((o["ordered_at"] for o in orders), reverse=True)
    shown = shop("customer", first["customer_id"], as_json=False).out
    assert f"Customer {first['customer_id']} as of" in shown
    assert "Bought most" in shown


def test_segments_count_everybody_once(shop: Command) -> None:
    found = shop("segments").json
    for grouping in ("risk_bands", "rfm_groups", "rfm_groups_eight", "archetypes"):
        assert sum(group["customers"] for group in found[grouping]) == 300
        assert sum(group["revenue_share"] for group in found[grouping]) == pytest.approx(1)
    shown = shop("segments", as_json=False).out
    for word in ("Risk bands as of", "Archetypes", "Champions", "Targeted", "churn ratio below 1"):
        assert word in shown


def test_rule_segments_come_from_a_file(shop: Command, tmp_path: Path) -> None:
    rules = written(
        tmp_path / "rules.yaml",
        "segments:\n"
        "  - name: Regulars\n"
        "    sentence: Five orders or more.\n"
        "    where: {order_count: {min: 5}}\n"
        "  - name: Once\n"
        "    where: {order_count: 1}\n",
    )
    found = {rule["name"]: rule["customers"] for rule in shop("segments", "--rules", rules).json["rules"]["segments"]}
    assert found == {
        "Regulars": len(shop("customers", "--filter", "order_count>=5", "--limit", "999").json["items"]),
        "Once": len(shop("customers", "--filter", "order_count=1", "--limit", "999").json["items"]),
    }
    assert "Five orders or more." in shop("segments", "--rules", rules, as_json=False).out


def test_features_and_answer_as_text(shop: Command) -> None:
    assert "churn_ratio" in shop("features", as_json=False).out
    answer = shop("answer").json
    shown = shop("answer", as_json=False).out
    assert answer["headline"].split(";")[0] in " ".join(shown.split())


def test_a_narrow_terminal_loses_no_column(shop: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that cannot be narrower stays as wide as it is, also in a pipe."""
    monkeypatch.setattr(output.stdout, "width", 60)
    lines = shop("segments", as_json=False).out.splitlines()
    (champions,) = [line for line in lines if line.startswith("Champions ")][:1]
    assert len(champions.split()) >= len(("segment", "customers", "revenue", "share", "days", "orders", "spend"))
    assert "/" in champions, "the last column of figures, customers by risk band"


# --- rejects and exports ---------------------------------------------------------------------------------------------


def test_rejects_are_written_with_their_original_columns(shop: Command, sample: SampleShop, tmp_path: Path) -> None:
    counted = sum(each["lines"] for each in shop("rejects").json["items"])
    assert shop("rejects", "--out", tmp_path / "rejects.csv").json["rows"] == counted
    with (tmp_path / "rejects.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    lines = file_lines(sample)
    assert len(rows) == counted
    for row in rows:
        original = lines[int(row["row_number"]) - 1]
        assert {name: row[name] for name in original} == original
    assert shop("rejects", "--reason", "free_goods").json["items"][0]["lines"] == sample.planted[Planted.FREE]
    assert "return_without_sale" in shop("rejects", as_json=False).out


@pytest.mark.parametrize("name", ["customers", "orders", "lines", "segments"])
def test_no_cell_of_a_csv_is_a_formula_unless_it_is_to_be_exact(holdfast: Command, tmp_path: Path, name: str) -> None:
    holdfast("import", written(tmp_path / "orders.csv", HEADER + JANUARY.replace("bob", "=1+1")))
    for arguments, there, not_there in (((), "'=1+1", "=1+1"), (("--exact",), "=1+1", "'=1+1")):
        holdfast("export", name, "--out", tmp_path / "out.csv", *arguments)
        with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as text:
            customers = {row["customer_id"] for row in csv.DictReader(text)}
        assert there in customers
        assert not_there not in customers


def test_rejects_keep_their_signs_and_lose_their_formulas(holdfast: Command, tmp_path: Path) -> None:
    header, good = HEADER.replace("\n", ",=note\n"), JANUARY.replace("\n", ",\n")
    bad = "ann,9,2024-01-05 10:00,mug,-2,x,@SUM(A1)\n"
    holdfast("import", written(tmp_path / "orders.csv", header + good * 9 + bad))
    holdfast("rejects", "--out", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as text:
        (row,) = (row for row in csv.DictReader(text) if row["unit_price"] == "x")
    assert (row["quantity"], row["'=note"]) == ("-2", "'@SUM(A1)")


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("name", ["customers", "orders", "lines", "segments"])
def test_a_table_is_exported(shop: Command, tmp_path: Path, name: str, ending: str) -> None:
    out = tmp_path / f"{name}.{ending}"
    said = shop("export", name, "--out", out).json
    assert said["rows"] == len(table(out)) > 0
    assert "customer_id" in types(out)
    if ending == "parquet":
        assert types(out)["customer_id"] == "VARCHAR"
    assert f"{said['rows']:,} rows are in" in shop("export", name, "--out", out, as_json=False).out.replace("\n", " ")


def test_exported_lines_are_the_kept_revenue_to_the_cent(shop: Command, sample: SampleShop, tmp_path: Path) -> None:
    dataset = shop("import", sample.orders).json["dataset"]
    shop("export", "lines", "--out", tmp_path / "lines.parquet")
    ((lines, revenue),) = table(tmp_path / "lines.parquet", "COUNT(*), SUM(amount)")
    assert (lines, revenue) == (dataset["lines_kept"], Decimal(dataset["revenue_kept"]))


# --- refusals --------------------------------------------------------------------------------------------------------

REFUSALS: list[tuple[tuple[str, ...], str]] = [
    (("customers", "--filter", "risk_band"), "condition"),
    (("customers", "--filter", "risk_bnd=high"), "risk_band"),
    (("customers", "--filter", "net_revenue>much"), "much"),
    (("customers", "--filter", "net_revenue>nan"), "nan"),
    (("customers", "--filter", "is_gone=2"), "is_gone"),
    (("customers", "--sort", "worth"), "worth"),
    (("customers", "--columns", "worth"), "worth"),
    (("customers", "--as-of", "yesterday"), "yesterday"),
    (("customers", "--as-of", "2001-01-01"), "2001-01-01"),
    (("customers", "--out", "customers.xlsx"), ".xlsx"),
    (("customers", "--out", "no/such/folder/customers.csv"), "folder"),
    (("customers", "--limit", "many"), "--limit"),
    (("customers", "--tenant", "nobody"), "demo"),
    (("customers", "--tenant", "../other"), "tenant"),
    (("customer", "nobody"), "nobody"),
    (("customer",), "ID"),
    (("segments", "--rules", "nowhere.yaml"), "nowhere.yaml"),
    (("export", "everything", "--out", "x.csv"), "everything"),
    (("export", "lines", "--out", "x.txt"), ".txt"),
    (("export", "lines"), "--out"),
    (("rejects", "--reason", "bad_luck"), "bad_luck"),
    (("rejects", "--import", "nothing"), "nothing"),
    (("imports", "undo", "nothing"), "nothing"),
    (("imports", "rebuild", "--policy", "strict"), "strict"),
    (("imports", "rebuild", "--rule", "free_goods"), "NAME=VALUE"),
    (("forecast",), "forecast"),
]


@pytest.mark.parametrize(("arguments", "word"), REFUSALS, ids=lambda value: " ".join(value) if value else "")
def test_a_refusal_is_one_problem_on_stderr(shop: Command, arguments: tuple[str, ...], word: str) -> None:
    ran = shop(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.problem.keys() == {"code", "what", "seen", "todo", "details"}
    assert word in json.dumps(ran.problem)
    told = shop(*arguments, as_json=False)
    assert (told.code, told.out) == (2, "")
    assert "Traceback" not in told.err
    assert ran.problem["todo"].split()[0] in told.err


# --- nothing is known before it happened -----------------------------------------------------------------------------

AS_OF = datetime(2024, 7, 1)
PRODUCTS = {"mug": "3.50", "cup": "4.00", "tin": "12.25", "jar": "0.99"}


@dataclass(frozen=True)
class Sold:
    """A sale line that may come back."""

    customer: str
    order: str
    at: datetime
    product: str
    quantity: int

    def row(self) -> str:
        moment, price = f"{self.at:%Y-%m-%d %H:%M}", PRODUCTS[self.product]
        return f"{self.customer},{self.order},{moment},{self.product},{self.quantity},{price}"

    def back(self, at: datetime, quantity: int) -> str:
        moment, price = f"{at:%Y-%m-%d %H:%M}", PRODUCTS[self.product]
        return f"{self.customer},C{self.order},{moment},{self.product},-{quantity},{price}"


def some_sales(chance: random.Random, orders: range, customers: list[str], first_day: int, last_day: int) -> list[Sold]:
    """Sales of one to three products an order, on days counted from as_of."""
    return [
        Sold(customer, f"{order}", at, product, chance.randint(1, 6))
        for order in orders
        for customer in [chance.choice(customers)]
        for at in [AS_OF + timedelta(days=chance.randint(first_day, last_day), minutes=chance.randint(480, 1200))]
        for product in chance.sample(sorted(PRODUCTS), chance.randint(1, 3))
    ]


@pytest.mark.parametrize("seed", range(3))
def test_later_rows_of_a_file_change_no_customer_as_of_a_date(holdfast: Command, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    past = some_sales(chance, range(1, 60), [f"c{n:02}" for n in range(12)], -500, -1)
    future = some_sales(chance, range(100, 140), [f"c{n:02}" for n in range(18)], 0, 200)
    returned = chance.sample(past, 20)
    early = [sold.back(sold.at + (AS_OF - sold.at) / 2, chance.randint(1, sold.quantity)) for sold in returned[:10]]
    late = [sold.back(AS_OF + timedelta(days=chance.randint(0, 90)), sold.quantity) for sold in returned[5:]]
    known = [sold.row() for sold in past] + early
    later = [sold.row() for sold in future] + late
    chance.shuffle(later)
    out = {name: tmp_path / f"{name}.parquet" for name in ("then", "now")}
    for name, rows in (("then", known), ("now", known + later)):
        file = written(tmp_path / f"{name}.csv", HEADER + "".join(row + "\n" for row in rows))
        report = holdfast("import", file, "--tenant", name).json
        assert report["lines_in"] == len(rows)
        ran = holdfast("customers", "--tenant", name, "--as-of", f"{AS_OF:%Y-%m-%d}", "--out", out[name])
        assert ran.code == 0, ran.err
    assert types(out["then"]) == types(out["now"])
    assert sorted(map(repr, table(out["then"]))) == sorted(map(repr, table(out["now"])))


# --- docs/cli.md -----------------------------------------------------------------------------------------------------

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"
EXAMPLE = re.compile(r"^\$ holdfast (.*)$", re.MULTILINE)


def options_of(app: typer.Typer) -> set[str]:
    """Every option of every command, as written on a command line."""
    group = typer.main.get_command(app)
    groups = [each for each in group.commands.values() if hasattr(each, "commands")]  # type: ignore[attr-defined]
    parts = [each.commands.values() for each in groups]
    commands = [*group.commands.values(), *chain.from_iterable(parts)]  # type: ignore[attr-defined]
    return {
        name
        for command in commands
        for option in command.params
        for name in [*option.opts, *option.secondary_opts]
        if name.startswith("--") and not getattr(option, "hidden", False)
    }


def test_the_page_names_every_command_and_option_and_no_other() -> None:
    page = PAGE.read_text(encoding="utf-8")
    headings = set(re.findall(r"^### `([\w-]+)", page, re.MULTILINE))
    assert headings == set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]  # a group
    assert set(re.findall(r"--[a-z][a-z-]+", page)) - {"--help"} == options_of(app)


def test_the_examples_of_the_page_run(
    holdfast: Command, sample: SampleShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("holdfast.workflows.demo.make_shop", lambda folder, seed: sample)
    for file in (sample.orders, sample.customers, sample.reviews):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    written(tmp_path / "vouchers.csv", VOUCHERS)
    written(tmp_path / "rules.yaml", "segments: [{name: Once, where: {order_count: 1}}]\n")
    examples = EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))
    last = [example for example in examples if "undo" in example or "delete" in example]
    for example in [*(each for each in examples if each not in last), *last]:
        listed = holdfast("model" if example.startswith("model") else "imports").json["items"]
        ran = holdfast(*shlex.split(example.replace("ID", listed[-1]["id"] if listed else "")), as_json=False)
        assert (ran.code, ran.err) == (0, ""), example
        assert ran.out, example
