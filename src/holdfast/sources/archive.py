"""Unpacking: gzip and zip, streamed to disk, so that what is opened is always a plain file."""

import contextlib
import gzip
import lzma
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from holdfast.errors import InputError

TABLE_ENDINGS = frozenset({".csv", ".tsv", ".tab", ".psv", ".txt", ".dat", ".gz", ".parquet", ".xlsx", ".xlsm"})
"""What is taken from a folder or a zip, where pictures and notes may lie beside the tables."""

ZIP_DAMAGE = (
    zipfile.BadZipFile,
    EOFError,
    NotImplementedError,
    ValueError,
    lzma.LZMAError,
    struct.error,
    zlib.error,
)
"""What Python's zipfile raises, depending on which byte is wrong."""

_NOT_TABLES = ("readme", "license", "licence", "copying", "changelog")


def is_table_name(name: str) -> bool:
    """Whether a file of a folder or a zip is meant to be a table."""
    path = PurePosixPath(name)
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return not hidden and path.suffix.lower() in TABLE_ENDINGS and not path.name.lower().startswith(_NOT_TABLES)


def table_name(name: str) -> str:
    """What the table of a file is called: the name of the file without folder and endings."""
    path = PurePosixPath(name)
    while path.suffix.lower() in TABLE_ENDINGS | {".gzip", ".zip"} and path.stem:
        path = path.with_suffix("")
    return path.name


@dataclass(slots=True)
class Allowance:
    """How many bytes may still be unpacked, over all files of one delivery; None: as many as there are.

    A zip of a few kilobytes can hold terabytes of zeros, so what strangers send is unpacked up to a limit.
    """

    left: int | None = None

    def copy(self, packed: IO[bytes] | gzip.GzipFile, target: Path, *, file: str) -> None:
        """Unpack a stream to `target`; InputError where it holds more than is left."""
        with target.open("wb") as out:
            while block := packed.read(1 << 20):
                self.take(len(block), file=file)
                out.write(block)

    def take(self, size: int, *, file: str) -> None:
        """Use up some bytes."""
        if self.left is None:
            return
        self.left -= size
        if self.left < 0:
            raise InputError(
                f"{file} holds more than may be unpacked.",
                seen="It grew beyond the limit for uploads while it was unpacked.",
                todo="Send it in parts, or raise HOLDFAST_UPLOAD_LIMIT_MB.",
            )


def gunzip(path: Path, copy: Path, *, file: str, allowance: Allowance) -> None:
    """Unpack a gzip file to `copy`; InputError if it was cut off or damaged, or is larger than allowed."""
    try:
        with gzip.open(path) as packed:
            allowance.copy(packed, copy, file=file)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(
            f"{file} is a gzip file that is damaged.",
            seen=f"After {copy.stat().st_size:,} unpacked bytes: {error}.",
            todo="Copy or download it again; it may have been cut off.",
        ) from error


def table_members(path: Path, *, file: str) -> tuple[list[zipfile.ZipInfo], list[str]]:
    """The members of a zip that are tables, and the names of the others. InputError if there is none or a password."""
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
    tables = [member for member in members if is_table_name(member.filename)]
    others = [member.filename for member in members if not is_table_name(member.filename)]
    if not tables:
        raise InputError(
            f"{file} holds no tables.",
            seen=f"Its members: {', '.join(others[:5]) or 'none'}.",
            todo=f"Pack files that end in {', '.join(sorted(TABLE_ENDINGS))}.",
        )
    if any(member.flag_bits & 1 for member in tables):
        raise InputError(
            f"{file} is locked with a password.", seen="Its members are encrypted.", todo="Pack it without a password."
        )
    return tables, others


def check_workbook(path: Path, *, file: str, allowance: Allowance) -> None:
    """Take what a workbook, which is a zip, says that its parts hold; it is unpacked by a library, in memory."""
    with contextlib.suppress(*ZIP_DAMAGE), zipfile.ZipFile(path) as archive:  # the library says what is damaged
        allowance.take(sum(member.file_size for member in archive.infolist()), file=file)


def extract(path: Path, member: zipfile.ZipInfo, copy: Path, *, file: str, allowance: Allowance) -> None:
    """Unpack one member of a zip to `copy`; InputError if it is damaged or larger than allowed."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(member) as packed:
            allowance.copy(packed, copy, file=file)
    except ZIP_DAMAGE as error:
        raise InputError(
            f"{member.filename} in {file} cannot be unpacked.",
            seen=f"{error}.",
            todo="Pack it again with an ordinary zip program.",
        ) from error
