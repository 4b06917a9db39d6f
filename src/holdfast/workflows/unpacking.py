"""Unpacking a backup: nothing but what its manifest names, each file whole as it was, nowhere but where it belongs."""

import hashlib
import json
import re
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from holdfast.errors import InputError, StoreError
from holdfast.workflows.backup import FORMAT, MANIFEST

LARGEST_MANIFEST = 500_000_000
BLOCK = 1 << 20
_NAME = re.compile(
    r"secret|holdfast\.yaml|records/[a-z_]+\.jsonl"
    r"|shops/[a-z0-9][a-z0-9_-]{0,62}/(?:[a-z_]+\.json|[a-z]+/[A-Za-z0-9][A-Za-z0-9._-]*/[^/\\\x00-\x1f]+)"
)


def unpack(archive_path: Path, into: Path) -> dict[str, Any]:
    """Unpack a backup into an empty folder; returns its manifest. InputError for anything that is not whole."""
    with _readable(archive_path), tarfile.open(archive_path, "r:*") as archive:
        members = iter(archive)
        manifest = _manifest(archive, next(members, None))
        _check_room(into, sum(facts["bytes"] for facts in manifest["files"].values()))
        left = dict(manifest["files"])
        for member in members:
            _unpack_member(archive, member, left.pop(member.name, None), into)
    if left:
        raise _damaged(f"{len(left)} files are missing, such as {min(left)}.")
    return manifest


def _manifest(archive: tarfile.TarFile, member: tarfile.TarInfo | None) -> dict[str, Any]:
    if member is None or member.name != MANIFEST or not member.isreg() or member.size > LARGEST_MANIFEST:
        raise _damaged(f"It does not begin with {MANIFEST}.")
    manifest: dict[str, Any] = json.loads(_content(archive, member).read())
    if manifest.get("format") != FORMAT:
        raise InputError(
            "The backup was written by another version of Holdfast.",
            seen=f"Format {manifest.get('format')}, by Holdfast {manifest.get('holdfast')}.",
            todo="Upgrade Holdfast and try again.",
        )
    foreign = [name for name in manifest["files"] if not _is_name(name)]
    if foreign:
        raise _damaged(f"It names files that do not belong there, such as {foreign[0][:80]!r}.")
    return manifest


def _is_name(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and ".." not in name.split("/")


def _unpack_member(archive: tarfile.TarFile, member: tarfile.TarInfo, facts: dict[str, Any] | None, into: Path) -> None:
    if facts is None or not member.isreg() or member.size != facts["bytes"]:
        raise _damaged(f"{member.name[:80]!r} is not what the manifest says.")
    tarfile.data_filter(member, str(into))  # the names were checked; this is the second lock on the same door
    target = into / member.name
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, source = hashlib.sha256(), _content(archive, member)
    with target.open("xb") as file:
        while block := source.read(BLOCK):
            digest.update(block)
            file.write(block)
    if digest.hexdigest() != facts["sha256"]:
        raise _damaged(f"The checksum of {member.name} is wrong.")


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    found = archive.extractfile(member)
    assert found is not None  # noqa: S101 - the callers looked that it is a file
    return found


def _check_room(into: Path, needed: int) -> None:
    free = shutil.disk_usage(into).free
    if free < needed:
        raise StoreError(
            "There is not enough room for the backup; nothing was changed.",
            seen=f"It takes {needed:,} bytes; {free:,} are free.",
            todo="Free some space, or choose another home with --home.",
        )


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, EOFError, zlib.error, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise _damaged(f"{path.name}: {error}") from error


def _damaged(seen: str) -> InputError:
    return InputError("This is no whole backup; nothing was changed.", seen=seen, todo="Use another backup.")
