"""The pages of action lists: five clicks from nothing to a list with a holdout, then what it brought."""

import csv
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from holdfast.settings import Settings
from holdfast.store import needed_dataset
from holdfast.web.app import create_app
from holdfast.workflows.training import train
from tests.api.parts import settings_on
from tests.api.servers import served
from tests.receiving import receiving
from tests.sample_home import TENANT, copy_tenant, shop_in
from tests.web.conftest import Visit, serving, sign_in_token, visiting
from tests.web.test_pages import DESK, PHONE, serious

HORIZON = 90
TRAINING_SECONDS = 240
"""The sample shop's training with its past dates, on a machine that does other things."""


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def until_trained(page: Page) -> None:
    """Wait until there is a model; the page goes on meanwhile."""
    ended = """async () => {
        const headers = { "X-Tenant-Id": localStorage.getItem("holdfast.tenant") };
        const jobs = await (await fetch("/api/v1/jobs?limit=50", { headers })).json();
        return jobs.items.some((job) => job.kind === "train" && job.state === "succeeded");
    }"""
    page.wait_for_function(ended, polling=1000, timeout=TRAINING_SECONDS * 1000)


def downloaded(page: Page, button: str) -> list[dict[str, str]]:
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name=button, exact=True).click()
    return list(csv.DictReader(Path(download.value.path()).read_text(encoding="utf-8").splitlines()))


def test_five_clicks_from_nothing_to_a_list_with_a_holdout(chromium: Browser, tmp_path: Path) -> None:
    with serving(tmp_path / "home") as said, visiting(chromium, said["address"]) as visit:
        page, clicks = visit.page, 0

        def click(role: str, name: str) -> None:
            nonlocal clicks
            page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]
            clicks += 1

        page.goto(said["sign_in"])
        click("button", "Try a sample shop")
        expect(page.get_by_role("table", name="Ledger")).to_be_visible(timeout=TRAINING_SECONDS * 1000)
        until_trained(page)
        click("link", "Actions")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Treat")
        click("button", "Draw this list")
        expect(page.get_by_role("heading", level=1)).to_contain_text("left alone at random")
        click("button", "Approve")
        expect(page.get_by_text("Take the customers along")).to_be_visible()
        rows = downloaded(page, "Export")
        clicks += 1
        assert clicks <= 5
        treated, alone = (
            int(number.replace(",", "")) for number in re.findall(r"([\d,]+) customers?", heading(page))[:2]
        )
        assert len(rows) == treated
        assert alone > 0
        expect(page.get_by_text("Nothing is known yet: orders count from")).to_be_visible()
        assert visit.complaints == []


@pytest.fixture(scope="module")
def earlier(
    chromium: Browser, sample_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, dict[str, object], date]]:
    """The sample shop with a model of one horizon before its file ends: its address, cookies, and that day."""
    home = tmp_path_factory.mktemp("lists-page")
    copy_tenant(sample_home, home)
    day = date.fromisoformat(needed_dataset(shop_in(home).folder).manifest.as_of or "") - timedelta(days=HORIZON)
    train(shop_in(home), as_of=day, horizon=HORIZON, dates=0)
    settings: Settings = settings_on(home, tenant=TENANT, private_addresses=True, contact_days=0)
    with served(settings, create_app) as (address, _), visiting(chromium, address) as visit:
        visit.go(f"/sign-in?token={sign_in_token(settings)}")
        yield address, dict(visit.page.context.storage_state()), day


@pytest.fixture
def visit(chromium: Browser, earlier: tuple[str, dict[str, object], date]) -> Iterator[Visit]:
    with visiting(chromium, earlier[0], earlier[1], viewport=DESK) as found:
        yield found


def test_without_a_list_it_says_what_a_list_is(visit: Visit) -> None:
    visit.go("/actions/lists")
    expect(visit.page.get_by_text("No list was drawn yet.")).to_be_visible()
    visit.picture("lists-empty")
    assert serious(visit) == []
    visit.page.get_by_role("link", name="Go to Actions").click()
    expect(visit.page.get_by_role("button", name="Draw this list")).to_be_enabled()


