"""Files on our own disk: written whole or not at all, flushed before anything names them, and deleted in one step."""

import hashlib
import os
import shutil
import uuid
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees a part of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    part.write_bytes(content)
    flush(part)
    part.replace(path)


def flush(path: Path) -> None:
    """Wait until a file has reached the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Wait until all files of a folder have reached the disk."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            flush(path)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove_folder(folder: Path, *, by_way_of: Path) -> None:
    """Delete a folder, which is gone in one step however long its files take; no error if it is not there."""
    if not folder.is_dir():
        return
    gone = by_way_of / uuid.uuid4().hex
    gone.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.replace(gone)
    except PermissionError:  # Windows does not move what somebody reads
        gone = folder
    shutil.rmtree(gone, ignore_errors=True)
