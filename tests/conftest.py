"""What every test may lean on: the real data sets, and skips that become failures where nothing may be skipped."""

import os
from pathlib import Path
from typing import NoReturn

import pytest

from tests.cli.command import Command

REQUIRE_ALL = os.environ.get("HOLDFAST_REQUIRE_ALL") == "1"


def skip(reason: str) -> NoReturn:
    """Skip by name; where everything is required, fail instead."""
    if REQUIRE_ALL:
        pytest.fail(f"required, but {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of public data sets, see docs/data-sets.md."""
    folder = os.environ.get("HOLDFAST_DATA", "")
    if not folder or not Path(folder).is_dir():
        skip("HOLDFAST_DATA does not name the folder of data sets (docs/data-sets.md says where to get them)")
    return Path(folder).resolve()


@pytest.fixture
def holdfast(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """`holdfast` with an empty home and no settings from outside."""
    for name in [name for name in os.environ if name.startswith("HOLDFAST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "200")
    return Command(tmp_path / "home", capsys)


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample shop, imported and trained; for tests that only read."""
    from tests.sample_home import fill  # noqa: PLC0415 - loads the models, which few tests need

    home = tmp_path_factory.mktemp("sample_home")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("HOLDFAST_")]:
            patch.delenv(name)
        fill(home)
    return home
