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
from holdfast.store.models import (
    ModelRecord,
    StoredModel,
    default_model,
    delete_model,
    list_models,
    needed_model,
    next_model_id,
    publish_model,
    use_model,
)

__all__ = [
    "Dataset",
    "Import",
    "LedgerEntry",
    "Manifest",
    "ModelRecord",
    "ShopFolder",
    "Source",
    "StoredModel",
    "add_import",
    "current_dataset",
    "default_model",
    "delete_model",
    "forget_current",
    "list_models",
    "needed_dataset",
    "needed_model",
    "next_model_id",
    "next_version",
    "prune",
    "publish_dataset",
    "publish_model",
    "read_dataset",
    "read_import",
    "use_model",
]
