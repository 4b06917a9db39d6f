"""Which characters the bytes of a text stand for, decided on the whole file; everything after works on UTF-8.

The rule: a byte order mark or the NUL pattern of UTF-16 settles it; else what is UTF-8 from the first byte to the last
is UTF-8 (other encodings hardly ever are by chance); else bytes 0x80-0x9F, which ISO-8859-1 has no characters for, mean
Windows-1252; else it is ISO-8859-1.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from holdfast.errors import InputError

CHUNK_BYTES = 1 << 20

_MARKS: tuple[tuple[bytes, str, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16 LE"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16 BE"),
)
"""Byte order marks with codec and name; UTF-32 LE begins like UTF-16 LE and so stands before it."""

_WIDE = ("utf-16", "utf-32")
"""Codecs in which a NUL byte is part of ordinary characters; in all others control characters look as in ASCII."""

_NOT_CONTROLS = bytes(byte for byte in range(256) if byte >= 0x20 or byte in b"\t\n\r")
_C1 = bytes(range(0x80, 0xA0))
_LOOKS_LIKE_UTF8 = re.compile("Ã[\u0080-\u00bf\u0152-\u2122]|Â[\u0080-\u00bf]|â€")
"""What the most frequent characters of UTF-8 look like when read as Windows-1252 or ISO-8859-1, such as é as Ã©."""


@dataclass(frozen=True, slots=True)
class Utf8Text:
    """A text as a UTF-8 file without byte order mark.

    `encoding` names what it was delivered in, `controls` are the control characters it holds (tabs and line ends left
    out), `misread` counts places that look like UTF-8 in a text that as a whole is not.
    """

    path: Path
    encoding: str
    controls: frozenset[str]
    misread: int = 0


def as_utf8(path: Path, *, file: str, scratch: Path) -> Utf8Text:
    """The text at `path` in UTF-8: the file itself if it is so already, else a copy in `scratch`, in bounded memory.

    Raises InputError, with the line, for NUL bytes and for bytes that no supported encoding has characters for.
    """
    codec, encoding = _codec(path)
    copy = scratch / f"{path.name}.utf8"
    if codec.startswith(_WIDE):
        _transcode(path, codec, copy, file=file, encoding=encoding)
        return Utf8Text(copy, encoding, _controls(copy, file=file))
    controls = _controls(path, file=file)
    if codec == "utf-8":
        return Utf8Text(path, encoding, controls)
    misread = _transcode(path, codec, copy, file=file, encoding=encoding)
    return Utf8Text(copy, encoding, controls, misread)


def _codec(path: Path) -> tuple[str, str]:
    """Python's codec for the file and the name of its encoding."""
    with path.open("rb") as stream:
        head = stream.read(CHUNK_BYTES)
    for mark, codec, encoding in _MARKS:
        if head.startswith(mark):
            return codec, encoding
    wide = _utf16_without_mark(head)
    if wide:
        return wide
    if _is_utf8(path):
        return "utf-8", "UTF-8"
    if any(len(chunk.translate(None, _C1)) < len(chunk) for chunk in _chunks(path)):
        return "cp1252", "Windows-1252"
    return "latin-1", "ISO-8859-1"


def _utf16_without_mark(head: bytes) -> tuple[str, str] | None:
    """Western text in UTF-16 has a NUL in nearly every second byte, and hardly one in the others."""
    even, odd = head[0::2], head[1::2]
    if odd.count(0) > 0.6 * len(odd) and even.count(0) < 0.05 * len(even):
        return "utf-16-le", "UTF-16 LE"
    if even.count(0) > 0.6 * len(even) and odd.count(0) < 0.05 * len(odd):
        return "utf-16-be", "UTF-16 BE"
    return None


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _transcode(path: Path, codec: str, copy: Path, *, file: str, encoding: str) -> int:
    """Write `path` as UTF-8; returns how many places look like UTF-8 that was cut or damaged."""
    decoder = codecs.getincrementaldecoder(codec)()
    lines, misread = 1, 0
    with copy.open("w", encoding="utf-8", newline="") as out:
        for chunk in (*_chunks(path), b""):
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                line = lines + error.object[: error.start].count(b"\n")
                raise InputError(
                    f"{file} is in an encoding we cannot tell.",
                    seen=f"It looks like {encoding}, but line {line:,} holds bytes that are not.",
                    todo="Save it as UTF-8 (in a spreadsheet program: CSV UTF-8) and try again.",
                    details={"line": line},
                ) from error
            out.write(text)
            lines += text.count("\n")
            misread += len(_LOOKS_LIKE_UTF8.findall(text)) if codec in {"cp1252", "latin-1"} else 0
    return misread


def _controls(path: Path, *, file: str) -> frozenset[str]:
    """The control characters in a UTF-8 file; a NUL is refused, for what follows it cannot be trusted."""
    found: set[int] = set()
    lines = 1
    for chunk in _chunks(path):
        rest = chunk.translate(None, _NOT_CONTROLS)
        if 0 in rest:
            line = lines + chunk[: chunk.index(0)].count(b"\n")
            raise InputError(
                f"{file} is damaged, or no text at all.",
                seen=f"Line {line:,} holds a NUL byte, which text never does.",
                todo="Export it again as CSV, Parquet or .xlsx.",
                details={"line": line},
            )
        found.update(rest)
        lines += chunk.count(b"\n")
    return frozenset(map(chr, found))


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk
