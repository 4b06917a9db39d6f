"""Take pictures of the pages of a shop, to judge them or for docs/.

    python -m tools.page_pictures HOME FOLDER [PAGE ...]    every page as a whole: light, dark, as wide as a phone
    python -m tools.page_pictures HOME                      those of docs/pictures, as a desk shows them at first

HOME is one that an import has filled, or `holdfast demo --home HOME`, with `tenant: sample` in its holdfast.yaml. The
pictures of a mapping and of vouchers are left by the walks through real files in tests/web (`first-mapping.png`, the
first 900 lines of `vouchers-peru-light.png`).
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

from playwright.sync_api import Browser, sync_playwright

from tests.web.conftest import PROGRAMS, ROOT, Visit, serving, visiting
from tests.web.test_pages import DESK, PAGES, PHONE

LOOKS: dict[str, dict[str, object]] = {
    "light": {"viewport": DESK, "color_scheme": "light"},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "color_scheme": "light", "has_touch": True},
}
DOCS = {
    "home": "light",
    "drawer": "light",
    "plot": "light",
    "segments": "dark",
    "customer": "light",
    "forecast": "light",
    "actions": "light",
    "list": "light",
}


@contextmanager
def shop(home: Path) -> Iterator[tuple[Browser, str, dict[str, object]]]:
    """A browser, the address of the served shop, and cookies of somebody signed in."""
    with serving(home) as said, sync_playwright() as playwright:
        program = next(filter(None, map(which, PROGRAMS)))
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        with visiting(browser, said["address"]) as visit:
            visit.go(said["sign_in"].removeprefix(said["address"]))
            state = dict(visit.page.context.storage_state())
        yield browser, said["address"], state
        browser.close()


def every_page(home: Path, folder: Path, *wanted: str) -> None:
    """Each page in each look, and what the console complained about."""
    with shop(home) as (browser, address, state):
        for look, how in LOOKS.items():
            with visiting(browser, address, state, **how) as visit:
                for page in wanted or PAGES:
                    show(visit, page)
                    visit.page.screenshot(path=folder / f"{page}-{look}.png", full_page=True)
                for complaint in visit.complaints:
                    print(f"{look}: {complaint}")


def for_docs(home: Path) -> None:
    """What is seen before anybody scrolls."""
    with shop(home) as (browser, address, state):
        for page, look in DOCS.items():
            with visiting(browser, address, state, **LOOKS[look]) as visit:
                show(visit, page)
                visit.page.screenshot(path=ROOT / "docs" / "pictures" / f"page-{page}.png")


def show(visit: Visit, page: str) -> None:
    """Open a page and wait until it is drawn."""
    visit.go("/")
    path = PAGES[page]
    if "{customer}" in path:
        path = path.format(customer=best_customer(visit))
    if "{list}" in path:
        path = path.format(list=newest_list(visit))
    visit.go(path)
    visit.page.wait_for_timeout(600)  # charts are drawn after what they show has come


def best_customer(visit: Visit) -> str:
    """Of those who are worth treating, whose treatment is expected to earn most."""
    found = visit.page.evaluate("fetch('/api/v1/actions?limit=1').then((answer) => answer.json())")
    return str(found["items"][0]["customer_id"])


def newest_list(visit: Visit) -> str:
    """An approved list; one is drawn where there is none."""
    found = visit.page.evaluate("fetch('/api/v1/action-lists').then((answer) => answer.json())")["items"]
    if not found:
        found = [visit.post("action-lists", {"name": "November", "contacts": 400, "holdout": 0.2, "seed": 3})]
        visit.post(f"action-lists/{found[0]['id']}/approve")
    return str(found[0]["id"])


if __name__ == "__main__":
    home, *rest = sys.argv[1:]
    if rest:
        Path(rest[0]).mkdir(parents=True, exist_ok=True)
        every_page(Path(home), Path(rest[0]), *rest[1:])
    else:
        for_docs(Path(home))
