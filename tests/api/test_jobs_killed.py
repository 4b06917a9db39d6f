"""Servers and workers killed at random points of import, training and prediction: every job ends, nothing is doubled.

The same files go into a second shop that nobody disturbs; at the end the two hold the same.
"""

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest

from holdfast.samples import make_shop
from holdfast.settings import Settings
from holdfast.store import list_models, needed_dataset
from holdfast.store.models import FORECASTS
from holdfast.store.records import ModelEvent, Prediction, Upload
from holdfast.tables import STAGE
from holdfast.workflows.importing import HowToRead, import_files
from holdfast.workflows.models import load_model
from holdfast.workflows.predictions import table_of
from holdfast.workflows.service import Service
from holdfast.workflows.shop import Shop
from tests.api.conftest import key_for
from tests.api.parts import parts_of, settings_on

KILLS, A_JOB = 50, 3
ROUNDS = 6
ENDED = ("succeeded", "failed", "cancelled")


class Server:
    """`holdfast serve` as a process, and a client of it that finds it again after a restart."""

    def __init__(self, home: Path, key: str) -> None:
        self.home, self.key = home, key
        self.kills: Counter[str] = Counter()
        self._start()

    def _start(self) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
        parts = {f"HOLDFAST_{name.upper()}": value for name, value in parts_of(self.home).items()}
        self.log = (self.home / "server.log").open("a", encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "holdfast", "serve", "--port", "0", "--json", "--home", str(self.home)],
            stdout=subprocess.PIPE, stderr=self.log, text=True, env=clean | parts,
        )  # fmt: skip
        assert self.process.stdout is not None
        said = json.loads("".join(iter(self.process.stdout.readline, "}\n")) + "}")
        self.client = httpx.Client(
            base_url=f"{said['address']}/api/v1", headers={"Authorization": f"Bearer {self.key}"}, timeout=60
        )

    def kill(self, victim: str) -> None:
        """Kill the worker, the server, or both at once; what was the server's is started again."""
        if victim in ("worker", "both"):
            subprocess.run(["pkill", "-KILL", "-P", str(self.process.pid)], check=False)
        if victim in ("server", "both"):
            self.process.kill()
            self.process.wait()
            self._start()
        self.kills[victim] += 1

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(60) == 0

    def begun(self, job_id: str) -> int:
        """How often a worker began with a job."""
        log = (self.home / "server.log").read_text(encoding="utf-8")
        return sum("job begins" in line and job_id in line for line in log.splitlines())

    def job(self, answer: httpx.Response) -> dict[str, Any]:
        assert answer.status_code == 202, answer.text
        return self.read(answer.json()["job_id"])

    def read(self, job_id: str) -> dict[str, Any]:
        job: dict[str, Any] = self.client.get(f"/jobs/{job_id}").json()
        return job


def submit_round(server: Server, file: Path, *, first: bool = False) -> list[str]:
    """Import a file, train on all there is, forecast everybody: three jobs that wait for each other."""
    with file.open("rb") as content:
        form = {"confirm": "true", "train": "false", "currency": "EUR"}
        jobs = [server.client.post("/imports", files={"file": (file.name, content)}, data=form)]
    if first:
        ended(server, server.job(jobs[0])["id"])
    jobs.append(server.client.post("/models", json={"past_dates": 0}))
    if first:
        ended(server, server.job(jobs[1])["id"])
    jobs.append(server.client.post("/predictions", json={"name": file.stem}))
    return [server.job(answer)["id"] for answer in jobs]


def ended(server: Server, job_id: str) -> dict[str, Any]:
    until = time.monotonic() + 300
    while (job := server.read(job_id))["state"] not in ENDED:
        assert time.monotonic() < until, job
        time.sleep(0.2)
    assert job["state"] == "succeeded", job["problem"]
    return job


def disturbed(server: Server, job_id: str, kills: int, *, seconds: float, dice: random.Random) -> None:
    """Let a job end that is killed some times while it is worked on, after a random share of what it usually takes."""
    for nth in range(kills):
        while server.begun(job_id) <= nth and server.read(job_id)["state"] not in ENDED:
            time.sleep(0.05)
        time.sleep(dice.uniform(0, seconds))
        if server.read(job_id)["state"] in ENDED:
            break
        server.kill(dice.choices(("worker", "server", "both"), weights=(6, 1, 1))[0])
    ended(server, job_id)


