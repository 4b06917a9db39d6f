"""The page of vouchers on the real history of Peru: brought, answered, edited, offered, told what came of it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.web.conftest import Visit, serving, visiting
from tests.web.test_pages import DESK, PHONE, serious

HISTORY = "voucher_assignment/voucher_assignments.parquet"


@pytest.fixture(scope="module")
def shop(chromium: Browser, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, object, Path]]:
    """A served shop without orders that counts in soles, who is signed in, and the file of vouchers."""
    home = tmp_path_factory.mktemp("vouchers-page")
    (home / "holdfast.yaml").write_text("currency: PEN\n", encoding="utf-8")
    with serving(home) as said, visiting(chromium, said["address"]) as visit:
        visit.page.goto(said["sign_in"])
        visit.page.wait_for_selector("h1")
        yield said["address"], visit.page.context.storage_state(), data / HISTORY


@pytest.fixture
def visit(chromium: Browser, shop: tuple[str, dict[str, object], Path]) -> Iterator[Visit]:
    with visiting(chromium, shop[0], shop[1], viewport=DESK) as found:
        found.go("/vouchers")
        yield found
        assert found.complaints == []


def header(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def ledger(page: Page) -> Locator:
    return page.get_by_role("table", name="Ledger of the voucher history")


def test_from_nothing_to_the_answers_of_peru(visit: Visit, shop: tuple[str, object, Path]) -> None:
    page = visit.page
    expect(header(page)).to_have_text("There is no history of vouchers to learn from yet.")
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(1)
    visit.picture("vouchers-empty")
    assert serious(visit) == []
    page.get_by_role("button", name="Bring a voucher history").click()
    page.set_input_files("input[type=file]", shop[2])
    page.get_by_label("Country", exact=True).fill("Peru")
    visit.picture("vouchers-bring")
    assert serious(visit) == []
    page.get_by_role("button", name="Make the history").click()
    answer = "In Peru the voucher given most is PEN 2,640.00: 53.5 % of 33,596 that count"
    expect(header(page)).to_contain_text(answer, timeout=180_000)  # the worker may only just have started
    expect(header(page)).to_contain_text("no segment differs")
    expect(page.get_by_text("44,920 of 285,570 rows are of the countries")).to_be_visible()
    rows = ledger(page).get_by_role("row")
    expect(rows.filter(has_text=re.compile("^kept"))).to_contain_text("33,596")
    expect(rows.filter(has_text="assigned before last order")).to_contain_text("2,894")
    expect(rows.filter(has_text="in the file")).to_contain_text("285,570")
    numbers = [int(text.replace(",", "")) for text in ledger(page).locator("td:nth-child(3)").all_inner_texts()]
    *reasons, rejected, everything = numbers
    assert sum(reasons) == everything == 285_570
    assert sum(reasons[1:]) == rejected
    expect(page.get_by_text("keeps 33,596")).to_be_visible()
    expect(page.get_by_text("keeps 36,490")).to_be_visible()
    by_orders = page.get_by_role("table", name="Vouchers by orders so far").get_by_role("row")
    expect(by_orders.nth(2)).to_have_text(re.compile(r"5-13.*2,640\.00.*9,390.*57\.1\s%.*used most"))
    by_days = page.get_by_role("table", name="Vouchers by days since the last order").get_by_role("row")
    expect(by_days.nth(2)).to_have_text(re.compile(r"61-90.*2,640\.00.*0–.*no history: as in the country"))
    expect(page.get_by_text("5,078 vouchers that count are in no range of orders so far")).to_be_visible()


def test_both_presets_are_a_click_apart(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="Make it anew by simple").click()
    expect(header(page)).to_contain_text("36,490")
    expect(ledger(page)).not_to_contain_text("assigned before last order")
    page.get_by_role("button", name="Make it anew by default").click()
    expect(header(page)).to_contain_text("33,596")


def test_a_decision_comes_with_its_reason(visit: Visit) -> None:
    page = visit.page
    page.get_by_label("Customer", exact=True).fill("123")
    page.get_by_label("Orders so far", exact=True).fill("7")
    page.get_by_role("button", name="Which voucher?").click()
    expect(page.get_by_text("Segment 5-13 by orders so far: 57.1 % of 9,390 vouchers there had this")).to_be_visible()
    page.get_by_role("button", name="Days since the last order").click()
    page.get_by_label("Last order", exact=True).fill("2018-05-20")
    page.get_by_label("As of").fill("2018-08-01")
    page.get_by_role("button", name="Which voucher?").click()
    expect(page.get_by_text("Segment 61-90 by days since the last order has no history.")).to_be_visible()
    expect(page.get_by_text("As of 1 Aug 2018.")).to_be_visible()
    page.get_by_label("Last order", exact=True).fill("2018-07-20")
    page.get_by_role("button", name="Which voucher?").click()
    expect(page.get_by_text("No voucher.", exact=True)).to_be_visible()
    page.get_by_label("Last order", exact=True).fill("2018-09-01")
    page.get_by_role("button", name="Which voucher?").click()
    expect(page.get_by_role("alert")).to_contain_text("The last order lies after the day of the decision.")
    assert page.get_by_text("None was given yet").is_visible(), "asking records nothing"
    visit.complaints[:] = [each for each in visit.complaints if "422" not in each]


def test_rules_say_in_words_what_is_wrong_while_they_are_edited(visit: Visit) -> None:
    page = visit.page
    expect(page.get_by_text("Above 37 orders: no voucher.")).to_be_visible()
    page.get_by_label("1-4, to").fill("6")
    expect(page.get_by_text("1-6 and 5-13 overlap: a customer with 5 to 6 orders would be in both.")).to_be_visible()
    expect(page.get_by_role("button", name="Make the history by these rules")).to_be_disabled()
    visit.picture("vouchers-rules")
    assert serious(visit) == []
    page.get_by_label("1-6, to").fill("2")
    expect(page.get_by_text("3 to 4 orders: between 1-2 and 5-13, no voucher.")).to_be_visible()
    page.get_by_role("button", name="Make the history by these rules").click()
    by_orders = page.get_by_role("table", name="Vouchers by orders so far").get_by_role("row")
    expect(by_orders.nth(1)).to_contain_text("1-2")
    page.get_by_label("1-2, to").fill("4")
    page.get_by_role("button", name="Make the history by these rules").click()
    expect(by_orders.nth(1)).to_contain_text("12,458")


def test_offers_are_limited_recorded_and_told_what_came_of_them(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("button", name="Change the limits").click()
    page.get_by_label("Budget of a month").fill("100000")
    page.get_by_label("Of one customer").fill("1")
    page.get_by_label("At random").fill("0")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("PEN 0.00 of PEN 100,000.00 offered this month")).to_be_visible()
    page.get_by_label("Customer", exact=True).fill("c-17")
    page.get_by_label("Orders so far", exact=True).fill("3")
    page.get_by_role("button", name="Which voucher?").click()
    page.get_by_role("button", name="Offer a voucher, and record it").click()
    expect(page.get_by_text("PEN 2,640.00 offered, and recorded.")).to_be_visible()
    expect(page.get_by_text("PEN 2,640.00 of PEN 100,000.00 offered this month")).to_be_visible()
    page.get_by_role("button", name="Which voucher?").click()
    page.get_by_role("button", name="Offer a voucher, and record it").click()
    expect(page.get_by_text("Nothing was offered.")).to_be_visible()
    expect(page.get_by_text("1 voucher within 365 days; the limit is 1.")).to_be_visible()
    page.get_by_role("button", name="Record the outcome for c-17").click()
    page.get_by_label("The voucher was redeemed").check()
    page.get_by_label("Margin of what was bought").fill("31.5")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_role("table", name="Latest offers")).to_contain_text("31.50, redeemed")
    page.reload()
    expect(page.get_by_role("table", name="Latest offers")).to_contain_text("31.50, redeemed")


def test_what_was_measured_stands_beside_nothing(chromium: Browser, shop: tuple[str, dict[str, object], Path]) -> None:
    arms = [
        {
            "voucher_amount": "0.00",
            "n": 41,
            "redeemed": 0,
            "net_margin": 12.5,
            "effect": None,
            "low": None,
            "high": None,
        },
        {
            "voucher_amount": "20.00",
            "n": 38,
            "redeemed": 17,
            "net_margin": 19.1,
            "effect": 6.6,
            "low": 1.2,
            "high": 12.0,
        },
        {
            "voucher_amount": "30.00",
            "n": 9,
            "redeemed": 4,
            "net_margin": 8.0,
            "effect": None,
            "low": None,
            "high": None,
        },
    ]
    item = {
        "country": "Peru", "segment_name": "frequent_segment", "segment": "1-4", "best": "20.00",
        "reason": "It brings more than nothing does, and most of all.", "amounts": arms,
    }  # fmt: skip
    with visiting(chromium, shop[0], shop[1], viewport=DESK) as visit:
        visit.page.route(
            "**/api/v1/vouchers/margins",
            lambda route: route.fulfill(response=(found := route.fetch()), json={**found.json(), "items": [item]}),
        )
        visit.go("/vouchers")
        expect(visit.page.get_by_text("PEN 20.00 is offered. It brings more than nothing does")).to_be_visible()
        rows = visit.page.get_by_role("table", name="Measured vouchers, Peru, 1-4").get_by_role("row")
        expect(rows.nth(1)).to_contain_text("nothing")
        expect(rows.nth(2)).to_contain_text("6.60 (1.20 to 12.00)")
        expect(rows.nth(3)).to_contain_text("cannot tell")
        visit.picture("vouchers-measured")
        assert serious(visit) == []


def test_the_rest_is_there_where_a_part_fails(chromium: Browser, shop: tuple[str, dict[str, object], Path]) -> None:
    with visiting(chromium, shop[0], shop[1], viewport=DESK) as visit:
        visit.page.route("**/api/v1/vouchers/margins", lambda route: route.fulfill(status=502, body="bad gateway"))
        visit.page.goto(f"{shop[0]}/vouchers")
        expect(visit.page.get_by_role("alert")).to_contain_text("502")
        expect(visit.page.get_by_role("table", name="Vouchers by orders so far")).to_be_visible()
        expect(ledger(visit.page)).to_be_visible()


def test_a_file_that_cannot_be_read_is_explained_and_changes_nothing(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    before = header(page).inner_text()
    (tmp_path / "odd.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    page.get_by_role("button", name="Bring a newer history").click()
    expect(page.get_by_role("dialog").get_by_label("Country", exact=True)).to_have_value("Peru")
    page.set_input_files("input[type=file]", tmp_path / "odd.csv")
    page.get_by_role("button", name="Make the history").click()
    expect(page.get_by_role("alert")).to_contain_text("odd.csv has no column for timestamp")
    expect(page.get_by_role("dialog").get_by_label("voucher_amount")).to_be_visible()
    visit.picture("vouchers-refused")
    page.keyboard.press("Escape")
    assert header(page).inner_text() == before


def test_by_keyboard_from_anywhere(visit: Visit) -> None:
    page = visit.page
    visit.go("/settings")
    page.keyboard.press("Control+k")
    page.keyboard.type("vouch")
    page.keyboard.press("Enter")
    expect(header(page)).to_contain_text("In Peru")
    page.get_by_label("Customer", exact=True).focus()
    page.keyboard.type("k")
    page.keyboard.press("Tab")
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Segment 5-13 by orders so far")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_that_axe_calls_serious(
    chromium: Browser, shop: tuple[str, dict[str, object], Path], theme: str
) -> None:
    with visiting(chromium, shop[0], shop[1], viewport=DESK, color_scheme=theme) as visit:
        visit.go("/vouchers")
        visit.picture(f"vouchers-peru-{theme}")
        assert serious(visit) == []


def test_on_a_phone_nothing_is_wider_than_the_screen(
    chromium: Browser, shop: tuple[str, dict[str, object], Path]
) -> None:
    with visiting(chromium, shop[0], shop[1], viewport=PHONE, has_touch=True) as visit:
        visit.go("/vouchers")
        visit.picture("vouchers-peru-phone")
        assert not visit.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert serious(visit) == []


def test_a_viewer_reads_and_asks_and_changes_nothing(
    chromium: Browser, shop: tuple[str, dict[str, object], Path]
) -> None:
    with visiting(chromium, shop[0], shop[1], viewport=DESK) as visit:
        visit.page.route(
            "**/api/v1/session",
            lambda route: route.fulfill(response=(found := route.fetch()), json={**found.json(), "role": "viewer"}),
        )
        visit.go("/vouchers")
        expect(visit.page.get_by_text("It takes the role analyst to change them.")).to_be_visible()
        expect(visit.page.get_by_label("1-4, to")).to_be_disabled()
        changes = re.compile("^(Bring|Make|Change|Record|Offer)")
        expect(visit.page.get_by_role("main").get_by_role("button", name=changes)).to_have_count(0)
        expect(visit.page.get_by_role("button", name="Which voucher?")).to_be_enabled()
