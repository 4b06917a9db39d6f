"""A shop's folder: one place for its imports and data sets, locked while somebody changes it."""

import json
import re
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from holdfast.errors import SettingsError, StoreError, is_disk_full
from holdfast.store.files import flush_folder, remove_folder, write_whole
from holdfast.store.mirror import KINDS, Mirror, mirror_of
from holdfast.store.remote import Storage

_TENANT = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")  # lower case: some file systems see no difference
_PUBLISHED = re.compile(rf"(?:{'|'.join(KINDS)})/[A-Za-z0-9][A-Za-z0-9._-]*")  # ids come from outside
LOCK_SECONDS = 10.0


class ShopLockedError(StoreError):
    """Another process is changing the shop; worth another try."""


@dataclass(frozen=True, slots=True)
class ShopFolder:
    """`home/tenants/NAME`, with `imports`, `datasets`, `derived` and `tmp` in it.

    Whatever is to be seen is first written whole under `tmp` and then renamed, which is one step on every file system:
    a process that is killed leaves rubbish in `tmp` (swept by the next one) and nothing half-visible.
    """

    path: Path
    mirror: Mirror | None = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, home: Path, tenant: str, *, storage: Storage | None = None) -> "ShopFolder":
        """The folder of a tenant, a copy of what is in the storage if there is one.

        SettingsError for a name that could not be a folder.
        """
        if not _TENANT.fullmatch(tenant):
            raise SettingsError(
                "This is not a name for a tenant.",
                seen=f"It was {tenant!r}.",
                todo="Use up to 63 small letters, digits, dashes or underscores, beginning with a letter or digit.",
            )
        path = home / "tenants" / tenant
        return cls(path, mirror_of(path, storage, tenant=tenant) if storage else None)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the shop for a change; what an earlier process left in `tmp` is swept away first."""
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.path / "lock", timeout=LOCK_SECONDS):
                shutil.rmtree(self.path / "tmp", ignore_errors=True)
                if self.mirror:
                    self.mirror.look(now=True)
                yield
        except Timeout as error:
            raise ShopLockedError(
                "Another process is changing this shop.",
                seen=f"{self.path / 'lock'} has been held for {LOCK_SECONDS:.0f} seconds.",
                todo="Wait until it ends and run the command again; nothing was changed.",
            ) from error

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        """An empty folder on the same disk, gone afterwards; a full disk becomes an error that says so."""
        work = self.path / "tmp" / uuid.uuid4().hex
        try:
            work.mkdir(parents=True)
            yield work
        except OSError as error:
            if not is_disk_full(error):
                raise
            raise StoreError.of_system(error) from error
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def publish(self, work: Path, *, target: Path) -> None:
        """Make a finished folder visible in one step, after its bytes have reached the disk."""
        flush_folder(work)
        target.parent.mkdir(parents=True, exist_ok=True)
        name = target.relative_to(self.path).as_posix()
        if self.mirror and name.split("/")[0] in KINDS:
            self.mirror.publish(work, name)
        else:
            work.replace(target)

    def names(self, kind: str) -> list[str]:
        """What was published under `imports`, `datasets`, `models`, `predictions` or `uploads`, sorted."""
        if self.mirror:
            return self.mirror.names(kind)
        return sorted(path.name for path in (self.path / kind).glob("[!.]*") if path.is_dir())

    def find(self, name: str) -> Path | None:
        """The folder of something published, such as `models/ID`, whole and on this disk; None where there is none."""
        if not _PUBLISHED.fullmatch(name):
            return None
        if self.mirror:
            return self.mirror.fetched(name)
        path = self.path / name
        return path if path.is_dir() else None

    def read_published(self, name: str, file: str) -> dict[str, Any] | None:
        """A JSON file of something published; None where there is none."""
        if not _PUBLISHED.fullmatch(name):
            return None
        if self.mirror is None:
            path = self.path / name / file
            return read_json(path) if path.exists() else None
        text = self.mirror.text(name, file)
        return _parsed(text, f"{name}/{file}") if text is not None else None

    def replace_files(self, work: Path, name: str) -> None:
        """Put the files in `work` in the place of those of the same name in something published, each in one step."""
        flush_folder(work)
        folder = self.find(name)
        if folder is None:
            raise StoreError("There is nothing to change.", seen=f"{name} is gone.", todo="Run the command again.")
        if self.mirror:
            for path in folder.iterdir():
                if not (work / path.name).exists():
                    shutil.copy2(path, work / path.name)
            self.mirror.publish(work, name)
            return
        for path in sorted(work.iterdir()):
            path.replace(folder / path.name)

    def remove(self, name: str) -> None:
        """Delete something published, and what was derived from it; no error if it is gone already."""
        if self.mirror:
            self.mirror.remove(name)
        remove_folder(self.path / name, by_way_of=self.path / "tmp")
        if name.startswith("datasets/"):
            remove_folder(self.path / "derived" / Path(name).name, by_way_of=self.path / "tmp")

    def sweep(self, *, before: datetime | None) -> None:
        """Delete what was left behind in the storage by those who were killed before then (None: whenever)."""
        if self.mirror:
            self.mirror.sweep(before=before)

    def delete(self) -> None:
        """Delete the shop with all its files; under the lock, so that nobody is changing it."""
        with self.locked():
            if self.mirror:
                self.mirror.remove_all()
            remove_folder(self.path, by_way_of=self.path.parent / ".deleted")

    def write_json(self, name: str, value: Mapping[str, Any], *, unless_changed: bool = False) -> None:
        """Write a small file of the shop, wholly or not at all.

        With `unless_changed` ShopLockedError where another machine has written it since this one last looked.
        """
        content = (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()
        if self.mirror is None:
            write_whole(self.path / name, content)
        elif not self.mirror.write(name, content, unless_changed=unless_changed):
            raise ShopLockedError(
                "Another machine has changed this shop meanwhile.",
                seen=f"{name} in the storage is not the one that this change began from.",
                todo="Run it again; change a shop with commands on one machine only.",
            )

    def read_json(self, name: str) -> dict[str, Any] | None:
        """A small file of the shop; None where there is none yet."""
        if self.mirror:
            self.mirror.look()
        path = self.path / name
        return read_json(path) if path.exists() else None


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file of ours; StoreError if it is damaged."""
    try:
        return _parsed(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(path, error) from error


def _parsed(text: str, place: str) -> dict[str, Any]:
    try:
        value: dict[str, Any] = json.loads(text)
    except ValueError as error:
        raise _damaged(place, error) from error
    return value


def _damaged(place: object, error: Exception) -> StoreError:
    return StoreError(
        "A file of this shop cannot be read.",
        seen=f"{place}: {error}",
        todo="Restore it from a backup, or undo the import it belongs to.",
    )
