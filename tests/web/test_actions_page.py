"""The page of actions: a budget chosen in three ways, a list to take along, a playbook tried out before it is kept."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from holdfast.settings import Settings
from holdfast.web.app import create_app
from tests.api.parts import settings_on
from tests.api.servers import served
from tests.sample_home import TENANT, copy_tenant
from tests.web.conftest import Visit, in_pounds, sign_in_token, visiting
from tests.web.test_pages import DESK, PHONE, serious

VOUCHER = "Voucher for those who slip away"


@pytest.fixture(scope="module")
def signed_in(
    chromium: Browser, sample_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, dict[str, object]]]:
    """A served copy of the sample shop: its address, and the cookies of somebody who is signed in."""
    home = tmp_path_factory.mktemp("actions-page")
    copy_tenant(sample_home, home)
    settings: Settings = settings_on(home, tenant=TENANT)
    with served(settings, create_app) as (address, _), visiting(chromium, address) as visit:
        visit.go(f"/sign-in?token={sign_in_token(settings)}")
        yield address, dict(visit.page.context.storage_state())


@pytest.fixture
def visit(chromium: Browser, signed_in: tuple[str, dict[str, object]]) -> Iterator[Visit]:
    """A window of the operator, on the page."""
    with visiting(chromium, signed_in[0], signed_in[1], viewport=DESK) as found:
        found.go("/actions")
        yield found


def header(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def treated(page: Page) -> int:
    """How many customers the header says to treat."""
    found = re.match(r"Treat ([\d,]+) customers", header(page).inner_text())
    assert found, header(page).inner_text()
    return int(found[1].replace(",", ""))


def test_the_budget_is_chosen_by_slider_number_or_chart_and_lives_in_the_address(visit: Visit) -> None:
    page = visit.page
    everybody = treated(page)
    slider = page.get_by_role("slider")
    slider.focus()
    slider.press("Home")
    expect(header(page)).to_have_text("Leave everybody alone: the budget is spent.")
    expect(page.get_by_text("Nobody is on the list.")).to_be_visible()
    expect(page.get_by_role("button", name="Export this list")).to_be_disabled()
    assert "budget=0" in page.url
    assert serious(visit) == []
    page.get_by_label("Budget, £").fill("1")
    expect(header(page)).to_contain_text("Stop there: the budget is spent")
    assert 0 < treated(page) < everybody
    page.reload()
    expect(page.get_by_label("Budget, £")).to_have_value("1")
    chart = page.get_by_role("img", name="Expected profit by budget").bounding_box()
    assert chart
    page.mouse.click(chart["x"] + chart["width"] * 0.2, chart["y"] + chart["height"] / 2)
    expect(page.get_by_label("Budget, £")).not_to_have_value("1")
    page.get_by_role("button", name="No limits").click()
    expect(header(page)).to_contain_text("costs more than they return")
    assert treated(page) == everybody
    page.wait_for_timeout(500)  # what was chosen just before does not come back
    assert "budget" not in page.url
    page.get_by_label("Contacts, at most").fill("7")
    expect(header(page)).to_contain_text("no more contacts are allowed")
    expect(page.get_by_role("table", name="The list of actions").get_by_role("link")).to_have_count(7)
    assert visit.complaints == []


def test_the_list_leads_to_customers_and_out_of_the_page(visit: Visit) -> None:
    page = visit.page
    with page.expect_download() as download:
        page.get_by_role("button", name="Export this list").click()
    rows = list(csv.DictReader(Path(download.value.path()).read_text(encoding="utf-8").splitlines()))
    assert len(rows) == treated(page)
    first = page.get_by_role("table", name="The list of actions").get_by_role("row").nth(1)
    for part in ("customer_id", "what", "why", "timing", "evidence"):
        expect(first).to_contain_text(in_pounds(rows[0][part]))
    first.get_by_role("link").click()
    expect(header(page)).to_contain_text(rows[0]["customer_id"])


def test_list_and_reasons_add_up_to_everybody(visit: Visit) -> None:
    page = visit.page
    alone = page.get_by_role("table", name="Customers who are left alone")
    counts = [int(text.replace(",", "")) for text in alone.locator("td:last-child").all_inner_texts()]
    said = page.get_by_text(re.compile(r"^\d+ of \d+ customers\.")).inner_text()
    left, everybody = (int(number) for number in re.findall(r"\d+", said)[:2])
    assert sum(counts) == left == everybody - treated(page)
    page.get_by_text("Every split considered").click()
    expect(page.get_by_role("table", name="Holdouts considered").get_by_role("row")).to_have_count(7)


def test_a_playbook_is_tried_out_kept_and_thrown_away(visit: Visit) -> None:
    page = visit.page
    before = header(page).inner_text()
    tried = page.get_by_role("region", name="What it would do")
    page.get_by_role("button", name=f"Edit {VOUCHER}").click()
    expect(tried).to_have_count(0)
    page.get_by_label("Effect, points").fill("20")
    expect(tried.get_by_role("table", name="Before and after")).to_contain_text("→")
    expect(tried.get_by_role("button", name="Keep this playbook")).to_be_enabled()
    visit.picture("actions-playbook")
    assert serious(visit) == []
    assert header(page).inner_text() == before
    page.get_by_label("Effect, points").fill("90")
    expect(tried.get_by_role("alert")).to_contain_text("Give points from -45 to 45")
    expect(tried.get_by_role("button", name="Keep this playbook")).to_be_disabled()
    page.get_by_label("Effect, points").fill("20")
    page.get_by_label("For whom").fill("order_count at least 3")
    expect(page.get_by_text("Line 1 cannot be read: order_count at least 3")).to_be_visible()
    page.get_by_label("For whom").fill("order_count: {min: 3}")
    expect(tried.get_by_role("button", name="Keep this playbook")).to_be_enabled()
    tried.get_by_role("button", name="Keep this playbook").click()
    expect(tried).to_have_count(0)
    expect(header(page)).not_to_have_text(before)
    expect(page.get_by_text("Orders at least 3", exact=True)).to_be_visible()
    page.get_by_role("button", name="Back to the usual playbook").click()
    page.get_by_role("button", name="Throw ours away").click()
    expect(header(page)).to_have_text(before)
    expect(page.get_by_role("button", name="Back to the usual playbook")).to_have_count(0)


def test_a_viewer_reads_and_changes_nothing(chromium: Browser, signed_in: tuple[str, dict[str, object]]) -> None:
    with visiting(chromium, *signed_in, viewport=DESK) as visit:
        visit.page.route(
            "**/api/v1/session",
            lambda route: route.fulfill(response=(found := route.fetch()), json={**found.json(), "role": "viewer"}),
        )
        visit.go("/actions")
        expect(visit.page.get_by_role("heading", name=VOUCHER)).to_be_visible()
        expect(visit.page.get_by_text("It takes the role analyst to change it.")).to_be_visible()
        expect(visit.page.get_by_role("button", name=re.compile("^Edit|Add a play"))).to_have_count(0)
        expect(visit.page.get_by_role("button", name="Export this list")).to_be_enabled()


@pytest.mark.parametrize("looks", [{"viewport": DESK, "color_scheme": "dark"}, {"viewport": PHONE, "has_touch": True}])
def test_without_a_forecast_it_says_what_will_be_here(
    chromium: Browser, signed_in: tuple[str, dict[str, object]], looks: dict[str, Any]
) -> None:
    problem = {
        "type": "", "title": "Actions need a forecast.", "status": 404, "code": "not_found", "detail": "No model.",
        "todo": "Train a model first.", "request_id": "0123456789abcdef", "details": {},
    }  # fmt: skip
    with visiting(chromium, *signed_in, **looks) as visit:
        visit.page.route(
            "**/api/v1/actions*",
            lambda route: route.fulfill(status=404, content_type="application/problem+json", body=json.dumps(problem)),
        )
        visit.go("/actions")
        expect(header(visit.page)).to_have_text("There is no forecast to rank customers by yet.")
        expect(visit.page.get_by_role("button", name="Train a model")).to_be_enabled()
        visit.picture("actions-empty")
        assert serious(visit) == []
