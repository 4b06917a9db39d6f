"""Offers over HTTP: recorded, limited, measured, and never given twice or beyond the budget."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from fastapi.testclient import TestClient

from holdfast.store.records import Tenant, VoucherOffer, new_id
from holdfast.workflows.clock import now
from tests.api.test_vouchers import ROOT, SMALL
from tests.api.working import as_admin, finished, running, service_of
from tests.postgres import new_database

LAST = (now() - timedelta(days=40)).date().isoformat()
ASKED: dict[str, Any] = {
    "customer_id": "c1", "total_orders": 3, "country_code": "Peru", "last_order_ts": LAST,
    "segment_name": "frequent_segment",
}  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    home = tmp_path_factory.mktemp("offers")
    if request.param == "sqlite":
        with running(home, requests_per_minute=0) as client:
            yield client
        return
    with new_database() as url, running(home, requests_per_minute=0, database_url=url) as client:
        yield client


def with_settings(client: TestClient, tenant: str, **own: Any) -> TestClient:
    """A tenant of its own with a history, and settings."""
    as_admin(client, tenant)
    with service_of(client).database.begin() as session:
        session.get_one(Tenant, tenant).settings = {"voucher_explore": 0.0, **own}
    sent = client.post(f"{ROOT}/history", files={"file": ("h.csv", SMALL)}, data={"country": "Peru"})
    assert finished(client, sent)["problem"] is None
    return client


def offered(client: TestClient, **changed: Any) -> dict[str, Any]:
    answer = client.post(f"{ROOT}/offers", json=ASKED | changed)
    assert answer.status_code in (200, 201), answer.text
    found: dict[str, Any] = answer.json()
    assert (answer.status_code == 201) == (found["offer_id"] is not None)
    return found


def told(client: TestClient, offer_id: str, **body: Any) -> Any:
    return client.put(f"{ROOT}/offers/{offer_id}/outcome", json=body)


def test_limits_stand_beside_what_was_measured(server: TestClient) -> None:
    client = with_settings(server, "limited", voucher_budget=100.0, voucher_per_customer=2, voucher_cool_down_days=7)
    given = Decimal(offered(client)["voucher_amount"])
    assert client.get(f"{ROOT}/margins").json()["limits"] == {
        "budget": "100.00", "given_in_month": f"{given:.2f}", "per_customer": 2, "cool_down_days": 7, "explore": 0.0,
    }  # fmt: skip


def test_an_offer_is_recorded_and_its_outcome_too(server: TestClient) -> None:
    client = with_settings(server, "recorded")
    given = offered(client)
    assert (given["voucher_amount"], given["label"], given["segment"], given["probability"]) == (
        "10.00", "most_used", "1-4", 1.0,
    )  # fmt: skip
    kept = client.get(f"{ROOT}/offers/{given['offer_id']}").json()
    assert (kept["customer_id"], kept["voucher_amount"], kept["margin"], kept["redeemed"]) == (
        "c1",
        "10.00",
        None,
        False,
    )
    for _ in range(2):
        done = told(client, given["offer_id"], redeemed=True, margin="12.34")
        assert (done.status_code, done.json()["margin"], done.json()["redeemed"]) == (200, "12.34", True)
    assert told(client, given["offer_id"], redeemed=True, margin="12.35").status_code == 409
    assert told(client, given["offer_id"], redeemed=True, margin="12.345").status_code == 422
    offered(client, customer_id="c2")
    listed = client.get(f"{ROOT}/offers", params={"customer_id": "c1"}).json()["items"]
    assert [each["id"] for each in listed] == [given["offer_id"]]
    assert len(client.get(f"{ROOT}/offers").json()["items"]) == 2
    actions = [each["action"] for each in client.get("/api/v1/audit").json()["items"]]
    assert actions.count("offer voucher") == 2
    assert actions.count("record voucher outcome") == 1


def test_outside_the_rules_nothing_is_offered_or_recorded(server: TestClient) -> None:
    client = with_settings(server, "outside")
    given = offered(client, total_orders=0)
    assert (given["offer_id"], given["voucher_amount"], given["label"]) == (None, None, "outside_rules")
    assert client.get(f"{ROOT}/offers").json()["items"] == []


@pytest.mark.parametrize(
    "changed",
    [{"as_of": "2018-08-01"}, {"as_of": "2100-01-01"}, {"country_code": "Narnia"}, {"total_orders": -1}],
    ids=str,
)
def test_what_cannot_be_offered_is_refused(server: TestClient, changed: dict[str, Any]) -> None:
    client = with_settings(server, "refused")
    assert client.post(f"{ROOT}/offers", json=ASKED | changed).status_code == 422


def test_limits_of_one_customer(server: TestClient) -> None:
    client = with_settings(server, "limits", voucher_cool_down_days=14, voucher_per_customer=2)
    today = now().date()
    for days, label in ((0, "most_used"), (13, "limit_reached"), (14, "most_used"), (40, "limit_reached")):
        given = offered(client, as_of=(today + timedelta(days=days)).isoformat())
        assert given["label"] == label, given
    assert offered(client, customer_id="c2")["label"] == "most_used"


def test_two_at_once_cannot_both_have_the_last_of_the_budget(server: TestClient) -> None:
    client = with_settings(server, "budget", voucher_budget=55.0)

    def one(nth: int) -> str:
        return str(offered(client, customer_id=f"c{nth}")["label"])

    with ThreadPoolExecutor(8) as pool:
        labels = list(pool.map(one, range(24)))
    assert (labels.count("most_used"), labels.count("limit_reached")) == (5, 19)
    stopped = offered(client)
    assert stopped["because"] == "5.00 of the month's budget of 55.00 is left, less than 10.00."
    next_month = (now().date().replace(day=1) + timedelta(days=32)).isoformat()
    assert offered(client, as_of=next_month)["label"] == "most_used"


def test_a_request_that_is_sent_again_gives_once(server: TestClient) -> None:
    client = with_settings(server, "again")
    answers = [client.post(f"{ROOT}/offers", json=ASKED, headers={"Idempotency-Key": "k-1"}) for _ in range(3)]
    assert {answer.json()["offer_id"] for answer in answers} == {answers[0].json()["offer_id"]}
    assert len(client.get(f"{ROOT}/offers").json()["items"]) == 1


def test_what_was_measured_decides_once_its_time_is_over(server: TestClient) -> None:
    """40 customers at random on every amount and on nothing: 20 pays, though 10 was used most."""
    client = with_settings(server, "measured")
    day = now().date() - timedelta(days=30)
    brought = {0: 100, 1000: 900, 2000: 4000, 3000: 1500}
    with service_of(client).database.begin() as session:
        for amount, margin in brought.items():
            for nth in range(40):
                session.add(
                    VoucherOffer(
                        id=new_id("offer"), tenant="measured", customer_id=f"{amount}-{nth}", country="Peru",
                        segment_name="frequent_segment", segment="1-4", amount=amount, label="explored", explored=True,
                        probability=0.25, as_of=day.isoformat(), history="x", created_at=now(), created_by="test",
                        redeemed=bool(amount), margin=margin + nth, outcome_at=now(),
                    )
                )  # fmt: skip
    given = offered(client)
    assert (given["voucher_amount"], given["label"]) == ("20.00", "measured_margin")
    assert offered(client, total_orders=7)["label"] == "most_used", "another segment was not tried"
    (shown,) = client.get(f"{ROOT}/margins").json()["items"]
    assert (shown["segment"], shown["best"]) == ("1-4", "20.00")
    effects = {Decimal(each["voucher_amount"]): each for each in shown["amounts"]}
    assert [effects[Decimal(amount)]["effect"] for amount in (0, 10, 20, 30)] == [None, -2.0, 19.0, -16.0]
    assert effects[Decimal(20)]["low"] < 19 < effects[Decimal(20)]["high"]
    earlier = (now().date() - timedelta(days=1)).isoformat()
    assert client.get(f"{ROOT}/margins", params={"as_of": earlier}).json()["items"][0]["best"] is None
    assert offered(client, customer_id="c9", as_of=earlier)["label"] == "most_used", "a day too early"


def test_a_share_is_at_random_and_nothing_is_among_it(server: TestClient) -> None:
    client = with_settings(server, "explored", voucher_explore=1.0)
    given = [offered(client, customer_id=f"c{nth}") for nth in range(60)]
    assert {each["voucher_amount"] for each in given} == {"0.00", "10.00", "20.00", "30.00"}
    assert {each["probability"] for each in given} == {0.25}
    held_out = next(each for each in given if each["label"] == "held_out")
    assert told(client, held_out["offer_id"], redeemed=True, margin="1").status_code == 422
    assert told(client, held_out["offer_id"], redeemed=False, margin="1").status_code == 200
