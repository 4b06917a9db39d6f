"""A killed import leaves nothing half-visible; a full disk is a clear error and leaves the old version."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from holdfast.errors import StoreError
from holdfast.store import ShopFolder, current_dataset
from holdfast.store.remote import open_storage
from tests.cli.command import Command
from tests.disk import small_disk

OLD = "customer_id,order_id,ordered_at,product_id,quantity,unit_price\n"


def orders_csv(path: Path, *, first: int, count: int) -> Path:
    """Orders numbered from `first`, one line each, a few a day from 2020 on."""

    def row(n: int) -> str:
        day = f"{2020 + n // 20 % 4}-{n % 12 + 1:02}-{n % 28 + 1:02} 10:{n % 60:02}"
        return f"c{n % 997},{n},{day},p{n % 83},1,{n % 50 + 1}.5\n"

    rows = "".join(row(n) for n in range(first, first + count))
    path.write_text(OLD + rows, encoding="utf-8")
    return path


def start_import(home: Path, file: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "holdfast", "import", str(file), "--json", "--home", str(home)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def whole(home: Path, storage: str | None = None) -> int:
    """Lines of the current data set, after checking that it is whole."""
    folder = ShopFolder.of(home, "default", storage=open_storage(storage))
    dataset = current_dataset(folder)
    assert dataset is not None
    assert all(folder.find(f"imports/{import_id}") for import_id in dataset.manifest.imports)
    return dataset.manifest.rows["order_lines"]


def kill_now_and_then(holdfast: Command, tmp_path: Path, *, kills: int, storage: str | None = None) -> list[int]:
    """Import a small file, then kill imports of a larger one at random moments; lines seen after each kill.

    With a storage, another machine has to see the same each time, from nothing.
    """
    holdfast("import", orders_csv(tmp_path / "old.csv", first=0, count=500))
    file = orders_csv(tmp_path / "new.csv", first=500, count=20_000)
    begun = time.perf_counter()
    assert start_import(holdfast.home, file).wait() == 0
    needed = time.perf_counter() - begun
    imports = holdfast("imports").json["items"]
    holdfast("imports", "undo", imports[-1]["id"])
    seen = []
    for moment in random.Random(7).choices(range(101), k=kills):
        process = start_import(holdfast.home, file)
        time.sleep(needed * moment / 100)
        process.send_signal(signal.SIGKILL)
        process.wait()
        seen.append(whole(holdfast.home, storage))
        if storage:
            assert whole(tmp_path / f"another-{len(seen)}", storage) == seen[-1]
        for each in holdfast("imports").json["items"][1:]:
            holdfast("imports", "undo", each["id"])
    report = holdfast("import", file)
    assert report.code == 0, "the next import works"
    assert report.json["dataset"]["lines_kept"] == 20_500
    assert not any((ShopFolder.of(holdfast.home, "default").path / "tmp").iterdir())
    return seen


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_import_is_either_there_or_not(holdfast: Command, tmp_path: Path) -> None:
    assert set(kill_now_and_then(holdfast, tmp_path, kills=4)) <= {500, 20_500}


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_fifty_killed_imports(holdfast: Command, tmp_path: Path) -> None:
    assert set(kill_now_and_then(holdfast, tmp_path, kills=50)) <= {500, 20_500}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("kills", [3, pytest.param(50, marks=pytest.mark.slow)])
def test_killed_imports_into_a_storage_are_there_for_all_or_for_nobody(
    holdfast: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kills: int
) -> None:
    storage = (tmp_path / "bucket").as_uri()
    monkeypatch.setenv("HOLDFAST_STORAGE_URL", storage)
    monkeypatch.setattr("holdfast.store.mirror.SECONDS_FRESH", -1.0)
    assert set(kill_now_and_then(holdfast, tmp_path, kills=kills, storage=storage)) <= {500, 20_500}


def test_a_full_disk_is_a_clear_error_and_leaves_the_old_version(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOLDFAST_SPILL", str(tmp_path / "spill"))
    with small_disk(tmp_path / "disk", megabytes=2) as disk:
        holdfast = Command(disk / "home", capsys)
        assert holdfast("import", orders_csv(tmp_path / "old.csv", first=0, count=500)).code == 0
        refused = holdfast("import", orders_csv(tmp_path / "new.csv", first=500, count=400_000))
        assert refused.code == 2
        assert "disk is full" in refused.problem["what"]
        assert refused.problem["todo"]
        assert whole(holdfast.home) == 500
        assert holdfast("answer").code == 0


def test_a_second_process_waits_and_then_gives_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("holdfast.store.folder.LOCK_SECONDS", 0.1)
    shop = ShopFolder.of(tmp_path, "mine")
    with shop.locked(), pytest.raises(StoreError, match="Another process"), shop.locked():
        pass


def test_old_versions_and_their_imports_are_pruned(
    holdfast: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOLDFAST_KEEP_DATASETS", "2")
    for n in range(4):
        assert holdfast("import", orders_csv(tmp_path / f"{n}.csv", first=n * 40, count=40)).code == 0
    shop = ShopFolder.of(holdfast.home, "default").path
    assert len(list((shop / "datasets").iterdir())) == 2
    assert len(list((shop / "imports").iterdir())) == 4
    assert holdfast("imports").json["items"][0]["files"] == ["0.csv"]
