"""A known shop gets new orders: they join the others, and the model trained on them stands beside the one before."""

import gzip
from pathlib import Path

from playwright.sync_api import Browser, expect

from holdfast.samples import make_shop
from holdfast.settings import Settings
from holdfast.workflows.importing import HowToRead, import_files
from holdfast.workflows.shop import Shop
from holdfast.workflows.training import train
from tests.web.conftest import serving, visiting


def test_new_orders_are_added_and_two_models_compared(chromium: Browser, tmp_path: Path) -> None:
    home, later = tmp_path / "home", tmp_path / "later.csv"
    sample = make_shop(tmp_path / "files", seed=3, customers=200)
    header, *lines = gzip.decompress(sample.orders.read_bytes()).decode().splitlines(keepends=True)
    earlier = tmp_path / "earlier.csv"
    most = len(lines) * 9 // 10
    earlier.write_text(header + "".join(lines[:most]), encoding="utf-8")
    later.write_text(header + "".join(lines[most:]), encoding="utf-8")
    shop = Shop.open(Settings(home=home))
    import_files(shop, [earlier], how=HowToRead(currency="GBP"))
    before = train(shop, dates=1).stored.record.id

    with serving(home) as said, visiting(chromium, said["address"]) as visit:
        page = visit.page
        page.goto(said["sign_in"])
        page.get_by_role("link", name="Data", exact=True).first.click()
        page.get_by_role("link", name="Add orders").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("New orders join those that are there")
        page.set_input_files("input[type=file]", later)
        page.get_by_role("button", name="Import these orders").click()
        expect(page.get_by_role("table", name="Ledger")).to_be_visible()
        page.get_by_role("link", name="Models", exact=True).first.click()
        models = page.get_by_role("table", name="Models")
        expect(models.get_by_role("row")).to_have_count(3)
        other = models.get_by_role("row").filter(has_not_text="in use").last
        other.get_by_role("button").click()
        page.get_by_role("menuitem", name="Compare with the one in use").click()
        beside = page.get_by_role("table", name="Two models")
        expect(beside).to_contain_text(before)
        expect(beside).to_contain_text("in use")
        expect(beside.get_by_role("row")).to_have_count(3)
        visit.picture("models-compared")
        assert visit.complaints == []
