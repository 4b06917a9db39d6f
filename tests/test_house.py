"""The house: what is committed belongs to nobody's machine, pins agree, and every target is explained."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
REQUIREMENTS = ROOT / "requirements"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# Written in halves, so that this file may be searched as well.
REGISTRY_HOSTS = ["pypi" + ".org", "python" + "hosted", "npm" + "js", "conda" + ".anaconda", "yarn" + "pkg"]
LOCAL_PATH = re.compile(r"(?<![\w.~$}])/(?:home|Users|root|work|private|opt/\w+)/\w|\b[A-Z]:\\Users\\")

needs_make = pytest.mark.skipif(os.name == "nt" or not shutil.which("make"), reason="make is not here")


@pytest.fixture(scope="module")
def committed() -> list[Path]:
    """Every text file that is or would be committed."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: there is no list of committed files")
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout.split("\0")
    paths = [ROOT / name for name in names if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()]


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """Where a pattern stands, as file:line."""
    return [
        f"{path.relative_to(ROOT).as_posix()}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if pattern.search(line)
    ]


def pins(name: str) -> dict[str, set[str]]:
    """Package -> pinned versions (more than one where they depend on the Python) of a requirements file."""
    versions: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([a-z0-9-]+)==(\S+)", (REQUIREMENTS / name).read_text(), re.MULTILINE):
        versions.setdefault(package, set()).add(version)
    return versions


def test_no_committed_file_names_a_package_registry(committed: list[Path]) -> None:
    assert lines_with(re.compile("|".join(map(re.escape, REGISTRY_HOSTS))), committed) == []


def test_no_committed_file_names_a_path_of_somebodys_machine(committed: list[Path]) -> None:
    assert lines_with(LOCAL_PATH, committed) == []


def test_no_data_are_committed(committed: list[Path]) -> None:
    """Texts of more than half a megabyte are data; the page will bring bundles of its own, built, not committed."""
    assert [path.name for path in committed if path.stat().st_size > 500_000] == []


def test_every_requirement_is_pinned_with_hashes() -> None:
    for path in REQUIREMENTS.glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        entries = re.split(r"\n(?=[a-z0-9])", text)
        assert [entry.split("==")[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry] == []


def test_tests_run_on_the_versions_that_are_shipped() -> None:
    core, build, dev = pins("core.txt"), pins("build.txt"), pins("dev.txt")
    assert core.items() <= dev.items()
    assert build.items() <= dev.items()


def test_the_lock_holds_every_dependency() -> None:
    named = {re.split(r"[^\w-]", requirement)[0].lower() for requirement in PYPROJECT["project"]["dependencies"]}
    assert named <= pins("core.txt").keys()


@needs_make
def test_make_help_explains_every_target() -> None:
    (phony,) = re.findall(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout
    assert re.findall(r"^  make ([a-z-]+) +\S", shown, re.MULTILINE) == phony.split()


@needs_make
def test_an_old_python_is_refused_in_one_sentence(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.18\nexit 1\n')
    old.chmod(0o755)
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements").mkdir()
    for name in ("build.txt", "core.txt"):
        shutil.copy(REQUIREMENTS / name, tmp_path / "requirements")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    answer = subprocess.run(
        ["make", "demo", f"PYTHON={old}"], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    assert answer.returncode != 0
    assert f"Holdfast needs Python 3.11 or newer; {old} says: Python 3.9.18. Name another one" in answer.stderr
    assert not (tmp_path / ".venv").exists()


def test_ci_tries_every_python_that_is_promised() -> None:
    promised = [
        classifier.rpartition(" ")[2]
        for classifier in PYPROJECT["project"]["classifiers"]
        if re.search(r":: 3\.\d+$", classifier)
    ]
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert f"python: [{', '.join(repr(version) for version in promised)}]".replace("'", '"') in workflow
    assert sys.version_info >= tuple(int(part) for part in promised[0].split("."))
