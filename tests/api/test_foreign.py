"""Nobody reaches what is not theirs: every address of the OpenAPI description, tried by those who may not.

A new route is tried by itself. What this file has to be told of one: in `things` a real value for a path parameter
that is new, in `BODIES` a body that it accepts; a test says so if it is missing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from fastapi.testclient import TestClient

from holdfast.access.caller import Role
from holdfast.api.app import create_app
from holdfast.settings import Settings
from tests.api.conftest import key_for
from tests.api.parts import settings_on
from tests.api.small_shop import orders, with_products
from tests.api.test_vouchers import SMALL as VOUCHERS
from tests.api.working import as_admin, finished, running, service_of

ROOT = "/api/v1"
OURS, THEIRS = "ours-7f3a", "theirs-b2c4"


@dataclass(frozen=True)
class Route:
    """An address with a method."""

    method: str
    path: str
    described: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def in_path(self) -> list[str]:
        """Its parameters, as `room.parameter`: one word may mean different things in different rooms."""
        room = self.path.removeprefix(ROOT).split("/")[1]
        return [f"{room}.{name}" for name in re.findall(r"\{(\w+)\}", self.path)]

    @property
    def needs_body(self) -> bool:
        """Whether there has to be one."""
        return bool(self.described.get("requestBody", {}).get("required", False))

    def needed_query(self) -> list[str]:
        """The parameters that have to be there."""
        return [
            each["name"] for each in self.described.get("parameters", ()) if each["in"] == "query" and each["required"]
        ]


ROUTES = [
    Route(method.upper(), path, described)
    for path, methods in create_app(Settings(home=Path(mkdtemp()))).openapi()["paths"].items()
    for method, described in methods.items()
]

PUBLIC = {"GET /healthz", "GET /readyz", "GET /sign-in", "POST /api/v1/session"}
"""Open to everybody: whether the server is well, and the doors themselves."""

READS = {
    "POST /api/v1/predict",
    "POST /api/v1/predict/batch",
    "POST /api/v1/segments/preview",
    "POST /api/v1/segments/rfm",
    "POST /api/v1/playbook/preview",
    "POST /api/v1/recommendations",
    "POST /api/v1/vouchers/decision",
    "POST /api/v1/vouchers/decisions",
}
"""Change nothing, though they are no GET: what they ask about needs a body."""

OWN = {"POST /api/v1/session", "DELETE /api/v1/session", "PUT /api/v1/session/password"}
"""Everybody's own sign-in."""

WITHOUT_END = {"GET /api/v1/jobs/events"}
"""Streams for as long as somebody listens."""

SHARED = {"segments.grouping", "segments.name"}
"""Parameters that name no thing of a tenant: each tenant has its own under the same word."""

PLAYS = [
    {
        "name": "Write to all",
        "where": {"order_count": {"min": 1}},
        "what": "Write.",
        "effect": {"points": 3, "give_or_take": 2},
    }
]

