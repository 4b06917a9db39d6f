"""Recommendations and products over HTTP."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from holdfast.workflows import recommender_making
from holdfast.workflows.importing import HowToRead, import_files
from tests.api.small_shop import orders
from tests.sample_home import copy_tenant, reading, shop_in

LABELS = {
    "bought_with", "similar_customers", "due_again", "popular_in_category", "popular_in_segment", "popular",
}  # fmt: skip


@pytest.fixture(scope="module")
def home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("recommendations")
    copy_tenant(sample_home, home)
    return home


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[TestClient]:
    with reading(home) as client:
        yield client


@pytest.fixture(scope="module")
def customers(client: TestClient) -> list[str]:
    return [each["customer_id"] for each in client.get("customers", params={"limit": 40}).json()["items"]]


def got(client: TestClient, path: str, **asked: Any) -> dict[str, Any]:
    answer = client.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_one_customer_gets_a_ranked_and_explained_list(client: TestClient, customers: list[str]) -> None:
    found = got(client, f"customers/{customers[0]}/recommendations", n_recommendations=6)
    assert found["customer_id"] == customers[0]
    assert [each["rank"] for each in found["items"]] == list(range(1, len(found["items"]) + 1))
    scores = [each["score"] for each in found["items"]]
    assert scores == sorted(scores, reverse=True)
    assert {each["label"] for each in found["items"]} <= LABELS
    assert all(each["explanation"] for each in found["items"])
    assert found["method"] in LABELS | {"same_basket"}
    assert found["why"]


def test_without_again_nothing_was_bought_before(client: TestClient, customers: list[str]) -> None:
    for customer in customers[:10]:
        found = got(client, f"customers/{customer}/recommendations", n_recommendations=20, again=False)
        bought = {each["product_id"] for each in got(client, f"customers/{customer}")["products"]}
        assert bought & {each["product_id"] for each in found["items"]} == set()
        assert "due_again" not in {each["label"] for each in found["items"]}


def test_many_at_once_say_the_same_and_name_strangers(client: TestClient, customers: list[str]) -> None:
    asked = {"customer_ids": [*customers[:5], "nobody"], "n_recommendations": 4}
    found = client.post("recommendations", json=asked).json()
    assert found["unknown"] == ["nobody"]
    alone = [got(client, f"customers/{each}/recommendations", n_recommendations=4) for each in customers[:5]]
    assert [each["customer_id"] for each in found["items"]] == customers[:5]
    assert [each["items"] for each in found["items"]] == [each["items"] for each in alone]


@pytest.mark.parametrize("n", [0, 101, -1])
def test_too_many_or_none_is_refused(client: TestClient, customers: list[str], n: int) -> None:
    assert client.get(f"customers/{customers[0]}/recommendations", params={"n_recommendations": n}).status_code == 422
    answer = client.post("recommendations", json={"customer_ids": customers[:1], "n_recommendations": n})
    assert answer.status_code == 422


def test_a_stranger_is_not_found(client: TestClient) -> None:
    answer = client.get("customers/nobody/recommendations")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert "no customer 'nobody'" in answer.json()["title"]
    assert client.post("recommendations", json={"customer_ids": []}).status_code == 422


def test_the_evaluation_stands_beside_popularity(client: TestClient) -> None:
    found = got(client, "recommendations/evaluation")
    past = found["evaluation"]
    assert past["until"] == found["as_of"]
    for rows in (past["new"], past["all"]):
        assert {"popular", "same_basket", "bought_with", "similar_customers"} <= {each["method"] for each in rows}
        assert all(0 <= each["ndcg"] <= 1 and 0 <= each["hit_rate"] <= 1 for each in rows)
    assert past["all"][-1]["method"] == "as answered"


def test_an_earlier_day_knows_nothing_of_later_ones(client: TestClient, customers: list[str]) -> None:
    day = got(client, "customers", limit=1)["as_of"]
    earlier = f"{int(day[:4]) - 1}{day[4:]}"
    answer = client.get(f"customers/{customers[0]}/recommendations", params={"as_of": earlier})
    assert answer.status_code in (200, 404)
    assert got(client, "recommendations/evaluation", as_of=earlier)["as_of"] == earlier
    assert got(client, "products", as_of=earlier)["items"][0]["last_sold_at"] < earlier


def test_an_answer_that_is_known_is_not_sent_again(client: TestClient, customers: list[str]) -> None:
    path = f"customers/{customers[0]}/recommendations"
    tag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_products_and_what_goes_with_them(client: TestClient) -> None:
    page = got(client, "products", limit=5)
    counts = [each["customers"] for each in page["items"]]
    assert counts == sorted(counts, reverse=True)
    second = got(client, "products", limit=5, cursor=page["next_cursor"])
    assert {each["product_id"] for each in page["items"]} & {each["product_id"] for each in second["items"]} == set()
    product = page["items"][0]
    found = got(client, f"products/{product['product_id']}")
    assert {name: found[name] for name in product} == product
    for other in found["bought_with"]:
        assert other["both"] <= found["customers"]
        assert other["share"] == pytest.approx(other["both"] / found["customers"])
    name = product["product_name"].upper()
    assert product["product_id"] in {each["product_id"] for each in got(client, "products", search=name)["items"]}
    assert client.get("products/none").status_code == 404
    assert client.get("products", params={"sort": "colour"}).status_code == 422


def test_nothing_is_learned_twice(home: Path, customers: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("learned again")

    monkeypatch.setattr(recommender_making, "study", never)
    with reading(home) as client:
        got(client, f"customers/{customers[1]}/recommendations", n_recommendations=7)


def test_a_large_shop_is_learned_beside(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_tenant(home, tmp_path)
    for folder in tmp_path.glob("tenants/*/derived/*/recommendations/*"):
        shutil.rmtree(folder)
    monkeypatch.setattr(recommender_making, "MOST_IN_A_REQUEST", 1)
    with reading(tmp_path) as client:
        answer = client.get("recommendations/evaluation")
        assert (answer.status_code, answer.json()["code"]) == (503, "being_prepared")
        until = time.monotonic() + 120
        while client.get("recommendations/evaluation").status_code == 503 and time.monotonic() < until:
            time.sleep(0.2)
        assert got(client, "recommendations/evaluation")["evaluation"]


def test_a_shop_without_products_cannot_tell(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_bytes(orders())
    import_files(shop_in(tmp_path, "plain"), [file], how=HowToRead())
    with reading(tmp_path, "plain") as client:
        for path in ("customers/c1/recommendations", "products", "recommendations/evaluation"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()["title"]) == (404, "Cannot tell what to offer.")
            assert "product_id" in answer.json()["todo"]


def test_odd_ids_and_one_product(tmp_path: Path) -> None:
    lines = ["customer_id,order_id,ordered_at,product_id,quantity,amount"]
    for number in range(60):
        customer = ("A/recommendations", "A", "b/1")[number % 3]
        lines.append(f"{customer},o{number},2023-{number % 12 + 1:02d}-{number % 28 + 1:02d},P/1,1,5.00")
    file = tmp_path / "orders.csv"
    file.write_text("\n".join(lines) + "\n")
    import_files(shop_in(tmp_path, "odd"), [file], how=HowToRead())
    with reading(tmp_path, "odd") as client:
        assert got(client, "customers/A%2Frecommendations")["customer_id"] == "A/recommendations"
        assert got(client, "customers/A%2Frecommendations/recommendations")["customer_id"] == "A/recommendations"
        found = got(client, "customers/b%2F1/recommendations", again=False)
        assert (found["items"], found["note"]) == ([], "Everything in range was bought already.")
        assert got(client, "products/P%2F1")["customers"] == 3
