"""A backup: one archive with the records and all published files, taken while servers and workers go on.

The records are read as of one moment. Published folders never change, so they are linked, not copied; if one is deleted
in between, its shop is looked at again. What is packed is named in a manifest with its SHA-256, which comes first.
"""

import io
import json
import os
import shutil
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
from filelock import FileLock

from holdfast.access import secrets
from holdfast.errors import InputError, StoreError
from holdfast.settings import FILE_NAME as SETTINGS_FILE
from holdfast.settings import Settings
from holdfast.store import ShopFolder
from holdfast.store.database import Database
from holdfast.store.datasets import CURRENT
from holdfast.store.datasets import MANIFEST as DATASET
from holdfast.store.dump import dump
from holdfast.store.files import sha256_of
from holdfast.store.mirror import KINDS
from holdfast.store.records import Tenant
from holdfast.store.remote import open_storage
from holdfast.store.vouchers import CURRENT as VOUCHERS
from holdfast.workflows.clock import stamp
from holdfast.workflows.shop import Progress, folder_of, no_progress

FORMAT = 1
MANIFEST, RECORDS, SHOPS = "manifest.json", "records", "shops"
ENDINGS = {".tar": "w", ".tar.gz": "w:gz", ".tgz": "w:gz"}
LOCK = "backup.lock"
TRIES = 5


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds."""

    path: Path
    bytes: int
    files: int
    tenants: tuple[str, ...]
    created_at: str


class _GoneError(Exception):
    """Something was deleted while it was looked at."""


def write_backup(settings: Settings, out: Path, *, progress: Progress = no_progress) -> BackupReport:
    """Write a backup of everything to a .tar or .tar.gz file, which is there whole or not at all."""
    mode = _mode(out)
    settings.home.mkdir(parents=True, exist_ok=True)
    with (
        FileLock(settings.home / LOCK),
        TemporaryDirectory(dir=_swept(settings.home), prefix=PREFIX) as place,
    ):
        work = Path(place)
        progress("Records", 0.0)
        database = Database.open(settings.database_url, home=settings.home)
        try:
            revision = dump(database, work / RECORDS)
            tenants = tenants_of(settings, database)
        finally:
            database.close()
        for number, tenant in enumerate(tenants):
            progress(f"Files of {tenant}", 0.1 + 0.3 * number / len(tenants))
            _link_shop(folder_of(settings, tenant), work / SHOPS / tenant)
        for name in (SETTINGS_FILE, *([secrets.FILE_NAME] if settings.secret is None else [])):
            if (settings.home / name).exists():
                shutil.copy2(settings.home / name, work / name)
        progress("Packing", 0.4)
        manifest = _manifest(work, revision=revision, tenants=tenants)
        _pack(work, manifest, out, mode=mode, progress=progress)
    return BackupReport(out, out.stat().st_size, len(manifest["files"]), tenants, manifest["created_at"])


def tenants_of(settings: Settings, database: Database) -> tuple[str, ...]:
    """Every tenant that has a record, a folder, or something in the storage."""
    with database.begin() as session:
        names = set(session.scalars(sa.select(Tenant.name)))
    names |= {path.name for path in (settings.home / "tenants").glob("[!.]*") if path.is_dir()}
    storage = open_storage(settings.storage_url, settings.storage_endpoint)
    if storage is not None:
        names |= {key.split("/")[1] for key in storage.list("tenants")}
    return tuple(sorted(names))


# --- one shop, as of one moment --------------------------------------------------------------------------------------


def _link_shop(folder: ShopFolder, into: Path) -> None:
    for _ in range(TRIES):
        shutil.rmtree(into, ignore_errors=True)
        try:
            _link_once(folder, into)
        except (_GoneError, FileNotFoundError):
            continue
        return
    raise StoreError(
        "A shop changes faster than it can be backed up.",
        seen=f"{into.name}: something was deleted during each of {TRIES} attempts.",
        todo="Try again when no imports are running.",
    )


def _link_once(folder: ShopFolder, into: Path) -> None:
    """Small files first: what they name is there, or the shop has moved on and is looked at again."""
    into.mkdir(parents=True)
    folder.read_json(CURRENT)  # where there is a storage, this brings the small files up to date
    for path in folder.path.glob("[!.]*.json"):
        shutil.copy2(path, into / path.name)
    for kind in KINDS:
        for name in folder.names(kind):
            source = folder.find(f"{kind}/{name}")
            if source is None:
                raise _GoneError
            (into / kind / name).mkdir(parents=True)
            for path in source.iterdir():
                _link(path, into / kind / name / path.name)
    named = _read(into / CURRENT).get("dataset")
    if named and not (into / "datasets" / named).is_dir():
        raise _GoneError
    history = _read(into / VOUCHERS).get("version")
    if history and not (into / "vouchers" / history).is_dir():
        raise _GoneError
    imports = _read(into / "datasets" / named / DATASET)["imports"] if named else []
    if any(not (into / "imports" / each).is_dir() for each in imports):
        raise _GoneError


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # a file system without links
        shutil.copy2(source, target)


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


# --- packing ---------------------------------------------------------------------------------------------------------

PREFIX = ".backup-"


def _swept(home: Path) -> Path:
    """The home folder, without what a killed backup left; only under the lock."""
    for path in home.glob(f"{PREFIX}*"):
        shutil.rmtree(path, ignore_errors=True)
    return home


def _mode(out: Path) -> str:
    for ending, mode in ENDINGS.items():
        if out.name.endswith(ending):
            return mode
    raise InputError(
        "A backup is a .tar or a .tar.gz file.",
        seen=out.name,
        todo="Tables are compressed as they are, so .tar is almost as small and much faster.",
    )


def _manifest(work: Path, *, revision: str, tenants: tuple[str, ...]) -> dict[str, Any]:
    paths = sorted(path for path in work.rglob("*") if path.is_file())
    return {
        "format": FORMAT,
        "holdfast": version("holdfast"),
        "created_at": stamp(),
        "revision": revision,
        "tenants": list(tenants),
        "files": {
            path.relative_to(work).as_posix(): {"bytes": path.stat().st_size, "sha256": sha256_of(path)}
            for path in paths
        },
    }


def _pack(work: Path, manifest: Mapping[str, Any], out: Path, *, mode: str, progress: Progress) -> None:
    part = out.with_name(f".{out.name}.part")
    level: dict[str, Any] = {"compresslevel": 1} if mode == "w:gz" else {}
    total = sum(facts["bytes"] for facts in manifest["files"].values()) or 1
    done = 0
    part.touch(mode=0o600)  # it holds everything, the secret included
    try:
        with tarfile.open(part, mode, format=tarfile.PAX_FORMAT, **level) as archive:  # type: ignore[call-overload]
            about = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
            archive.addfile(_member(MANIFEST, len(about), manifest["created_at"]), io.BytesIO(about))
            for name, facts in manifest["files"].items():
                with (work / name).open("rb") as file:
                    archive.addfile(_member(name, facts["bytes"], manifest["created_at"]), file)
                done += facts["bytes"]
                progress("Packing", 0.4 + 0.6 * done / total)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _member(name: str, size: int, created_at: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(datetime.fromisoformat(created_at).timestamp())
    return member
