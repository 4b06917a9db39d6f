"""What stands in the log when something breaks, and what must not."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from holdfast.settings import Settings
from holdfast.workflows.logs import configure_logs


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Logging belongs to the whole process."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def sign_in(password: str) -> None:
    raise ValueError("no such user")


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_a_traceback_says_where_and_keeps_values_to_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], log_format: str
) -> None:
    configure_logs(Settings(home=tmp_path, log_format=log_format))  # type: ignore[arg-type]
    try:
        sign_in("hunter" + "2")
    except ValueError as error:
        structlog.get_logger("any").exception("request failed", exc_info=error)
    text = capsys.readouterr().err
    assert "request failed" in text
    assert "no such user" in text
    assert "sign_in" in text
    assert "hunter2" not in text
    if log_format == "json":
        assert json.loads(text)["level"] == "error"
