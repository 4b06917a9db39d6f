"""The versions of a shop's data that are kept, by what they are made of."""

from holdfast.errors import NotFoundError
from holdfast.store import Manifest, ShopFolder
from holdfast.store.datasets import CURRENT, read_manifest


def version_in_force(folder: ShopFolder) -> str | None:
    """The name of the current version; None for a shop without orders."""
    pointer = folder.read_json(CURRENT)
    return str(pointer["dataset"]) if pointer and pointer["dataset"] else None


def kept_manifests(folder: ShopFolder) -> list[Manifest]:
    """The current version first, then the others, the newest first."""
    in_force = version_in_force(folder)
    names = sorted(folder.names("datasets"), key=lambda name: (name == in_force, name), reverse=True)
    return [manifest for manifest in (read_manifest(folder, name) for name in names) if manifest]


def find_manifest(folder: ShopFolder, version: str) -> Manifest:
    """A version by its name; NotFoundError where it is not kept."""
    names = folder.names("datasets")
    found = read_manifest(folder, version) if version in names else None
    if found is None:
        raise NotFoundError(
            f"There is no data set {version[:80]!r}.",
            seen=f"Kept are {', '.join(names) or 'none'}.",
            todo="List them with GET /api/v1/datasets.",
        )
    return found
