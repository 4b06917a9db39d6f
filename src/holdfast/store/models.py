"""Trained models of a shop: one folder each, written whole or not at all, and the one that is used by default."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from holdfast.errors import NotFoundError
from holdfast.store.folder import ShopFolder, read_json

DEFAULT = "default_model.json"
RECORD, MODEL, SEVEN, BACKTEST = "record.json", "model.json", "seven.json", "backtest.json"
FORECASTS, NEXT_ORDER, CARD, CARD_PAGE = "forecasts.parquet", "next_order.json", "card.json", "card.md"


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """What there is to know of a model without loading it. Days are ISO texts, `dataset` is what it learned from.

    `grade` and `sentence` are what its backtest said; empty without one.
    """

    id: str
    created_at: str
    dataset: str
    as_of: str
    horizon: int
    customers: int
    state: str
    grade: str
    sentence: str
    sha256: str
    settings: Mapping[str, Any]
    libraries: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A model's record and the folder of its files."""

    record: ModelRecord
    folder: Path

    def file(self, name: str) -> Path:
        """One of its files, such as MODEL; CARD and CARD_PAGE are there only with a backtest."""
        return self.folder / name


def publish_model(folder: ShopFolder, work: Path, record: ModelRecord) -> StoredModel:
    """Publish the files in `work` as a model."""
    (work / RECORD).write_text(json.dumps(asdict(record), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    target = folder.path / "models" / record.id
    folder.publish(work, target=target)
    return StoredModel(record, target)


def list_models(folder: ShopFolder) -> list[StoredModel]:
    """Every model of the shop, oldest first."""
    found = sorted((folder.path / "models").glob(f"*/{RECORD}"))
    return [StoredModel(ModelRecord(**read_json(path)), path.parent) for path in found]


def needed_model(folder: ShopFolder, model_id: str | None) -> StoredModel:
    """The model of that id, or the default one; NotFoundError where there is none."""
    models = list_models(folder)
    if not models:
        raise NotFoundError(
            "This shop has no model yet.",
            seen=f"{folder.path / 'models'} is empty.",
            todo="Train one with `holdfast train`.",
        )
    wanted = model_id or default_model(folder)
    for model in models:
        if model.record.id == wanted:
            return model
    raise NotFoundError(
        f"There is no model {wanted!r}." if wanted else "No model is the default.",
        seen=f"The shop has {', '.join(model.record.id for model in models)}.",
        todo="List them with `holdfast model`, and choose one with `holdfast model use ID`.",
    )


def default_model(folder: ShopFolder) -> str | None:
    """The id of the default model."""
    pointer = folder.read_json(DEFAULT)
    return str(pointer["model"]) if pointer and pointer["model"] else None


def use_model(folder: ShopFolder, model_id: str | None) -> None:
    """Make a model the default; None for none."""
    folder.write_json(DEFAULT, {"model": model_id})


def delete_model(folder: ShopFolder, model_id: str) -> None:
    """Remove a model; if it was the default, there is none afterwards."""
    model = needed_model(folder, model_id)
    if default_model(folder) == model_id:
        use_model(folder, None)
    shutil.rmtree(model.folder)


def next_model_id(folder: ShopFolder, fingerprint: str) -> str:
    """An id that sorts after all before it: a number and what the model is."""
    numbers = [int(path.name.split("-")[0]) for path in (folder.path / "models").glob("*-*")]
    return f"{max(numbers, default=0) + 1:04d}-{fingerprint[:8]}"
