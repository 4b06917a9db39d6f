"""Restoring a backup: records and files as they were, in the newest form, without those who were erased since.

It is checked whole before anything is changed. A restore that is killed is done again with --force; until then the home
says so and does not open.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock

from holdfast.errors import StoreError
from holdfast.settings import FILE_NAME as SETTINGS_FILE
from holdfast.settings import Settings
from holdfast.store import ShopFolder
from holdfast.store.database import Database
from holdfast.store.dump import drop, is_empty, load
from holdfast.store.files import write_whole
from holdfast.store.mirror import KINDS
from holdfast.store.records import Erasure, Job, Prediction, Tenant, Worker
from holdfast.workflows.backup import LOCK, RECORDS, SHOPS, tenants_of
from holdfast.workflows.clock import now
from holdfast.workflows.durable import forget_queue
from holdfast.workflows.erasing import erase_again
from holdfast.workflows.jobs import UNDER_WAY, queue_anew
from holdfast.workflows.mending import SILENCE
from holdfast.workflows.service import RESTORE_BEGUN, Service
from holdfast.workflows.shop import Progress, folder_of, no_progress
from holdfast.workflows.tombstones import ERASED, put_secret_in_force
from holdfast.workflows.unpacking import unpack


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was restored, and what was not: customers erased since the backup, jobs that begin anew."""

    created_at: str
    tenants: tuple[str, ...]
    files: int
    erased_again: int
    jobs_queued_anew: int


@dataclass(frozen=True, slots=True)
class Erased:
    """Who was erased, as far as the present home knows: hashes by tenant (as `erased.json` has them), and receipts."""

    tombstones: dict[str, dict[str, Any]]
    receipts: list[dict[str, Any]]

    def joined(self, other: "Erased") -> "Erased":
        """Together with what an attempt that was killed had kept."""
        known = {receipt["id"] for receipt in self.receipts}
        return Erased(
            other.tombstones | self.tombstones, [*self.receipts, *(r for r in other.receipts if r["id"] not in known)]
        )


