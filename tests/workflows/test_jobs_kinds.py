"""The kinds of jobs: what they make, and that any step may be done twice, as after a kill before it was remembered."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from holdfast.access.tenants import ensure_tenant
from holdfast.errors import HoldfastError, InputError, NotFoundError
from holdfast.samples import make_shop
from holdfast.settings import Settings
from holdfast.store import current_dataset, default_model, list_models, needed_dataset
from holdfast.store.records import ModelEvent, Prediction
from holdfast.workflows.clock import now
from holdfast.workflows.importing import HowToRead, import_files
from holdfast.workflows.job_kinds import KINDS
from holdfast.workflows.jobs import add_job
from holdfast.workflows.looking_ahead import look_ahead
from holdfast.workflows.service import Service
from holdfast.workflows.shop import Shop
from holdfast.workflows.training import train
from holdfast.workflows.uploads import Reception
from holdfast.workflows.views import view_if_there
from holdfast.workflows.work import Told, Work
from tests.api.test_vouchers import SMALL as VOUCHERS

T = TypeVar("T")


class Rehearsal(Work):
    """Work whose every step is done twice, and only the second result remembered."""

    def step(self, name: str, do: Callable[[], T]) -> T:
        first = do()
        again = do()
        assert again == first, name
        return again

    def progress(self, step: str, done: float) -> None:
        assert step
        assert 0 <= done <= 1


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A small shop's orders, and what else is known of its customers."""
    sample = make_shop(tmp_path_factory.mktemp("sample"), customers=120)
    return [sample.orders, sample.customers]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A service with the tenant `tea`."""
    service = Service.open(Settings(home=tmp_path))
    with service.database.begin() as session:
        ensure_tenant(session, "tea", now=now())
    yield service
    service.close()


@pytest.fixture
def shop(service: Service, files: list[Path]) -> Shop:
    """Its shop, with two imports."""
    shop = Shop.open(Settings(home=service.settings.home, tenant="tea"))
    for file in files:
        import_files(shop, [file], how=HowToRead(currency="GBP"))
    return shop


def rehearse(service: Service, kind: str, **arguments: Any) -> dict[str, Any]:
    """Do a job of a kind, each step twice."""
    with service.database.begin() as session:
        job = add_job(session, tenant="tea", kind=kind, arguments=arguments, by="user:1")
        shop = service.shop(session, "tea")
    return KINDS[kind](Rehearsal(service, job, shop, job.arguments, lambda: False, Told("", 0.0)))


def events(service: Service) -> list[tuple[str, str, str]]:
    with service.database.begin() as session:
        return sorted((event.event, event.model, event.actor) for event in session.query(ModelEvent))


def test_training_makes_one_model_and_puts_it_in_use(service: Service, shop: Shop) -> None:
    made = rehearse(service, "train", dates=0)
    (model,) = list_models(shop.folder)
    assert (made["model"], made["default"], made["why"]) == (model.record.id, True, "No model was in use.")
    assert default_model(shop.folder) == model.record.id
    assert events(service) == [("promoted", model.record.id, "user:1"), ("trained", model.record.id, "user:1")]

    aside = rehearse(service, "train", dates=0, horizon=30, promote=False)
    assert (aside["default"], aside["why"]) == (False, "Not asked for.")
    assert default_model(shop.folder) == model.record.id
    assert len(list_models(shop.folder)) == 2

    predicted = rehearse(service, "predict", prediction="pred_1", name="everybody")
    with service.database.begin() as session:
        (prediction,) = session.query(Prediction).all()
    assert (predicted["prediction"], prediction.model, prediction.customers) == (
        "pred_1", model.record.id, model.record.customers
    )  # fmt: skip


def test_a_voucher_history_is_made_once(service: Service) -> None:
    shop = Shop.open(Settings(home=service.settings.home, tenant="tea"))
    with Reception(shop.folder) as reception:
        reception.take("h.csv", [VOUCHERS.encode()])
        reception.keep(shop.folder)
    made = rehearse(service, "vouchers", upload=reception.id, files=["h.csv"], countries=["Peru"])
    assert (made["rows_kept"], made["changed"]) == (5, True)
    assert shop.folder.names("vouchers") == [made["version"]]
    assert shop.folder.names("uploads") == []
    again = rehearse(service, "vouchers", policy="simple")
    assert (again["rows_kept"], again["policy"]) == (5, "simple")
    with pytest.raises(NotFoundError, match="files of this history are gone"):
        rehearse(service, "vouchers", upload=reception.id, files=["h.csv"])


def test_jobs_make_the_view_of_a_shop_in_which_nobody_can_wait(
    service: Service, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    rehearse(service, "train", dates=0)
    assert view_if_there(shop) is None  # a small one: made when somebody looks
    monkeypatch.setattr("holdfast.workflows.looking_ahead.MOST_IN_A_REQUEST", 100)
    made = rehearse(service, "train", dates=0)
    seen = view_if_there(shop)
    assert seen is not None
    assert seen.facts.model == made["model"]
    assert list((shop.folder.path / "derived").glob("*/recommendations/*/recommender.json"))


def test_there_is_nothing_to_look_ahead_to_in_a_shop_without_orders(service: Service) -> None:
    """As after an import of customers alone, which is no failure."""
    shop = Shop.open(Settings(home=service.settings.home, tenant="tea"))
    look_ahead(shop, learn=True)
    assert view_if_there(shop) is None


def test_a_run_answers_and_trains(service: Service, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "holdfast.workflows.retraining.train", lambda *given, **options: train(*given, **{**options, "dates": 0})
    )
    made = rehearse(service, "run", steps=["answer", "train"])
    assert made["import"] is None
    assert made["answer"]["headline"]
    assert made["train"]["model"] == default_model(shop.folder)
    assert made["reasons"]["items"]


def test_a_backtest_keeps_nothing(service: Service, shop: Shop) -> None:
    assert len(rehearse(service, "backtest", dates=1)["dates"]) == 1
    assert list_models(shop.folder) == []


def test_cleaning_anew_makes_one_version(service: Service, shop: Shop) -> None:
    before = needed_dataset(shop.folder).manifest
    made = rehearse(service, "rebuild", policy="none")
    after = needed_dataset(shop.folder).manifest
    assert made["dataset"] == after.version != before.version
    assert made["lines_kept"] > sum(entry.lines for entry in before.ledger if entry.reason == "kept")
    numbers = [int(manifest.version.split("-")[0]) for manifest in (before, after)]
    assert numbers[1] == numbers[0] + 1
    again = rehearse(service, "rebuild")
    assert int(again["dataset"].split("-")[0]) == numbers[1] + 1, "asked for again, it is done again"


def test_an_import_is_taken_back_once(service: Service, shop: Shop) -> None:
    first, second = needed_dataset(shop.folder).manifest.imports
    assert rehearse(service, "undo", import_id=second)["imports"] == [first]
    with pytest.raises(NotFoundError):
        rehearse(service, "undo", import_id=second)
    assert rehearse(service, "undo", import_id=first) == {"dataset": None}
    assert current_dataset(shop.folder) is None


@pytest.mark.parametrize("kind", ["train", "run", "rebuild", "backtest", "predict"])
def test_a_shop_without_orders(service: Service, kind: str) -> None:
    arguments = {"prediction": "pred_1"} if kind == "predict" else {}
    with pytest.raises(HoldfastError):
        rehearse(service, kind, **arguments)


def test_arguments_are_checked_again(service: Service) -> None:
    with pytest.raises(InputError, match="horizn"):
        rehearse(service, "train", horizn=90)
