"""Backup and restore: the same shop again, in either database, without those who were erased since, or not at all."""

import io
import json
import os
import shutil
import tarfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from holdfast.access.caller import Role
from holdfast.access.keys import accepted_key, create_key
from holdfast.errors import InputError, SettingsError, StoreError
from holdfast.settings import Settings
from holdfast.store import ShopFolder, database, default_model, needed_dataset
from holdfast.store.dump import LEFT_OUT
from holdfast.store.records import Base, Erasure, Job, Worker
from holdfast.workflows.backup import write_backup
from holdfast.workflows.clock import now
from holdfast.workflows.erasing import begin, erase
from holdfast.workflows.importing import HowToRead, import_files, list_imports
from holdfast.workflows.restoring import restore
from holdfast.workflows.service import Service
from holdfast.workflows.shop import Shop
from tests.postgres import new_database
from tests.workflows.erasable import EMAIL, WHO, WORDS, copied, everything, made, named_in, orders

__all__ = ["made"]


@pytest.fixture
def opened(made: Path, tmp_path: Path) -> tuple[Service, Shop]:
    return copied(made, tmp_path / "home")


@pytest.fixture
def saved(opened: tuple[Service, Shop], tmp_path: Path) -> Path:
    """A backup of the shop."""
    write_backup(opened[1].settings, tmp_path / "backup.tar.gz")
    return tmp_path / "backup.tar.gz"


