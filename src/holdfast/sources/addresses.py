"""Files at an address: https://, or s3:// for Amazon and everything compatible. Fetched once, then asked for changes.

https is fetched from public addresses alone (`public_web`).
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import httpx
import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from holdfast.errors import InputError
from holdfast.sources.public_web import web_client

TIMEOUT_SECONDS = 30.0
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was fetched: where it lies, what it is called, and whether it was there already."""

    path: Path
    name: str
    from_cache: bool


def fetch(
    address: str,
    *,
    cache: Path,
    most_bytes: int,
    private_allowed: bool = False,
    endpoint: str | None = None,
    progress: Callable[[float], None] = lambda _share: None,
) -> Fetched:
    """The file at an address. `endpoint` is that of S3-compatible storage; None for Amazon's.

    Raises InputError for an address of another kind, a private one, or where there is no file to be had.
    """
    scheme = urlsplit(address).scheme
    place = _place(cache, address)
    place.mkdir(parents=True, exist_ok=True)
    if scheme == "https" or (scheme == "http" and private_allowed):
        return _fetch_web(address, place, most_bytes, progress, private_allowed=private_allowed)
    if scheme == "s3":
        return _fetch_object(address, place, most_bytes, progress, endpoint=endpoint)
    raise InputError(
        "Files are not fetched from there.", seen=f"The address was {address!r}.", todo="Use https:// or s3://."
    )


# --- the web ---------------------------------------------------------------------------------------------------------


def _fetch_web(
    address: str, place: Path, most_bytes: int, progress: Callable[[float], None], *, private_allowed: bool
) -> Fetched:
    known = _known(place)
    opened = web_client(private_allowed=private_allowed, timeout=TIMEOUT_SECONDS, redirects=True)
    with _web_errors(address), opened as client:
        headers = {"If-None-Match": known["etag"]} if known.get("etag") else {}
        with client.stream("GET", address, headers=headers) as answer:
            if answer.status_code == 304:
                return Fetched(place / "file", known["name"], from_cache=True)
            if answer.status_code != 200:
                raise _refused(address, f"It answered {answer.status_code}.")
            size = int(answer.headers.get("Content-Length", 0))
            _write(place, answer.iter_bytes(BLOCK), size, most_bytes, progress)
            return _remember(place, _name_in(str(answer.url)), answer.headers.get("ETag"))


@contextmanager
def _web_errors(address: str) -> Iterator[None]:
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _refused(address, f"{type(error).__name__}: {error}") from error


# --- object storage --------------------------------------------------------------------------------------------------


def _fetch_object(
    address: str, place: Path, most_bytes: int, progress: Callable[[float], None], *, endpoint: str | None
) -> Fetched:
    parts = urlsplit(address)
    key = unquote(parts.path.lstrip("/"))
    if not parts.netloc or not key:
        raise InputError("This is no object.", seen=address, todo="Write it like s3://bucket/folder/orders.csv.")
    store = (
        S3Store(parts.netloc, endpoint=endpoint, client_options={"allow_http": True})
        if endpoint
        else S3Store(parts.netloc)
    )
    known = _known(place)
    try:
        facts = obstore.head(store, key)
        if known.get("etag") and facts.get("e_tag") == known["etag"]:
            return Fetched(place / "file", known["name"], from_cache=True)
        blocks = (bytes(block) for block in obstore.get(store, key).stream(min_chunk_size=BLOCK))
        _write(place, blocks, facts["size"], most_bytes, progress)
    except (BaseError, FileNotFoundError, PermissionError) as error:
        raise _refused(address, str(error).splitlines()[0]) from error
    return _remember(place, _name_in(address), facts.get("e_tag"))


# --- the cache -------------------------------------------------------------------------------------------------------


def forget_address(address: str, *, cache: Path) -> None:
    """Delete what was fetched from an address."""
    shutil.rmtree(_place(cache, address), ignore_errors=True)


def _place(cache: Path, address: str) -> Path:
    return cache / hashlib.sha256(address.encode()).hexdigest()


def _known(place: Path) -> dict[str, str]:
    facts = place / "facts.json"
    if not facts.exists() or not (place / "file").exists():
        return {}
    known: dict[str, str] = json.loads(facts.read_text(encoding="utf-8"))
    return known


def _remember(place: Path, name: str, etag: str | None) -> Fetched:
    (place / "facts.json").write_text(json.dumps({"name": name, "etag": etag}), encoding="utf-8")
    return Fetched(place / "file", name, from_cache=False)


def _write(place: Path, blocks: Iterable[bytes], size: int, most_bytes: int, progress: Callable[[float], None]) -> None:
    """Write the blocks, whole or not at all."""
    (place / "facts.json").unlink(missing_ok=True)
    part, written = place / "part", 0
    with part.open("wb") as out:
        for block in blocks:
            written += len(block)
            if written > most_bytes:
                raise InputError(
                    "The file is larger than allowed.",
                    seen=f"More than {most_bytes:,} bytes.",
                    todo="Raise HOLDFAST_UPLOAD_LIMIT_MB, or fetch it in parts.",
                )
            out.write(block)
            progress(min(1.0, written / size) if size else 0.5)
    part.replace(place / "file")


def _name_in(address: str) -> str:
    return PurePosixPath(unquote(urlsplit(address).path)).name or "file"


def _refused(address: str, seen: str) -> InputError:
    return InputError(f"{address} cannot be fetched.", seen=seen, todo="Check the address, or upload the file itself.")
