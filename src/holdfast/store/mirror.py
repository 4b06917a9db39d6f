"""A shop's folder as a copy of its part of a storage that several machines share.

In the storage a shop has a catalogue and contents. The catalogue names all there is: `current.json` and the other small
files as they are, and for every published folder a list of its files with their SHA-256, written after the last of
them. One listing of the catalogue tells a machine what has changed since it last looked. Contents lie under a token
of their own, so that a folder is replaced in the moment its entry is, and an upload that was killed is never seen.

Here, `known/` keeps what the copies were made from: a folder is whole, and the one that its entry there describes. A
copy that the catalogue no longer names goes at the next look.
"""

import json
import shutil
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from filelock import FileLock

from holdfast.errors import StoreError
from holdfast.store.files import remove_folder, sha256_of, write_whole
from holdfast.store.notes import Known, Notes
from holdfast.store.remote import Storage

KINDS = ("imports", "datasets", "models", "predictions", "uploads", "vouchers")
"""Folders of published folders; what else lies in a shop can be made again."""

SECONDS_FRESH = 1.0
"""How old a look at the catalogue may be: what another machine published is seen that much later."""

SHORT = 64_000
"""JSON files up to this size (in bytes) stand in the entry itself, to be read without the rest of the folder."""

UPLOAD_TAKES = timedelta(days=1)
"""Contents without an entry that are older than this were left by a process that was killed."""

TRIES = 3
"""How often a folder is fetched again that was replaced in the middle of it."""