@pytest.fixture(params=["sqlite", "postgres"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """An empty home, with its records in a file or in PostgreSQL."""
    about = {"home": tmp_path / "elsewhere", "tenant": "shop"}
    if request.param == "sqlite":
        yield Settings.load(about)
        return
    with new_database() as url:
        yield Settings.load({**about, "database_url": url})


def records(settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables."""
    service = Service.open(settings)
    with service.database.begin() as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]
        found = {t.name: [dict(row) for row in session.execute(sa.select(t)).mappings()] for t in tables}
    service.close()
    return {name: sorted(rows, key=str) for name, rows in found.items()}


def test_a_restored_shop_is_the_same(opened: tuple[Service, Shop], elsewhere: Settings, tmp_path: Path) -> None:
    service, shop = opened
    with service.database.begin() as session:
        _, token = create_key(session, tenant="shop", role=Role.ADMIN, name="k", by="test", now=now(), days=30)
    (shop.settings.home / "holdfast.yaml").write_text("currency: GBP\n")
    there = Settings.load({"home": elsewhere.home, "database_url": elsewhere.database_url, "tenant": "shop"})
    report = write_backup(shop.settings, tmp_path / "backup.tar")
    assert report.tenants == ("shop",)
    restored = restore(there, tmp_path / "backup.tar", force=False)
    assert (restored.tenants, restored.files, restored.erased_again) == (("shop",), report.files, 0)
    assert everything(Shop.open(there)) == everything(shop)
    assert records(there) == records(shop.settings)
    assert default_model(Shop.open(there).folder) == default_model(shop.folder)
    assert list_imports(Shop.open(there)) != [], "paths are those of the new home"
    assert (there.home / "holdfast.yaml").read_text() == "currency: GBP\n"
    assert os.name == "nt" or (tmp_path / "backup.tar").stat().st_mode & 0o077 == 0
    again = Service.open(there)
    with again.database.begin() as session:
        assert accepted_key(session, token, now=now()).role == "admin"
    again.close()
    assert not (there.home / "restoring").exists()


def test_from_postgres_into_a_file(opened: tuple[Service, Shop], saved: Path, tmp_path: Path) -> None:
    with new_database() as url:
        server = Settings.load({"home": tmp_path / "server", "database_url": url, "tenant": "shop"})
        restore(server, saved, force=False)
        write_backup(server, tmp_path / "from server.tar")
    back = Settings.load({"home": tmp_path / "back", "tenant": "shop"})
    restore(back, tmp_path / "from server.tar", force=False)
    assert records(back) == records(opened[1].settings)
    assert everything(Shop.open(back)) == everything(opened[1])


def test_what_is_there_is_not_overwritten_by_mistake(opened: tuple[Service, Shop], saved: Path) -> None:
    service, shop = opened
    before = records(shop.settings)
    with pytest.raises(StoreError, match="something already"):
        restore(shop.settings, saved, force=False)
    with service.database.begin() as session:
        session.add(Worker(id="w", started_at=now(), seen_at=now()))
    with pytest.raises(StoreError, match="Workers are running"):
        restore(shop.settings, saved, force=True)
    assert records(shop.settings) == before


def test_force_replaces_everything(opened: tuple[Service, Shop], saved: Path, tmp_path: Path) -> None:
    service, shop = opened
    before, tables = everything(shop), records(shop.settings)
    (tmp_path / "more.csv").write_text(orders(["later"], first=9000), encoding="utf-8")
    import_files(shop, [tmp_path / "more.csv"], how=HowToRead())
    import_files(
        Shop.open(shop.settings.model_copy(update={"tenant": "other"})), [tmp_path / "more.csv"], how=HowToRead()
    )
    service.close()
    restore(shop.settings, saved, force=True)
    assert everything(shop) == before
    assert records(shop.settings) == tables
    assert named_in(shop.settings.home, "later") == []


def test_jobs_under_way_begin_anew(opened: tuple[Service, Shop], elsewhere: Settings, tmp_path: Path) -> None:
    service, shop = opened
    with service.database.begin() as session:
        for state in ("running", "queued", "failed"):
            session.add(
                Job(id=state, tenant="shop", kind="train", state=state, progress=0.5, created_at=now(), created_by="t")
            )
    write_backup(shop.settings, tmp_path / "backup.tar")
    assert restore(elsewhere, tmp_path / "backup.tar", force=False).jobs_queued_anew == 2
    found = {row["id"]: (row["state"], row["attempt"], row["progress"]) for row in records(elsewhere)["jobs"]}
    assert found["running"] == found["queued"] == ("queued", 2, 0.0)
    assert found["failed"] == ("failed", 1, 0.5)


def erased(service: Service, shop: Shop, who: str) -> None:
    with service.database.begin() as session:
        erasure = begin(session, shop, who, actor="test")
    erase(service, shop, who, erasure.id)


def test_who_was_erased_since_stays_erased(opened: tuple[Service, Shop], saved: Path, tmp_path: Path) -> None:
    service, shop = opened
    erased(service, shop, WHO)
    without = everything(shop)
    service.close()
    report = restore(shop.settings, saved, force=True)
    assert report.erased_again == 1
    assert named_in(shop.settings.home, WHO, EMAIL, WORDS) == []
    assert everything(shop) == without
    assert len(records(shop.settings)["erasures"]) == 1
    write_backup(shop.settings, tmp_path / "later.tar")
    assert restore(shop.settings, tmp_path / "later.tar", force=True).erased_again == 0
    (tmp_path / "again.csv").write_text(orders([WHO, "new"], first=5000), encoding="utf-8")
    assert any(
        "were left out" in each for each in import_files(shop, [tmp_path / "again.csv"], how=HowToRead()).warnings
    )


def test_another_secret_is_refused_where_somebody_was_erased(opened: tuple[Service, Shop], tmp_path: Path) -> None:
    service, shop = opened
    erased(service, shop, WHO)
    write_backup(shop.settings, tmp_path / "backup.tar")
    other = Settings.load({"home": tmp_path / "other", "secret": "y" * 40})
    with pytest.raises(SettingsError, match="cannot be recognised"):
        restore(other, tmp_path / "backup.tar", force=False)
    assert not (other.home / "tenants").exists()
    same = Settings.load({"home": tmp_path / "same", "tenant": "shop"})
    restore(same, tmp_path / "backup.tar", force=False)
    assert (same.home / "secret").read_text() == (shop.settings.home / "secret").read_text()


class Killed(BaseException):
    """As if the process had ended here."""


def test_a_restore_that_was_killed_is_done_again(opened: tuple[Service, Shop], saved: Path) -> None:
    service, shop = opened
    erased(service, shop, WHO)
    without = everything(shop)
    service.close()
    calls = iter(range(3))
    real = ShopFolder.publish

    def publish(*args: Any, **kwargs: Any) -> None:
        if next(calls, None) is None:
            raise Killed
        real(*args, **kwargs)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ShopFolder, "publish", publish)
        with pytest.raises(Killed):
            restore(shop.settings, saved, force=True)
    with pytest.raises(StoreError, match="being restored"):
        Service.open(shop.settings)
    with pytest.raises(StoreError, match="something already"):
        restore(shop.settings, saved, force=False)
    assert restore(shop.settings, saved, force=True).erased_again == 1, "remembered over the first attempt"
    assert everything(shop) == without
    Service.open(shop.settings).close()


Members = list[tuple[tarfile.TarInfo, bytes]]


def repacked(source: Path, target: Path, change: Callable[[Members], Members]) -> Path:
    """The archive with other members."""
    with tarfile.open(source) as archive:
        members = [(m, archive.extractfile(m).read()) for m in archive]  # type: ignore[union-attr]
    with tarfile.open(target, "w") as archive:
        for member, content in change(members):
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content) if member.isreg() else None)
    return target


def renamed(to: str) -> Callable[[Members], Members]:
    """The last file under another name, in the manifest as well."""

    def change(members: Members) -> Members:
        (about, text), (last, content) = members[0], members[-1]
        manifest = json.loads(text)
        manifest["files"][to] = manifest["files"].pop(last.name)
        last.name = to
        return [(about, json.dumps(manifest).encode()), *members[1:-1], (last, content)]

    return change


def as_link(members: Members) -> Members:
    """The last file as a link out of the home."""
    last = members[-1][0]
    last.type, last.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return [*members[:-1], (last, b"")]


DAMAGE: dict[str, Callable[[Members], Members]] = {
    "a byte": lambda m: [*m[:-1], (m[-1][0], m[-1][1][:-1] + b"!")],
    "a file missing": lambda m: m[:-1],
    "a file twice": lambda m: [*m, m[-1]],
    "a foreign file": lambda m: [*m, (tarfile.TarInfo("records/more.jsonl"), b"{}")],
    "no manifest": lambda m: m[1:],
    "the manifest later": lambda m: [m[1], m[0], *m[2:]],
    "a newer format": lambda m: [(m[0][0], m[0][1].replace(b'"format": 1', b'"format": 2')), *m[1:]],
    "a newer revision": lambda m: [(m[0][0], m[0][1].replace(b'"revision": "', b'"revision": "9')), *m[1:]],
    "out of the folder": renamed("shops/shop/imports/x/../../../../../evil"),
    "up": renamed("../evil"),
    "absolute": renamed("/tmp/evil"),
    "somewhere else": renamed("jobs.sqlite"),
    "another drive": renamed("shops/shop/imports/x/C:\\evil"),
    "a link": as_link,
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_backup_changes_nothing(
    opened: tuple[Service, Shop], saved: Path, tmp_path: Path, damage: str
) -> None:
    bad = repacked(saved, tmp_path / "bad.tar", DAMAGE[damage])
    empty = Settings.load({"home": tmp_path / "empty"})
    with pytest.raises((InputError, StoreError)):
        restore(empty, bad, force=False)
    assert not (empty.home / "tenants").exists()
    assert not list(tmp_path.rglob("evil"))


def test_half_a_backup_and_none(saved: Path, tmp_path: Path) -> None:
    empty = Settings.load({"home": tmp_path / "empty"})
    content = saved.read_bytes()
    for number, bad in enumerate(
        (content[: len(content) // 2], content[: len(content) * 9 // 10], b"", b"nothing of the kind")
    ):
        (tmp_path / f"bad-{number}.tar.gz").write_bytes(bad)
        with pytest.raises(InputError, match="no whole backup"):
            restore(empty, tmp_path / f"bad-{number}.tar.gz", force=False)
    with pytest.raises(InputError, match=r"\.tar"):
        write_backup(empty, tmp_path / "backup.zip")


def test_a_backup_during_imports_is_of_one_moment(opened: tuple[Service, Shop], tmp_path: Path) -> None:
    _, shop = opened
    busy = Shop.open(shop.settings.model_copy(update={"keep_datasets": 1}))
    stop = threading.Event()

    def work() -> None:
        for number in range(1000):
            if stop.is_set():
                return
            file = tmp_path / f"{number}.csv"
            file.write_text(orders([f"n{number}"], first=100_000 + 10 * number), encoding="utf-8")
            import_files(busy, [file], how=HowToRead())

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for number in range(4):
            write_backup(shop.settings, tmp_path / f"{number}.tar")
    finally:
        stop.set()
        thread.join()
    for number in range(4):
        there = Settings.load({"home": tmp_path / f"there-{number}", "tenant": "shop"})
        restore(there, tmp_path / f"{number}.tar", force=False)
        dataset = needed_dataset(Shop.open(there).folder)
        assert [each.id for each in list_imports(Shop.open(there))] == list(dataset.manifest.imports)
        shutil.rmtree(there.home)


def test_a_backup_of_an_older_revision_is_brought_up_to_date(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the next release had added a column."""
    migrations = tmp_path / "migrations"
    shutil.copytree(database.MIGRATIONS, migrations)
    (migrations / "versions" / "9999_next.py").write_text(NEXT.format(before=head(saved)), encoding="utf-8")
    monkeypatch.setattr(database, "MIGRATIONS", migrations)
    there = Settings.load({"home": tmp_path / "there"})
    restore(there, saved, force=False)
    service = Service.open(there)
    with service.database.begin() as session:
        assert session.execute(sa.text("SELECT name, colour FROM tenants")).all() == [("shop", "green")]
        assert session.scalars(sa.select(Erasure)).all() == []
    service.close()


def head(backup: Path) -> str:
    with tarfile.open(backup) as archive:
        found: str = json.loads(archive.extractfile("manifest.json").read())["revision"]  # type: ignore[union-attr]
        return found


NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{before}", None, None


def upgrade() -> None:
    op.add_column("tenants", sa.Column("colour", sa.Text(), nullable=False, server_default="green"))
"""
