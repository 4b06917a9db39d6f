"""Vouchers over HTTP: the contract of the three addresses, and whatever callers get wrong."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from holdfast.store.records import Tenant
from holdfast.workflows.clock import today
from holdfast.workflows.shop import Shop
from holdfast.workflows.vouchers import HistoryWishes, import_history
from tests.api.working import as_admin, finished, running, service_of

ROOT = "/api/v1/vouchers"
HEADER = "timestamp,country_code,last_order_ts,first_order_ts,total_orders,voucher_amount\n"
ROWS = [
    (3, 10, "2018-06-21"),
    (3, 10, "2018-06-21"),
    (4, 20, "2018-06-21"),
    (7, 30, "2018-04-20"),
    (40, 30, "2018-07-20"),
]
SMALL = HEADER + "".join(f"2018-07-21 18:59:21,Peru,{last},2018-01-05,{n}.0,{amount}\n" for n, amount, last in ROWS)
ASKED: dict[str, Any] = {
    "customer_id": 123, "total_orders": 3, "country_code": "Peru", "last_order_ts": "2018-06-20 00:00:00",
    "first_order_ts": "2017-05-03 00:00:00", "segment_name": "frequent_segment", "as_of": "2018-08-01",
}  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with running(tmp_path_factory.mktemp("vouchers"), requests_per_minute=0) as client:
        as_admin(client, "small")
        sent = client.post(f"{ROOT}/history", files={"file": ("h.csv", SMALL)}, data={"country": "Peru"})
        assert finished(client, sent)["problem"] is None
        yield client


@pytest.fixture
def client(server: TestClient) -> TestClient:
    return as_admin(server, "small")


def decided(client: TestClient, **changed: Any) -> dict[str, Any]:
    answer = client.post(f"{ROOT}/decision", json=ASKED | changed)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_pipeline_is_a_job_whose_result_is_the_ledger(client: TestClient) -> None:
    as_admin(client, "pipeline")
    sent = client.post(
        f"{ROOT}/history", files={"file": ("h.csv", SMALL)}, data={"country": ["Peru", "Chile"], "policy": "simple"}
    )
    result = finished(client, sent)["result"]
    assert (result["rows_in"], result["rows_kept"], result["policy"], result["changed"]) == (5, 5, "simple", True)
    assert result["outside_rules"] == {"Peru": {"frequent_segment": 1, "recency_segment": 1}}
    again = finished(client, client.post(f"{ROOT}/history"))["result"]
    assert (again["changed"], again["version"]) == (False, result["version"])
    rules = "kind;segment;from;to\nfrequency;one;1;1\nfrequency;more;2;\n"
    edited = finished(client, client.post(f"{ROOT}/history", data={"rules": rules}))["result"]
    assert [(each["segment"], each["from"], each["to"]) for each in edited["rules"]] == [
        ("one", 1, 1),
        ("more", 2, None),
    ]
    assert not list((service_of(client).settings.home / "tenants" / "pipeline" / "uploads").glob("*"))


def test_the_answer_of_every_segment(client: TestClient) -> None:
    found = client.get(f"{ROOT}/segments").json()
    assert (found["rows_in"], found["rows_kept"], found["place"], found["policy"]) == (5, 5, "here", "default")
    assert found["rules"][0] == {"kind": "frequency", "segment": "1-4", "from": 1, "to": 4}
    (peru,) = found["countries"]
    assert peru["segments"][0] == {
        "segment_name": "frequent_segment", "segment": "1-4", "voucher_amount": "10.00", "n": 3, "used": 2,
        "share": 2 / 3, "ties": [], "label": "most_used",
    }  # fmt: skip
    assert peru["segments"][2] == {
        "segment_name": "frequent_segment", "segment": "14-37", "voucher_amount": "10.00", "n": 0, "used": 0,
        "share": None, "ties": [], "label": "fallback_country",
    }  # fmt: skip
    assert (peru["voucher_amount"], peru["ties"], peru["n"]) == ("10.00", ["10.00", "30.00"], 5)
    assert client.get(f"{ROOT}/segments", params={"country": "peru"}).json()["countries"] == [peru]
    assert client.get(f"{ROOT}/segments", params={"country": "Narnia"}).status_code == 422


def test_answers_of_segments_are_sent_once_and_never_stale(client: TestClient) -> None:
    as_admin(client, "etags")
    sent = {"file": ("h.csv", SMALL)}
    assert finished(client, client.post(f"{ROOT}/history", files=sent, data={"country": "Peru"}))["problem"] is None
    first = client.get(f"{ROOT}/segments")
    known = {"If-None-Match": first.headers["ETag"]}
    assert first.json()["currency"] is None
    assert client.get(f"{ROOT}/segments", headers=known).status_code == 304
    assert client.get(f"{ROOT}/segments", params={"country": "Peru"}, headers=known).status_code == 200
    with service_of(client).database.begin() as session:
        session.get_one(Tenant, "etags").settings = {"currency": "PEN"}
    priced = client.get(f"{ROOT}/segments", headers=known)
    assert (priced.status_code, priced.json()["currency"]) == (200, "PEN")
    made = finished(client, client.post(f"{ROOT}/history", data={"policy": "simple"}))
    assert made["problem"] is None
    newer = client.get(f"{ROOT}/segments", headers={"If-None-Match": priced.headers["ETag"]})
    assert (newer.status_code, newer.json()["policy"]) == (200, "simple")


def test_many_decisions_are_those_of_each(client: TestClient) -> None:
    asked = [ASKED | {"total_orders": orders} for orders in (1, 5, 14, 38)]
    answer = client.post(f"{ROOT}/decisions", json={"customers": asked})
    assert answer.status_code == 200, answer.text
    assert answer.json()["items"] == [client.post(f"{ROOT}/decision", json=each).json() for each in asked]
    refused = client.post(f"{ROOT}/decisions", json={"customers": [ASKED, ASKED | {"country_code": "Nowhere"}]})
    assert refused.status_code == 422
    assert refused.json()["title"].startswith("customers.1: ")
    for wrong in ([], [ASKED] * 1001, [ASKED | {"total_orders": -1}]):
        assert client.post(f"{ROOT}/decisions", json={"customers": wrong}).status_code == 422


def test_a_decision_in_six_words(client: TestClient) -> None:
    assert decided(client) == {
        "voucher_amount": "10.00", "segment": "1-4", "n": 3, "share": 2 / 3, "label": "most_used",
        "as_of": "2018-08-01",
    }  # fmt: skip
    assert decided(client, total_orders=20) == {
        "voucher_amount": "10.00", "segment": "14-37", "n": 5, "share": 0.4, "label": "fallback_country",
        "as_of": "2018-08-01",
    }  # fmt: skip
    assert decided(client, total_orders=0) == {
        "voucher_amount": None, "segment": None, "n": 0, "share": None, "label": "outside_rules", "as_of": "2018-08-01",
    }  # fmt: skip


def test_recency_is_measured_at_as_of(client: TestClient) -> None:
    for as_of, segment in (
        ("2018-07-19", None),
        ("2018-07-20", "30-60"),
        ("2018-12-17", "121-180"),
        ("2018-12-18", "180+"),
    ):
        assert decided(client, segment_name="recency_segment", as_of=as_of)["segment"] == segment


def test_without_as_of_it_is_today(client: TestClient) -> None:
    before = today("UTC")
    found = decided(client, as_of=None, segment_name="recency_segment")
    assert before <= date.fromisoformat(found["as_of"]) <= today("UTC")
    assert found["segment"] == "180+"


def test_an_offset_is_read_on_the_shops_clocks(client: TestClient) -> None:
    late = decided(client, segment_name="recency_segment", last_order_ts="2018-07-02T23:30:00-05:00")
    assert late["segment"] is None, "in UTC it was the third: 29 days"
    early = decided(client, segment_name="recency_segment", last_order_ts="2018-07-02T23:30:00Z")
    assert early["segment"] == "30-60"


@pytest.mark.parametrize(
    "changed",
    [
        {"country_code": "Narnia"},
        {"country_code": ""},
        {"country_code": None},
        {"segment_name": "money_segment"},
        {"segment_name": None},
        {"total_orders": -1},
        {"total_orders": 1.5},
        {"total_orders": None},
        {"total_orders": "many"},
        {"total_orders": 10**30},
        {"last_order_ts": "2017-05-02"},
        {"last_order_ts": "2018-08-02"},
        {"last_order_ts": "yesterday"},
        {"last_order_ts": None, "segment_name": "recency_segment"},
        {"last_order_ts": "0001-01-01T00:00:00+14:00"},
        {"first_order_ts": "9999-12-31T23:59:59-14:00"},
        {"as_of": "2018-13-01"},
        {"as_of": "2018-06-19"},
        {"customer_id": ""},
        {"customer_id": None},
        {"customer_id": True},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(client: TestClient, changed: dict[str, Any]) -> None:
    answer = client.post(f"{ROOT}/decision", json=ASKED | changed)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["todo"]


@pytest.mark.parametrize("missing", ["customer_id", "total_orders", "country_code", "segment_name"])
def test_what_is_missing_is_named(client: TestClient, missing: str) -> None:
    body = {name: value for name, value in ASKED.items() if name != missing}
    answer = client.post(f"{ROOT}/decision", json=body)
    assert answer.status_code == 422
    assert missing in answer.json()["detail"]


def test_before_the_first_history_there_is_none(client: TestClient) -> None:
    as_admin(client, "empty")
    assert client.get(f"{ROOT}/segments").status_code == 404
    assert client.post(f"{ROOT}/decision", json=ASKED).status_code == 404
    assert client.post(f"{ROOT}/offers", json=ASKED).status_code == 404
    job = finished(client, client.post(f"{ROOT}/history"))
    assert (job["state"], job["problem"]["code"]) == ("failed", "not_found")


@pytest.mark.parametrize(
    "data",
    [
        {"rules": "[{]"},
        {"rules": "no table"},
        {"rules": '[{"kind": {"a": 1}}]'},
        {"rules": "[1, 2]"},
        {"rules": "kind,segment,from,to\nrecency,a,1,9\nrecency,b,9,\n"},
        {"rules": "kind,segment,from,to\nrecency,a,9,1\n"},
        {"mapping": "[]"},
        {"mapping": '{"country_code": 1}'},
        {"mapping": "{"},
        {"policy": "strict"},
    ],
    ids=str,
)
def test_wishes_that_cannot_be_read_are_refused_at_once(client: TestClient, data: dict[str, str]) -> None:
    answer = client.post(f"{ROOT}/history", files={"file": ("h.csv", SMALL)}, data=data)
    assert answer.status_code == 422, answer.text


@pytest.mark.parametrize(
    ("content", "data", "code"),
    [
        (b"", {}, "unreadable_input"),
        (b"\x00\x01\x02\x03" * 50, {}, "unreadable_input"),
        (b"a,b\n1,2\n", {}, "doubtful_mapping"),
        (SMALL.encode(), {"country": "Narnia"}, "unreadable_input"),
        (SMALL.encode(), {"in_warehouse": "true"}, "bad_settings"),
    ],
)
def test_a_history_that_cannot_be_fails_its_job_and_changes_nothing(
    client: TestClient, content: bytes, data: dict[str, str], code: str
) -> None:
    before = client.get(f"{ROOT}/segments").json()
    job = finished(client, client.post(f"{ROOT}/history", files={"file": ("h.csv", content)}, data=data))
    assert (job["state"], job["problem"]["code"]) == ("failed", code)
    assert client.get(f"{ROOT}/segments").json() == before
    assert not list((service_of(client).settings.home / "tenants" / "small" / "uploads").glob("*"))


def test_real_rows_of_peru(client: TestClient, data: Path) -> None:
    as_admin(client, "peru")
    file = data / "voucher_assignment" / "voucher_assignments.parquet"
    with file.open("rb") as content:
        sent = client.post(f"{ROOT}/history", files={"file": content}, data={"country": "Peru"})
    result = finished(client, sent)["result"]
    assert (result["rows_in"], result["rows_of_countries"], result["rows_kept"]) == (285_570, 44_920, 33_596)
    assert decided(client, total_orders=7) == {
        "voucher_amount": "2640.00", "segment": "5-13", "n": 9390, "share": 5357 / 9390, "label": "most_used",
        "as_of": "2018-08-01",
    }  # fmt: skip
    old = decided(client, segment_name="recency_segment", as_of="2019-08-01")
    assert (old["voucher_amount"], old["segment"], old["label"]) == ("2640.00", "180+", "fallback_country")


def test_a_run_that_a_dead_worker_left_is_not_done_twice(client: TestClient, tmp_path: Path) -> None:
    service = service_of(client)
    with service.database.begin() as session:
        shop: Shop = service.shop(session, "small")
    (tmp_path / "h.csv").write_text(SMALL, encoding="utf-8")
    first = import_history(shop, [tmp_path / "h.csv"], wishes=HistoryWishes(countries=["Peru"]), run="job_x")
    versions = shop.folder.names("vouchers")
    again = import_history(
        shop, [tmp_path / "gone.csv"], wishes=HistoryWishes(countries=["Peru"]), run=first.manifest.run
    )
    assert again.manifest == first.manifest
    assert shop.folder.names("vouchers") == versions
