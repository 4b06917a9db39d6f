"""What to do now, on the page of a customer and in the drawer: the play of the ranking, or why there is none."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from holdfast.settings import Settings
from holdfast.web.app import create_app
from tests.api.parts import settings_on
from tests.api.servers import served
from tests.sample_home import TENANT, copy_tenant
from tests.web.conftest import Visit, in_pounds, sign_in_token, visiting
from tests.web.test_pages import DESK, PHONE, serious


@pytest.fixture(scope="module")
def signed_in(
    chromium: Browser, sample_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, dict[str, object]]]:
    """A served copy of the sample shop: its address, and the cookies of somebody who is signed in."""
    home = tmp_path_factory.mktemp("next-action-page")
    copy_tenant(sample_home, home)
    settings: Settings = settings_on(home, tenant=TENANT)
    with served(settings, create_app) as (address, _), visiting(chromium, address) as visit:
        visit.go(f"/sign-in?token={sign_in_token(settings)}")
        yield address, dict(visit.page.context.storage_state())


def asked(visit: Visit, path: str) -> Any:
    return visit.page.evaluate("(path) => fetch(`/api/v1/${path}`).then((answer) => answer.json())", path)


def part(visit: Visit) -> Locator:
    return visit.page.get_by_role("region", name="Next action")


@pytest.mark.parametrize(
    "looks", [{"viewport": DESK}, {"viewport": DESK, "color_scheme": "dark"}, {"viewport": PHONE, "has_touch": True}]
)
def test_what_why_when_offer_words_profit_and_evidence(
    chromium: Browser, signed_in: tuple[str, dict[str, object]], looks: dict[str, Any]
) -> None:
    with visiting(chromium, *signed_in, **looks) as visit:
        visit.go("/customers")
        first = asked(visit, "actions?limit=1")["items"][0]
        visit.go(f"/customers/{first['customer_id']}")
        for text in (
            first["what"],
            in_pounds(first["why"]),
            first["timing"],
            *first["message"],
            first["evidence"],
            "1 of ",
        ):
            expect(part(visit)).to_contain_text(text)
        expect(part(visit)).to_contain_text("expected to cost £")
        visit.picture(f"next-action-{looks.get('color_scheme', 'light')}-{looks['viewport']['width']}")
        assert not visit.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert serious(visit) == []
        assert visit.complaints == []


def test_in_the_drawer_who_is_left_alone_and_what_was_stopped(
    chromium: Browser, signed_in: tuple[str, dict[str, object]]
) -> None:
    with visiting(chromium, *signed_in, viewport=DESK) as visit:
        visit.go("/customers")
        everybody = [each["customer_id"] for each in asked(visit, "customers?limit=60")["items"]]
        answers = {name: asked(visit, f"customers/{name}/action") for name in everybody}
        alone = next(each for each in answers.values() if each["left_alone"])
        visit.go(f"/customers?customer={alone['customer_id']}")
        expect(part(visit)).to_contain_text("Leave alone.")
        expect(part(visit)).to_contain_text(alone["left_alone"]["because"])
        lost = next(each for each in answers.values() if each["stopped"])
        visit.go(f"/customers?customer={lost['customer_id']}")
        rows = part(visit).get_by_role("table", name="Bought regularly, and no more").get_by_role("row")
        expect(rows.nth(1)).to_contain_text(lost["stopped"][0]["name"])
        expect(rows.nth(1)).to_contain_text(f"usually {lost['stopped'][0]['median_gap_days']:g}")
        visit.picture("next-action-drawer")
        assert serious(visit) == []
