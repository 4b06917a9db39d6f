"""Trained models of a shop: one folder each, written whole or not at all, and the one that is used by default."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from holdfast.errors import NotFoundError
from holdfast.store.folder import ShopFolder

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
    """A model's record and the folder of its files, which may have to be fetched before it is there."""

    record: ModelRecord
    folder: Path
    _shop: ShopFolder | None = field(default=None, repr=False, compare=False)

    def file(self, name: str) -> Path:
        """One of its files, such as MODEL; CARD and CARD_PAGE are there only with a backtest."""
        if self._shop:
            self._shop.find(f"models/{self.record.id}")
        return self.folder / name


def publish_model(folder: ShopFolder, work: Path, record: ModelRecord) -> StoredModel:
    """Publish the files in `work` as a model; the very same model, trained again, is the one that is there already.

    So nothing is doubled where a training is repeated, such as after a crash between here and its being remembered.
    """
    for known in list_models(folder):
        if _same(known.record, record):
            return known
    (work / RECORD).write_text(json.dumps(asdict(record), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    folder.publish(work, target=folder.path / "models" / record.id)
    return _stored(folder, record)


def _same(one: ModelRecord, other: ModelRecord) -> bool:
    """Whether two records are of one model: they differ in number and time alone."""
    return replace(one, id=other.id, created_at=other.created_at) == other


def list_models(folder: ShopFolder) -> list[StoredModel]:
    """Every model of the shop, oldest first."""
    records = [folder.read_published(f"models/{name}", RECORD) for name in folder.names("models")]
    return [_stored(folder, ModelRecord(**record)) for record in records if record]


def read_model(folder: ShopFolder, model_id: str) -> StoredModel | None:
    """A model by its id, whole and on this disk; None where there is none."""
    place = folder.find(f"models/{model_id}")
    record = folder.read_published(f"models/{model_id}", RECORD) if place else None
    return _stored(folder, ModelRecord(**record)) if record else None


def _stored(folder: ShopFolder, record: ModelRecord) -> StoredModel:
    return StoredModel(record, folder.path / "models" / record.id, folder if folder.mirror else None)


def needed_model(folder: ShopFolder, model_id: str | None) -> StoredModel:
    """The model of that id, or the default one; NotFoundError where there is none."""
    wanted = model_id or default_model(folder)
    found = read_model(folder, wanted) if wanted else None
    if found:
        return found
    others = [model.record.id for model in list_models(folder)]
    if not others:
        raise NotFoundError(
            "This shop has no model yet.",
            seen=f"{folder.path / 'models'} is empty.",
            todo="Train one with `holdfast train`.",
        )
    raise NotFoundError(
        f"There is no model {wanted!r}." if wanted else "No model is the default.",
        seen=f"The shop has {', '.join(others)}.",
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
    folder.remove(f"models/{model.record.id}")


def next_model_id(folder: ShopFolder, fingerprint: str) -> str:
    """An id that sorts after all before it: a number and what the model is."""
    numbers = [int(name.split("-")[0]) for name in folder.names("models")]
    return f"{max(numbers, default=0) + 1:04d}-{fingerprint[:8]}"