class Mirror:
    """The copy of one shop; there is one in a process for each, used by many threads."""

    def __init__(self, path: Path, storage: Storage, *, prefix: str) -> None:
        self.path = path
        self._storage = storage
        self._catalogue, self._contents = f"{prefix}/catalogue", f"{prefix}/contents"
        self._notes, self._arriving = Notes(path / ".mirror" / "known"), path / ".mirror" / "arriving"
        self._copying = FileLock(path / ".mirror" / "lock")
        self._looking = threading.RLock()
        self._looked_at, self._adopted = float("-inf"), False
        self._tags: Mapping[str, str] = {}
        self._failure: StoreError | None = None

    # --- what there is -----------------------------------------------------------------------------------------------

    def look(self, *, now: bool = False) -> Mapping[str, str]:
        """The tag of everything in the catalogue; copies that are no longer right are gone, small files are new."""
        with self._looking:
            is_fresh = time.monotonic() - self._looked_at <= SECONDS_FRESH
            if is_fresh and self._failure:  # those who queued behind the one that failed need not wait as long
                raise StoreError(self._failure.what, seen=self._failure.seen, todo=self._failure.todo)
            if now or not is_fresh:
                try:
                    self._tags, self._failure = self._looked(), None
                except StoreError as error:
                    self._failure = error
                    raise
                finally:
                    self._looked_at = time.monotonic()
            return self._tags

    def _looked(self) -> Mapping[str, str]:
        if not self._adopted:
            self._adopt()
            self._adopted = True
        copies = self._notes.tags()  # before the listing: what is published after it is not missed in it
        tags = self._listed()
        for name in copies.keys() | {name for name in tags if _is_small(name)}:
            if tags.get(name) != copies.get(name):
                self._renew(name, was=copies.get(name))
        return tags

    def _listed(self) -> dict[str, str]:
        listed = self._storage.list(self._catalogue)
        return {key.removeprefix(f"{self._catalogue}/"): found.tag for key, found in listed.items()}

    def names(self, kind: str) -> list[str]:
        """The published folders of a kind, sorted."""
        return sorted(name.split("/")[1] for name in self.look() if name.startswith(f"{kind}/"))

    def text(self, name: str, file: str) -> str | None:
        """A JSON file of a published folder, without fetching the rest if it is short; None where there is none."""
        tag = self._tag(name)
        known = self._learnt(name, tag) if tag else None
        if known is None or file not in known.files:
            return None
        if file in known.texts:
            return known.texts[file]
        folder = self.fetched(name)
        return (folder / file).read_text(encoding="utf-8") if folder else None

    # --- fetching ----------------------------------------------------------------------------------------------------

    def fetched(self, name: str) -> Path | None:
        """The copy of a published folder, fetched if need be; None where there is none."""
        target = self.path / name
        for _ in range(TRIES):
            tag = self._tag(name)
            if tag is None:
                return None
            if self._has(name, tag):
                return target
            with self._changing_copies():
                if self._has(name, tag) or self._fetch(name, tag):
                    return target
            self.look(now=True)
        raise StoreError(
            "A folder of this shop cannot be fetched.",
            seen=f"{name} in {self._storage.address} is not whole, or was replaced each time.",
            todo="Try again; if it stays, restore it from a backup.",
        )

    def _tag(self, name: str) -> str | None:
        """The tag of an entry; before it is taken for absent, the catalogue is looked at anew."""
        return self.look().get(name) or self.look(now=True).get(name)

    def _has(self, name: str, tag: str) -> bool:
        known = self._notes.read(name)
        return known is not None and known.tag == tag and (self.path / name).is_dir()

    def _fetch(self, name: str, tag: str) -> bool:
        """Copy a folder whole; False if it was replaced meanwhile, or is damaged."""
        known = self._learnt(name, tag)
        if known is None:
            return False
        shutil.rmtree(self._arriving, ignore_errors=True)  # nobody else is at it: a killed process left it
        part = self._arriving / uuid.uuid4().hex
        part.mkdir(parents=True)
        for number, (file, sha256) in enumerate(known.files.items()):
            (part / file).parent.mkdir(parents=True, exist_ok=True)
            try:
                arrived = self._storage.download(self._content(name, known.token, number), part / file)
            except FileNotFoundError:
                return False
            if arrived != sha256:
                return False
        self._place(part, name, known)
        return True

    # --- publishing --------------------------------------------------------------------------------------------------

    def publish(self, work: Path, name: str) -> None:
        """Put a finished folder into the storage, then in its place here."""
        known = self._send(work, name)
        with self._changing_copies():
            if not self._has(name, known.tag):  # another process of this machine may have fetched it already
                self._place(work, name, known)
        self._look_again()

    def write(self, name: str, content: bytes, *, unless_changed: bool) -> bool:
        """Write a small file; with `unless_changed` False, and nothing done, where another machine wrote it since."""
        key, known = f"{self._catalogue}/{name}", self._notes.read(name)
        if unless_changed and self._storage.tag(key) != (known.tag if known else None):
            return False
        tag = self._storage.write(key, content)
        with self._changing_copies():
            write_whole(self.path / name, content)
            self._notes.write(name, Known(tag))
        self._look_again()
        return True

    def remove(self, name: str) -> None:
        """Delete a published folder: its entry first, so that it is never seen in part."""
        self._storage.delete([f"{self._catalogue}/{name}"])
        self._storage.delete(list(self._storage.list(f"{self._contents}/{name}")))
        with self._changing_copies():
            self._drop(name)
        self._look_again()

    def remove_all(self) -> None:
        """Delete everything of the shop in the storage."""
        for part in (self._catalogue, self._contents):
            self._storage.delete(list(self._storage.list(part)))
        self._look_again()

    def _adopt(self) -> None:
        """Put into the storage what lay here before there was one; the small files last, since they name the others."""
        folders = [path for kind in KINDS for path in sorted((self.path / kind).glob("[!.]*")) if path.is_dir()]
        small = [path for path in sorted(self.path.glob("[!.]*.json")) if path.is_file()]
        tags = self._listed()
        with self._changing_copies():
            for path in (*folders, *small):
                name = path.relative_to(self.path).as_posix()
                if name in tags or self._notes.read(name) is not None:
                    continue
                if path.is_dir():
                    self._notes.write(name, self._send(path, name))
                else:
                    self._notes.write(name, Known(self._storage.write(f"{self._catalogue}/{name}", path.read_bytes())))

    def sweep(self, *, before: datetime | None) -> None:
        """Delete contents that no entry names, left by processes that were killed before then.

        With None those of any age but uploads, which are the only ones to arrive without the shop's lock.
        """
        tokens: dict[str, dict[str, list[str]]] = {}
        young: set[str] = set()
        for key, found in self._storage.list(self._contents).items():
            kind, folder, token, _ = key.removeprefix(f"{self._contents}/").split("/")
            tokens.setdefault(f"{kind}/{folder}", {}).setdefault(token, []).append(key)
            if before is not None and found.changed_at >= before:
                young.add(token)
        tags = self.look(now=True)
        rubbish: list[str] = []
        for name, keys in tokens.items():
            named = self._learnt(name, tags[name]) if name in tags else None
            if (name in tags and named is None) or (before is None and name.startswith("uploads/")):
                continue
            in_use = {named.token} if named else set()
            rubbish += [key for token in keys.keys() - in_use - young for key in keys[token]]
        self._storage.delete(rubbish)

    def _send(self, work: Path, name: str) -> Known:
        """Upload the files, then the entry that names them; what the entry named before goes last."""
        token = uuid.uuid4().hex
        earlier = self._storage.read(f"{self._catalogue}/{name}")
        files, texts = {}, {}
        for number, path in enumerate(path for path in sorted(work.rglob("*")) if path.is_file()):
            file = path.relative_to(work).as_posix()
            files[file] = sha256_of(path)
            if path.suffix == ".json" and path.stat().st_size <= SHORT:
                texts[file] = path.read_text(encoding="utf-8")
            self._storage.write(self._content(name, token, number), path)
        entry = {"token": token, "files": files, "texts": texts}
        content = json.dumps(entry, indent=1, ensure_ascii=False).encode()
        tag = self._storage.write(f"{self._catalogue}/{name}", content)
        if earlier is not None:
            replaced = f"{self._contents}/{name}/{json.loads(earlier[0])['token']}"
            self._storage.delete(list(self._storage.list(replaced)))
        return Known(tag, token, files, texts)

    def _content(self, name: str, token: str, number: int) -> str:
        """Where a file lies: by its number, since its name may hold any sign."""
        return f"{self._contents}/{name}/{token}/{number:04d}"

    # --- the copies --------------------------------------------------------------------------------------------------

    @contextmanager
    def _changing_copies(self) -> Iterator[None]:
        """Copies are put in place and dropped by one thread of one process at a time."""
        self._arriving.parent.mkdir(parents=True, exist_ok=True)
        with self._copying:
            yield

    def _renew(self, name: str, *, was: str | None) -> None:
        """Drop a copy that is no longer right; a small file is fetched anew at once."""
        with self._changing_copies():
            known = self._notes.read(name)
            if (known.tag if known else None) != was:
                return  # another process of this machine was faster
            self._drop(name)
            found = self._storage.read(f"{self._catalogue}/{name}") if _is_small(name) else None
            if found is not None:
                content, tag = found
                write_whole(self.path / name, content)
                self._notes.write(name, Known(tag))

    def _learnt(self, name: str, tag: str) -> Known | None:
        """What the entry says, read once; None if it is another one by now."""
        known = self._notes.read(name)
        if known is not None and known.tag == tag:
            return known
        found = self._storage.read(f"{self._catalogue}/{name}")
        if found is None or found[1] != tag:
            return None
        known = Known(tag, **json.loads(found[0]))
        with self._changing_copies():
            if self._notes.read(name) != known:
                self._drop(name)
                self._notes.write(name, known)
        return known

    def _place(self, part: Path, name: str, known: Known) -> None:
        """What was there goes first: a folder that is there is always the one that is known."""
        self._drop(name)
        self._notes.write(name, known)
        (self.path / name).parent.mkdir(parents=True, exist_ok=True)
        part.replace(self.path / name)

    def _drop(self, name: str) -> None:
        path = self.path / name
        if _is_small(name):
            path.unlink(missing_ok=True)
        remove_folder(path, by_way_of=self._arriving)
        if name.startswith("datasets/"):
            remove_folder(self.path / "derived" / path.name, by_way_of=self._arriving)
        self._notes.drop(name)

    def _look_again(self) -> None:
        self._looked_at = float("-inf")


@lru_cache(maxsize=4096)
def mirror_of(path: Path, storage: Storage, *, tenant: str) -> Mirror:
    """The mirror of a shop, one for the whole process."""
    return Mirror(path, storage, prefix=f"tenants/{tenant}")


def _is_small(name: str) -> bool:
    return "/" not in name