VOUCHER = {
    "customer_id": "{customers.customer_id}", "total_orders": 3, "country_code": "Peru",
    "segment_name": "frequent_segment",
}  # fmt: skip
BODIES: Mapping[str, Any] = {
    "POST /api/v1/tenants": {"name": "new"},
    "PATCH /api/v1/tenants/{name}": {"title": "taken over"},
    "POST /api/v1/keys": {"role": "admin"},
    "POST /api/v1/members": {"email": "ann@ours.example", "role": "admin"},
    "PATCH /api/v1/members/{user_id}": {"role": "admin"},
    "PATCH /api/v1/imports/{import_id}": {"mapping": {"customer_id": "customer_id"}},
    "POST /api/v1/runs": {"steps": ["import"], "import_id": "{imports.import_id}"},
    "PUT /api/v1/models/default": {"model": "{models.model_id}", "force": True},
    "POST /api/v1/personal-data/export": {"customer_id": "{customers.customer_id}"},
    "POST /api/v1/personal-data/erase": {"customer_id": "{customers.customer_id}", "confirm": True},
    "POST /api/v1/predict": {"customer_id": "{customers.customer_id}"},
    "POST /api/v1/predict/batch": {"customers": [{"customer_id": "{customers.customer_id}"}]},
    "POST /api/v1/predictions": {"model": "{models.model_id}"},
    "PATCH /api/v1/predictions/{prediction_id}": {"name": "taken over"},
    "POST /api/v1/jobs": {"kind": "undo", "arguments": {"import_id": "{imports.import_id}"}},
    "PATCH /api/v1/jobs/{job_id}": {"label": "taken over"},
    "POST /api/v1/segments/preview": {"rules": [{"name": "all", "where": ["order_count>=0"]}]},
    "POST /api/v1/segments/rfm": {"customers": [{"recency_days": 5, "frequency": 3, "monetary": 100}]},
    "POST /api/v1/playbook/preview": {"plays": PLAYS},
    "PUT /api/v1/playbook": {"plays": PLAYS},
    "POST /api/v1/action-lists": {"contacts": 3},
    "PUT /api/v1/webhook": {"url": "https://nobody.invalid/lists"},
    "POST /api/v1/recommendations": {"customer_ids": ["{customers.customer_id}"]},
    "POST /api/v1/vouchers/decision": VOUCHER,
    "POST /api/v1/vouchers/decisions": {"customers": [VOUCHER]},
    "POST /api/v1/vouchers/offers": VOUCHER,
    "PUT /api/v1/vouchers/offers/{offer_id}/outcome": {"redeemed": True, "margin": "7.00"},
    "PUT /api/v1/session/password": {"new": "another long password"},
    "POST /api/v1/session": {"email": "ann@ours.example", "password": "a guessed password"},
}
"""What is sent to a route, with ids of ours in braces."""


@dataclass(frozen=True)
class House:
    """A server with two tenants that know nothing of each other, and what belongs to the first one."""

    client: TestClient
    ours: Mapping[str, str]
    theirs: Mapping[str, str]
    things: Mapping[str, str]

    def send(self, route: Route, headers: Mapping[str, str]) -> Any:
        """A request about our things."""
        path = route.path
        for name in route.in_path:
            path = path.replace(f"{{{name.partition('.')[2]}}}", self.things[name])
        query = {name: self.things[name] for name in route.needed_query()}
        body = _filled(BODIES.get(str(route)), self.things)
        return self.client.request(route.method, path, params=query, json=body, headers=dict(headers))


def _filled(value: Any, things: Mapping[str, str]) -> Any:
    match value:
        case dict():
            return {name: _filled(each, things) for name, each in value.items()}
        case list():
            return [_filled(each, things) for each in value]
        case str():
            return re.sub(r"\{([\w.]+)\}", lambda found: things[found[1]], value)
        case _:
            return value


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running(tmp_path_factory.mktemp("foreign"), requests_per_minute=0, train_after_import=False) as client:
        headers: dict[str, Mapping[str, str]] = {}
        for tenant in (OURS, THEIRS):
            as_admin(client, tenant)
            headers[tenant] = {"Authorization": client.headers["Authorization"]}
            content = with_products(orders(), prefix=tenant).replace(b"\nc", f"\n{tenant}-".encode())
            sent = client.post("/api/v1/imports", files={"file": (f"{tenant}.csv", content)}, data={"confirm": "true"})
            assert finished(client, sent)["problem"] is None
            erased = client.post(f"{ROOT}/personal-data/erase", json={"customer_id": f"{tenant}-5", "confirm": True})
            assert finished(client, erased)["problem"] is None
            trained = finished(client, client.post("/api/v1/models", json={"past_dates": 1 if tenant == OURS else 0}))
            assert trained["problem"] is None
        client.headers["Authorization"] = headers[OURS]["Authorization"]
        things = made(client)
        del client.headers["Authorization"]
        yield House(client, headers[OURS], headers[THEIRS], things)