@pytest.mark.parametrize("looks", [{"viewport": DESK}, {"viewport": DESK, "color_scheme": "dark"}, {"viewport": PHONE}])
def test_a_list_from_the_draft_to_what_it_brought(
    chromium: Browser, earlier: tuple[str, dict[str, object], date], looks: dict[str, object]
) -> None:
    address, state, day = earlier
    name = "-".join(
        ["list", str(looks.get("color_scheme", "light")), "phone" if looks["viewport"] == PHONE else "desk"]
    )
    with visiting(chromium, address, state, **looks) as visit:
        page = visit.page
        visit.go("/")
        made = visit.post("action-lists", {"name": name, "as_of": str(day), "holdout": 0.4, "seed": 3})
        visit.go(f"/actions/lists/{made['id']}")
        visit.picture(f"{name}-draft")
        assert serious(visit) == []
        page.get_by_role("button", name="Approve", exact=True).click()
        page.get_by_role("button", name="Other ways").click()
        dialog = page.get_by_role("dialog", name="Take the list along")
        dialog.get_by_label("Sent on").fill(str(day))
        visit.picture(f"{name}-take")
        with page.expect_download() as download:
            dialog.get_by_role("button", name="CSV").click()
        assert download.value.suggested_filename == f"{made['id']}.csv"
        expect(dialog).to_have_count(0)
        expect(page.get_by_role("heading", name="Did it pay?")).to_be_visible()
        expect(page.get_by_text("Cannot tell whether treating them did anything")).to_be_visible()
        page.get_by_text("Arms and plays").click()
        expect(page.get_by_role("table", name="Arms")).to_contain_text("Left alone")
        page.get_by_text("Who left, and who would come").click()
        expect(page.get_by_role("table", name="Customers who left or would come")).to_contain_text("has ordered")
        visit.picture(f"{name}-sent")
        assert serious(visit) == []
        page.get_by_role("button", name="Close the list").click()
        page.get_by_role("button", name="Close it").click()
        expect(page.get_by_text("Its holdouts may be treated again.")).to_be_visible()
        expect(page.get_by_role("button", name="Export again")).to_have_count(0)
        visit.go("/actions/lists")
        expect(page.get_by_role("table", name="Action lists")).to_contain_text(name)
        visit.picture(f"{name}-all")
        assert serious(visit) == []
        assert visit.complaints == []


def test_both_arms_are_there_to_look_at(visit: Visit) -> None:
    visit.go("/")
    made = visit.post("action-lists", {"name": "arms", "contacts": 30, "holdout": 0.5, "seed": 1})
    visit.go(f"/actions/lists/{made['id']}")
    table = visit.page.get_by_role("table", name="Customers of the list")
    first = table.get_by_role("row").nth(1).inner_text()
    visit.page.get_by_role("radio", name=re.compile("^Left alone")).or_(
        visit.page.get_by_role("button", name=re.compile("^Left alone"))
    ).first.click()
    expect(visit.page.get_by_text("drawn at random: what they order")).to_be_visible()
    assert table.get_by_role("row").nth(1).inner_text() != first
    visit.page.get_by_role("button", name="Throw the draft away").click()
    expect(visit.page).to_have_url(re.compile(r"/actions/lists$"))


def test_a_webhook_is_set_tried_and_used(visit: Visit) -> None:
    with receiving() as receiver:
        page = visit.page
        visit.go("/settings")
        page.get_by_label("Address", exact=True).fill(receiver.url)
        page.get_by_role("button", name="Send lists there").click()
        secret = page.get_by_text(re.compile("^whsec_")).inner_text()
        page.get_by_role("button", name="Send a test").click()
        expect(page.get_by_text("It took the test (200).")).to_be_visible()
        assert receiver.are_signed(secret)
        visit.picture("settings-webhook")
        made = visit.post("action-lists", {"name": "hooked", "contacts": 5, "holdout": 0.4})
        visit.post(f"action-lists/{made['id']}/approve")
        visit.go(f"/actions/lists/{made['id']}")
        page.get_by_role("button", name="Other ways").click()
        expect(page.get_by_text(re.compile("The webhook at 127.0.0.1"))).to_be_visible()
        assert "token" not in page.get_by_role("dialog", name="Take the list along").inner_text()
        visit.go("/settings")
        page.get_by_role("button", name="Remove", exact=True).click()
        expect(page.get_by_label("Address", exact=True)).to_be_visible()
