"""`holdfast forecast`: any file of order lines to one row per customer, with columns that others rely on."""

import io
import os
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from holdfast.cli.main import main
from holdfast.forecast.labels import OrderDays, before
from tests.cli.command import Ran
from tests.forecast.shop import simulated

COLUMNS = ["customer_id", "p_buy", "e_orders", "e_spend", "spend_p10", "spend_p90", "p_alive"]
HEADER = "customer_id,order_id,ordered_at,product_id,quantity,unit_price\n"
FEW = (
    "00123,1,2024-01-05 10:00,mug,2,3.50\n"
    "123,2,2024-01-09 11:00,cup,1,4.00\n"
    "00123,3,2024-01-20 12:00,mug,1,3.50\n"
    "zoe,4,2024-01-21 12:00,mug,1,0\n"
    "yan,5,2024-03-01 09:00,cup,3,4.00\n"
)
FIRST, AS_OF = date(2023, 1, 1), date(2023, 9, 1)
HISTORY, _ = simulated(customers=150, days=280, seed=13)


def run(*arguments: object, as_json: bool = True) -> Ran:
    """`holdfast forecast ARGUMENTS`, without settings from outside; it has no home."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name in [name for name in os.environ if name.startswith("HOLDFAST_")]:
            patch.delenv(name)
        patch.setenv("COLUMNS", "200")
        with pytest.raises(SystemExit) as ended:
            main(["forecast", *map(str, arguments), *(["--json"] if as_json else [])])
    return Ran(int(ended.value.code or 0), out.getvalue(), err.getvalue())


def named(customer: int) -> str:
    """Ids as shops have them: some differ only by leading zeros."""
    return f"{customer // 2:04}" if customer % 2 else str(customer // 2)


def lines_of(history: OrderDays) -> str:
    """An order of two lines a day."""
    rows = []
    for nth, (who, day, spend) in enumerate(zip(history.customer, history.day, history.spend, strict=True)):
        when = FIRST + timedelta(days=int(day))
        rows.append(f"{named(who)},{nth},{when} 10:30,mug,1,{spend / 2:.2f}\n")
        rows.append(f"{named(who)},{nth},{when} 10:30,cup,2,{spend / 4:.2f}\n")
    return HEADER + "".join(rows)


def rows_of(file: Path) -> list[dict[str, Any]]:
    """The rows of a CSV or Parquet file, ids as text."""
    reader = f"read_csv('{file}', types={{'customer_id': 'VARCHAR'}})" if file.suffix == ".csv" else f"'{file}'"
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT * FROM {reader}")
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@dataclass(frozen=True)
class Made:
    """A run on the simulated shop: what it printed, and its file."""

    ran: Ran
    file: Path
    rows: list[dict[str, Any]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    lines = tmp_path_factory.mktemp("shop") / "orders.csv"
    lines.write_text(lines_of(HISTORY), encoding="utf-8")
    out = lines.parent / "forecasts.csv"
    ran = run(lines, "--as-of", AS_OF, "--horizon", 30, "--currency", "EUR", "--out", out)
    assert ran.code == 0, ran.err
    return Made(ran, out, rows_of(out))


@pytest.fixture
def few(tmp_path: Path) -> Path:
    file = tmp_path / "few.csv"
    file.write_text(HEADER + FEW, encoding="utf-8")
    return file


def test_one_row_for_each_customer_with_an_order_before(made: Made) -> None:
    known = before(HISTORY, (AS_OF - FIRST).days)
    expected = {named(int(customer)) for customer in known.customer}
    ids = [row["customer_id"] for row in made.rows]
    assert len(ids) == len(set(ids)) == len(expected) < HISTORY.customers
    assert set(ids) == expected, "ids are as in the file, with their zeros"
    assert ids == sorted(ids)


def test_the_columns_are_those_that_others_rely_on(made: Made) -> None:
    assert made.file.read_text(encoding="utf-8").splitlines()[0].split(",") == COLUMNS
    for row in made.rows:
        assert 0 < row["p_buy"] < 1
        assert 0 <= row["p_alive"] <= 1
        assert row["e_orders"] >= row["p_buy"]
        assert 0 <= row["spend_p10"] <= row["spend_p90"]
        assert row["e_spend"] >= 0


def test_the_answer_sums_the_file_up(made: Made) -> None:
    answer = made.ran.json
    assert set(answer) == {
        "as_of", "horizon_days", "customers", "expected_buyers", "expected_orders", "expected_spend",
        "expected_spend_p10", "expected_spend_p90", "currency", "level_from", "level", "state", "season_known",
        "missing", "out",
    }  # fmt: skip
    assert (answer["as_of"], answer["horizon_days"], answer["currency"]) == ("2023-09-01", 30, "EUR")
    assert answer["customers"] == len(made.rows)
    assert answer["expected_buyers"] == pytest.approx(sum(row["p_buy"] for row in made.rows), abs=0.1)
    assert answer["expected_orders"] == pytest.approx(sum(row["e_orders"] for row in made.rows), abs=0.1)
    assert answer["expected_spend"] == pytest.approx(sum(row["e_spend"] for row in made.rows), abs=0.01)
    assert answer["expected_spend_p10"] < answer["expected_spend"] < answer["expected_spend_p90"]
    assert answer["level_from"] == answer["level"] == "recent past dates"
    assert (answer["state"], answer["season_known"]) == ("degraded", False)
    assert any("season unknown" in sentence for sentence in answer["missing"])
    assert answer["out"] == str(made.file)


def test_who_orders_often_comes_before_who_left(made: Made) -> None:
    day = (AS_OF - FIRST).days
    known = before(HISTORY, day)
    recent = {named(int(who)) for who, when in zip(known.customer, known.day, strict=True) if when >= day - 14}
    long_ago = {named(int(who)) for who in known.customer} - {
        named(int(who)) for who, when in zip(known.customer, known.day, strict=True) if when >= day - 120
    }
    chance = {row["customer_id"]: row["p_buy"] for row in made.rows}
    assert len(recent) > 5 < len(long_ago)
    assert min(chance[one] for one in recent) > max(chance[one] for one in long_ago)


def test_parquet_keeps_numbers_and_ids(few: Path) -> None:
    out = few.parent / "forecasts.parquet"
    answer = run(few, "--as-of", "2024-02-01", "--out", out).json
    with duckdb.connect() as connection:
        types = dict(row[:2] for row in connection.execute(f"DESCRIBE SELECT * FROM '{out}'").fetchall())
    assert list(types) == COLUMNS
    assert types == dict.fromkeys(COLUMNS, "DOUBLE") | {"customer_id": "VARCHAR"}
    assert [row["customer_id"] for row in rows_of(out)] == ["00123", "123"], "Zoe paid nothing, Yan comes later"
    assert (answer["state"], answer["level_from"]) == ("not yet", "the purchase models alone")
    assert answer["horizon_days"] == 90
    assert any("2 customers" in sentence for sentence in answer["missing"])


def test_lines_that_are_clean_already_are_taken_as_they_are(few: Path) -> None:
    """An order for nothing is an order."""
    out = few.parent / "forecasts.csv"
    assert run(few, "--as-of", "2024-02-01", "--policy", "none", "--out", out).code == 0
    assert [row["customer_id"] for row in rows_of(out)] == ["00123", "123", "zoe"]


def test_the_same_lines_give_the_same_bytes(few: Path) -> None:
    first, second = few.parent / "first.csv", few.parent / "second.csv"
    for out in (first, second):
        assert run(few, "--as-of", "2024-02-01", "--out", out).code == 0
    assert first.read_bytes() == second.read_bytes()


def test_as_text_it_says_what_is_expected_and_what_is_missing(few: Path) -> None:
    out = few.parent / "forecasts.csv"
    said = " ".join(run(few, "--as-of", "2024-02-01", "--out", out, as_json=False).out.split())  # lines are wrapped
    assert "As of 2024-02-01, within 90 days:" in said
    assert "of 2 customers are expected to order" in said
    assert said.startswith("Not yet: - 2 customers"), "before the number that cannot be trusted"
    assert "2 customers: at least 30 are needed." in said
    assert "One row per customer is in" in said


def test_nothing_but_the_file_is_left_behind(few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.chdir(scratch)
    assert run(few, "--as-of", "2024-02-01", "--out", tmp_path / "forecasts.csv").code == 0
    assert list(scratch.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["few.csv", "forecasts.csv", "scratch"]


@pytest.mark.parametrize(
    ("option", "value", "word"),
    [
        ("--as-of", "yesterday", "not a date"),
        ("--as-of", "2024-02-30", "not a date"),
        ("--as-of", "2024-01-05", "Nobody had ordered by then"),
        ("--as-of", "1999-01-01", "Nobody had ordered by then"),
        ("--horizon", "0", "horizon is out of range"),
        ("--horizon", "-1", "horizon is out of range"),
        ("--horizon", "10000", "1 to 730 days"),
        ("--horizon", "soon", "not understood"),
        ("--out", "forecasts.xlsx", "names no format we write"),
        ("--out", "forecasts", "names no format we write"),
        ("--out", "no/such/folder/forecasts.csv", "There is no folder"),
        ("--policy", "strict", "strict"),
    ],
)
def test_what_cannot_be_done_is_refused_clearly(
    few: Path, monkeypatch: pytest.MonkeyPatch, option: str, value: str, word: str
) -> None:
    monkeypatch.chdir(few.parent)
    given = {"--as-of": "2024-02-01", "--out": "forecasts.csv"} | {option: value}
    ran = run(few, *(part for each in given.items() for part in each))
    assert ran.code == 2
    assert ran.out == ""
    assert word in " ".join(str(ran.problem[part]) for part in ("what", "seen", "todo"))
    assert all(ran.problem[part] for part in ("code", "what", "seen", "todo"))
    assert [path.name for path in few.parent.iterdir()] == ["few.csv"], "nothing half-written"


def test_lines_that_are_not_there_and_no_lines_at_all_are_refused(tmp_path: Path) -> None:
    missing = run(tmp_path / "nothing.csv", "--out", tmp_path / "out.csv")
    assert (missing.code, bool(missing.problem["todo"])) == (2, True)
    (tmp_path / "empty.csv").write_text(HEADER, encoding="utf-8")
    assert run(tmp_path / "empty.csv", "--out", tmp_path / "out.csv").code == 2
    (tmp_path / "rejected.csv").write_text(HEADER + "ann,1,2024-01-31,mug,0,2\n", encoding="utf-8")
    refused = run(tmp_path / "rejected.csv", "--out", tmp_path / "out.csv")
    assert (refused.code, refused.problem["what"]) == (2, "There is no date to look from.")
    assert not (tmp_path / "out.csv").exists()


def test_without_a_date_it_looks_from_the_last_complete_day_and_says_so(few: Path) -> None:
    answer = run(few, "--out", few.parent / "forecasts.csv").json
    assert answer["as_of"] == "2024-03-02"
    assert answer["customers"] == 3
