"""Lists of customers over HTTP: what the command line shows, in pages, and as files."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from fastapi.testclient import TestClient

from holdfast.access.caller import Role
from holdfast.store.records import AuditEntry
from holdfast.workflows import views
from holdfast.workflows.customers import list_customers
from holdfast.workflows.derived import beside
from holdfast.workflows.plain import plain
from tests import odd_shop
from tests.api.conftest import key_for
from tests.sample_home import reading, shop_in


@pytest.fixture(scope="module")
def client(sample_home: Path) -> Iterator[TestClient]:
    with reading(sample_home) as client:
        yield client


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    home = tmp_path_factory.mktemp("odd")
    odd_shop.fill(home)
    with reading(home, odd_shop.TENANT) as client:
        yield client


def get(client: TestClient, **arguments: Any) -> dict[str, Any]:
    answer = client.get("customers", params=arguments)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def whole(client: TestClient, **arguments: Any) -> list[dict[str, Any]]:
    """All pages of a list."""
    items, cursor = list[dict[str, Any]](), None
    while True:
        page = get(client, **arguments, **({"cursor": cursor} if cursor else {}))
        items += page["items"]
        cursor = page["next_cursor"]
        assert page["total"] == get(client, **{**arguments, "limit": 1})["total"]
        if cursor is None:
            return items


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"sort": "-net_revenue"},
        {"sort": "churn_ratio", "columns": ["customer_id", "churn_ratio", "rfm_group"]},
        {"where": ["risk_band=high", "net_revenue>=100"], "sort": "days_since_last_order"},
        {"columns": ["*"], "where": ["order_count>3"]},
        {"as_of": "2024-06-01", "sort": "-order_count"},
    ],
)
def test_a_list_is_what_the_library_says(client: TestClient, sample_home: Path, asked: dict[str, Any]) -> None:
    expected, day = list_customers(shop_in(sample_home), **asked)
    arguments = {**asked, **({"columns": ",".join(asked["columns"])} if "columns" in asked else {})}
    items = whole(client, limit=37, **arguments)
    shared = [name for name in expected.names if name in items[0]]
    assert shared == list(expected.names)
    assert [{name: item[name] for name in shared} for item in items] == plain(expected.dicts())
    page = get(client, limit=1, **arguments)
    assert (page["as_of"], page["total"], page["currency"]) == (day.isoformat(), len(items), "GBP")


def test_forecasts_are_columns_like_any_other(client: TestClient) -> None:
    page = get(client, sort="-p_buy", columns="p_buy,e_spend,p_buy_band", where="p_buy_band=80 % and more", limit=5)
    chances = [item["p_buy"] for item in page["items"]]
    assert chances == sorted(chances, reverse=True)
    assert min(chances) >= 0.8
    assert page["model"]


def test_a_search_finds_a_part_of_the_id(odd: TestClient) -> None:
    assert {item["customer_id"] for item in get(odd, search="a/")["items"]} == {"A/1", "A/orders"}
    assert get(odd, search="日")["total"] == 1
    assert get(odd, search="PLAIN1", limit=1)["total"] == 11
    assert get(odd, search="%' OR 1=1 --")["items"] == []


def test_pages_of_every_order_hold_everybody_once(odd: TestClient) -> None:
    names = set(get(odd, columns="*", limit=1)["items"][0])
    for sort in sorted(names & {"customer_id", "median_gap_days", "revenue_at_risk", "is_gone", "net_revenue"}):
        for sign in ("", "-"):
            listed = [item["customer_id"] for item in whole(odd, sort=sign + sort, limit=13)]
            assert len(listed) == len(set(listed)) == get(odd, limit=1)["total"]
            assert set(odd_shop.ODD_IDS) <= set(listed)


def test_money_is_exact_text_and_missing_is_null(odd: TestClient) -> None:
    (item,) = get(odd, where="customer_id=A/1", columns="*")["items"]
    assert item["net_revenue"] == "3.3500"
    assert item["median_gap_days"] is None
    assert item["order_count"] == 1


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ({"columns": "nope"}, "not_found", "nope"),
        ({"sort": "-revenue"}, "not_found", "net_revenue"),
        ({"where": "nope=1"}, "not_found", "nope"),
        ({"where": "net_revenue"}, "unreadable_input", "no condition"),
        ({"where": "net_revenue~5"}, "unreadable_input", "no condition"),
        ({"where": "net_revenue>=many"}, "unreadable_input", "many"),
        ({"where": ["a=1"] * 51}, "bad_request", "where"),
        ({"limit": 0}, "bad_request", "limit"),
        ({"limit": 1001}, "bad_request", "limit"),
        ({"limit": "many"}, "bad_request", "limit"),
        ({"search": "x" * 201}, "bad_request", "search"),
        ({"cursor": "nonsense"}, "unreadable_input", "cursor"),
        ({"cursor": "x" * 501}, "bad_request", "cursor"),
        ({"cursor": "WyIiLCAxXQ"}, "unreadable_input", "cursor"),
        ({"format": "xlsx"}, "bad_request", "format"),
        ({"as_of": "nonsense"}, "unreadable_input", "date"),
        ({"as_of": "1999-01-01"}, "unreadable_input", "Nobody had ordered"),
        ({"as_of": "9999-12-31"}, "unreadable_input", "too far"),
        ({"as_of": "x" * 41}, "bad_request", "as_of"),
    ],
)
def test_what_makes_no_sense_is_a_problem_that_says_so(
    client: TestClient, arguments: dict[str, Any], code: str, said: str
) -> None:
    answer = client.get("customers", params=arguments)
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["code"] == code
    assert said in json.dumps(problem)
    assert problem["todo"]


def test_a_cursor_is_for_the_order_it_was_made_in(client: TestClient) -> None:
    cursor = get(client, sort="-net_revenue", limit=1)["next_cursor"]
    assert client.get("customers", params={"sort": "-net_revenue", "cursor": cursor}).status_code == 200
    for sort in ("net_revenue", "-order_count", None):
        refused = client.get("customers", params={"cursor": cursor, **({"sort": sort} if sort else {})})
        assert refused.status_code == 422
        assert "order" in refused.json()["title"]


def test_values_of_a_cursor_that_somebody_changed_are_refused(client: TestClient) -> None:
    from holdfast.api.paging import encode  # noqa: PLC0415 - as whoever forges one would

    for place in (["much", "x"], [[1], "x"], [5], "5", {"a": 1}, [None, 5], [True, "x"]):
        answer = client.get("customers", params={"sort": "-net_revenue", "cursor": encode(["-net_revenue", place])})
        assert answer.status_code == 422
        assert "cursor" in answer.json()["title"]


def test_a_shop_without_orders_says_what_to_do(client: TestClient) -> None:
    service: Any = client.app.state.service  # type: ignore[attr-defined]
    key = {"Authorization": f"Bearer {key_for(service, 'empty')}"}
    for address in ("customers", "customers/somebody", "customers/somebody/orders", "segments", "answer", "readiness"):
        answer = client.get(address, headers=key)
        assert answer.status_code == 404
        assert answer.json()["title"] == "This shop has no orders yet."
        assert "POST /api/v1/imports" in answer.json()["todo"]


def test_a_large_shop_is_prepared_beside_and_says_when_to_come_again(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_IN_A_REQUEST", 10)
    monkeypatch.setattr(beside, "begin", lambda *_: None)
    answer = client.get("customers", params={"as_of": "2024-05-05"})
    assert answer.status_code == 503
    assert answer.json()["code"] == "being_prepared"
    assert answer.json()["details"] == {"retry_after_seconds": 30}


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [{"params": {"format": "csv"}}, {"headers": {"Accept": "text/csv"}}])
def test_a_csv_file_holds_all_customers_with_every_column(client: TestClient, how: dict[str, Any]) -> None:
    answer = client.get("customers", **how)
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="customers.csv"'
    table = list(csv.DictReader(io.StringIO(answer.text)))
    listed = whole(client, limit=1000, columns="*")
    assert [row["customer_id"] for row in table] == [item["customer_id"] for item in listed]
    assert list(table[0]) == list(listed[0])
    assert [row["net_revenue"] for row in table] == [item["net_revenue"] for item in listed]
    assert [float(row["p_buy"]) for row in table] == [item["p_buy"] for item in listed]


def test_a_file_holds_what_was_asked_for_of_everybody(client: TestClient) -> None:
    asked = {"where": "risk_band=high", "sort": "-net_revenue", "columns": "net_revenue,risk_band"}
    table = list(csv.reader(io.StringIO(client.get("customers", params={**asked, "format": "csv", "limit": 1}).text)))
    assert table[0] == ["customer_id", "net_revenue", "risk_band"]
    assert len(table) - 1 == get(client, **asked)["total"] > 1


def test_no_text_of_a_csv_file_is_a_formula_and_numbers_stay_numbers(odd: TestClient) -> None:
    table = list(csv.DictReader(io.StringIO(odd.get("customers", params={"format": "csv"}).text)))
    names = [row["customer_id"] for row in table]
    for harmful in ("=1+1", "+49 170", "@here"):
        assert harmful not in names
        assert f"'{harmful}" in names
    assert {"A/1", "-5"} <= set(names)  # a number is worth what it says
    assert "'; DROP TABLE x; --" in names
    assert not [value for row in table for value in row.values() if value[:1] in "=@\t\r" and value]
    assert any(float(row["days_overdue"]) < 0 for row in table if row["days_overdue"])


def test_a_parquet_file_holds_the_texts_as_they_are(odd: TestClient, tmp_path: Path) -> None:
    answer = odd.get("customers", params={"format": "parquet", "sort": "customer_id"})
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    (tmp_path / "c.parquet").write_bytes(answer.content)
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT customer_id, net_revenue FROM '{tmp_path / 'c.parquet'}'").fetchall()
    assert {row[0] for row in found} >= set(odd_shop.ODD_IDS)
    assert [row[0] for row in found] == sorted((row[0] for row in found), key=str.encode)


def test_who_takes_customers_out_is_noted_and_who_reads_a_page_is_not(sample_home: Path) -> None:
    with reading(sample_home, role=Role.VIEWER) as client:
        database: Any = client.app.state.service.database  # type: ignore[attr-defined]

        def entries() -> list[AuditEntry]:
            with database.begin() as session:
                found = session.query(AuditEntry).filter_by(action="export customers").order_by(AuditEntry.at)
                return list(found)

        before = len(entries())
        get(client)
        taken = client.get("customers", params={"format": "csv", "where": "risk_band=high", "columns": "p_buy"})
        (noted,) = entries()[before:]
        assert noted.actor.startswith("key:")
        assert noted.request_id == taken.headers["X-Request-Id"]
        assert noted.details["rows"] == len(taken.text.splitlines()) - 1 > 0
        assert noted.details["where"] == ["risk_band=high"]
        refused = client.get("customers", params={"format": "csv", "columns": "nope"})
        assert refused.status_code == 422
        assert len(entries()) == before + 1


def test_made_files_are_gone_once_they_were_sent(
    sample_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with reading(sample_home) as client:
        assert client.get("customers", params={"format": "csv"}).status_code == 200
    assert list(tmp_path.iterdir()) == []
