"""A browser over a served page: Debian's Chromium, and a shop that has everything a page can show."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from holdfast.access.links import create_link
from holdfast.access.tenants import ensure_tenant
from holdfast.access.users import local_operator
from holdfast.samples import make_shop
from holdfast.settings import Settings
from holdfast.store.database import Database
from holdfast.web.app import create_app
from holdfast.web.built import built_files
from holdfast.workflows.clock import now
from holdfast.workflows.importing import HowToRead, import_files
from holdfast.workflows.training import train
from tests.api.servers import served
from tests.conftest import skip
from tests.sample_home import TENANT, shop_in

ROOT = Path(__file__).parents[2]
PICTURES = Path(os.environ.get("HOLDFAST_PICTURES", ROOT / "artefacts" / "page"))
"""Where pictures of the pages are left for people to look at; not committed."""

PATIENCE_SECONDS = 300.0
"""Until something that does not come is a failure. Machines that build are busy, and workers step back for everybody
else on them; how quick the page is, is measured, not waited for."""

expect.set_options(timeout=PATIENCE_SECONDS * 1000)

EXPECTED = re.compile(r"status of (404|503)")
"""How the API says that there is nothing yet, and that something large is being prepared; the page says so."""

POST = """async ([path, body]) => {
    const session = await (await fetch("/api/v1/session")).json();
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": session.csrf_token };
    const answer = await fetch("/api/v1/" + path, { method: "POST", headers, body: JSON.stringify(body) });
    return answer.json();
}"""

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def program() -> str:
    """Where the system's browser is; nothing is downloaded for it."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        skip("there is no Chromium on this machine (Debian: apt-get install chromium)")
    if not built_files():
        skip("the page is not built (make page)")
    return found


@pytest.fixture(scope="module")
def chromium(program: str) -> Iterator[Browser]:
    """The system's browser. While it runs, nothing else here can use asyncio."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


def in_pounds(text: str) -> str:
    """A sentence of the API as the page writes it for a British reader: £7,725 instead of 7,725 GBP."""
    return re.sub(r"([\d,.]+) GBP", r"£\1", text)


def crowding() -> float:
    """How much longer something may take here than on a machine of its own: tasks that want a processor, beyond one
    for each that there is. 1.0 on a quiet machine, also while server, worker and browser are at work."""
    return max(1.0, os.getloadavg()[0] - (os.cpu_count() or 1))


@dataclass
class Visit:
    """A page under an address, and what its console complained about."""

    page: Page
    address: str
    complaints: list[str]

    def go(self, path: str) -> None:
        """Open a path and wait until what was asked for has come."""
        self.page.goto(self.address + path)
        self.page.wait_for_selector("h1")
        expect(self.page.locator("[aria-label=Loading], .waiting")).to_have_count(0)

    def post(self, path: str, body: object = None) -> dict[str, object]:
        """Send what the page itself would send to the API, and return its answer."""
        said: dict[str, object] = self.page.evaluate(POST, [path, body])
        return said

    def what_stands_there(self) -> str:
        """The address and the text of the page, for who has to understand why a test failed."""
        text = self.page.locator("body").inner_text(timeout=5_000)
        return f"The page at {self.page.url} said:\n{text}\nIts console complained: {self.complaints}"

    def picture(self, name: str) -> None:
        """Leave a picture behind."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


@contextmanager
def visiting(
    browser: Browser, address: str, state: dict[str, object] | None = None, **looks: object
) -> Iterator[Visit]:
    """A fresh browser window; every complaint counts but `EXPECTED`.

    Where a test fails, what stood on the page is told with it, and `failed-*.png` in PICTURES shows it.
    """
    context: BrowserContext = browser.new_context(locale="en-GB", storage_state=state, **looks)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    page = context.new_page()
    found: list[str] = []
    page.on(
        "console",
        lambda said: (
            found.append(said.text) if said.type in ("error", "warning") and not EXPECTED.search(said.text) else None
        ),
    )
    page.on("pageerror", lambda error: found.append(str(error)))
    visit = Visit(page, address, found)
    try:
        yield visit
    except (AssertionError, PlaywrightError) as failure:
        with suppress(PlaywrightError):
            failure.add_note(visit.what_stands_there())
            visit.picture(f"failed-{urlsplit(page.url).path.strip('/').replace('/', '-') or 'home'}")
        raise
    finally:
        context.close()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A served shop with a model that was tried on a past date: its address, and a link that signs in once."""
    home = tmp_path_factory.mktemp("page")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("HOLDFAST_")]:
            patch.delenv(name)
        sample = make_shop(home / "files", seed=3, customers=400)
        import_files(shop_in(home), [sample.orders, sample.customers, sample.reviews], how=HowToRead(currency="GBP"))
        train(shop_in(home), dates=1)
        settings = Settings(home=home, tenant=TENANT)
    with served(settings, create_app) as (address, _):
        yield address, f"/sign-in?token={sign_in_token(settings)}"


class SignedIn(NamedTuple):
    """The filled shop of somebody who is signed in."""

    address: str
    state: dict[str, object]
    """Cookies, as `visiting` takes them."""

    names: dict[str, str]
    """Of a customer and an approved action list, for addresses."""


@pytest.fixture(scope="module")
def signed_in(chromium: Browser, filled: tuple[str, str]) -> SignedIn:
    """By link, once."""
    address, link = filled
    with visiting(chromium, address) as visit:
        visit.go(link)
        found = visit.page.evaluate("fetch('/api/v1/customers?limit=1').then((answer) => answer.json())")
        made = visit.post("action-lists", {"name": "November", "contacts": 40, "holdout": 0.2, "seed": 3})
        visit.post(f"action-lists/{made['id']}/approve")
        names = {"customer": found["items"][0]["customer_id"], "list": str(made["id"])}
        return SignedIn(address, dict(visit.page.context.storage_state()), names)


def sign_in_token(settings: Settings) -> str:
    """For the operator who sits at the machine."""
    database = Database.open(settings.database_url, home=settings.home)
    try:
        with database.begin() as session:
            ensure_tenant(session, settings.tenant, now=now())
            return create_link(session, user_id=local_operator(session, now=now()).id, now=now())
    finally:
        database.close()


@contextmanager
def serving(home: Path) -> Iterator[dict[str, str]]:
    """`holdfast serve` with its worker, as a person starts it: what it prints with --json."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
    command = [sys.executable, "-m", "holdfast", "serve", "--port", "0", "--json", "--home", str(home)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, encoding="utf-8"
    ) as server:
        try:
            assert server.stdout is not None
            said: dict[str, str] = json.loads("".join(iter(server.stdout.readline, "}\n")) + "}")
            yield said
        finally:
            server.terminate()
            server.wait(PATIENCE_SECONDS)
