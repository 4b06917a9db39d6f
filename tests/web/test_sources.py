"""What the page is made from: in step with the API, locked without addresses, in small files, and light to load."""

import gzip
import json
from pathlib import Path

from holdfast.web.app import description
from holdfast.web.built import FOLDER
from tests.conftest import skip

DASHBOARD = Path(__file__).parents[2] / "dashboard"
MOST_LINES = 300
MOST_BYTES = 200_000
"""Of scripts, compressed, before the first chart: about two seconds on a slow phone."""


def test_the_page_is_written_against_the_api_as_it_is() -> None:
    kept = (DASHBOARD / "openapi.json").read_text(encoding="utf-8")
    assert json.loads(kept) == json.loads(description()), (
        "run `make docs`, then `make page`: the types may have changed"
    )


def test_no_file_of_the_page_is_long() -> None:
    files = [path for path in (DASHBOARD / "src").rglob("*.ts*") if path.name != "schema.ts"]
    assert len(files) > 50
    long = {path.name: n for path in files if (n := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES}
    assert long == {}


def test_the_lock_has_hashes_and_no_addresses() -> None:
    lock = json.loads((DASHBOARD / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    foreign = {name for name, entry in packages.items() if entry.get("optional") and "cpu" in entry}
    assert [name for name, entry in packages.items() if "integrity" not in entry and name not in foreign] == []


def test_the_first_page_loads_few_bytes() -> None:
    if not (FOLDER / "manifest.json").is_file():
        skip("the page is not built (make page)")
    manifest = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    wanted, seen = ["index.html", "src/pages/home/home.tsx"], set[str]()
    while wanted:
        entry = manifest[wanted.pop()]
        if entry["file"] not in seen:
            seen.add(entry["file"])
            wanted += entry.get("imports", [])
    scripts = [FOLDER / name for name in seen if name.endswith(".js")]
    assert len(scripts) > 1
    assert sum(len(gzip.compress(path.read_bytes())) for path in scripts) <= MOST_BYTES
    assert not any("engine" in path.name for path in scripts), "charts are loaded with the first chart"
