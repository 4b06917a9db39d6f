"""A server that is asked without pause for minutes: every answer is right, and its memory does not grow."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from holdfast.access.caller import Role
from holdfast.settings import Settings
from holdfast.workflows.caching import MOST_ANSWERS
from holdfast.workflows.service import Service
from tests.api.conftest import key_for
from tests.sample_home import TENANT, fill

SECONDS = 240.0
GROWTH_MB = 25.0
"""What an allocator may keep by chance. A leak of one kilobyte an answer would be four times as much."""


def resident_mb(process: int) -> float:
    """What a process holds in memory."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1000


def ask(client: httpx.Client, dice: random.Random, customers: list[str]) -> None:
    """One request, another one each time, of a kind that a page or a program makes all day."""
    somebody, spend = dice.choice(customers), dice.random() * 500
    questions: list[Callable[[], httpx.Response]] = [
        lambda: client.get("/customers", params={"where": f"net_revenue>={spend}", "limit": dice.randint(1, 200)}),
        lambda: client.get(f"/customers/{somebody}"),
        lambda: client.post("/predict", json={"customer_id": somebody}),
        lambda: client.post("/segments/preview", json={"where": {"net_revenue": {"min": spend}}}),
        lambda: client.get("/customers", params={"where": f"net_revenue>={spend}", "format": "csv"}),
        lambda: client.get("/segments"),
        lambda: client.get(f"/customers/{somebody}-unknown"),
        lambda: client.get("/jobs"),
    ]
    answer = dice.choice(questions)()
    assert answer.status_code in (200, 404), answer.text


@pytest.mark.slow
def test_memory_does_not_grow(tmp_path: Path) -> None:
    fill(tmp_path)
    service = Service.open(Settings(home=tmp_path))
    key = key_for(service, TENANT, Role.ANALYST)
    service.close()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
    command = [sys.executable, "-m", "holdfast", "serve", "--port", "0", "--workers", "0", "--json"]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--home", str(tmp_path)],
            stdout=subprocess.PIPE, stderr=log, text=True,
            env=environment | {"HOLDFAST_REQUESTS_PER_MINUTE": "0"},
        )  # fmt: skip
    assert process.stdout is not None
    address = json.loads("".join(iter(process.stdout.readline, "}\n")) + "}")["address"]
    dice, asked = random.Random(11), 0
    with httpx.Client(base_url=f"{address}/api/v1", headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
        listed = client.get("/customers", params={"limit": 1000}).json()["items"]
        customers = [each["customer_id"] for each in listed]
        for _ in range(3 * MOST_ANSWERS):  # the cache is full afterwards: what it holds is no growth
            ask(client, dice, customers)
        before, until = resident_mb(process.pid), time.monotonic() + SECONDS
        while time.monotonic() < until:
            ask(client, dice, customers)
            asked += 1
        after = resident_mb(process.pid)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    print(f"\n{asked:,} answers in {SECONDS:.0f} s, {before:.0f} MB before, {after:.0f} MB after")
    assert asked > 5_000
    assert after - before < GROWTH_MB
