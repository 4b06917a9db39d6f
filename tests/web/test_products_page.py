"""What to offer a customer, and the page of products, in a real browser."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.web.conftest import SignedIn, visiting
from tests.web.test_pages import DESK, PHONE, serious


def test_a_recommendation_leads_to_its_product_and_on_to_what_goes_with_it(
    chromium: Browser, signed_in: SignedIn
) -> None:
    address, state, names = signed_in
    with visiting(chromium, address, state, viewport=DESK) as visit:
        visit.go(f"/customers/{names['customer']}")
        offer = visit.page.locator("section", has=visit.page.get_by_role("heading", name="What to offer"))
        expect(offer.get_by_role("listitem")).to_have_count(10)
        expect(offer).to_contain_text(re.compile("Due again|Popular|Customers like this one|Goes with"))
        visit.picture("customer-offer")
        first = offer.get_by_role("link").first
        name = first.inner_text()
        first.click()
        expect(visit.page.get_by_role("heading", name=name)).to_be_visible()
        together = visit.page.get_by_role("region", name="Bought with it")
        other = together.get_by_role("button").first
        named = other.inner_text()
        other.click()
        expect(visit.page.get_by_role("heading", name=named)).to_be_visible()
        expect(visit.page.locator(".waiting")).to_have_count(0)
        assert visit.complaints == []


@pytest.mark.parametrize(
    ("name", "looks"),
    [
        ("light", {"viewport": DESK, "color_scheme": "light"}),
        ("dark", {"viewport": DESK, "color_scheme": "dark"}),
        ("phone", {"viewport": PHONE, "color_scheme": "light"}),
    ],
)
def test_products_are_searched_sorted_and_judged(
    chromium: Browser,
    signed_in: SignedIn,
    name: str,
    looks: dict[str, object],
) -> None:
    address, state, _ = signed_in
    with visiting(chromium, address, state, **looks) as visit:
        visit.go("/products")
        expect(visit.page.get_by_role("heading", level=1)).to_contain_text(re.compile(r"\d+ products"))
        table = visit.page.get_by_role("region", name="Products")
        expect(table.get_by_role("button")).to_have_count(25)
        first = table.get_by_role("button").first.inner_text()
        visit.page.get_by_role("searchbox").fill(first.upper())
        expect(table.get_by_role("button").first).to_have_text(first)
        visit.page.get_by_role("searchbox").fill("nothing is called this")
        expect(visit.page.get_by_text("No product has this")).to_be_visible()
        visit.page.get_by_role("searchbox").fill("")
        visit.page.get_by_label("Order").select_option("product_name")
        table.get_by_role("button").first.click()
        visit.page.get_by_text("Would it have been worth it?").click()
        expect(visit.page.get_by_role("region", name="All that was bought")).to_contain_text("As answered")
        expect(visit.page.locator(".waiting")).to_have_count(0)
        visit.page.evaluate("window.scrollTo(0, 0)")
        visit.picture(f"products-{name}")
        assert serious(visit) == []
        assert visit.complaints == []
