"""Data sets: immutable versions of a shop's stage, each a pure function of some imports and a policy.

A version is a folder of Parquet files with a manifest. `current.json` names the version in force; replacing it is
the moment at which a new version becomes visible.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from holdfast.errors import NotFoundError, StoreError
from holdfast.store.folder import ShopFolder, read_json
from holdfast.tables import STAGE

CURRENT = "current.json"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Source:
    """One raw table of order lines in a data set; its position in the manifest is the `source` of its lines."""

    import_id: str
    file: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """The lines of one source with one fate; revenue exact, as text."""

    source: int
    reason: str
    lines: int
    orders: int
    customers: int
    revenue: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a data set is made of and what it holds. Dates are ISO texts, `as_of` is the proposal (exclusive)."""

    version: str
    created_at: str
    imports: tuple[str, ...]
    sources: tuple[Source, ...]
    policy: Mapping[str, Any]
    ledger: tuple[LedgerEntry, ...]
    schema: Mapping[str, Mapping[str, str]]
    rows: Mapping[str, int]
    fields: tuple[str, ...]
    duplicates: int
    currency: str | None
    time_zone: str
    as_of: str | None
    first_order: str | None
    last_order: str | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """A published data set: its manifest and the folder of its tables."""

    manifest: Manifest
    folder: Path

    def table(self, name: str) -> Path:
        """The Parquet file of one of the tables of `tables.STAGE`."""
        return self.folder / f"{name}.parquet"


def publish_dataset(folder: ShopFolder, work: Path, manifest: Manifest) -> Dataset:
    """Publish the tables in `work` and make them the current version."""
    (work / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    target = folder.path / "datasets" / manifest.version
    folder.publish(work, target=target)
    folder.write_json(CURRENT, {"dataset": manifest.version})
    return Dataset(manifest, target)


def current_dataset(folder: ShopFolder) -> Dataset | None:
    """The version in force; None for a shop without orders."""
    pointer = folder.read_json(CURRENT)
    return read_dataset(folder, str(pointer["dataset"])) if pointer and pointer["dataset"] else None


def needed_dataset(folder: ShopFolder) -> Dataset:
    """The version in force; NotFoundError where nothing was imported yet."""
    dataset = current_dataset(folder)
    if dataset is None:
        raise NotFoundError(
            "This shop has no orders yet.",
            seen=f"{folder.path} holds no data set.",
            todo="Import a file with `holdfast import FILE`, or try a sample shop with `holdfast demo`.",
        )
    return dataset


def read_dataset(folder: ShopFolder, version: str) -> Dataset:
    """A version by its name; StoreError if a table of it is missing."""
    target = folder.path / "datasets" / version
    if not target.is_dir():
        raise NotFoundError(
            f"There is no data set {version!r}.",
            seen=f"{folder.path / 'datasets'} does not hold it.",
            todo="List the imports with `holdfast imports`.",
        )
    missing = [table.name for table in STAGE if not (target / f"{table.name}.parquet").exists()]
    if missing:
        raise StoreError(
            f"The data set {version} is damaged.",
            seen=f"Missing: {', '.join(missing)}.",
            todo="Run `holdfast imports rebuild`, or restore the folder from a backup.",
        )
    return Dataset(_manifest(read_json(target / MANIFEST)), target)


def forget_current(folder: ShopFolder) -> None:
    """The shop has no orders any more."""
    folder.write_json(CURRENT, {"dataset": None})


def prune(folder: ShopFolder, *, keep: int) -> None:
    """Delete all but the newest `keep` versions, what was derived from them, and imports that no version names."""
    versions = sorted(path for path in (folder.path / "datasets").glob("*") if path.is_dir())
    current = current_dataset(folder)
    for path in versions[:-keep]:
        if current is None or path != current.folder:
            shutil.rmtree(path, ignore_errors=True)
            shutil.rmtree(folder.path / "derived" / path.name, ignore_errors=True)
    left = [path for path in versions if path.exists()]
    named = {import_id for path in left for import_id in read_json(path / MANIFEST)["imports"]}
    for path in (folder.path / "imports").glob("*"):
        if path.name not in named:
            shutil.rmtree(path, ignore_errors=True)


def next_version(folder: ShopFolder, fingerprint: str) -> str:
    """A name for the next version that sorts after all before it: a number and what it was made of."""
    numbers = [int(path.name.split("-")[0]) for path in (folder.path / "datasets").glob("*-*")]
    return f"{max(numbers, default=0) + 1:06d}-{fingerprint[:8]}"


def _manifest(value: dict[str, Any]) -> Manifest:
    lists = {
        "imports": tuple(value["imports"]),
        "sources": tuple(Source(**source) for source in value["sources"]),
        "ledger": tuple(LedgerEntry(**entry) for entry in value["ledger"]),
        "fields": tuple(value["fields"]),
        "notes": tuple(value["notes"]),
    }
    return Manifest(**(value | lists))
