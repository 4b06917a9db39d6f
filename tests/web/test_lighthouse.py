"""Lighthouse, as a desktop computer sees the page: how quickly each one is there, and whether everybody can use it."""

import json
import subprocess
from runpy import run_path
from statistics import median
from typing import Any

import pytest

from tests.web.conftest import ROOT, SignedIn, crowding
from tests.web.test_pages import PAGES

pytestmark = pytest.mark.slow

LEAST_PERFORMANCE = 95
ROUNDS = 3
"""Of every page; the best of them has to hold: a page that is too slow is so each time, a neighbour is not."""

AUDIT = ROOT / "tools" / "lighthouse"


@pytest.fixture(scope="module")
def rounds(program: str, signed_in: SignedIn) -> list[dict[str, Any]]:
    """What Lighthouse says of each page in each round."""
    build = run_path(str(ROOT / "tools" / "build_page.py"))
    build["install"](AUDIT)
    asked = {
        "program": program,
        "cookies": [
            {key: cookie[key] for key in ("name", "value", "domain", "path")}
            for cookie in signed_in.state["cookies"]  # type: ignore[attr-defined]
        ],
        "addresses": {
            name: signed_in.address + path.format(**signed_in.names).replace(">", "%3E") for name, path in PAGES.items()
        },
    }
    return [audit([str(build["node"]()), str(AUDIT / "audit.js")], asked) for _ in range(ROUNDS)]


def audit(command: list[str], asked: dict[str, Any]) -> dict[str, Any]:
    """One round; what is asked is not told where it fails, since cookies are in it."""
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_page_is_quick_and_for_everybody(rounds: list[dict[str, Any]]) -> None:
    short = {}
    for name in PAGES:
        said = [each[name] for each in rounds]
        quick = [each["scores"]["performance"] for each in said]
        usable = min(each["scores"]["accessibility"] for each in said)
        problems = sorted({problem for each in said for problem in each["problems"]})
        print(f"{name}: performance {median(quick)}, accessibility {usable}", *problems, sep="\n    ")
        if max(quick) < LEAST_PERFORMANCE or usable < 100:
            short[name] = problems
    assert short == {}, f"crowding {crowding():.1f}"
