"""One customer over HTTP: whatever its id is, with all that is known, expected and why."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from holdfast.workflows.customers import list_customers, one_customer
from holdfast.workflows.derived import BeingPreparedError
from holdfast.workflows.explaining import explain_customers
from holdfast.workflows.forecasting import stored_forecasts
from holdfast.workflows.plain import plain
from tests import odd_shop
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


@pytest.fixture(scope="module")
def somebody(sample_home: Path) -> str:
    """The customer with most orders."""
    rows, _ = list_customers(shop_in(sample_home), sort="-order_count", limit=1)
    return str(rows.rows[0][0])


def get(client: TestClient, name: str, **arguments: Any) -> dict[str, Any]:
    answer = client.get(f"customers/{quote(name, safe='')}", params=arguments)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_customer_is_what_the_library_says(client: TestClient, sample_home: Path, somebody: str) -> None:
    found, profile = get(client, somebody), one_customer(shop_in(sample_home), somebody)
    known = plain(profile.facts)
    assert found["facts"].items() <= known.items()
    assert found["groups"].items() <= known.items()
    assert {*found["facts"], *found["groups"]} == {*known} - {"customer_id", "customer_key"}
    assert found["orders"]["items"] == plain(profile.orders.dicts())[:20]
    assert found["orders"]["total"] == len(profile.orders.rows)
    products = [each | {"last_ordered_at": each["last_ordered_at"]} for each in plain(profile.products.dicts())[:20]]
    assert found["products"] == products
    assert (found["customer_id"], found["currency"]) == (somebody, "GBP")


def test_forecast_worth_and_next_order_are_those_of_the_model(
    client: TestClient, sample_home: Path, somebody: str
) -> None:
    forecasts, day = stored_forecasts(shop_in(sample_home))
    expected = next(row for row in forecasts.dicts() if row["customer_id"] == somebody)
    found = get(client, somebody)
    forecast, worth = found["forecast"], found["worth"]
    for name in ("p_buy", "e_orders", "e_spend", "spend_p10", "spend_p90", "p_alive"):
        assert forecast[name] == expected[name]
    assert forecast["churn_probability"] == 1 - expected["p_buy"]
    assert forecast["horizon_days"] == 90
    assert worth["historic"] == found["facts"]["net_revenue"]
    assert worth["predicted"] == expected["predicted_revenue"]
    assert worth["total"] == pytest.approx(expected["clv_revenue"])
    assert float(worth["historic"]) <= worth["low"] <= worth["high"]
    assert found["next_order"]["earliest"] == str(day + timedelta(days=expected["next_order_from"]))
    assert found["next_order"]["latest"] == str(day + timedelta(days=expected["next_order_to"]))
    assert date.fromisoformat(found["next_order"]["earliest"]) >= day
    assert "past dates" in found["next_order"]["note"]


def test_reasons_are_those_of_the_command_line(client: TestClient, sample_home: Path, somebody: str) -> None:
    (expected,) = explain_customers(shop_in(sample_home), [somebody]).as_dict()["items"]
    found = get(client, somebody)["reasons"]
    assert found["sentences"] == expected["sentences"]
    assert len(found["sentences"]) == 3
    assert found["typical"] == pytest.approx(expected["typical"])
    assert [each["group"] for each in found["reasons"]] == [each["group"] for each in expected["reasons"]]
    points = sum(each["points"] for each in found["reasons"])
    assert found["typical"] + points / 100 == pytest.approx(expected["p_buy"], abs=1e-6)
    without = get(client, somebody, reasons=False)
    assert without["reasons"] is None
    assert without["no_reasons"] == "They were not asked for."


def test_reasons_that_are_being_prepared_do_not_keep_the_rest(
    client: TestClient, somebody: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise BeingPreparedError("Busy.", seen="It.", todo="Wait.")

    monkeypatch.setattr("holdfast.api.profiles.needed_ground", busy)
    found = get(client, somebody, as_of="2026-01-15")
    assert found["reasons"] is None
    assert found["no_reasons"] == "Busy. Wait."
    assert found["forecast"]


def test_on_a_past_day_the_rest_is_there_and_the_forecast_is_not(
    client: TestClient, sample_home: Path, somebody: str
) -> None:
    found = get(client, somebody, as_of="2024-06-01")
    profile = one_customer(shop_in(sample_home), somebody, as_of="2024-06-01")
    assert found["facts"].items() <= plain(profile.facts).items()
    assert found["orders"]["total"] == len(profile.orders.rows)
    assert found["forecast"] is None
    assert found["next_order"] is None
    assert found["reasons"] is None
    assert "has seen what came after" in found["no_forecast"]
    assert found["worth"]["historic"]
    assert found["worth"]["predicted"] is None


def test_orders_come_in_pages(client: TestClient, sample_home: Path, somebody: str) -> None:
    expected = plain(one_customer(shop_in(sample_home), somebody).orders.dicts())
    seen, cursor = list[dict[str, Any]](), None
    while True:
        answer = client.get(
            f"customers/{somebody}/orders", params={"limit": 4, **({"cursor": cursor} if cursor else {})}
        )
        page = answer.json()
        assert page["total"] == len(expected)
        seen += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == expected


def test_the_orders_of_a_page_go_on_where_the_customer_ends(client: TestClient, somebody: str) -> None:
    first = get(client, somebody)["orders"]
    every = client.get(f"customers/{somebody}/orders", params={"limit": 1000}).json()["items"]
    assert first["total"] == len(every)
    if first["total"] > 20:
        rest = client.get(f"customers/{somebody}/orders", params={"cursor": first["next_cursor"], "limit": 1000}).json()
        assert first["items"] + rest["items"] == every
    else:
        assert first["next_cursor"] is None


# --- ids -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in odd_shop.ODD_IDS if name not in (".", "..")])
def test_any_id_is_found_letter_by_letter(odd: TestClient, name: str) -> None:
    found = get(odd, name)
    assert found["customer_id"] == name
    orders = odd.get(f"customers/{quote(name, safe='')}/orders").json()
    assert orders["total"] == found["orders"]["total"] == found["facts"]["order_count"]
    assert orders["items"] == found["orders"]["items"]
    assert found["forecast"] is None
    assert found["no_forecast"] == "There is no model in use. Train one."


def test_an_id_that_browsers_make_away_with_is_found_in_the_list(odd: TestClient) -> None:
    for name in (".", ".."):
        found = odd.get("customers", params={"where": f"customer_id={name}"}).json()
        assert [item["customer_id"] for item in found["items"]] == [name]


@pytest.mark.parametrize("name", ["nobody", "a/1", "A/1 ", "A", "A/2", "%00", "plain0/orders/orders", "é", "x" * 5000])
def test_a_stranger_is_a_404(odd: TestClient, name: str) -> None:
    for address in (f"customers/{quote(name, safe='')}", f"customers/{quote(name, safe='')}/orders"):
        answer = odd.get(address)
        assert answer.status_code == 404
        assert answer.json()["code"] == "not_found"
        assert "85 others" in answer.json()["detail"]


@pytest.mark.parametrize(
    "cursor", ["x", "W10", "WzEsIDJd", "WyIyMDI0LTAxLTAxIiwgbnVsbF0", "WyIyMDI0LTAxLTAxIiwgMWU5OTldCg"]
)
def test_a_cursor_that_is_none_is_refused(odd: TestClient, cursor: str) -> None:
    answer = odd.get("customers/plain1/orders", params={"cursor": cursor})
    assert answer.status_code == 422
    assert "cursor" in answer.json()["title"]
