"""Running a command the way a shell would, in this process."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from holdfast.cli.main import main


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its answer."""
        return json.loads(self.out)

    @property
    def problem(self) -> Any:
        """Its refusal."""
        return json.loads(self.err)


class Command:
    """`holdfast` in a home folder of its own."""

    def __init__(self, home: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self.capture = capture

    def __call__(self, *arguments: object, as_json: bool = True) -> Ran:
        """Run `holdfast ARGUMENTS --home HOME --json`."""
        given = [*map(str, arguments), "--home", str(self.home), *(["--json"] if as_json else [])]
        self.capture.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(given)
        captured = self.capture.readouterr()
        return Ran(int(ended.value.code or 0), captured.out, captured.err)
