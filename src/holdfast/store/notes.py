"""Notes on what the copies in a shop's folder were made from, one file each."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from holdfast.store.files import write_whole

ENDING = ".known"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known here of an entry of the catalogue: its tag, and for a folder what stands in it."""

    tag: str
    token: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


class Notes:
    """The notes of a shop; what several processes write, each of them reads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, tuple[tuple[int, int], Known]] = {}

    def read(self, name: str) -> Known | None:
        """What is known of an entry; None where nothing is."""
        path = self._place(name)
        try:
            stat = path.stat()
            stamp = (stat.st_ino, stat.st_mtime_ns)
            if self._read.get(name, (None,))[0] != stamp:
                self._read[name] = (stamp, Known(**json.loads(path.read_bytes())))
        except (FileNotFoundError, ValueError):  # a damaged note is none: the copy is fetched anew
            return None
        return self._read[name][1]

    def write(self, name: str, known: Known) -> None:
        """Note what is known of an entry."""
        write_whole(self._place(name), json.dumps(asdict(known), ensure_ascii=False).encode())

    def drop(self, name: str) -> None:
        """Forget an entry."""
        self._place(name).unlink(missing_ok=True)

    def tags(self) -> dict[str, str]:
        """The tag of everything that is known."""
        names = [path.relative_to(self._folder).as_posix() for path in self._folder.rglob(f"*{ENDING}")]
        known = {name.removesuffix(ENDING): self.read(name.removesuffix(ENDING)) for name in names}
        return {name: each.tag for name, each in known.items() if each is not None}

    def _place(self, name: str) -> Path:
        return self._folder / f"{name}{ENDING}"
