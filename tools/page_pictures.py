"""Take pictures of the pages of a shop: `python -m tools.page_pictures HOME FOLDER [PAGE ...]`.

HOME is one that an import has filled, or `holdfast demo --home HOME`, with `tenant: sample` in its holdfast.yaml. Each
page is taken light, dark and as wide as a phone. The pictures of docs/ are these of the sample shop; those of a mapping
and of vouchers are left by the walks through real files in tests/web.
"""

import sys
from pathlib import Path
from shutil import which

from playwright.sync_api import sync_playwright

from tests.web import conftest
from tests.web.conftest import PROGRAMS, Visit, serving, visiting
from tests.web.test_pages import DESK, PAGES, PHONE

LOOKS = {
    "light": {"viewport": DESK, "color_scheme": "light"},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "color_scheme": "light", "has_touch": True},
}


def main(home: Path, folder: Path, *names: str) -> None:
    """Take them, and say what the console complained about."""
    conftest.PICTURES = folder
    with serving(home) as said, sync_playwright() as playwright:
        program = next(filter(None, map(which, PROGRAMS)))
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        with visiting(browser, said["address"]) as visit:
            visit.go(said["sign_in"].removeprefix(said["address"]))
            state = dict(visit.page.context.storage_state())
            known = {"customer": best_customer(visit), "list": newest_list(visit)}
        for look, how in LOOKS.items():
            with visiting(browser, said["address"], state, **how) as visit:
                for name, path in PAGES.items():
                    if names and name not in names:
                        continue
                    visit.go(path.format(**known))
                    visit.page.wait_for_timeout(600)  # charts are drawn after what they show has come
                    visit.picture(f"{name}-{look}")
                for complaint in visit.complaints:
                    print(f"{look}: {complaint}")
        browser.close()


def best_customer(visit: Visit) -> str:
    """Who holds most of what is at risk."""
    path = "/api/v1/customers?limit=1&sort=-revenue_at_risk"
    found = visit.page.evaluate(f"fetch('{path}').then((answer) => answer.json())")
    return str(found["items"][0]["customer_id"])


def newest_list(visit: Visit) -> str:
    """An approved list; one is drawn where there is none."""
    found = visit.page.evaluate("fetch('/api/v1/action-lists').then((answer) => answer.json())")["items"]
    if not found:
        found = [visit.post("action-lists", {"name": "November", "contacts": 400, "holdout": 0.2, "seed": 3})]
        visit.post(f"action-lists/{found[0]['id']}/approve")
    return str(found[0]["id"])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
