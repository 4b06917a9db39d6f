"""A customer who is erased is gone from every file and record, also if the process is killed on the way."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from holdfast.errors import NotFoundError, SettingsError
from holdfast.store import ShopFolder, current_dataset, needed_dataset
from holdfast.store.records import Answered, AuditEntry, Erasure, Job, Prediction, Upload, VoucherOffer
from holdfast.workflows.erasing import begin, check_held, erase, erase_again
from holdfast.workflows.erasing_files import erase_from_files
from holdfast.workflows.importing import HowToRead, import_files, list_imports
from holdfast.workflows.personal_data import export_customer
from holdfast.workflows.service import Service
from holdfast.workflows.shop import Shop
from holdfast.workflows.tombstones import tombstones
from tests.workflows.erasable import EMAIL, WHO, WORDS, copied, everything, made, named_in, orders

__all__ = ["made"]


@pytest.fixture
def opened(made: Path, tmp_path: Path) -> tuple[Service, Shop]:
    return copied(made, tmp_path / "home")


def erased(service: Service, shop: Shop, who: str = WHO) -> dict[str, Any]:
    """Erase a customer as the command line does."""
    check_held(service, shop, who)
    with service.database.begin() as session:
        erasure = begin(session, shop, who, actor="test")
    return erase(service, shop, who, erasure.id)


def test_an_erased_customer_is_nowhere(opened: tuple[Service, Shop], tmp_path: Path) -> None:
    service, shop = opened
    assert len(named_in(shop.settings.home, WHO, EMAIL, WORDS)) > 8, "otherwise there is nothing to erase"
    others = [row for row in everything(shop)["predictions/pred_1/forecasts.parquet"] if row["customer_id"] != WHO]
    erased(service, shop)
    assert named_in(shop.settings.home, WHO, EMAIL, WORDS) == []
    left = everything(shop)
    assert left["predictions/pred_1/forecasts.parquet"] == others
    assert len(left["datasets/customers.parquet"]) == 41
    assert len(left["datasets/reviews.parquet"]) == 42
    with pytest.raises(NotFoundError):
        export_customer(service, shop, WHO)


def test_the_receipt_says_what_was_where(opened: tuple[Service, Shop], tmp_path: Path) -> None:
    service, shop = opened
    first, second = list_imports(shop)
    before = needed_dataset(shop.folder).manifest
    receipt = erased(service, shop)
    assert WHO not in str(receipt)
    rows = {(each["import"], each["content"]): each["rows"] for each in receipt["rows"]}
    expected = {"lines": 12, "customers": 1, "reviews": 1}
    assert rows == {(each.id, content): n for each in (first, second) for content, n in expected.items()}
    assert (len(receipt["models"]), receipt["predictions"]) == (1, ["pred_1"])
    assert before.version in receipt["datasets_deleted"]
    assert [each["action"] for each in receipt["lists_that_left"]] == ["export customers"]
    old, new = receipt["ledger_before"], receipt["ledger_after"]
    assert old["dataset"] == before.version
    assert (old["lines_in"], new["lines_in"]) == (44 * 12, 42 * 12)
    assert Decimal(old["revenue_in"]) - Decimal(new["revenue_in"]) == 2 * 9 * Decimal("5.50") + 12 * Decimal("2.25")
    with service.database.begin() as session:
        (record,) = session.scalars(sa.select(Erasure))
    assert record.receipt == receipt


def test_records_keep_what_is_not_about_the_customer(opened: tuple[Service, Shop], tmp_path: Path) -> None:
    service, shop = opened
    erased(service, shop)
    with service.database.begin() as session:
        results = [session.get_one(Job, f"job_{number}").result for number in range(3)]
        audit = session.get_one(AuditEntry, "audit_1")
        answered = session.scalars(sa.select(Answered)).one()
        upload, prediction = session.get_one(Upload, "imp_1"), session.get_one(Prediction, "pred_1")
    assert results[2] == {"n": 1}
    assert results[0] == results[1] == {"erased": "This named a customer who was erased."}
    assert (audit.actor, audit.details["rows"]) == ("key:1", 1)
    assert answered.body == {"headers": {}, "text": None}
    assert upload.inspection["tables"][0]["columns"] == [{"name": "email", "samples": []}]  # type: ignore[index]
    assert prediction.customers == 41


def test_what_was_measured_on_them_stays_measured(opened: tuple[Service, Shop]) -> None:
    service, shop = opened
    told = export_customer(service, shop, WHO)["voucher_offers"]
    assert [(each["amount"], each["margin"], each["redeemed"]) for each in told] == [(2000, 1250, True)]
    receipt = erased(service, shop)
    assert receipt["voucher_offers"] == 1
    with service.database.begin() as session:
        theirs, other = (session.get_one(VoucherOffer, f"offer_{n}") for n in (1, 2))
    assert (theirs.amount, theirs.margin, other.customer_id) == (2000, 1250, "c1")
    assert theirs.customer_id.startswith("erased ")


def test_somebody_who_was_only_offered_a_voucher_can_be_erased(opened: tuple[Service, Shop]) -> None:
    service, shop = opened
    with service.database.begin() as session:
        session.get_one(VoucherOffer, "offer_2").customer_id = "only-a-voucher"
    erased(service, shop, "only-a-voucher")
    with pytest.raises(NotFoundError):
        export_customer(service, shop, "only-a-voucher")
    with service.database.begin() as session:
        session.get_one(VoucherOffer, "offer_2").customer_id = "only-a-voucher"  # as a restored backup has it
    assert erase_again(service, shop, set(tombstones(shop))) == ["only-a-voucher"]
    assert named_in(shop.settings.home, "only-a-voucher") == []


def test_a_customer_who_comes_again_is_kept_out(opened: tuple[Service, Shop], tmp_path: Path) -> None:
    service, shop = opened
    erased(service, shop)
    (tmp_path / "again.csv").write_text(orders([WHO, "new"], first=5000), encoding="utf-8")
    report = import_files(shop, [tmp_path / "again.csv"], how=HowToRead())
    assert "12 rows of customers who were erased from this shop were left out." in report.warnings
    assert report.balance.lines_in == 12
    assert named_in(shop.settings.home, WHO) == []
    same = import_files(shop, [tmp_path / "again.csv"], how=HowToRead())
    assert not same.changed


def test_erasing_again_finds_nothing_and_says_so(opened: tuple[Service, Shop], tmp_path: Path) -> None:
    service, shop = opened
    erased(service, shop)
    version = needed_dataset(shop.folder).manifest.version
    again = erased(service, shop)
    assert (again["rows"], again["models"], again["predictions"]) == ([], [], [])
    assert needed_dataset(shop.folder).manifest.version == version
    with pytest.raises(NotFoundError, match="holds nothing"):
        check_held(service, shop, "nobody")


def test_another_secret_does_not_let_them_in_unseen(opened: tuple[Service, Shop], tmp_path: Path) -> None:
    service, shop = opened
    erased(service, shop)
    other = Shop.open(shop.settings.model_copy(update={"secret": "x" * 40}))
    (tmp_path / "again.csv").write_text(orders([WHO, "new"], first=5000), encoding="utf-8")
    with pytest.raises(SettingsError, match="cannot be recognised"):
        import_files(other, [tmp_path / "again.csv"], how=HowToRead())


def test_the_only_customer_of_a_shop(opened: tuple[Service, Shop], tmp_path: Path) -> None:
    service, shop = opened
    erase_from_files(shop, [WHO, "d1", *(f"c{n}" for n in range(40) if n != 7)])
    assert needed_dataset(shop.folder).manifest.rows["customers"] == 1
    receipt = erased(service, shop, "c7")
    assert receipt["ledger_after"] is None
    assert current_dataset(shop.folder) is None
    assert shop.folder.names("datasets") == shop.folder.names("imports") == []


class Killed(BaseException):
    """As if the process had ended here."""


def dying(patched: pytest.MonkeyPatch, *, at: int) -> Callable[[], int]:
    """The nth change of the folder ends the process: half of them before the change, half after it."""
    done = 0

    def wrapped(real: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **kwargs: Any) -> Any:
            nonlocal done
            done += 1
            mine = done
            if mine == at and at % 2:
                raise Killed
            result = real(*args, **kwargs)
            if mine == at:
                raise Killed
            return result

        return called

    for method in ("publish", "replace_files", "remove", "write_json"):
        patched.setattr(ShopFolder, method, wrapped(getattr(ShopFolder, method)))
    real_replace = Path.replace
    patched.setattr(Path, "replace", wrapped(real_replace))
    return lambda: done


def killed_at(made: Path, home: Path, at: int) -> tuple[bool, dict[str, Any]]:
    """Whether an erasure that dies at a change is killed at all, and what is there once it was begun anew."""
    service, shop = copied(made, home)
    killed = False
    with pytest.MonkeyPatch.context() as patched:
        dying(patched, at=at)
        try:
            erased(service, shop)
        except Killed:
            killed = True
    service.close()
    service, shop = Service.open(shop.settings), Shop.open(shop.settings)
    receipt = erased(service, shop)
    assert named_in(home, WHO, EMAIL, WORDS) == [], f"killed at change {at}"
    assert not killed or sum(each["rows"] for each in receipt["rows"]) == 28
    return killed, everything(shop)


def test_killed_on_the_way_and_begun_anew_ends_in_the_same(made: Path, tmp_path: Path) -> None:
    _, whole = killed_at(made, tmp_path / "whole", 10_000)
    for at in (1, 6, 12):
        assert killed_at(made, tmp_path / f"home-{at}", at) == (True, whole)


@pytest.mark.slow
def test_killed_anywhere_and_begun_anew_ends_in_the_same(made: Path, tmp_path: Path) -> None:
    _, whole = killed_at(made, tmp_path / "whole", 10_000)
    at, killed = 0, True
    while killed:
        at += 1
        killed, left = killed_at(made, tmp_path / f"home-{at}", at)
        assert left == whole
    assert at > 20
