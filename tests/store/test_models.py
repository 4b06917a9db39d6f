from dataclasses import replace
from pathlib import Path

import pytest

from holdfast.errors import NotFoundError, StoreError
from holdfast.store import ShopFolder
from holdfast.store.models import (
    MODEL,
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

RECORD = ModelRecord(
    id="0001-aaaaaaaa",
    created_at="2024-07-01T09:00:00+00:00",
    dataset="0003-0123abcd",
    as_of="2024-07-01",
    horizon=90,
    customers=1234,
    state="ready",
    grade="",
    sentence="",
    sha256="0001-aaaaaaaa",
    settings={"seed": 0},
    libraries={"lightgbm": "4.6.0"},
)


@pytest.fixture
def folder(tmp_path: Path) -> ShopFolder:
    return ShopFolder.of(tmp_path, "tea-shop")


def published(folder: ShopFolder, model_id: str, *, content: str = "{}") -> StoredModel:
    """A model of that id, with one file."""
    with folder.locked(), folder.workspace() as work:
        (work / MODEL).write_text(content, encoding="utf-8")
        return publish_model(folder, work, replace(RECORD, id=model_id, sha256=model_id))


def test_a_published_model_is_listed_with_its_files(folder: ShopFolder) -> None:
    model = published(folder, "0001-aaaaaaaa", content='{"a": 1}')
    assert model.record == RECORD
    assert model.folder == folder.path / "models" / "0001-aaaaaaaa"
    assert model.file(MODEL).read_text(encoding="utf-8") == '{"a": 1}'
    assert list_models(folder) == [model]


def test_models_are_listed_oldest_first(folder: ShopFolder) -> None:
    for model_id in ("0002-bbbbbbbb", "0010-aaaaaaaa", "0001-cccccccc"):
        published(folder, model_id)
    assert [model.record.id for model in list_models(folder)] == ["0001-cccccccc", "0002-bbbbbbbb", "0010-aaaaaaaa"]


def test_the_same_model_trained_again_is_the_one_that_is_there(folder: ShopFolder) -> None:
    first = published(folder, "0001-aaaaaaaa")
    with folder.locked(), folder.workspace() as work:
        again = publish_model(folder, work, replace(first.record, id="0002-aaaaaaaa", created_at="2024-07-02"))
    assert again == first
    assert list_models(folder) == [first]


def test_an_id_that_leads_elsewhere_is_not_found(folder: ShopFolder, tmp_path: Path) -> None:
    published(folder, "0001-aaaaaaaa")
    other = published(ShopFolder.of(tmp_path, "coffee-shop"), "0001-bbbbbbbb")
    for model_id in (f"../../coffee-shop/models/{other.record.id}", "../models/0001-aaaaaaaa", ".", str(other.folder)):
        with pytest.raises(NotFoundError):
            needed_model(folder, model_id)


def test_what_was_not_published_is_not_there(folder: ShopFolder) -> None:
    published(folder, "0001-aaaaaaaa")
    with folder.locked(), folder.workspace() as work:
        (work / MODEL).write_text("half", encoding="utf-8")
    (folder.path / "models" / "0002-half").mkdir()
    assert [model.record.id for model in list_models(folder)] == ["0001-aaaaaaaa"]
    assert not any((folder.path / "tmp").iterdir())


def test_the_default_is_the_one_that_was_chosen(folder: ShopFolder) -> None:
    published(folder, "0001-aaaaaaaa")
    published(folder, "0002-bbbbbbbb")
    assert default_model(folder) is None
    use_model(folder, "0001-aaaaaaaa")
    assert default_model(folder) == "0001-aaaaaaaa"
    assert needed_model(folder, None).record.id == "0001-aaaaaaaa"
    assert needed_model(folder, "0002-bbbbbbbb").record.id == "0002-bbbbbbbb"
    use_model(folder, None)
    assert default_model(folder) is None


def test_a_shop_without_models_says_how_to_get_one(folder: ShopFolder) -> None:
    assert list_models(folder) == []
    with pytest.raises(NotFoundError, match="no model yet") as refused:
        needed_model(folder, None)
    assert "holdfast train" in refused.value.todo


@pytest.mark.parametrize(("asked", "what"), [("0009-dddddddd", "'0009-dddddddd'"), (None, "No model is the default")])
def test_a_model_that_is_not_there_is_not_found(folder: ShopFolder, asked: str | None, what: str) -> None:
    published(folder, "0001-aaaaaaaa")
    with pytest.raises(NotFoundError, match=what) as refused:
        needed_model(folder, asked)
    assert "0001-aaaaaaaa" in refused.value.seen
    assert "holdfast model`" in refused.value.todo


def test_a_default_that_is_gone_is_not_found(folder: ShopFolder) -> None:
    published(folder, "0001-aaaaaaaa")
    use_model(folder, "0007-eeeeeeee")
    with pytest.raises(NotFoundError, match="0007-eeeeeeee"):
        needed_model(folder, None)


def test_deleting_the_default_leaves_none(folder: ShopFolder) -> None:
    first, second = published(folder, "0001-aaaaaaaa"), published(folder, "0002-bbbbbbbb")
    use_model(folder, "0002-bbbbbbbb")
    delete_model(folder, "0001-aaaaaaaa")
    assert default_model(folder) == "0002-bbbbbbbb"
    delete_model(folder, "0002-bbbbbbbb")
    assert default_model(folder) is None
    assert list_models(folder) == []
    assert not first.folder.exists()
    assert not second.folder.exists()
    with pytest.raises(NotFoundError):
        delete_model(folder, "0002-bbbbbbbb")


def test_ids_count_upwards_and_name_the_model(folder: ShopFolder) -> None:
    assert next_model_id(folder, "0123456789abcdef") == "0001-01234567"
    published(folder, "0001-01234567")
    published(folder, "0009-01234567")
    assert next_model_id(folder, "fedcba9876543210") == "0010-fedcba98"
    delete_model(folder, "0001-01234567")
    assert next_model_id(folder, "fedcba9876543210") == "0010-fedcba98"


def test_the_numbers_of_ids_do_not_end_at_four_digits(folder: ShopFolder) -> None:
    published(folder, "9999-aaaaaaaa")
    assert next_model_id(folder, "0" * 64) == "10000-00000000"


def test_a_damaged_record_is_a_clear_error(folder: ShopFolder) -> None:
    model = published(folder, "0001-aaaaaaaa")
    (model.folder / "record.json").write_text("{", encoding="utf-8")
    with pytest.raises(StoreError, match=r"record\.json"):
        list_models(folder)
