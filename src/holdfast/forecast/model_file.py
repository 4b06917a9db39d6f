"""A model as text: JSON with a checksum, without pickle. The same model and the same facts give the same bytes."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from holdfast.errors import StoreError
from holdfast.forecast.model import Model

FORMAT = "holdfast forecast model"
VERSION = 1
"""Raised when a model of an earlier version can no longer be read."""


def write(model: Model, about: Mapping[str, Any]) -> str:
    """The file's text. `about` says where the model comes from: data set, settings, library versions, metrics."""
    content = {"about": dict(about), "model": model.as_json()}
    file = {"format": FORMAT, "version": VERSION, "sha256": _checksum(content), **content}
    return json.dumps(file, ensure_ascii=False, allow_nan=False, sort_keys=True, indent=1) + "\n"


def read(text: str, *, name: str) -> tuple[Model, dict[str, Any]]:
    """The model of a file and what it says about it; `name` is the file's, for errors.

    Raises StoreError for what is no model file, is of another version, or was changed after it was written.
    """
    try:
        file = json.loads(text)
    except ValueError as error:
        raise _refused(name, f"It is no JSON: {error}.") from error
    if not isinstance(file, dict) or file.get("format") != FORMAT:
        raise _refused(name, "It does not say that it is a forecast model.")
    if file.get("version") != VERSION:
        raise _refused(name, f"It is of version {file.get('version')}; this program reads version {VERSION}.")
    content = {"about": file.get("about"), "model": file.get("model")}
    if file.get("sha256") != _checksum(content):
        raise _refused(name, "Its content does not match its checksum: it was changed or cut short.")
    return Model.from_json(file["model"]), file["about"]


def _checksum(content: Mapping[str, Any]) -> str:
    return sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _refused(name: str, seen: str) -> StoreError:
    return StoreError(
        f"The model file {name} cannot be used.",
        seen=seen,
        todo="Train again with `holdfast train`, or restore the file from a backup.",
    )
