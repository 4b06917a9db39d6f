"""A command line to try out."""

from pathlib import Path

import pytest

from tests.cli.command import Command


@pytest.fixture
def holdfast(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """`holdfast` with an empty home and no settings from outside."""
    for name in ("HOLDFAST_HOME", "HOLDFAST_TENANT", "HOLDFAST_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    return Command(tmp_path / "home", capsys)