def monthly_files(folder: Path) -> list[Path]:
    """A small shop's orders: most of them first, the rest in pieces."""
    sample = make_shop(folder, customers=150)
    header, *lines = gzip.decompress(sample.orders.read_bytes()).decode().splitlines(keepends=True)
    begin = len(lines) // 2
    cuts = [0, *(begin + (len(lines) - begin) * n // ROUNDS for n in range(ROUNDS + 1))]
    files = []
    for n, (first, last) in enumerate(pairwise(cuts)):
        files.append(folder / f"orders-{n}.csv")
        files[-1].write_text("".join([header, *lines[first:last]]), encoding="utf-8")
    return files


def seconds_of(job: dict[str, Any]) -> float:
    return (datetime.fromisoformat(job["ended_at"]) - datetime.fromisoformat(job["started_at"])).total_seconds()


def undisturbed(home: Path, files: list[Path]) -> Shop:
    """A shop with the same files, imported in peace."""
    shop = Shop.open(Settings(home=home, tenant="tea"))
    for file in files:
        assert import_files(shop, [file], how=HowToRead(currency="EUR")).changed
    return shop


def check_dataset(shop: Shop, calm: Shop, *, imports: int) -> None:
    """Whole, of every import once, and the same lines as in the other shop."""
    ours, theirs = needed_dataset(shop.folder), needed_dataset(calm.folder)
    assert len(set(ours.manifest.imports)) == len(ours.manifest.imports) == imports
    assert ours.manifest.rows == theirs.manifest.rows
    assert ours.manifest.ledger == theirs.manifest.ledger
    assert ours.manifest.as_of == theirs.manifest.as_of
    for table in STAGE:
        mine, other = (pl.read_parquet(dataset.table(table.name)) for dataset in (ours, theirs))
        assert mine.height == ours.manifest.rows[table.name]
        assert mine.equals(other), table.name
    assert len(list((shop.folder.path / "datasets").iterdir())) <= shop.settings.keep_datasets


def check_models(service: Service, shop: Shop, *, trained: int) -> None:
    """One whole model for each training, and one event in its history."""
    models = list_models(shop.folder)
    assert len({model.record.sha256 for model in models}) == len(models) == trained
    assert len(list((shop.folder.path / "models").iterdir())) == trained
    for model in models:
        assert load_model(model).customers == pl.read_parquet(model.file(FORECASTS)).height
    with service.database.begin() as session:
        events = Counter((event.model, event.event) for event in session.query(ModelEvent))
    assert set(events.values()) == {1}
    assert sum(event == "trained" for _, event in events) == trained


def check_predictions(service: Service, shop: Shop, *, made: int) -> None:
    """One record and one whole file for each."""
    with service.database.begin() as session:
        predictions = session.query(Prediction).all()
    assert len(predictions) == made
    assert {path.name for path in (shop.folder.path / "predictions").iterdir()} == {each.id for each in predictions}
    for prediction in predictions:
        assert pl.read_parquet(table_of(shop.folder, prediction.id)).height == prediction.customers


def states_of_uploads(service: Service) -> set[str]:
    with service.database.begin() as session:
        return {upload.state for upload in session.query(Upload)}


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_by_fifty_kills(tmp_path: Path) -> None:
    dice = random.Random(7)
    home = tmp_path / "home"
    service = Service.open(settings_on(home))
    server = Server(home, key_for(service, "tea"))
    files = monthly_files(tmp_path)
    usual = {}
    for job_id in submit_round(server, files[0], first=True):
        job = ended(server, job_id)
        usual[job["kind"]] = max(seconds_of(job), 0.5)
    for file in files[1:]:
        for job_id in submit_round(server, file):
            disturbed(server, job_id, A_JOB, seconds=usual[server.read(job_id)["kind"]], dice=dice)
    while server.kills.total() < KILLS:  # some jobs ended before their last kill
        job_id = server.job(server.client.post("/predictions", json={"name": "one more"}))["id"]
        disturbed(server, job_id, A_JOB, seconds=usual["predict"], dice=dice)
    jobs = server.client.get("/jobs", params={"limit": 1000}).json()["items"]
    server.stop()

    assert {job["state"] for job in jobs} == {"succeeded"}
    shop = Shop.open(settings_on(home, tenant="tea"))
    check_dataset(shop, undisturbed(tmp_path / "calm", files), imports=len(files))
    check_models(service, shop, trained=sum(job["kind"] == "train" for job in jobs))
    check_predictions(service, shop, made=sum(job["kind"] == "predict" for job in jobs))
    with shop.folder.locked():
        assert not (shop.folder.path / "tmp").exists()
    assert states_of_uploads(service) == {"imported"}
    print(f"\nkills: {dict(server.kills)}, jobs: {dict(Counter(job['kind'] for job in jobs))}, usual seconds: {usual}")
    service.close()
