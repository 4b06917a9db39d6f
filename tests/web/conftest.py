"""A browser over a served page: Debian's Chromium, and a shop that has everything a page can show."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

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

expect.set_options(timeout=60_000)  # machines that build are busy; how quick the page is, is measured elsewhere

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's browser; nothing is downloaded for it. While it runs, nothing else here can use asyncio."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        skip("there is no Chromium on this machine (Debian: apt-get install chromium)")
    if not built_files():
        skip("the page is not built (make page)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


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

    def picture(self, name: str) -> None:
        """Leave a picture behind."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


@contextmanager
def visiting(
    browser: Browser, address: str, state: dict[str, object] | None = None, **looks: object
) -> Iterator[Visit]:
    """A fresh browser window; a 404 is how the API says that there is nothing yet, every other complaint counts."""
    context: BrowserContext = browser.new_context(locale="en-GB", storage_state=state, **looks)  # type: ignore[arg-type]
    page = context.new_page()
    found: list[str] = []
    page.on(
        "console",
        lambda said: found.append(said.text) if said.type in ("error", "warning") and "404" not in said.text else None,
    )
    page.on("pageerror", lambda error: found.append(str(error)))
    try:
        yield Visit(page, address, found)
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
            server.wait(30)
