"""Voucher histories: immutable versions, each a pure function of one file, rules and a policy.

A version is a folder with its layers as Parquet (or the name of the warehouse they lie in) and a manifest, which holds
all that a decision needs. `voucher_history.json` names the version in force.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from holdfast.errors import NotFoundError
from holdfast.store.folder import ShopFolder

KIND, CURRENT, MANIFEST = "vouchers", "voucher_history.json", "manifest.json"
RAW_FILE = "raw.parquet"


@dataclass(frozen=True, slots=True)
class VoucherManifest:
    """What a version is made of and what it holds; amounts are texts, `place` is `here` or a warehouse.

    `run` is the run that made it, `fingerprint` what it was made of and what came out, without version and time.
    """

    version: str
    created_at: str
    run: str
    file: str
    sha256: str
    place: str
    policy: str
    rules: Sequence[Mapping[str, Any]]
    ledger: Sequence[Mapping[str, Any]]
    uses: Sequence[Mapping[str, Any]]
    duplicates: int
    notes: Sequence[str]
    fingerprint: str


def publish_history(folder: ShopFolder, work: Path, manifest: VoucherManifest) -> None:
    """Publish the layers in `work` and put them in force."""
    (work / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    folder.publish(work, target=folder.path / KIND / manifest.version)
    folder.write_json(CURRENT, {"version": manifest.version}, unless_changed=True)


def history_in_force(folder: ShopFolder) -> str | None:
    """The name of the version in force; None before the first."""
    pointer = folder.read_json(CURRENT)
    return str(pointer["version"]) if pointer else None


def read_history(folder: ShopFolder, version: str) -> VoucherManifest:
    """The manifest of a version; NotFoundError where it is not kept."""
    value = folder.read_published(f"{KIND}/{version}", MANIFEST)
    if value is None:
        raise NotFoundError(
            f"There is no voucher history {version!r}.",
            seen=f"Kept are {', '.join(folder.names(KIND)) or 'none'}.",
            todo="Import it with `holdfast vouchers import FILE`.",
        )
    return VoucherManifest(**value)


def current_history(folder: ShopFolder) -> VoucherManifest | None:
    """The manifest of the version in force; None before the first."""
    version = history_in_force(folder)
    return read_history(folder, version) if version else None


def layer(folder: ShopFolder, version: str, file: str) -> Path | None:
    """A file of a version, such as RAW_FILE, on this disk; None where it lies elsewhere."""
    place = folder.find(f"{KIND}/{version}")
    return place / file if place and (place / file).exists() else None


def next_history(folder: ShopFolder, fingerprint: str) -> str:
    """A name for the next version that sorts after all before it."""
    numbers = [int(version.split("-")[0]) for version in folder.names(KIND)]
    return f"{max(numbers, default=0) + 1:06d}-{fingerprint[:8]}"


def prune_histories(folder: ShopFolder, *, keep: int) -> None:
    """Delete all versions but the newest `keep` and the one in force."""
    versions, in_force = folder.names(KIND), history_in_force(folder)
    for version in versions[: max(len(versions) - keep, 0)]:
        if version != in_force:
            folder.remove(f"{KIND}/{version}")
