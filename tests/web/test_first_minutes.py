"""The first five minutes, as a person has them: a file or a sample, the first answer in money, a list to take along."""

import os
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.web.conftest import Visit, crowding, serving, visiting

MOST_SECONDS = 90
"""From the file to the first answer."""

TRAINING_SECONDS = 1_800
"""Of 95,000 customers, with past dates, on a machine that does other things."""

ANSWER = re.compile(r"\d.* is at risk, in \d")
"""In money and customers; before it is counted the header says what is going on."""

ODD = "wer;wann_eigentlich;x7\n" + "".join(
    f"K{n % 40};{1 + n % 28:02d}.{1 + n % 12:02d}.2024;{5 + n % 90},50\n" for n in range(400)
)
"""An export whose columns nobody knows."""


def shop(visit: Visit, sign_in: str) -> None:
    visit.page.goto(sign_in)
    expect(visit.page.get_by_role("button", name="Use my orders")).to_be_visible()


def test_online_retail_from_the_file_to_a_list_of_late_customers(chromium: Browser, data: Path, tmp_path: Path) -> None:
    with serving(tmp_path / "home") as said, visiting(chromium, said["address"]) as visit:
        page = visit.page
        shop(visit, said["sign_in"])
        begun = time.monotonic()
        page.set_input_files("input[type=file]", data / "online_retail" / "OnlineRetail.csv.gz")
        expect(page.get_by_role("heading", level=1)).to_contain_text("541,909 rows")
        report("Online Retail: columns shown", begun)
        expect(page.get_by_label("Customer")).to_have_value("CustomerID")
        expect(page.get_by_text("17850")).to_be_visible()
        visit.picture("first-mapping")
        page.get_by_role("button", name="Import these orders").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(ANSWER)
        report("Online Retail: first answer", begun)
        assert time.monotonic() - begun <= MOST_SECONDS * crowding()
        expect(page.get_by_role("table", name="Ledger")).to_contain_text("10,208,566.92")
        expect(page.get_by_role("progressbar").first).to_be_visible()
        visit.picture("first-answer")
        page.get_by_role("link", name="See who they are").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Export this list").click()
        report("Online Retail: list on disk", begun)
        rows = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
        total = page.get_by_role("heading", level=1).inner_text().split()[0].replace(",", "")
        assert rows[0].startswith("customer_id,risk_band,")
        assert len(rows) == int(total) + 1
        page.get_by_role("link", name="Forecast").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("recency rule")
        report("Online Retail: model with its record", begun)
        expect(page.get_by_text("does a chance of 30 % happen", exact=False).first).to_be_visible()
        assert visit.complaints == []


@pytest.mark.parametrize("to_the_model", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_the_tables_of_olist_from_their_folder(
    to_the_model: bool, chromium: Browser, data: Path, tmp_path: Path
) -> None:
    with serving(tmp_path / "home") as said, visiting(chromium, said["address"]) as visit:
        page = visit.page
        shop(visit, said["sign_in"])
        begun = time.monotonic()
        page.set_input_files("input[type=file]", sorted((data / "olist").glob("*.parquet")))
        expect(page.get_by_role("heading", level=1)).to_contain_text("These 10 files have 112,650 rows")
        report("Olist: columns shown", begun)
        visit.picture("first-olist")
        page.get_by_role("button", name="Import these orders").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(ANSWER)
        report("Olist: first answer", begun)
        assert time.monotonic() - begun <= MOST_SECONDS * crowding()
        visit.picture("first-olist-answer")
        page.get_by_role("link", name="See who they are").click()
        with page.expect_download():
            page.get_by_role("button", name="Export this list").click()
        report("Olist: list on disk", begun)
        assert visit.complaints == []
        if not to_the_model:
            return
        page.get_by_role("link", name="Forecast").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("recency rule", timeout=TRAINING_SECONDS * 1000)
        report("Olist: model with its record", begun)
        expect(page.get_by_text("does a chance of 1 % happen", exact=False).first).to_be_visible()
        expect(page.get_by_text("A feature made from the future was caught")).to_be_visible()
        visit.picture("first-olist-forecast")
        assert visit.complaints == []


def report(what: str, begun: float) -> None:
    """For people: pytest shows it with -s."""
    print(f"{what} after {time.monotonic() - begun:.0f} s, load {os.getloadavg()[0]:.1f}")


def test_the_sample_shop_in_one_click(chromium: Browser, tmp_path: Path) -> None:
    with serving(tmp_path / "home") as said, visiting(chromium, said["address"]) as visit:
        page = visit.page
        shop(visit, said["sign_in"])
        visit.picture("first-empty")
        page.get_by_role("button", name="Try a sample shop").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(ANSWER)
        expect(page.get_by_text("In training")).to_be_visible()
        page.get_by_role("link", name="Home", exact=True).first.click()
        expect(page.get_by_text("A model is being trained")).to_be_visible()
        expect(page.get_by_role("table", name="Customers with most revenue at risk")).to_be_visible()
        page.get_by_role("link", name="Models").first.click()
        page.get_by_role("button", name="Cancel").click()
        expect(page.get_by_role("button", name="Run again")).to_be_visible()
        assert visit.complaints == []


def test_columns_that_nobody_knows_are_asked_for_with_samples_beside(chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text(ODD, encoding="utf-8")
    with serving(tmp_path / "home") as said, visiting(chromium, said["address"]) as visit:
        page = visit.page
        shop(visit, said["sign_in"])
        page.set_input_files("input[type=file]", file)
        expect(page.get_by_role("heading", level=1)).to_contain_text("to decide before")
        expect(page.get_by_role("button", name="Import these orders")).to_be_disabled()
        visit.picture("first-doubts")
        for answer in ("customer is wer", "time is wann_eigentlich", "line amount is x7"):
            page.get_by_role("button", name=f"Yes, {answer}").click()
            expect(page.get_by_role("button", name=f"Yes, {answer}")).to_have_count(0)
        expect(page.get_by_role("button", name="Import these orders")).to_be_enabled()
        page.get_by_role("button", name="Import these orders").click()
        expect(page.get_by_role("table", name="Ledger")).to_contain_text("400")
        assert visit.complaints == []