def restore(settings: Settings, backup: Path, *, force: bool, progress: Progress = no_progress) -> RestoreReport:
    """Put the records and files of a backup into an empty home; with `force` in the place of what is there.

    Raises InputError where the backup is not whole, StoreError where something is in the way.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.home / LOCK), _workplace(settings.home / RESTORE_BEGUN) as place:
        progress("Checking the backup", 0.0)
        manifest = unpack(backup, place / "backup")
        unpacked, kept = place / "backup", place / ERASED
        tried = f"sqlite:///{(place / 'tried.sqlite').as_posix()}"
        load(tried, home=place, folder=unpacked / RECORDS, revision=manifest["revision"])
        with _opened(settings) as database:
            _check_free(settings, database, force=force)
            erased = _erased(settings, database)
            erased = erased.joined(Erased(**json.loads(kept.read_text()))) if kept.exists() else erased
            put_secret_in_force(
                settings, unpacked, [*erased.tombstones.values(), *_tombstones_in(unpacked / SHOPS).values()]
            )
            write_whole(kept, json.dumps({"tombstones": erased.tombstones, "receipts": erased.receipts}).encode())
            write_whole(place / "begun", b"")
            progress("Making room", 0.4)
            for tenant in tenants_of(settings, database):
                folder_of(settings, tenant).delete()
            drop(database)
        forget_queue(settings)
        progress("Files", 0.5)
        for shop in sorted((unpacked / SHOPS).glob("*")):
            _publish(folder_of(settings, shop.name), shop)
        if (unpacked / SETTINGS_FILE).exists() and not (settings.home / SETTINGS_FILE).exists():
            shutil.copy2(unpacked / SETTINGS_FILE, settings.home / SETTINGS_FILE)
        progress("Records", 0.7)
        load(settings.database_url, home=settings.home, folder=unpacked / RECORDS, revision=manifest["revision"])
        progress("What happened since", 0.8)
        jobs, again = _brought_up_to_date(settings, erased, _tombstones_in(unpacked / SHOPS))
        (place / "begun").unlink()
        kept.unlink()
    return RestoreReport(manifest["created_at"], tuple(manifest["tenants"]), len(manifest["files"]), again, jobs)


@contextmanager
def _workplace(place: Path) -> Iterator[Path]:
    """A folder in the home. What an attempt that was killed knew of erasures stays in it; so does that it had begun."""
    shutil.rmtree(place / "backup", ignore_errors=True)
    (place / "backup").mkdir(parents=True)
    try:
        yield place
    finally:
        shutil.rmtree(place / "backup", ignore_errors=True)
        for file in place.glob("tried.sqlite*"):
            file.unlink()
        if not (place / "begun").exists():
            shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _opened(settings: Settings) -> Iterator[Database]:
    database = Database.open(settings.database_url, home=settings.home)
    try:
        yield database
    finally:
        database.close()


def _check_free(settings: Settings, database: Database, *, force: bool) -> None:
    """Nobody works here, and nothing is overwritten that was not meant to be."""
    tenants = tenants_of(settings, database)
    if not force and (tenants or not is_empty(database)):
        raise StoreError(
            "There is something already; nothing was changed.",
            seen=f"{settings.home} holds {', '.join(tenants) or 'records'}.",
            todo="Restore into an empty home with --home, or replace all of it with --force.",
        )
    with database.begin() as session:
        alive = session.scalars(sa.select(Worker.id).where(Worker.seen_at > now() - SILENCE)).all()
    if alive:
        raise StoreError(
            "Workers are running; nothing was changed.",
            seen=f"{', '.join(alive)} were seen a moment ago.",
            todo="Stop servers and workers; one that was killed is forgotten after a minute.",
        )


# --- files -----------------------------------------------------------------------------------------------------------


def _publish(folder: ShopFolder, unpacked: Path) -> None:
    """The published folders first, then the small files that name them."""
    with folder.locked():
        for kind in KINDS:
            for work in sorted((unpacked / kind).glob("*")):
                folder.publish(work, target=folder.path / kind / work.name)
        for path in sorted(unpacked.glob("*.json")):
            folder.write_json(path.name, json.loads(path.read_text(encoding="utf-8")))


# --- what happened since ---------------------------------------------------------------------------------------------


def _erased(settings: Settings, database: Database) -> Erased:
    found = {name: folder_of(settings, name).read_json(ERASED) for name in tenants_of(settings, database)}
    with database.begin() as session:
        receipts = [
            {
                "id": each.id,
                "tenant": each.tenant,
                "customer_hash": each.customer_hash,
                "created_at": each.created_at.isoformat(),
                "actor": each.actor,
                "receipt": each.receipt,
            }
            for each in session.scalars(sa.select(Erasure))
        ]
    return Erased({name: stored for name, stored in found.items() if stored}, receipts)


def _tombstones_in(shops: Path) -> dict[str, dict[str, Any]]:
    paths = shops.glob(f"*/{ERASED}")
    return {path.parent.name: json.loads(path.read_text(encoding="utf-8")) for path in paths}


def _brought_up_to_date(settings: Settings, erased: Erased, in_backup: dict[str, dict[str, Any]]) -> tuple[int, int]:
    """Jobs that begin anew, and customers who are erased again."""
    with _opened(settings) as database:
        service = Service(settings, database)
        with database.begin() as session:
            tenants = set(session.scalars(sa.select(Tenant.name)))
            under_way = session.scalars(sa.select(Job).where(Job.state.in_(UNDER_WAY))).all()
            for job in under_way:
                queue_anew(job)
            for prediction in session.scalars(sa.select(Prediction)):  # deleted while the backup was taken
                if folder_of(settings, prediction.tenant).find(f"predictions/{prediction.id}") is None:
                    session.delete(prediction)
            for receipt in erased.receipts:
                if receipt["tenant"] in tenants:
                    moment = datetime.fromisoformat(receipt["created_at"])
                    session.merge(Erasure(**receipt | {"created_at": moment}))
        again = 0
        for tenant in sorted(tenants & erased.tombstones.keys()):
            with database.begin() as session:
                shop = service.shop(session, tenant)
            before = set(in_backup.get(tenant, {"customers": []})["customers"])
            again += len(erase_again(service, shop, set(erased.tombstones[tenant]["customers"]) - before))
        database.compact()
        service.close()
        return len(under_way), again
