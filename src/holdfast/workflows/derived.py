"""How something is derived from a data set: once, by one process at a time, and beside a request that cannot wait.

It is made in a folder of its own and then renamed, so that it is either there or not; what a killed process left is
swept away by the next. It lies under `derived` beside the data sets and can be made again at any time.
"""

import shutil
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from filelock import FileLock

from holdfast.errors import HoldfastError, StoreError
from holdfast.store import Dataset
from holdfast.workflows.shop import Shop

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 60.0
"""How long a request waits for another one that makes the same."""


class BeingPreparedError(HoldfastError):
    """The answer is being computed; it is there a little later."""

    code = "being_prepared"
    status = 503


def being_prepared(what: str, *, seen: str) -> BeingPreparedError:
    """The error that says so, and when to ask again."""
    return BeingPreparedError(what, seen=seen, todo="Ask again in half a minute.", details={"retry_after_seconds": 30})


def place_of(shop: Shop, dataset: Dataset, kind: str, name: str) -> Path:
    """Where something of a kind, such as views, is kept that was derived from a data set."""
    return shop.folder.path / "derived" / dataset.manifest.version / kind / name


@contextmanager
def alone(shop: Shop, doing: str, *, patience: float) -> Iterator[Path]:
    """An empty folder, while nobody else does the same for the shop; raises Timeout when patience is over.

    `doing` names the lock and the folder; `patience` is in seconds, -1 is endless.
    """
    derived = shop.folder.path / "derived"
    derived.mkdir(parents=True, exist_ok=True)
    with FileLock(derived / f"{doing}.lock", timeout=patience):
        shutil.rmtree(derived / doing, ignore_errors=True)
        work = derived / doing / uuid.uuid4().hex
        work.mkdir(parents=True)
        try:
            yield work
        finally:
            shutil.rmtree(derived / doing, ignore_errors=True)


def publish(shop: Shop, dataset: Dataset, work: Path, target: Path) -> None:
    """Unless the data set is gone in the meantime: what was derived from it must not stay behind."""
    if not dataset.folder.is_dir():
        raise StoreError(
            "The data set was replaced while it was read.",
            seen=f"Version {dataset.manifest.version} is gone.",
            todo="Ask again.",
        )
    shop.folder.publish(work, target=target)


def keep_the_latest(target: Path, most: int) -> None:
    """Delete what is older than the latest ones beside `target`, which stays."""
    others = sorted((path for path in target.parent.iterdir() if path != target), key=lambda path: path.stat().st_mtime)
    for path in others[: max(len(others) - (most - 1), 0)]:
        shutil.rmtree(path, ignore_errors=True)


class Beside:
    """Makes things in threads, one for each target; what went wrong there is told to the next who asks."""

    def __init__(self) -> None:
        self._threads: dict[Path, threading.Thread] = {}
        self._failures: dict[Path, HoldfastError] = {}
        self._one_begins = threading.Lock()

    def begin(self, target: Path, make: Callable[[], object]) -> None:
        """Begin, unless somebody is at it; raises what went wrong the last time, once."""
        with self._one_begins:
            failure = self._failures.pop(target, None)
            if failure:
                raise failure
            if target not in self._threads:
                self._threads[target] = threading.Thread(target=self._run, args=(target, make), daemon=True)
                self._threads[target].start()

    @property
    def is_busy(self) -> bool:
        """Whether anything is being made."""
        return bool(self._threads)

    def _run(self, target: Path, make: Callable[[], object]) -> None:
        try:
            make()
        except HoldfastError as error:
            log.warning("not made", target=str(target), reason=str(error))
            self._failures[target] = error
        finally:
            self._threads.pop(target, None)


beside = Beside()
"""Of this process."""
