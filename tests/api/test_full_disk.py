"""A full disk is said, and takes nothing with it. In a file of its own: a process has one worker at a time."""

import os
import re
from pathlib import Path

import pytest

from tests.api.parts import PARTS
from tests.api.test_imports import ORDERS, send
from tests.api.working import as_admin, running
from tests.disk import small_disk


@pytest.mark.skipif(PARTS == "services", reason="one disk is enough")
def test_a_full_disk_is_said_and_takes_nothing_with_it(tmp_path: Path) -> None:
    with (
        small_disk(tmp_path / "disk", megabytes=30) as disk,
        running(disk / "home", spill=tmp_path / "spill") as client,
    ):
        as_admin(client, "tea")
        before = send(client, ORDERS, confirm="true")
        large = ORDERS + os.urandom(40_000_000).hex().encode()
        refused = client.post("/api/v1/imports", files={"file": ("large.csv", large)})
        assert (refused.status_code, refused.json()["code"]) == (503, "store"), refused.text
        assert "disk is full" in refused.json()["title"]
        assert str(disk) not in refused.text
        assert [each["id"] for each in client.get("/api/v1/imports").json()["items"]] == [before["import"]]
        assert client.get("/api/v1/answer").status_code == 200
        assert send(client, re.sub(rb",o(\d)", rb",p\1", ORDERS), confirm="true")["state"] == "succeeded"
