"""Imports over HTTP: sent, looked at, confirmed, undone; bad files and bad moments."""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from holdfast.access.caller import Role
from tests.api.working import as_admin, as_role, finished, running, service_of

ORDERS = b"customer_id,order_id,ordered_at,amount\n" + b"".join(
    b"c%d,o%d,2024-%02d-%02d,%d.50\n" % (n % 40, n, n % 12 + 1, n % 28 + 1, n) for n in range(400)
)
DOUBTFUL = b"customer_id,order_id,date,amount\n" + b"".join(
    b"%d,%d,%02d/%02d/2024,5\n" % (n % 7, n, n % 9 + 1, n % 8 + 1) for n in range(100)
)
"""Nothing says whether 01/02 is in January or in February."""

NAMELESS = b"a,b,c,d\n" + b"".join(b"%d,%d,2024-01-%02d,5\n" % (n % 7, n, n % 28 + 1) for n in range(100))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """An application with a worker."""
    with running(tmp_path_factory.mktemp("server")) as client:
        yield client


@pytest.fixture
def tenant(numbers: Iterator[int] = count(1)) -> str:  # noqa: B008 - goes on from test to test
    """A tenant that no other test has."""
    return f"shop-{next(numbers)}"


@pytest.fixture
def shop(server: TestClient, tenant: str) -> TestClient:
    """An admin of the tenant."""
    return as_admin(server, tenant)


@pytest.fixture
def folder(server: TestClient, tenant: str) -> Path:
    """Where the tenant's shop is kept."""
    home: Path = service_of(server).settings.home
    return home / "tenants" / tenant


def send(client: TestClient, content: bytes, name: str = "orders.csv", **fields: str) -> dict[str, Any]:
    answer = client.post("/api/v1/imports", files={"file": (name, content)}, data={"train": "false", **fields})
    return finished(client, answer) | {"import": answer.json()["subject"]}


def test_a_file_is_imported_in_one_call(shop: TestClient) -> None:
    job = send(shop, ORDERS, confirm="true")
    assert (job["state"], job["progress"]) == ("succeeded", 1.0)
    assert job["result"]["report"]["lines_kept"] == 400
    assert job["result"]["report"]["revenue_kept"] == "80000.00"
    found = shop.get(f"/api/v1/imports/{job['import']}").json()
    assert (found["state"], found["report"]) == ("imported", job["result"]["report"])
    assert [item["id"] for item in shop.get("/api/v1/imports").json()["items"]] == [job["import"]]


def test_files_as_they_were_sent_are_deleted_once_imported(shop: TestClient, folder: Path) -> None:
    job = send(shop, ORDERS, confirm="true")
    assert not (folder / "uploads" / job["import"]).exists()


def test_without_confirm_it_is_looked_at_then_confirmed(shop: TestClient) -> None:
    looked = send(shop, ORDERS)
    found = shop.get(f"/api/v1/imports/{looked['import']}").json()
    assert (found["state"], found["report"]) == ("inspected", None)
    assert found["inspection"]["mapping"]["customer_id"] == "customer_id"
    job = finished(shop, shop.post(f"/api/v1/imports/{looked['import']}/confirm"))
    assert job["result"]["state"] == "imported"


def test_doubts_are_named_decided_and_then_imported(shop: TestClient) -> None:
    job = send(shop, DOUBTFUL, confirm="true")
    assert (job["state"], job["problem"]["code"]) == ("failed", "doubtful_mapping")
    waiting = shop.get(f"/api/v1/imports/{job['import']}").json()
    assert waiting["state"] == "needs_mapping"
    assert waiting["inspection"]["doubts"]
    again = finished(shop, shop.patch(f"/api/v1/imports/{job['import']}", json={"date_order": "dmy"}))
    assert again["result"]["state"] == "inspected"
    done = finished(shop, shop.post(f"/api/v1/imports/{job['import']}/confirm"))
    assert done["result"]["report"]["lines_kept"] == 100


def test_the_mapping_may_come_with_the_file(shop: TestClient) -> None:
    mapping = '{"customer_id": "a", "order_id": "b", "ordered_at": "c", "amount": "d"}'
    assert send(shop, NAMELESS, confirm="true", mapping=mapping)["state"] == "succeeded"


def test_a_file_whose_columns_nobody_knows_can_still_be_mapped(shop: TestClient) -> None:
    job = send(shop, NAMELESS, confirm="true")
    assert (job["state"], job["problem"]["code"]) == ("failed", "unreadable_input")
    mapping = {"customer_id": "a", "order_id": "b", "ordered_at": "c", "amount": "d"}
    again = finished(shop, shop.patch(f"/api/v1/imports/{job['import']}", json={"mapping": mapping}))
    assert again["result"]["state"] == "inspected"


def test_the_same_file_again_changes_nothing_and_says_so(shop: TestClient) -> None:
    send(shop, ORDERS, confirm="true")
    again = send(shop, ORDERS, confirm="true")
    assert (again["result"]["state"], again["result"]["report"]["changed"]) == ("unchanged", False)


def test_an_import_is_undone(shop: TestClient) -> None:
    job = send(shop, ORDERS, confirm="true")
    finished(shop, shop.post(f"/api/v1/imports/{job['import']}/undo"))
    assert shop.get(f"/api/v1/imports/{job['import']}").json()["state"] == "undone"
    assert shop.post(f"/api/v1/imports/{job['import']}/undo").status_code == 409


