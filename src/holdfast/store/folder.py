"""A shop's folder: one place for its imports and data sets, locked while somebody changes it."""

import errno
import json
import os
import re
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from holdfast.errors import SettingsError, StoreError

_TENANT = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")  # lower case: some file systems see no difference
LOCK_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class ShopFolder:
    """`home/tenants/NAME`, with `imports`, `datasets`, `derived` and `tmp` in it.

    Whatever is to be seen is first written whole under `tmp` and then renamed, which is one step on every file system:
    a process that is killed leaves rubbish in `tmp` (swept by the next one) and nothing half-visible.
    """

    path: Path

    @classmethod
    def of(cls, home: Path, tenant: str) -> "ShopFolder":
        """The folder of a tenant; SettingsError for a name that could not be a folder."""
        if not _TENANT.fullmatch(tenant):
            raise SettingsError(
                "This is not a name for a tenant.",
                seen=f"It was {tenant!r}.",
                todo="Use up to 63 small letters, digits, dashes or underscores, beginning with a letter or digit.",
            )
        return cls(home / "tenants" / tenant)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the shop for a change; what an earlier process left in `tmp` is swept away first."""
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.path / "lock", timeout=LOCK_SECONDS):
                shutil.rmtree(self.path / "tmp", ignore_errors=True)
                yield
        except Timeout as error:
            raise StoreError(
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
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise StoreError(
                "The disk is full; nothing was changed.",
                seen=f"Writing to {self.path} failed: {error.strerror}.",
                todo="Free some space and run the command again.",
            ) from error
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def publish(self, work: Path, *, target: Path) -> None:
        """Make a finished folder visible in one step, after its bytes have reached the disk."""
        for file in sorted(work.rglob("*")):
            if file.is_file():
                _flush(file)
        target.parent.mkdir(parents=True, exist_ok=True)
        work.replace(target)

    def write_json(self, name: str, value: Mapping[str, Any]) -> None:
        """Write a small file of the shop, wholly or not at all."""
        self.path.mkdir(parents=True, exist_ok=True)
        part = self.path / f".{name}.{uuid.uuid4().hex}"
        part.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        _flush(part)
        part.replace(self.path / name)

    def read_json(self, name: str) -> dict[str, Any] | None:
        """A small file of the shop; None where there is none yet."""
        path = self.path / name
        return read_json(path) if path.exists() else None


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file of ours; StoreError if it is damaged."""
    try:
        value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(
            "A file of this shop cannot be read.",
            seen=f"{path}: {error}",
            todo="Restore it from a backup, or undo the import it belongs to.",
        ) from error
    return value


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
