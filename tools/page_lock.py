"""Lock the page's packages anew: `python tools/page_lock.py`, after a change of dashboard/package.json.

What looks at the page has packages of its own: `python tools/page_lock.py tools/lighthouse`.

npm leaves packages of other platforms out of the lock where its registry does not have them (a mirror rarely has all),
and then `npm ci` finds the lock incomplete on every machine. Here they are named as those who need them name them, by
version; a registry that has them adds the hash.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from build_page import SOURCES, npm

PLATFORM = re.compile(r"-(android|darwin|freebsd|linux|win32|openharmony|netbsd|openbsd|sunos|aix)-(\w+)")


def main(folder: Path = SOURCES) -> None:
    """Write the lock of a folder."""
    file = folder / "package-lock.json"
    file.unlink(missing_ok=True)
    npm("install", "--package-lock-only", "--no-audit", "--no-fund", folder=folder)
    lock = json.loads(file.read_text(encoding="utf-8"))
    lock["packages"] = dict(sorted({**absent(lock["packages"]), **lock["packages"]}.items()))
    file.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def absent(packages: dict[str, Any]) -> dict[str, Any]:
    """Optional packages that somebody names and the lock does not hold, as entries of it."""
    found = {}
    for by in packages.values():
        for name, version in by.get("optionalDependencies", {}).items():
            if f"node_modules/{name}" not in packages:
                kept = {key: True for key in ("dev",) if by.get(key)}
                found[f"node_modules/{name}"] = {"version": version, **kept, "optional": True, **platform_of(name)}
    return found


def platform_of(name: str) -> dict[str, list[str]]:
    """For which machines a package is, as its name says; npm passes over it on all others."""
    match = PLATFORM.search(name)
    if match is None:
        return {"cpu": ["wasm32"]}
    library = {"libc": ["musl"]} if name.endswith("musl") else {}
    return {"os": [match[1]], "cpu": [match[2]], **library}


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
