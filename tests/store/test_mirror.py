"""Two machines that share a storage see the same, whole or not at all; deleted means deleted on both."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from holdfast.errors import SettingsError, StoreError
from holdfast.store import ShopFolder
from holdfast.store.folder import ShopLockedError
from holdfast.store.remote import Storage, open_storage
from holdfast.workflows.clock import now
from tests.store.conftest import Machines


def publish(folder: ShopFolder, name: str, files: dict[str, bytes]) -> None:
    """Something published, with these files."""
    with folder.locked(), folder.workspace() as work:
        for file, content in files.items():
            (work / file).write_bytes(content)
        folder.publish(work, target=folder.path / name)


def content(folder: ShopFolder, name: str) -> dict[str, bytes] | None:
    """The files of something published, as this machine sees them."""
    place = folder.find(name)
    return {path.name: path.read_bytes() for path in place.iterdir()} if place else None


def objects(storage: Storage) -> list[str]:
    """What lies in the storage, without random names."""
    return sorted("/".join(part for part in key.split("/") if len(part) != 32) for key in storage.list(""))


BIG = bytes(range(256)) * 50_000
MODEL = {"record.json": b'{"id": "1"}', "forecasts.parquet": BIG, "M\xc3\xa4rz (1)+%20.csv".encode().decode(): b""}


def test_what_one_publishes_the_other_finds(machines: Machines, storage: Storage) -> None:
    here, there = machines.folder("a"), machines.folder("b")
    publish(here, "models/0001-aa", MODEL)
    assert there.names("models") == ["0001-aa"]
    assert content(there, "models/0001-aa") == MODEL == content(here, "models/0001-aa")
    assert objects(storage) == [
        "tenants/shop/catalogue/models/0001-aa",
        *(f"tenants/shop/contents/models/0001-aa/000{n}" for n in range(3)),
    ]


def test_a_short_file_is_read_without_fetching_the_rest(machines: Machines) -> None:
    here, there = machines.folder("a"), machines.folder("b")
    publish(
        here, "models/0001-aa", {"record.json": b'{"id": "1"}', "long.json": json.dumps({"a": "x" * 99_999}).encode()}
    )
    assert there.read_published("models/0001-aa", "record.json") == {"id": "1"}
    assert there.read_published("models/0001-aa", "nothing.json") is None
    assert there.read_published("models/0002-bb", "record.json") is None
    assert not (there.path / "models").exists()
    assert there.read_published("models/0001-aa", "long.json") == {"a": "x" * 99_999}
    assert (there.path / "models/0001-aa").is_dir()


def test_small_files_are_the_same_everywhere(machines: Machines) -> None:
    here, there = machines.folder("a"), machines.folder("b")
    assert there.read_json("current.json") is None
    here.write_json("current.json", {"dataset": "1"})
    assert there.read_json("current.json") == {"dataset": "1"}
    there.write_json("current.json", {"dataset": "2"})
    assert here.read_json("current.json") == {"dataset": "2"}


def test_deleted_on_one_is_gone_everywhere(machines: Machines, storage: Storage) -> None:
    here, there = machines.folder("a"), machines.folder("b")
    publish(here, "datasets/1", MODEL)
    publish(here, "datasets/11", MODEL)
    assert content(there, "datasets/1")
    (there.path / "derived" / "1").mkdir(parents=True)
    here.remove("datasets/1")
    assert there.names("datasets") == ["11"]
    assert there.find("datasets/1") is None
    assert not (there.path / "datasets" / "1").exists()
    assert not (there.path / "derived" / "1").exists()
    assert not any("/1/" in key or key.endswith("/1") for key in storage.list(""))
    assert content(there, "datasets/11") == MODEL
    here.remove("datasets/1")


def test_a_shop_that_is_deleted_leaves_nothing(machines: Machines, storage: Storage) -> None:
    here, there, other = machines.folder("a"), machines.folder("b"), machines.folder("a", "other")
    for folder in (here, other):
        publish(folder, "models/1", MODEL)
        folder.write_json("current.json", {"dataset": "1"})
    assert content(there, "models/1")
    here.delete()
    assert not here.path.exists()
    assert there.read_json("current.json") is None
    assert there.names("models") == []
    assert [path for path in there.path.rglob("*") if path.is_file() and path.name != "lock"] == []
    assert {key.split("/")[1] for key in storage.list("")} == {"other"}


def test_what_is_replaced_is_replaced_everywhere(machines: Machines, storage: Storage) -> None:
    here, there = machines.folder("a"), machines.folder("b")
    publish(here, "imports/1", {"a": b"old", "b": b"stays", "import.json": b"{}"})
    assert content(there, "imports/1")
    with here.locked(), here.workspace() as work:
        (work / "a").write_bytes(b"new")
        here.replace_files(work, "imports/1")
    expected = {"a": b"new", "b": b"stays", "import.json": b"{}"}
    assert content(there, "imports/1") == expected == content(here, "imports/1")
    assert b"old" not in [storage.read(key)[0] for key in storage.list("")]  # type: ignore[index]


class Killed(BaseException):
    """As if the process had ended here."""


@contextmanager
def dying(method: str, *, after: int) -> Iterator[None]:
    """The storage's method works so many times, then the process is as good as killed."""
    calls, real = iter(range(after)), getattr(Storage, method)

    def called(*args: Any) -> Any:
        if next(calls, None) is None:
            raise Killed
        return real(*args)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Storage, method, called)
        with pytest.raises(Killed):
            yield


