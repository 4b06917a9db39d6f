"""Every page in a real browser: nothing that axe calls serious, no complaint in the console, keyboard, phone."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from pydantic import BaseModel

from holdfast.api.proved import Backtest, Card, Drivers
from tests.conftest import skip
from tests.web.conftest import ROOT, SignedIn, Visit, visiting

AXE = ROOT / "dashboard" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = {
    "home": "/",
    "customers": "/customers?where=revenue_at_risk>0",
    "plot": "/customers?view=plot",
    "customer": "/customers/{customer}",
    "drawer": "/customers?customer={customer}",
    "segments": "/segments",
    "products": "/products",
    "vouchers": "/vouchers",
    "actions": "/actions",
    "lists": "/actions/lists",
    "list": "/actions/lists/{list}",
    "forecast": "/forecast",
    "data": "/data",
    "models": "/models",
    "settings": "/settings",
    "start": "/start",
    "nowhere": "/nothing-here",
}
A_NUMBER = re.compile(r"\d")
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(params=["light", "dark"])
def visit(request: pytest.FixtureRequest, chromium: Browser, signed_in: SignedIn) -> Iterator[Visit]:
    """A window of somebody who is signed in, in each theme."""
    address, state, _ = signed_in
    with visiting(chromium, address, state, viewport=DESK, color_scheme=request.param) as found:
        yield found


def serious(visit: Visit) -> list[str]:
    """What axe finds and calls serious or worse, with the first place where it is."""
    if not AXE.is_file():
        skip("axe-core is not installed (make page)")
    visit.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = visit.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:160]} ({len(each['nodes'])} places)"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ]


def test_every_page_is_accessible_and_quiet(visit: Visit, signed_in: SignedIn, request: pytest.FixtureRequest) -> None:
    theme = request.node.callspec.params["visit"]
    found = {}
    for name, path in PAGES.items():
        visit.go(path.format(**signed_in.names))
        visit.page.wait_for_timeout(150)  # charts are drawn after what they show has come
        visit.picture(f"{name}-{theme}")
        found[name] = serious(visit)
    assert {name: problems for name, problems in found.items() if problems} == {}
    assert visit.complaints == []


def test_the_header_of_each_page_is_an_answer(chromium: Browser, signed_in: SignedIn) -> None:
    address, state, names = signed_in
    with visiting(chromium, address, state, viewport=DESK) as visit:
        for name in ("home", "customers", "customer", "segments", "actions", "forecast", "data"):
            visit.go(PAGES[name].format(**names))
            expect(visit.page.locator("h1 strong").first).to_have_text(A_NUMBER)


def test_on_a_phone_nothing_is_wider_than_the_screen(chromium: Browser, signed_in: SignedIn) -> None:
    address, state, names = signed_in
    wide = []
    with visiting(chromium, address, state, viewport=PHONE, has_touch=True) as visit:
        for name, path in PAGES.items():
            visit.go(path.format(**names))
            visit.picture(f"{name}-phone")
            if visit.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append(name)
        assert wide == []
        visit.go("/")
        visit.page.get_by_role("link", name="Segments").last.click()
        expect(visit.page.get_by_role("heading", name="RFM grid")).to_be_visible()
        visit.page.get_by_role("button", name="More pages").click()
        visit.picture("more-phone")
        visit.page.get_by_role("menuitem", name="Vouchers").click()
        expect(visit.page).to_have_url(f"{address}/vouchers")


def test_what_is_kept_beside_a_model_is_as_the_client_knows_it(chromium: Browser, signed_in: SignedIn) -> None:
    address, state, _ = signed_in
    with visiting(chromium, address, state) as visit:
        visit.go("/models")
        read = "(path) => fetch(`/api/v1/models${path}`).then((answer) => answer.json())"
        (model,) = visit.page.evaluate(read, "")["items"]
        shapes: dict[str, type[BaseModel]] = {"backtest": Backtest, "card": Card, "drivers": Drivers}
        for name, shape in shapes.items():
            shape.model_validate(visit.page.evaluate(read, f"/{model['id']}/{name}"))


def test_by_keyboard_alone_to_a_customer_and_back(chromium: Browser, signed_in: SignedIn) -> None:
    address, state, names = signed_in
    with visiting(chromium, address, state, viewport=DESK) as visit:
        page = visit.page
        visit.go("/")
        page.keyboard.press("Control+k")
        page.keyboard.type(names["customer"])
        expect(page.get_by_role("option", name=names["customer"], exact=True)).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text(names["customer"])
        visit.go("/customers")
        page.get_by_role("grid").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.get_by_role("complementary", name="Customer")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("complementary", name="Customer")).to_have_count(0)


def test_filters_live_in_the_address(chromium: Browser, signed_in: SignedIn) -> None:
    address, state, _ = signed_in
    with visiting(chromium, address, state, viewport=DESK) as visit:
        page = visit.page
        visit.go("/customers")
        page.get_by_role("button", name="Filter", exact=True).click()
        page.get_by_label("Value").select_option("high")
        page.get_by_role("button", name="Add filter").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("risk is high")
        assert "where=risk_band%3Dhigh" in page.url
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_contain_text("risk is high")
        page.get_by_role("button", name="Remove the filter: risk is high").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("400 customers have ordered so far")


def test_a_rule_is_answered_in_a_sentence(chromium: Browser, signed_in: SignedIn) -> None:
    address, state, _ = signed_in
    with visiting(chromium, address, state, viewport=DESK) as visit:
        visit.go("/segments")
        visit.page.get_by_label("Orders, from").fill("5")
        sentence = visit.page.locator("section", has_text="Try a rule").locator("p strong").first
        expect(sentence).to_have_text(A_NUMBER)


def test_who_is_not_signed_in_sees_a_door_and_a_wrong_password_an_error(
    chromium: Browser, filled: tuple[str, str]
) -> None:
    with visiting(chromium, filled[0], viewport=DESK) as visit:
        page = visit.page
        visit.go("/customers")
        expect(page.get_by_role("heading", name="Sign in to Holdfast")).to_be_visible()
        assert serious(visit) == []
        page.get_by_label("E-mail").fill("nobody@shop.example")
        page.get_by_label("Password").fill("not the password")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_be_visible()
        visit.picture("sign-in")


def test_a_link_that_is_over_says_what_to_do(chromium: Browser, filled: tuple[str, str]) -> None:
    with visiting(chromium, filled[0], viewport=DESK) as visit:
        visit.page.goto(f"{filled[0]}/sign-in?token=hl_used")
        expect(visit.page.get_by_role("alert")).to_contain_text("This link does not sign in any more.")
        expect(visit.page.get_by_role("alert")).to_contain_text("holdfast users link")
        expect(visit.page.get_by_label("Password")).to_be_visible()
        visit.picture("link-over")
        assert serious(visit) == []


def test_an_error_says_what_why_and_what_to_do(chromium: Browser, signed_in: SignedIn) -> None:
    address, state, _ = signed_in
    problem = {
        "type": "", "title": "The engine is busy.", "status": 500, "code": "bug", "detail": "It was asked too much.",
        "todo": "Look into the log.", "request_id": "0123456789abcdef", "details": {},
    }  # fmt: skip
    with visiting(chromium, address, state, viewport=DESK) as visit:
        visit.page.route(
            "**/api/v1/segments",
            lambda route: route.fulfill(
                status=int(str(problem["status"])), content_type="application/problem+json", body=json.dumps(problem)
            ),
        )
        visit.page.goto(f"{address}/segments")
        alert = visit.page.get_by_role("alert").first
        for text in (problem["title"], problem["detail"], problem["todo"], problem["request_id"]):
            expect(alert).to_contain_text(str(text))
        expect(visit.page.get_by_role("heading", level=1)).to_have_text("The customers cannot be grouped.")
        visit.picture("error")
        assert serious(visit) == []
        problem["status"], problem["title"] = 404, "This shop has no orders yet."
        visit.page.reload()
        expect(visit.page.get_by_role("heading", level=1)).to_have_text("This shop has no orders yet.")
        expect(visit.page.get_by_role("link", name="Add orders")).to_be_visible()
        visit.picture("segments-empty")
        assert serious(visit) == []
