"""Files, folders and zips become tables: the door through which every table comes in from outside."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from holdfast.engine import DuckEngine
from holdfast.errors import InputError, StoreError, is_disk_full
from holdfast.sources.archive import (
    TABLE_ENDINGS,
    Allowance,
    check_workbook,
    extract,
    gunzip,
    is_table_name,
    table_members,
    table_name,
)
from holdfast.sources.delivered import Delivered
from holdfast.sources.formats import Format, sniff
from holdfast.sources.opened import OpenedTable
from holdfast.sources.parquet import open_parquet
from holdfast.sources.spreadsheet import open_workbook
from holdfast.sources.text import open_text


def open_files(
    paths: Sequence[Path],
    *,
    into: Path,
    engine: DuckEngine,
    most_bytes: int | None = None,
    on_progress: Callable[[str, float], None] | None = None,
) -> tuple[OpenedTable, ...]:
    """Open files, folders of tables and zips of tables; each table becomes one Parquet file in `into`.

    The tables come in the order of `paths`, those of a folder by name, those of a zip or workbook in its own order.
    `on_progress` is called with the name of a file and the share of it that is done. `most_bytes` is what all of them
    together may unpack to. Raises InputError for what cannot
    be read and StoreError if the disk is full; temporary files are removed in any case.
    """
    tables: list[OpenedTable] = []
    with _disk_errors_explained(), tempfile.TemporaryDirectory(prefix="opening-", dir=into) as scratch:
        opener = _Opener(
            engine,
            Path(scratch),
            _targets(into),
            Allowance(most_bytes),
            on_progress or (lambda _file, _share: None),
        )
        for path in paths:
            files, others = _files_at(path)
            tables += _with_note([table for file in files for table in opener.open_file(file)], path.name, others)
    return tuple(tables)


@dataclass(frozen=True, slots=True)
class _Opener:
    """Opens one file after another, unpacking into `scratch` what is packed."""

    engine: DuckEngine
    scratch: Path
    targets: Iterator[Path]
    allowance: Allowance
    on_progress: Callable[[str, float], None]

    def open_file(self, path: Path) -> list[OpenedTable]:
        """All tables of one file as it was handed in."""
        self.on_progress(path.name, 0.0)
        with path.open("rb") as stream:
            checksum = hashlib.file_digest(stream, "sha256").hexdigest()
        tables = self._open(Delivered(path, path.name, table_name(path.name), checksum))
        self.on_progress(path.name, 1.0)
        return tables

    def _open(self, delivered: Delivered) -> list[OpenedTable]:
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            room = Path(folder)
            match sniff(delivered.path, file=delivered.label):
                case Format.GZIP:
                    return self._open(_unzipped(delivered, room, self.allowance))
                case Format.ZIP:
                    return self._open_members(delivered, room)
                case Format.WORKBOOK:
                    check_workbook(delivered.path, file=delivered.label, allowance=self.allowance)
                    return open_workbook(delivered, targets=self.targets, scratch=room, engine=self.engine)
                case Format.PARQUET:
                    return [open_parquet(delivered, target=next(self.targets), engine=self.engine)]
                case Format.TEXT:
                    return [
                        open_text(
                            delivered,
                            target=next(self.targets),
                            scratch=room,
                            engine=self.engine,
                            progress=lambda share: self.on_progress(delivered.file, share),
                        )
                    ]

    def _open_members(self, delivered: Delivered, room: Path) -> list[OpenedTable]:
        """The tables of a zip, each unpacked when its turn comes."""
        if "member" in delivered.facts:
            raise InputError(
                f"{delivered.label} is a zip in a zip.",
                seen="Only one may be opened.",
                todo="Unpack the outer one first.",
            )
        members, others = table_members(delivered.path, file=delivered.label)
        tables: list[OpenedTable] = []
        for member in members:
            copy = room / "member"
            extract(delivered.path, member, copy, file=delivered.label, allowance=self.allowance)
            facts = delivered.facts | {"packed": "zip", "member": member.filename}
            tables += self._open(replace(delivered, path=copy, table=table_name(member.filename), facts=facts))
        return _with_note(tables, delivered.file, others)


def _unzipped(delivered: Delivered, room: Path, allowance: Allowance) -> Delivered:
    """The content of a gzip file, unpacked into `room`."""
    if delivered.facts.get("packed") == "gzip":
        raise InputError(
            f"{delivered.label} is packed with gzip twice.",
            seen="Only once can be undone.",
            todo="Unpack it once first.",
        )
    copy = room / "unpacked"
    gunzip(delivered.path, copy, file=delivered.label, allowance=allowance)
    return replace(delivered, path=copy, facts=delivered.facts | {"packed": "gzip"})


def _targets(into: Path) -> Iterator[Path]:
    """Where the tables go, one after another; what is there already stays."""
    names = (into / f"table_{number}.parquet" for number in count(1))
    return (path for path in names if not path.exists())


def _files_at(path: Path) -> tuple[list[Path], list[str]]:
    """The files to open at `path`, and the names of those that lie beside them in a folder and are no tables."""
    if path.is_file():
        return [path], []
    if not path.is_dir():
        raise InputError(
            f"{path} cannot be opened.",
            seen="There is no file or folder of that name." if not path.exists() else "It is neither file nor folder.",
            todo="Check the name; a name that holds blanks needs quotes.",
        )
    found = sorted(path.iterdir())
    files = [entry for entry in found if entry.is_file() and is_table_name(entry.name)]
    others = [entry.name for entry in found if entry not in files]
    if not files:
        raise InputError(
            f"The folder {path} holds no tables.",
            seen=f"In it: {', '.join(others[:5]) or 'nothing'}.",
            todo=f"Name a folder of files that end in {', '.join(sorted(TABLE_ENDINGS))}, or one file.",
        )
    return files, others


def _with_note(tables: list[OpenedTable], container: str, others: list[str]) -> list[OpenedTable]:
    """The tables of a folder or zip, the first of them noting what lay beside them and was not opened."""
    if not others:
        return tables
    note = f"Not opened in {container}: {', '.join(others[:5])}{' and others' if len(others) > 5 else ''}."
    return [replace(tables[0], notes=(*tables[0].notes, note)), *tables[1:]]


@contextmanager
def _disk_errors_explained() -> Iterator[None]:
    """What the operating system refuses, as errors a person can act on."""
    try:
        yield
    except OSError as error:
        if is_disk_full(error):
            raise StoreError.of_system(error) from error
        raise InputError(
            f"{error.filename or 'A file'} cannot be read.",
            seen=error.strerror or str(error),
            todo="Check who may read it and that its disk or network drive is there.",
        ) from error
