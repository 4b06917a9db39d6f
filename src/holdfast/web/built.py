"""The built files of the page: what `tools/build_page.py` made of `dashboard/`, each with its compressed forms.

They lie in the package, so that a wheel brings them along. A checkout in which nothing was built has none, and then a
note in their place may say why.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib.resources import files
from mimetypes import guess_type
from pathlib import Path

FOLDER = Path(str(files("holdfast.web"))) / "page"
WHY_NOT = Path(str(files("holdfast.web"))) / "page-missing.txt"
INDEX = "index.html"

ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
"""Compressed forms in the order of preference, by the name in `Accept-Encoding` and the ending of the file."""

TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
"""Not left to the machine: where its list of types is incomplete, a browser refuses scripts."""


@dataclass(frozen=True)
class BuiltFile:
    """A file of the page, under its name in the address; `encodings` are those it was compressed in."""

    name: str
    path: Path
    encodings: Mapping[str, Path]

    @property
    def media_type(self) -> str:
        """As a browser wants it."""
        return TYPES.get(self.path.suffix) or guess_type(self.name)[0] or "application/octet-stream"

    @property
    def is_hashed(self) -> bool:
        """Whether its name says what is in it, so that it may be kept for ever."""
        return self.name.startswith("assets/")

    @cached_property
    def etag(self) -> str:
        """Of its content, the same in every encoding and therefore weak."""
        return f'W/"{sha256(self.path.read_bytes()).hexdigest()[:24]}"'

    def accepted(self, encodings: str) -> tuple[Path, str | None]:
        """The form that `Accept-Encoding` asks for, and its name; the plain one where it asks for none we have."""
        wanted = {part.split(";")[0].strip() for part in encodings.lower().split(",") if "q=0" not in part.split(";")}
        for name, path in self.encodings.items():
            if name in wanted:
                return path, name
        return self.path, None


def built_files(folder: Path = FOLDER) -> dict[str, BuiltFile]:
    """Every file of the page by its name; empty where nothing was built."""
    endings = tuple(ending for _, ending in ENCODINGS)
    plain = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix not in endings]
    return {file.name: file for file in (_built_file(path, folder) for path in plain)}


def why_not_built(note: Path = WHY_NOT) -> str:
    """Why there is no page, as whoever tried to build it left it."""
    return note.read_text(encoding="utf-8").strip() if note.is_file() else "Nobody has built it in this checkout yet."


def _built_file(path: Path, folder: Path) -> BuiltFile:
    forms = {name: path.with_name(path.name + ending) for name, ending in ENCODINGS}
    there = {name: form for name, form in forms.items() if form.is_file()}
    return BuiltFile(path.relative_to(folder).as_posix(), path, there)
