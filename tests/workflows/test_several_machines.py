"""A shop whose data lie in a storage: imported on one machine, answered, trained and forecast on another."""

from pathlib import Path

import pytest

from holdfast.errors import NotFoundError
from holdfast.store import current_dataset, default_model, delete_model, list_models, needed_model
from holdfast.store.models import FORECASTS, MODEL
from holdfast.store.remote import Storage
from holdfast.workflows.answer import answer
from holdfast.workflows.erasing import begin, erase
from holdfast.workflows.forecasting import stored_forecasts
from holdfast.workflows.importing import HowToRead, import_files, list_imports, undo_import
from holdfast.workflows.shop import Shop
from holdfast.workflows.training import train
from tests.store.conftest import Machines, machines, s3_endpoint, shared, storage
from tests.store.test_publishing import orders_csv
from tests.workflows.erasable import EMAIL, WHO, WORDS, filled, named_in

__all__ = ["machines", "s3_endpoint", "shared", "storage"]


@pytest.fixture
def shops(machines: Machines) -> tuple[Shop, Shop]:
    return Shop.open(machines.settings("a")), Shop.open(machines.settings("b"))


def test_import_here_train_there_ask_here(shops: tuple[Shop, Shop], tmp_path: Path) -> None:
    here, there = shops
    first = import_files(here, [orders_csv(tmp_path / "1.csv", first=0, count=400)], how=HowToRead())
    assert answer(there).as_json() == answer(here).as_json()
    second = import_files(there, [orders_csv(tmp_path / "2.csv", first=400, count=400)], how=HowToRead())
    assert [record.id for record in list_imports(here)] == [first.import_id, second.import_id]
    assert second.manifest.rows["order_lines"] == 800

    trained = train(there, dates=0)
    (model,) = list_models(here.folder)
    assert model.record == trained.stored.record
    assert default_model(here.folder) == model.record.id
    assert not (here.folder.path / "models").exists(), "nobody needed it yet"
    assert model.file(MODEL).exists()
    ours, theirs = stored_forecasts(here)[0], stored_forecasts(there)[0]
    assert ours.dicts() == theirs.dicts()

    undo_import(here, second.import_id)
    dataset = current_dataset(there.folder)
    assert dataset is not None
    assert dataset.manifest.imports == (first.import_id,)

    delete_model(here.folder, model.record.id)
    assert list_models(there.folder) == []
    assert not trained.stored.file(FORECASTS).exists()
    with pytest.raises(NotFoundError):
        needed_model(there.folder, model.record.id)


def test_erased_here_is_erased_everywhere(machines: Machines, storage: Storage, tmp_path: Path) -> None:
    """The second machine has copies of everything, and an upload was killed that nothing names."""
    service, here = filled(machines.settings("a"), tmp_path)
    there = Shop.open(machines.settings("b"))
    for kind in ("imports", "datasets", "models", "predictions"):
        for name in here.folder.names(kind):
            assert there.folder.find(f"{kind}/{name}")
    assert named_in(there.folder.path, WHO, EMAIL, WORDS)
    storage.write("tenants/default/contents/datasets/000009-x/" + "0" * 32 + "/0000", WHO.encode())

    with service.database.begin() as session:
        erasure = begin(session, here, WHO, actor="test")
    receipt = erase(service, here, WHO, erasure.id)
    assert sum(each["rows"] for each in receipt["rows"]) == 28

    there.folder.read_json("current.json")
    assert named_in(there.folder.path, WHO, EMAIL, WORDS) == []
    assert named_in(machines.settings("a").home, WHO, EMAIL, WORDS) == []
    in_storage = tmp_path / "in storage"
    in_storage.mkdir()
    for number, key in enumerate(storage.list("")):
        storage.download(key, in_storage / f"{number}")
    assert named_in(in_storage, WHO, EMAIL, WORDS) == []
