"""What every test may lean on: the real data sets, and skips that become failures where nothing may be skipped."""

import os
from pathlib import Path

import pytest

REQUIRE_ALL = os.environ.get("HOLDFAST_REQUIRE_ALL") == "1"


def skip(reason: str) -> None:
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
