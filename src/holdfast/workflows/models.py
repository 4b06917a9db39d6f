"""Trained models as they are stored: loaded again, and what their training left beside them."""

from typing import Any

from holdfast.errors import NotFoundError
from holdfast.forecast import Model
from holdfast.forecast.model_file import read
from holdfast.store import StoredModel, needed_model
from holdfast.store.folder import read_json
from holdfast.store.models import BACKTEST, CARD, CARD_PAGE, MODEL
from holdfast.workflows.shop import Shop


def load_model(stored: StoredModel) -> Model:
    """A stored model, checked against its checksum."""
    path = stored.file(MODEL)
    return read(path.read_text(encoding="utf-8"), name=str(path))[0]


def model_backtest(shop: Shop, *, model_id: str | None = None) -> dict[str, Any] | None:
    """The backtest of a model as it was stored; None where it was trained without past dates."""
    found: dict[str, Any] | None = read_json(needed_model(shop.folder, model_id).file(BACKTEST))
    return found


def model_card(shop: Shop, *, model_id: str | None = None) -> dict[str, Any]:
    """The card of a model; NotFoundError where it was trained without past dates."""
    return read_json(_with_card(shop, model_id).file(CARD))


def model_card_page(shop: Shop, *, model_id: str | None = None) -> str:
    """The card of a model as Markdown; NotFoundError where it was trained without past dates."""
    return _with_card(shop, model_id).file(CARD_PAGE).read_text(encoding="utf-8")


def _with_card(shop: Shop, model_id: str | None) -> StoredModel:
    stored = needed_model(shop.folder, model_id)
    if not stored.file(CARD).exists():
        raise NotFoundError(
            f"Model {stored.record.id} has no card.",
            seen="It was trained without past dates to prove it on.",
            todo="Train again with `holdfast train --dates 3`.",
        )
    return stored
