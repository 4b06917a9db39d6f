"""Object storage that several machines share: S3, anything that speaks like it, or a folder. Keys, bytes and tags.

An object appears whole or not at all. Its tag changes whenever its bytes do.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from holdfast.errors import SettingsError, StoreError

if TYPE_CHECKING:
    from obstore.store import S3Config

PATIENCE = timedelta(seconds=30)
"""How long an operation is tried again when the storage does not answer; a page that waits longer is left."""

BLOCK = 8 << 20
"""Bytes that are downloaded at once."""


@dataclass(frozen=True, slots=True)
class Object:
    """What a listing says of an object."""

    tag: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Storage:
    """A bucket, or a folder of it. Keys are relative to it."""

    address: str
    endpoint: str | None
    _objects: ObjectStore = field(repr=False, compare=False)

    def list(self, prefix: str) -> dict[str, Object]:
        """The objects whose keys lie below `prefix`, by key."""
        with self._answering():
            found = [each for page in obstore.list(self._objects, prefix=prefix) for each in page]
        return {each["path"]: Object(each["e_tag"] or "", each["last_modified"]) for each in found}

    def read(self, key: str) -> tuple[bytes, str] | None:
        """A small object and its tag; None where it is not there."""
        try:
            with self._answering():
                found = obstore.get(self._objects, key)
                return bytes(found.bytes()), found.meta["e_tag"] or ""
        except FileNotFoundError:
            return None

    def tag(self, key: str) -> str | None:
        """The tag of an object; None where it is not there."""
        try:
            with self._answering():
                return obstore.head(self._objects, key)["e_tag"] or ""
        except FileNotFoundError:
            return None

    def write(self, key: str, content: bytes | Path) -> str:
        """Write an object from memory or from a file; returns its tag."""
        with self._answering():
            return obstore.put(self._objects, key, content)["e_tag"] or ""

    def download(self, key: str, target: Path) -> str:
        """Copy an object into a new file; returns its SHA-256. FileNotFoundError where it is not there."""
        digest = hashlib.sha256()
        with self._answering(), target.open("xb") as file:
            for block in obstore.get(self._objects, key).stream(min_chunk_size=BLOCK):
                file.write(block)
                digest.update(block)
        return digest.hexdigest()

    def delete(self, keys: Sequence[str]) -> None:
        """Delete objects; one that is gone already is no error."""
        for key in keys:
            try:
                with self._answering():
                    obstore.delete(self._objects, key)
            except FileNotFoundError:
                continue

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except BaseError as error:
            raise StoreError(
                "The storage cannot be used.",
                seen=f"{self.address}: {str(error).splitlines()[0]}",
                todo="Check HOLDFAST_STORAGE_URL, HOLDFAST_STORAGE_ENDPOINT, the AWS_ variables, and that it is up.",
            ) from error


@lru_cache(maxsize=16)
def open_storage(url: str | None, endpoint: str | None = None) -> Storage | None:
    """The storage at `s3://bucket/folder` or `file:///folder`, one for the whole process; None without an address."""
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme == "file":
        folder = Path(unquote(parts.path))
        if parts.netloc or not folder.is_absolute():
            raise SettingsError(
                "The storage is no absolute folder.", seen=url, todo="Write three slashes: file:///srv/holdfast."
            )
        return Storage(url, None, LocalStore(folder, mkdir=True, automatic_cleanup=True))
    if not parts.netloc:
        raise SettingsError("The storage names no bucket.", seen=url, todo="Write s3://bucket or s3://bucket/folder.")
    return Storage(url, endpoint, _s3(parts.netloc, prefix=parts.path.strip("/"), endpoint=endpoint))


def _s3(bucket: str, *, prefix: str, endpoint: str | None) -> S3Store:
    """Keys and region come from the AWS_ variables. Storage that is not Amazon's names the bucket in the path."""
    elsewhere: S3Config = {"endpoint": endpoint, "virtual_hosted_style_request": False} if endpoint else {}
    return S3Store(
        bucket,
        prefix=prefix or None,
        config=elsewhere,
        client_options={
            "allow_http": bool(endpoint and endpoint.startswith("http://")),
            "connect_timeout": timedelta(seconds=5),
            "read_timeout": PATIENCE,
            "timeout": timedelta(hours=1),
        },
        retry_config={"max_retries": 5, "retry_timeout": PATIENCE},
    )
