"""Views that are open: each with its own engine over its file, the least recently used closed first."""

from collections import deque
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from holdfast.engine import DuckEngine
from holdfast.engine import dialect as sql
from holdfast.settings import Settings
from holdfast.store.folder import read_json
from holdfast.workflows.latest import Latest
from holdfast.workflows.listing import GROUPED
from holdfast.workflows.view_making import FACTS, TABLES, ViewFacts

MOST_OPEN = 8
MEMORY = "512MB"
"""What the engine of one view may hold of its file; a million customers are read in this as fast as in more."""

MOST_COUNTS = 512


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A view, open: its folder, its summaries, its columns with their types, and counts of lists once made."""

    folder: Path
    facts: ViewFacts
    types: dict[str, str]
    counts: Latest[Hashable, int] = field(repr=False)
    _engine: DuckEngine = field(repr=False)
    _idle: deque[DuckEngine] = field(default_factory=deque, repr=False)

    @contextmanager
    def engine(self) -> Iterator[DuckEngine]:
        """A connection of one's own to the tables of the view; one that is idle, if there is one."""
        try:
            engine = self._idle.pop()
        except IndexError:
            engine = self._engine.beside()
            engine.execute(f"USE {_ALIAS}")
        try:
            yield engine
        finally:
            self._idle.append(engine)


_ALIAS = "kept"
_open: Latest[Path, View] = Latest(MOST_OPEN)


def opened(folder: Path, *, settings: Settings) -> View:
    """The view in a folder. Closing is left to the last who reads: an engine ends with its last connection."""

    def make() -> View:
        _open.drop(lambda path: not (path / FACTS).exists())
        return _opened(folder, settings)

    return _open.get(folder, make)


def _opened(folder: Path, settings: Settings) -> View:
    settings.spill_folder.mkdir(parents=True, exist_ok=True)
    engine = DuckEngine(memory_limit=MEMORY, threads=settings.threads, spill=settings.spill_folder)
    engine.execute(f"ATTACH {sql.text(str(folder / TABLES))} AS {_ALIAS} (READ_ONLY)")
    engine.execute(f"USE {_ALIAS}")
    facts = ViewFacts(**read_json(folder / FACTS))
    return View(folder, facts, engine.types(GROUPED), Latest(MOST_COUNTS), engine)
