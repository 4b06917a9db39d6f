"""A worker that is killed in the middle of a history: the job ends all the same, once, and nothing is half-visible."""

import random
import time
from pathlib import Path

import pytest

from holdfast.settings import Settings
from holdfast.workflows.service import Service
from tests.api.conftest import key_for
from tests.api.test_jobs_killed import Server

ROWS, ROUNDS = 60_000, 4


def history(seed: int) -> str:
    draw = random.Random(seed)
    lines = ["timestamp,country_code,last_order_ts,first_order_ts,total_orders,voucher_amount"]
    for _ in range(ROWS):
        last, amount = f"2018-0{draw.randrange(1, 7)}-10", draw.choice((10, 20))
        lines += [f"2018-07-21,Peru,{last},2017-01-01,{draw.randrange(1, 40)},{amount}"]
    return "\n".join(lines) + "\n"


@pytest.mark.slow
def test_the_job_ends_once_whenever_its_worker_is_killed(tmp_path: Path) -> None:
    service = Service.open(Settings(home=tmp_path))
    key = key_for(service, "shop")
    service.close()
    server = Server(tmp_path, key)
    killed = 0
    try:
        for nth in range(ROUNDS):
            sent = server.client.post("/vouchers/history", files={"file": ("h.csv", history(nth))})
            job = sent.raise_for_status().json()["job_id"]
            while not server.begun(job):
                time.sleep(0.02)
            time.sleep(0.15 * nth)
            server.kill("worker")
            until = time.monotonic() + 120
            while (state := server.client.get(f"/jobs/{job}").json())["ended_at"] is None:
                assert time.monotonic() < until, state
                segments = server.client.get("/vouchers/segments")
                assert segments.status_code == (200 if nth else segments.status_code)
                time.sleep(0.1)
            assert (state["state"], state["result"]["rows_kept"]) == ("succeeded", ROWS)
            assert state["result"]["version"].startswith(f"{nth + 1:06d}-")
            killed += server.begun(job) > 1
        shop = tmp_path / "tenants" / "shop"
        assert len(list((shop / "vouchers").iterdir())) == 3, "as many as HOLDFAST_KEEP_DATASETS says"
        assert not list((shop / "uploads").iterdir())
    finally:
        server.stop()
    assert killed, "no kill hit a job that was running"
