"""Uploads: files on their way into a shop. Received whole, then looked at, then imported; each step by a job.

An upload waits in the shop's folder until it is imported or thrown away. Its id becomes the id of the import, so a job
that is run again after a crash finds what it has done already.
"""

import hashlib
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from holdfast.errors import InputError, NotFoundError
from holdfast.store import ShopFolder, current_dataset, read_import
from holdfast.store.records import Job, Upload, new_id
from holdfast.workflows.clock import now
from holdfast.workflows.importing import HowToRead
from holdfast.workflows.shop import Shop

FOLDER = "uploads"
_UNSAFE = re.compile(r"[^\w.()+ -]+")
LONGEST_NAME = 120


class UploadState(StrEnum):
    """How far an upload has come."""

    RECEIVED = "received"
    INSPECTED = "inspected"
    NEEDS_MAPPING = "needs_mapping"
    CONFIRMED = "confirmed"
    IMPORTED = "imported"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    UNDONE = "undone"


WAITING = frozenset({UploadState.INSPECTED, UploadState.NEEDS_MAPPING, UploadState.FAILED})
"""States in which a person decides: another mapping, confirm, or throw away."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file that lies in the upload's folder."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the sender says about an upload: how to read it, how to clean it, and what to do afterwards."""

    how: Mapping[str, Any]
    policy: str | None
    rules: Mapping[str, Any]
    train: bool


class Reception:
    """Takes files in, streamed to the shop's disk; `keep` makes them an upload, anything else leaves nothing behind."""

    def __init__(self, folder: ShopFolder, upload_id: str | None = None) -> None:
        self.id = upload_id or new_id("imp")
        self._part = folder.path / FOLDER / f".{self.id}"
        self.files: list[Received] = []

    def __enter__(self) -> "Reception":
        """Make room."""
        shutil.rmtree(self._part, ignore_errors=True)
        self._part.mkdir(parents=True)
        return self

    def __exit__(self, *_: object) -> None:
        """Sweep up what was not kept."""
        shutil.rmtree(self._part, ignore_errors=True)

    def take(self, name: str | None, blocks: Iterable[bytes]) -> None:
        """Write one file; its name is kept as far as it is harmless."""
        safe = safe_name(name, nth=len(self.files) + 1)
        if safe in {file.name for file in self.files}:
            safe = f"{len(self.files) + 1}-{safe}"
        digest, size = hashlib.sha256(), 0
        with (self._part / safe).open("xb") as out:
            for block in blocks:
                out.write(block)
                digest.update(block)
                size += len(block)
        self.files.append(Received(safe, size, digest.hexdigest()))

    def keep(self, folder: ShopFolder) -> None:
        """The files are there for good; InputError where there is none."""
        if not self.files:
            raise InputError("Nothing was sent.", seen="No file.", todo="Send one or several as the form field `file`.")
        folder.remove(f"{FOLDER}/{self.id}")  # of a job that was killed before it could say so
        folder.publish(self._part, target=folder.path / FOLDER / self.id)

    def described(self) -> list[dict[str, Any]]:
        """The files as the record holds them."""
        return [asdict(file) for file in self.files]


def blocks_of(stream: IO[bytes]) -> Iterable[bytes]:
    """A stream in blocks."""
    while block := stream.read(1 << 20):
        yield block


def safe_name(name: str | None, *, nth: int) -> str:
    """A file name without folders, control signs or leading dots; its ending stays, since it says what the file is."""
    last = re.split(r"[/\\]", name or "")[-1]
    clean = _UNSAFE.sub("_", last).strip(". ")
    stem, dot, ending = clean.partition(".")
    return f"{stem[: LONGEST_NAME - 20]}{dot}{ending[-20:]}" if clean else f"file-{nth}"


def record_upload(
    session: Session, reception: Reception, *, tenant: str, by: str, wishes: Wishes, origin: str | None = None
) -> Upload:
    """The record of files that were received."""
    upload = Upload(
        id=reception.id,
        tenant=tenant,
        created_at=now(),
        created_by=by,
        state=UploadState.RECEIVED.value,
        files=reception.described(),
        origin=origin,
        how=dict(wishes.how),
        policy=wishes.policy,
        rules=dict(wishes.rules),
        train=wishes.train,
    )
    session.add(upload)
    return upload


def find_upload(session: Session, *, tenant: str, upload_id: str) -> Upload:
    """An upload or import of the tenant; NotFoundError if there is none."""
    found = session.get(Upload, upload_id)
    if found is None or found.tenant != tenant:
        raise NotFoundError(
            f"There is no import {upload_id!r}.", seen=f"Tenant {tenant} has no such import.", todo="List the imports."
        )
    return found


def adopt_imports(session: Session, shop: Shop) -> None:
    """Give imports that came in by another door, such as the command line, a record like the others have."""
    dataset = current_dataset(shop.folder)
    in_force = dataset.manifest.imports if dataset else ()
    tenant = shop.settings.tenant
    known = set(session.scalars(sa.select(Upload.id).where(Upload.tenant == tenant, Upload.id.in_(in_force))))
    for import_id in in_force:
        if import_id not in known:
            record = read_import(shop.folder, import_id)
            session.add(
                Upload(
                    id=import_id,
                    tenant=tenant,
                    created_at=datetime.fromisoformat(record.created_at),
                    created_by="command line",
                    state=UploadState.IMPORTED.value,
                    files=[{"name": name, "size": None, "sha256": None} for name in record.files],
                    how={"mapping": dict(record.mapping)},
                )
            )


def note_undone(session: Session, *, tenant: str, import_id: str) -> None:
    """The import is not part of the data set any more."""
    find_upload(session, tenant=tenant, upload_id=import_id).state = UploadState.UNDONE.value


def paths_of(folder: ShopFolder, upload: Upload) -> list[Path]:
    """Where the files of an upload lie; NotFoundError if they are gone."""
    place = folder.find(f"{FOLDER}/{upload.id}")
    if place is None:
        raise NotFoundError(
            "The files of this import are gone.",
            seen=f"{upload.id} is {upload.state}; its files go once they were imported.",
            todo="Send them again.",
        )
    return [place / file["name"] for file in upload.files]


def discard_files(folder: ShopFolder, upload_id: str) -> None:
    """Delete the files as they were sent; the import keeps their rows."""
    folder.remove(f"{FOLDER}/{upload_id}")


def discard_files_of(folder: ShopFolder, job: Job) -> None:
    """Delete files that came with a job and that nobody else knows of; imports have a record, and wait for somebody."""
    sent = job.arguments.get("upload")
    if sent is not None:
        discard_files(folder, str(sent))


def how_to_read(upload: Upload, *, most_bytes: int) -> HowToRead:
    """The sender's wishes in the words of the import."""
    how = upload.how
    return HowToRead(
        mapping=how.get("mapping"),
        preset=how.get("preset"),
        currency=how.get("currency"),
        date_order=how.get("date_order"),
        decimal=how.get("decimal"),
        rates=how.get("rates"),
        most_bytes=most_bytes,
    )