def made(client: TestClient) -> dict[str, str]:
    """One of everything, in our tenant: the name of a parameter -> a value that is really there."""

    def first(path: str) -> Any:
        return client.get(f"{ROOT}/{path}").json()["items"][0]

    model = first("models")["id"]
    predicted = finished(client, client.post(f"{ROOT}/predictions", json={"model": model}))
    replayed = finished(client, client.post(f"{ROOT}/backtests", json={"past_dates": 1}))
    ran = finished(client, client.post(f"{ROOT}/runs", json={"steps": ["answer"]}))
    member = client.post(f"{ROOT}/members", json={"email": "ann@ours.example", "role": "viewer"}).json()["member"]
    customer = first("customers")["customer_id"]
    listed = client.post(f"{ROOT}/action-lists", json={"contacts": 3}).headers["Location"]
    assert client.post(f"{listed}/approve").status_code == 200
    assert client.get(f"{listed}/export").status_code == 200  # from now on reading it changes nothing
    vouchers = finished(client, client.post(f"{ROOT}/vouchers/history", files={"file": ("vouchers.csv", VOUCHERS)}))
    assert vouchers["problem"] is None
    offer = client.post(f"{ROOT}/vouchers/offers", json=VOUCHER | {"customer_id": customer}).json()
    assert client.put(f"{ROOT}/webhook", json={"url": "https://nobody.invalid/ours"}).status_code == 200
    return {
        "tenants.name": OURS,
        "keys.key_id": first("keys")["id"],
        "members.user_id": member["user_id"],
        "imports.import_id": first("imports")["id"],
        "datasets.version": client.get(f"{ROOT}/datasets/current").json()["version"],
        "runs.run_id": ran["id"],
        "backtests.backtest_id": replayed["id"],
        "models.model_id": model,
        "models.customer_id": customer,
        "customers.customer_id": customer,
        "products.product_id": first("products")["product_id"],
        "personal-data.erasure_id": first("personal-data/erasures")["id"],
        "predictions.prediction_id": predicted["result"]["prediction"],
        "jobs.job_id": predicted["id"],
        "vouchers.offer_id": offer["offer_id"],
        "action-lists.list_id": listed.rpartition("/")[2],
        "segments.grouping": "risk_band",
        "segments.name": "high",
        "customer": customer,
        "challenger": model,
        "token": "hl_unknown",
    }


def seen_by_us(house: House) -> dict[str, str]:
    """Everything that can be read of our tenant, but what reading it changes: the audit log, when our key was used."""
    routes = [
        each
        for each in ROUTES
        if each.method == "GET" and each.path.startswith(ROOT) and str(each) not in WITHOUT_END
        if not each.path.startswith(f"{ROOT}/audit")
    ]
    return {str(each): re.sub(r'"last_used_at":"[^"]*"', "", house.send(each, house.ours).text) for each in routes}


def test_this_file_knows_every_parameter_and_every_body(house: House) -> None:
    named = {name for route in ROUTES for name in [*route.in_path, *route.needed_query()]}
    assert named - house.things.keys() == set(), "name a real value for it in `made`"
    bodies = {str(route) for route in ROUTES if route.needs_body}
    assert bodies - BODIES.keys() - {"POST /api/v1/imports"} == set(), "write a body for it into `BODIES`"


@pytest.mark.parametrize("route", [each for each in ROUTES if each.method == "GET" and each.in_path], ids=str)
def test_what_the_others_are_refused_is_really_there(house: House, route: Route) -> None:
    answer = house.send(route, house.ours)
    assert answer.status_code == 200, answer.text


def test_the_others_reach_nothing_of_ours_and_change_nothing(house: House) -> None:
    before = seen_by_us(house)
    reached = []
    for route in ROUTES:
        if str(route) in PUBLIC | OWN | WITHOUT_END:
            continue
        answer = house.send(route, house.theirs)
        is_ours = bool(set(route.in_path) - SHARED)
        refused = answer.status_code in (403, 404)
        shows_ours = answer.status_code < 400 and _shows_ours(answer.text, house.things)
        if answer.status_code >= 500 or shows_ours or (is_ours and not refused):
            reached.append(f"{route}: {answer.status_code} {answer.text[:200]}")
    assert reached == []
    wait_for_their_jobs(house)
    after = seen_by_us(house)
    assert {route: (text, after[route]) for route, text in before.items() if text != after[route]} == {}
    actors = {each["actor"] for each in house.client.get(f"{ROOT}/audit", headers=house.ours).json()["items"]}
    assert actors == {house.client.get(f"{ROOT}/session", headers=house.ours).json()["actor"]}


