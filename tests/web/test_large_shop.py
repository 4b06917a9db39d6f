"""A shop of 100,000 customers in a real browser: how soon pages show something, and how soon they answer a hand."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from runpy import run_path

import pytest
from playwright.sync_api import Browser, Page, expect

from holdfast.workflows.importing import HowToRead, import_files
from holdfast.workflows.views import refresh_view
from tests.sample_home import shop_in
from tests.web import vitals
from tests.web.conftest import ROOT, Visit, serving, visiting
from tests.web.vitals import REPEATS, Measured

CUSTOMERS = 100_000

MOST_PAINT_MS = 2_500
"""Until the largest part of a page is there."""

MOST_SHIFT = 0.1
MOST_HAND_MS = 200
"""From a click or a key to the paint that shows what it did."""

ROUNDS = 3

MOST_FRAME_MS = 100
"""Between two frames while something moves under the hand: longer, and it stutters."""

DESK = {"width": 1440, "height": 900}
PAGES = {
    "home": "/",
    "customers": "/customers",
    "plot": "/customers?view=plot",
}


@pytest.fixture(scope="module")
def large(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, object]]]:
    """Served by a process of its own: its address, and cookies of somebody who is signed in.

    Without a model, whose training would take longer than all that is measured here: forecasts are more columns of the
    same table.
    """
    home = tmp_path_factory.mktemp("large")
    write_lines = run_path(str(ROOT / "benchmarks" / "large_shop.py"))["write_lines"]  # a script, not a package
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("HOLDFAST_")]:
            patch.delenv(name)
        write_lines(home / "lines.parquet", CUSTOMERS)
        shop = shop_in(home, "default")
        import_files(shop, [home / "lines.parquet"], how=HowToRead(currency="GBP"))
        refresh_view(shop)
    with serving(home) as said:
        with visiting(chromium, said["address"]) as visit:
            visit.page.goto(said["sign_in"])
            expect(visit.page.get_by_role("heading", level=1)).to_contain_text("at risk, in")
            state = dict(visit.page.context.storage_state())
        yield said["address"], state


@pytest.fixture
def visit(chromium: Browser, large: tuple[str, dict[str, object]]) -> Iterator[Visit]:
    with visiting(chromium, *large, viewport=DESK) as found:
        found.page.add_init_script(vitals.OBSERVE)
        yield found


@pytest.mark.parametrize("name", PAGES)
def test_the_largest_part_is_there_soon_and_nothing_jumps(
    name: str, chromium: Browser, large: tuple[str, dict[str, object]]
) -> None:
    with ExitStack() as windows:

        def show() -> Page:
            """In a window that has seen nothing yet."""
            visit = windows.enter_context(visiting(chromium, *large, viewport=DESK))
            visit.page.add_init_script(vitals.OBSERVE)
            visit.go(PAGES[name])
            return visit.page

        shifts: list[float] = []

        def measure() -> Measured:
            paint, shift = vitals.paint(show)
            shifts.append(shift)
            return paint

        holds(f"{name}, largest paint", measure, MOST_PAINT_MS)
    assert max(shifts) <= MOST_SHIFT


def test_the_list_answers_at_once(visit: Visit) -> None:
    page = visit.page
    visit.go("/customers")
    grid, heading = page.get_by_role("grid"), page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("100,000 customers")

    def sort() -> None:
        grid.get_by_role("columnheader", name="Orders").get_by_role("button").click()
        expect(grid).to_have_attribute("aria-busy", "false")

    def search() -> None:
        page.get_by_label("Search by a part of the id").press("9")
        page.get_by_label("Search by a part of the id").press("Backspace")

    def filter_high() -> None:
        page.get_by_role("button", name="Filter", exact=True).click()
        page.get_by_label("Value").select_option("high")
        page.get_by_role("button", name="Add filter").click()
        expect(heading).to_contain_text("risk is high")
        page.get_by_role("button", name="Remove the filter: risk is high").click()
        expect(heading).to_contain_text("100,000 customers")

    def drawer() -> None:
        grid.get_by_role("row").nth(3).get_by_role("gridcell").first.click()
        expect(page.get_by_role("complementary", name="Customer")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("complementary", name="Customer")).to_have_count(0)

    def key() -> None:
        grid.focus()
        page.keyboard.press("PageDown")

    for name, act in {"sort": sort, "search": search, "filter": filter_high, "drawer": drawer, "key": key}.items():
        holds(f"customers, {name}", partial(vitals.hand, page, *[act] * REPEATS), MOST_HAND_MS)
    assert visit.complaints == []


def test_the_list_scrolls_without_stutter(visit: Visit) -> None:
    page = visit.page
    visit.go("/customers")
    page.get_by_role("grid").hover()

    def scroll() -> None:
        for _ in range(10):
            page.mouse.wheel(0, 400)
            page.wait_for_timeout(30)

    holds("customers, scroll", partial(vitals.frames, page, *[scroll] * REPEATS), MOST_FRAME_MS)
    expect(page.get_by_text("Arrow keys move")).not_to_contain_text("500 of")


def test_a_frame_is_drawn_around_some_of_all_points(visit: Visit) -> None:
    page = visit.page
    visit.go("/customers?view=plot")
    plot = page.locator("figure").get_by_role("img").bounding_box()
    assert plot
    found = page.get_by_text("in the frame.")
    x, y = plot["x"] + plot["width"] / 2, plot["y"] + plot["height"] / 2

    def begin() -> None:
        page.mouse.move(x, y)
        page.mouse.down()

    def draw() -> None:
        for step in range(10):
            page.mouse.move(x + 15 * step, y + 10 * step)
            page.wait_for_timeout(20)

    def end() -> None:
        page.mouse.up()
        expect(found).to_be_visible()

    def frame() -> None:
        begin()
        draw()
        end()

    page.wait_for_timeout(500)  # until the points are drawn
    holds("plot, frame", partial(vitals.hand, page, *[frame] * REPEATS), MOST_HAND_MS)
    begin()
    holds("plot, while a frame is drawn", partial(vitals.frames, page, *[draw] * REPEATS), MOST_FRAME_MS)
    end()
    assert visit.complaints == []


def holds(what: str, measure: Callable[[], Measured], most: float) -> None:
    """A median within the limit in one of three rounds: a page that is too slow is so each time, a neighbour is not.

    What was measured is printed for people: pytest shows it with -s, and where a test fails.
    """
    rounds: list[Measured] = []
    while len(rounds) < ROUNDS and not any(each.milliseconds <= most for each in rounds):
        rounds.append(measure())
        print(f"{what}: {rounds[-1]}")
    assert min(each.milliseconds for each in rounds) <= most, f"{what}: {', '.join(map(str, rounds))}"
