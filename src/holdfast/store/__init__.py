"""The store room: immutable data sets, published atomically."""

from holdfast.store.datasets import (
    Dataset,
    LedgerEntry,
    Manifest,
    Source,
    current_dataset,
    forget_current,
    needed_dataset,
    next_version,
    prune,
    publish_dataset,
    read_dataset,
)
from holdfast.store.folder import ShopFolder
from holdfast.store.imports import Import, add_import, read_import

__all__ = [
    "Dataset",
    "Import",
    "LedgerEntry",
    "Manifest",
    "ShopFolder",
    "Source",
    "add_import",
    "current_dataset",
    "forget_current",
    "needed_dataset",
    "next_version",
    "prune",
    "publish_dataset",
    "read_dataset",
    "read_import",
]