@pytest.mark.parametrize("written", range(4))
def test_an_upload_that_was_killed_is_never_seen_and_swept_in_time(
    machines: Machines, storage: Storage, written: int
) -> None:
    here, there = machines.folder("a"), machines.folder("b")
    publish(here, "models/0001-aa", MODEL)
    with dying("write", after=written):  # three files and the entry
        publish(here, "models/0002-bb", MODEL)
    for folder in (here, there):
        assert folder.names("models") == ["0001-aa"]
        assert folder.find("models/0002-bb") is None
    there.sweep(before=now() - timedelta(days=1))
    assert len(storage.list("")) == 4 + written, "it may still be under way"
    there.sweep(before=now() + timedelta(minutes=1))
    assert len(storage.list("")) == 4
    assert content(there, "models/0001-aa") == MODEL


@pytest.mark.parametrize("written", range(4))
def test_a_replacement_that_was_killed_changes_nothing(machines: Machines, storage: Storage, written: int) -> None:
    here, there = machines.folder("a"), machines.folder("b")
    publish(here, "imports/1", MODEL)
    with dying("write", after=written):
        publish(here, "imports/1", MODEL | {"record.json": b'{"id": "2"}'})
    assert content(there, "imports/1") == MODEL == content(here, "imports/1")
    there.sweep(before=now() + timedelta(minutes=1))
    assert len(storage.list("")) == 4


def test_a_deletion_that_was_killed_is_ended_by_the_next(machines: Machines, storage: Storage) -> None:
    here, there = machines.folder("a"), machines.folder("b")
    publish(here, "models/1", MODEL)
    with dying("delete", after=1):
        here.remove("models/1")
    assert there.find("models/1") is None
    assert here.find("models/1") is None
    here.remove("models/1")
    assert storage.list("") == {}


def test_a_copy_that_was_killed_is_fetched_anew(machines: Machines) -> None:
    here, there = machines.folder("a"), machines.folder("b")
    publish(here, "models/1", MODEL)
    with dying("download", after=2):
        there.find("models/1")
    assert not (there.path / "models" / "1").exists()
    assert content(there, "models/1") == MODEL
    assert list((there.path / ".mirror" / "arriving").iterdir()) == []


def test_damage_in_the_storage_is_an_error_not_a_wrong_number(machines: Machines, storage: Storage) -> None:
    here, there = machines.folder("a"), machines.folder("b")
    publish(here, "models/1", MODEL)
    key = next(key for key in storage.list("tenants/shop/contents") if key.endswith("0001"))
    storage.write(key, b"damaged")
    with pytest.raises(StoreError, match="cannot be fetched"):
        there.find("models/1")
    assert content(here, "models/1") == MODEL


def test_two_that_change_the_same_are_told(machines: Machines) -> None:
    here, there = machines.folder("a"), machines.folder("b")
    here.write_json("current.json", {"dataset": "1"}, unless_changed=True)
    with there.locked():
        mine = there.read_json("current.json")
        here.write_json("current.json", {"dataset": "2"}, unless_changed=True)
        with pytest.raises(ShopLockedError, match="Another machine"):
            there.write_json("current.json", {"dataset": "3", "from": mine}, unless_changed=True)
    assert there.read_json("current.json") == {"dataset": "2"}
    there.write_json("current.json", {"dataset": "3"}, unless_changed=True)
    assert here.read_json("current.json") == {"dataset": "3"}


def test_what_was_there_before_the_storage_is_put_into_it(machines: Machines) -> None:
    alone = ShopFolder(machines.folder("a").path)
    publish(alone, "models/1", MODEL)
    (alone.path / "uploads" / ".half").mkdir(parents=True)
    alone.write_json("current.json", {"dataset": "1"})
    assert machines.folder("a").names("models") == ["1"]
    there = machines.folder("b")
    assert there.read_json("current.json") == {"dataset": "1"}
    assert content(there, "models/1") == MODEL
    assert there.names("uploads") == []


def counted(monkeypatch: pytest.MonkeyPatch, method: str) -> list[str]:
    """The keys that the storage's method is called with from now on."""
    keys: list[str] = []
    real = getattr(Storage, method)

    def called(*args: Any) -> Any:
        keys.append(args[1])
        return real(*args)

    monkeypatch.setattr(Storage, method, called)
    return keys


def test_many_threads_fetch_once(machines: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = machines.folder("a"), machines.folder("b")
    publish(here, "models/1", MODEL)
    fetched = counted(monkeypatch, "download")
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(content(there, "models/1"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [MODEL] * 8
    assert len(fetched) == len(MODEL)


def test_the_catalogue_is_looked_at_once_a_second(machines: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("holdfast.store.mirror.SECONDS_FRESH", 60.0)
    here, there = machines.folder("a"), machines.folder("b")
    there.read_json("current.json")
    looks = counted(monkeypatch, "list")
    for _ in range(50):
        there.read_json("current.json")
        there.names("models")
    assert looks == []
    publish(here, "models/1", MODEL)
    assert content(there, "models/1") == MODEL, "what is missing is looked for at once"


def test_a_storage_that_does_not_answer_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setattr("holdfast.store.remote.PATIENCE", timedelta(seconds=1))
    nobody = open_storage("s3://bucket", "http://127.0.0.1:9")
    folder = ShopFolder.of(tmp_path, "shop", storage=nobody)
    for _ in range(3):  # the second and third time at once
        with pytest.raises(StoreError, match="storage cannot be used") as refused:
            folder.read_json("current.json")
    assert "HOLDFAST_STORAGE_URL" in refused.value.todo
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("url", ["s3://", "s3:///folder", "file://folder", "file://host/folder"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(SettingsError):
        open_storage(url)