def _shows_ours(text: str, things: Mapping[str, str]) -> bool:
    """Whether an answer holds anything of ours but the ids that they sent themselves."""
    sent = {things[name] for name in re.findall(r"\{([\w.]+)\}", str([*BODIES.values()]))}
    for value in sent:
        text = text.replace(value, "")
    others = {value for name, value in things.items() if name not in SHARED} - sent
    return any(value in text for value in others)


def wait_for_their_jobs(house: House) -> None:
    """Some routes queue what is then refused. What is about their own shop alone need not be waited for."""
    for job in house.client.get(f"{ROOT}/jobs", headers=house.theirs).json()["items"]:
        if job["kind"] in ("train", "backtest", "rebuild"):
            house.client.post(f"{ROOT}/jobs/{job['id']}/cancel", headers=house.theirs)
        house.client.get(f"{ROOT}/jobs/{job['id']}/events", headers=house.theirs)  # ends when the job does


def test_naming_our_tenant_helps_nobody(house: House) -> None:
    headers = {**house.theirs, "X-Tenant-Id": OURS}
    answers = {str(route): house.send(route, headers) for route in ROUTES if str(route) not in PUBLIC}
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 403} == {}
    assert {answer.json()["title"] for answer in answers.values()} == {"This is not one of your tenants."}


def test_a_thing_of_others_and_one_that_is_not_there_are_told_apart_by_nobody(house: House) -> None:
    nothing = {name: re.sub(r"[0-9a-f]{3}$", "fff", value) for name, value in house.things.items()}
    elsewhere = House(house.client, house.ours, house.theirs, nothing | {name: house.things[name] for name in SHARED})
    told = []
    for route in ROUTES:
        if not set(route.in_path) - SHARED:
            continue
        ours, none = house.send(route, house.theirs), elsewhere.send(route, house.theirs)
        said = [_without_ids(answer.json(), h.things) for answer, h in ((ours, house), (none, elsewhere))]
        if ours.status_code != none.status_code or said[0] != said[1]:
            told.append(f"{route}: {said[0]} / {said[1]}")
    assert told == []


def _without_ids(problem: dict[str, Any], things: Mapping[str, str]) -> str:
    text = str({name: value for name, value in problem.items() if name != "request_id"})
    for value in sorted(things.values(), key=len, reverse=True):
        text = text.replace(value, "...")
    return text


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server without anything on it."""
    app = create_app(settings_on(tmp_path_factory.mktemp("empty"), requests_per_minute=0))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def anything(route: Route) -> str:
    """Its address with something in place of every parameter."""
    return re.sub(r"\{\w+\}", "anything", route.path)


@pytest.mark.parametrize("route", [each for each in ROUTES if str(each) not in PUBLIC], ids=str)
@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer hf_x"}, {"Cookie": "holdfast_session=hs_x"}], ids=str
)
def test_without_credentials_there_is_nothing(empty: TestClient, route: Route, headers: dict[str, str]) -> None:
    answer = empty.request(route.method, anything(route), headers=headers)
    refused = 403 if "Cookie" in headers and route.method != "GET" else 401  # no token beside the cookie
    assert answer.status_code == refused
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "route", [each for each in ROUTES if each.method != "GET" and str(each) not in READS | OWN], ids=str
)
def test_a_viewer_changes_nothing(empty: TestClient, route: Route) -> None:
    key = key_for(service_of(empty), "shop", Role.VIEWER)
    answer = empty.request(route.method, anything(route), headers={"Authorization": f"Bearer {key}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_the_exceptions_are_there() -> None:
    """A route that was renamed would otherwise stay an exception for good."""
    assert (PUBLIC | READS | OWN | WITHOUT_END | BODIES.keys()) - {str(route) for route in ROUTES} == set()
