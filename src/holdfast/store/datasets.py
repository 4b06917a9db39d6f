"""Data sets: immutable versions of a shop's stage, each a pure function of some imports and a policy.

A version is a folder of Parquet files with a manifest. `current.json` names the version in force; replacing it is
the moment at which a new version becomes visible.
"""

import json
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
    folder.write_json(CURRENT, {"dataset": manifest.version}, unless_changed=True)
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
    target = folder.find(f"datasets/{version}")
    if target is None:
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


def read_manifest(folder: ShopFolder, version: str) -> Manifest | None:
    """What a version is made of, without its tables; None where it is not kept."""
    value = folder.read_published(f"datasets/{version}", MANIFEST)
    return _manifest(value) if value else None


def forget_current(folder: ShopFolder) -> None:
    """The shop has no orders any more."""
    folder.write_json(CURRENT, {"dataset": None}, unless_changed=True)


def prune(folder: ShopFolder, *, keep: int) -> None:
    """Delete all but the version in force and the newest `keep`, what was derived from them, and unused imports."""
    versions, current = folder.names("datasets"), current_dataset(folder)
    in_force = current.manifest.version if current else None
    newest = versions[len(versions) - min(keep, len(versions)) :]
    left = [version for version in versions if version in newest or version == in_force]
    for version in versions:
        if version not in left:
            folder.remove(f"datasets/{version}")
    manifests = [folder.read_published(f"datasets/{version}", MANIFEST) for version in left]
    named = {import_id for manifest in manifests if manifest for import_id in manifest["imports"]}
    for import_id in folder.names("imports"):
        if import_id not in named:
            folder.remove(f"imports/{import_id}")


def next_version(folder: ShopFolder, fingerprint: str) -> str:
    """A name for the next version that sorts after all before it: a number and what it was made of."""
    numbers = [int(version.split("-")[0]) for version in folder.names("datasets")]
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