def test_several_files_at_once(shop: TestClient) -> None:
    halves = [
        ("file", (name, part)) for name, part in (("a.csv", ORDERS), ("b.csv", re.sub(rb",o(\d)", rb",p\1", ORDERS)))
    ]
    answer = shop.post("/api/v1/imports", files=halves, data={"confirm": "true", "train": "false"})
    job = finished(shop, answer)
    assert job["problem"] is None
    assert job["result"]["report"]["lines_in"] == 800


def test_rejects_are_downloaded(shop: TestClient) -> None:
    job = send(shop, ORDERS + b"c1,o999,not a day,5\n", confirm="true")
    rejects = shop.get(f"/api/v1/imports/{job['import']}/rejects")
    assert "attachment" in rejects.headers["Content-Disposition"]
    assert "not a day" in rejects.text


def test_a_file_that_waits_is_thrown_away(shop: TestClient, folder: Path) -> None:
    job = send(shop, ORDERS)
    assert shop.delete(f"/api/v1/imports/{job['import']}").status_code == 204
    assert shop.get(f"/api/v1/imports/{job['import']}").status_code == 404
    assert not (folder / "uploads" / job["import"]).exists()


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "empty.csv", "unreadable_input"),
        (b"\x00" * 100, "zeros.csv", "unreadable_input"),
        (b"PK\x03\x04 not a zip", "broken.zip", "unreadable_input"),
        (b"PAR1", "cut.parquet", "unreadable_input"),
    ],
)
def test_bad_files_fail_with_a_problem(shop: TestClient, content: bytes, name: str, code: str) -> None:
    job = send(shop, content, name, confirm="true")
    assert (job["state"], job["problem"]["code"]) == ("failed", code)
    assert shop.get(f"/api/v1/imports/{job['import']}").json()["state"] == "failed"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"mapping": "not json"}, 422),
        ({"mapping": '{"customer_id": 5}'}, 422),
        ({"currency": "euro"}, 422),
        ({"date_order": "ydm"}, 422),
        ({"rules": "[]"}, 422),
    ],
)
def test_bad_wishes_are_refused_and_nothing_is_kept(
    shop: TestClient, folder: Path, fields: dict[str, str], status: int
) -> None:
    answer = shop.post("/api/v1/imports", files={"file": ("orders.csv", ORDERS)}, data=fields)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert not list(folder.rglob("orders.csv"))


def test_nothing_or_both_is_refused(shop: TestClient) -> None:
    assert shop.post("/api/v1/imports", data={"confirm": "true"}).status_code == 422
    both = shop.post("/api/v1/imports", files={"file": ("a.csv", b"x")}, data={"address": "https://example.com/a"})
    assert both.status_code == 422


def test_a_viewer_reads_and_imports_nothing(server: TestClient, tenant: str) -> None:
    client = as_role(server, tenant, Role.VIEWER)
    assert client.post("/api/v1/imports", files={"file": ("orders.csv", ORDERS)}).status_code == 403
    assert client.get("/api/v1/imports").json() == {"items": [], "next_cursor": None}


def test_an_address_is_recorded_and_a_private_one_refused(shop: TestClient) -> None:
    answer = shop.post("/api/v1/imports", data={"address": "https://127.0.0.1/orders.csv", "confirm": "true"})
    job = finished(shop, answer)
    assert (job["state"], job["problem"]["what"]) == ("failed", "Private addresses are not called.")
    assert shop.get(f"/api/v1/imports/{answer.json()['subject']}").json()["origin"] == "https://127.0.0.1/orders.csv"


def test_names_of_files_lead_nowhere(shop: TestClient, folder: Path) -> None:
    job = send(shop, ORDERS, "../../../escaped.csv")
    assert shop.get(f"/api/v1/imports/{job['import']}").json()["files"][0]["name"] == "escaped.csv"
    assert [path.parent.name for path in folder.parent.parent.parent.rglob("escaped.csv")] == [job["import"]]


def test_imports_of_the_command_line_are_listed_too(shop: TestClient, tenant: str, tmp_path: Path) -> None:
    from holdfast.workflows.importing import HowToRead, import_files  # noqa: PLC0415

    file = tmp_path / "orders.csv"
    file.write_bytes(ORDERS)
    service = service_of(shop)
    with service.database.begin() as session:
        report = import_files(service.shop(session, tenant), [file], how=HowToRead())
    (item,) = shop.get("/api/v1/imports").json()["items"]
    assert (item["id"], item["state"], item["created_by"]) == (report.import_id, "imported", "command line")


def test_a_file_whose_columns_nobody_knows_is_shown_with_questions(shop: TestClient) -> None:
    job = send(shop, NAMELESS)
    assert job["state"] == "succeeded"
    found = shop.get(f"/api/v1/imports/{job['import']}").json()
    assert found["state"] == "needs_mapping"
    (table,) = found["inspection"]["tables"]
    assert [column["name"] for column in table["columns"]] == ["a", "b", "c", "d"]
    assert all(column["samples"] for column in table["columns"])
    assert {doubt["field"] for doubt in found["inspection"]["doubts"]} == {"customer_id", "ordered_at", "amount"}
    assert "cannot be read as an order history" in found["inspection"]["notes"][0]
    path = f"/api/v1/imports/{job['import']}"
    finished(shop, shop.patch(path, json={"mapping": {"customer_id": "a", "ordered_at": "c", "amount": "d"}}))
    assert shop.get(path).json()["inspection"]["doubts"] == []
    done = finished(shop, shop.post(f"{path}/confirm"))
    assert done["result"]["report"]["lines_kept"] == 100
