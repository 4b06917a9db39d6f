"""What kind of file this is, told by its first bytes and never by its name; what we cannot read is refused by name."""

import zipfile
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from holdfast.errors import InputError
from holdfast.sources.archive import ZIP_DAMAGE

HEAD_BYTES = 4096


class Format(StrEnum):
    """The formats that can be opened."""

    TEXT = "text"
    GZIP = "gzip"
    PARQUET = "Parquet"
    WORKBOOK = "Excel workbook"
    ZIP = "zip"


class _Refused(NamedTuple):
    """A format we know but do not read: how it begins, what it is, what to do instead."""

    offset: int
    magic: bytes
    name: str
    todo: str


_UNPACK = "Unpack it and give the tables inside, or pack them as .zip or .gz."
_EXPORT = "Export the table as CSV, Parquet or .xlsx."

_REFUSED: tuple[_Refused, ...] = (
    _Refused(0, b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls), or one locked with a password",
             "Save it as .xlsx, without a password."),
    _Refused(0, b"%PDF", "a PDF document", "Export the table behind it as CSV or .xlsx."),
    _Refused(0, b"{\\rtf", "a rich text document", "Export the table in it as CSV or .xlsx."),
    _Refused(0, b"BZh", "packed with bzip2", _UNPACK),
    _Refused(0, b"\xfd7zXZ\x00", "packed with xz", _UNPACK),
    _Refused(0, b"\x28\xb5\x2f\xfd", "packed with zstd", _UNPACK),
    _Refused(0, b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    _Refused(0, b"Rar!", "a RAR archive", _UNPACK),
    _Refused(257, b"ustar", "a tar archive", _UNPACK),
    _Refused(0, b"SQLite format 3", "a SQLite database", _EXPORT),
    _Refused(8, b"DUCK", "a DuckDB database", _EXPORT),
    _Refused(0, b"ORC", "an ORC file", _EXPORT),
    _Refused(0, b"Obj\x01", "an Avro file", _EXPORT),
    _Refused(0, b"ARROW1", "an Arrow file", _EXPORT),
    _Refused(0, b"FEA1", "a Feather file", _EXPORT),
    _Refused(0, b"PARE", "an encrypted Parquet file", "Write it without encryption."),
    _Refused(0, b"\x89PNG", "a picture", "Give the table itself, as CSV, Parquet or .xlsx."),
    _Refused(0, b"\xff\xd8\xff", "a picture", "Give the table itself, as CSV, Parquet or .xlsx."),
    _Refused(0, b"GIF8", "a picture", "Give the table itself, as CSV, Parquet or .xlsx."),
)  # fmt: skip

_REFUSED_TEXT: tuple[tuple[bytes, str, str], ...] = (
    (b"<!doctype html", "a web page (HTML)", "Download the file itself: often a sign-in page was saved in its place."),
    (b"<html", "a web page (HTML)", "Download the file itself: often a sign-in page was saved in its place."),
    (b"<table", "a web page (HTML)", "Open it in a spreadsheet program and save it as .xlsx or CSV."),
    (b"<?xml", "XML", _EXPORT),
    (b'{"', "JSON", _EXPORT),
    (b"[{", "JSON", _EXPORT),
    (b"[[", "JSON", _EXPORT),
)
"""How text that is no table begins, blanks left out and in lower case."""


def sniff(path: Path, *, file: str) -> Format:
    """The format of the file at `path`; `file` is what to call it. Raises InputError for what cannot be read."""
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not head:
        raise InputError(
            f"{file} is empty.", seen="It has 0 bytes.", todo="Export it again and check that the download finished."
        )
    if head.startswith(b"\x1f\x8b"):
        return Format.GZIP
    if head.startswith(b"PAR1"):
        _check_parquet_end(path, file=file)
        return Format.PARQUET
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(path, file=file)
    _refuse_known(head, file=file)
    return Format.TEXT


def _check_parquet_end(path: Path, *, file: str) -> None:
    """A Parquet file ends as it begins; one that does not was cut off."""
    with path.open("rb") as stream:
        stream.seek(-4, 2)
        tail = stream.read(4)
    if tail != b"PAR1" or path.stat().st_size < 12:
        raise InputError(
            f"{file} is a Parquet file that was cut off.",
            seen=f"It begins with PAR1 but does not end so ({path.stat().st_size:,} bytes).",
            todo="Copy or export it again.",
        )


def _kind_of_zip(path: Path, *, file: str) -> Format:
    """Workbooks are zips too; their members tell them apart from a zip of tables."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except ZIP_DAMAGE as error:
        raise InputError(
            f"{file} is a zip file or workbook that is damaged.",
            seen=f"It begins like one, but: {error}.",
            todo="Copy or export it again; it may have been cut off.",
        ) from error
    if "xl/workbook.xml" in names:
        return Format.WORKBOOK
    others = {
        "xl/workbook.bin": "a binary Excel workbook (.xlsb)",
        "word/document.xml": "a Word document",
        "ppt/presentation.xml": "a presentation",
        "content.xml": "an OpenDocument file (.ods)",
        "Index/Document.iwa": "a Numbers document",
    }
    for member, name in others.items():
        if member in names:
            raise _refusal(file, name, "Save the table as .xlsx or CSV.")
    return Format.ZIP


def _refuse_known(head: bytes, *, file: str) -> None:
    """Raise InputError where the first bytes are those of a format we know but do not read."""
    for refused in _REFUSED:
        if head[refused.offset :].startswith(refused.magic):
            raise _refusal(file, refused.name, refused.todo)
    beginning = b"".join(head.removeprefix(b"\xef\xbb\xbf").split()).lower()
    for magic, name, todo in _REFUSED_TEXT:
        if beginning.startswith(magic.replace(b" ", b"")):
            raise _refusal(file, name, todo)


def _refusal(file: str, name: str, todo: str) -> InputError:
    return InputError(f"{file} is not a table we can read.", seen=f"By its content it is {name}.", todo=todo)
