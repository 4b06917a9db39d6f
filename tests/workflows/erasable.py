"""A shop with a customer who asks to be erased, and a search for them in everything there is on a disk."""

import csv
import io
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

from holdfast.access.tenants import ensure_tenant
from holdfast.settings import Settings
from holdfast.store import needed_model
from holdfast.store.records import Answered, AuditEntry, Job, Prediction, Upload, VoucherOffer
from holdfast.workflows.clock import now
from holdfast.workflows.importing import HowToRead, import_files
from holdfast.workflows.predictions import FOLDER, TABLE
from holdfast.workflows.service import Service
from holdfast.workflows.shop import Shop
from holdfast.workflows.training import score, train

WHO, EMAIL, WORDS = "Mara-Leaving/4711", "mara.leaving@example.org", "Mara wrote this at length"
ORDERS = ("customer_id", "order_id", "ordered_at", "product_id", "quantity", "unit_price")


def orders(customers: list[str], *, first: int, per_customer: int = 6) -> str:
    """Orders of two lines each; the second line leaves the customer out, as many exports do."""
    rows: list[tuple[object, ...]] = []
    for place, customer in enumerate(customers):
        for nth in range(per_customer):
            number = first + place * per_customer + nth
            day = f"2023-{nth * 2 % 12 + 1:02}-{place % 27 + 1:02} 10:00:00"
            rows.append((customer, f"o{number}", day, f"p{number % 7}", 1 + nth % 2, f"{5 + place % 9}.50"))
            rows.append(("", f"o{number}", day, f"p{(number + 1) % 7}", 1, "2.25"))
    return _csv(ORDERS, rows)


def people(customers: list[str]) -> str:
    """What else is known of them."""
    emails = [EMAIL if customer == WHO else f"{customer}@example.com" for customer in customers]
    return _csv(("customer_id", "email", "consent"), [(c, e, "yes") for c, e in zip(customers, emails, strict=True)])


def reviews(customers: list[str], *, first: int, per_customer: int = 6) -> str:
    """A review of the first order of each."""
    texts = [WORDS if customer == WHO else "good" for customer in customers]
    rows = [(f"o{first + i * per_customer}", 4, text, "2023-02-28 09:00:00") for i, text in enumerate(texts)]
    return _csv(("order_id", "score", "text", "created_at"), rows)


def _csv(names: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([names, *rows])
    return out.getvalue()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the shop in it, to be copied."""
    root = tmp_path_factory.mktemp("made")
    service, _ = filled(Settings.load({"home": root / "home", "tenant": "shop"}), root)
    service.close()
    return root / "home"


def copied(made: Path, home: Path) -> tuple[Service, Shop]:
    """The shop in a home of its own."""
    shutil.copytree(made, home)
    settings = Settings.load({"home": home, "tenant": "shop"})
    return Service.open(settings), Shop.open(settings)


def filled(settings: Settings, folder: Path) -> tuple[Service, Shop]:
    """The shop after two imports, a training, a prediction, and with records that name the customer."""
    service = Service.open(settings)
    with service.database.begin() as session:
        ensure_tenant(session, settings.tenant, now=now())
        shop = service.shop(session, settings.tenant)
    first = [WHO, *(f"c{n}" for n in range(40))]
    for nth, customers in enumerate((first, [WHO, "c1", "d1"])):
        files = {"orders": orders(customers, first=1000 * nth), "customers": people(customers)}
        files["reviews"] = reviews(customers, first=1000 * nth)
        place = folder / f"sent-{nth}"
        place.mkdir(parents=True)
        for name, text in files.items():
            (place / f"{name}.csv").write_text(text, encoding="utf-8")
        report = import_files(shop, sorted(place.iterdir()), how=HowToRead(), policy="none")
        assert report.changed
    train(shop, dates=0)
    _predict(service, shop)
    _records(service, settings.tenant)
    return service, shop


def _predict(service: Service, shop: Shop) -> None:
    with shop.folder.workspace() as work:
        report = score(shop, out=work / TABLE)
        shop.folder.publish(work, target=shop.folder.path / FOLDER / "pred_1")
    model = needed_model(shop.folder, None).record
    about = {"model": model.id, "dataset": model.dataset, "as_of": model.as_of, "horizon": model.horizon}
    with service.database.begin() as session:
        session.add(
            Prediction(
                id="pred_1", tenant=shop.settings.tenant, name="everybody", customers=report.customers, summary={},
                created_at=now(), created_by="test", job_id="job_1", **about,
            )
        )  # fmt: skip


def _records(service: Service, tenant: str) -> None:
    """Records that name the customer, beside one that does not."""
    samples = {"tables": [{"columns": [{"name": "email", "samples": [EMAIL, "c1@example.com"]}]}], "mapping": {}}
    with service.database.begin() as session:
        for number, result in enumerate(({"top": [{"customer_id": WHO}]}, {"why": f"{WHO} has not come."}, {"n": 1})):
            session.add(
                Job(
                    id=f"job_{number}", tenant=tenant, kind="run", state="succeeded", result=result,
                    created_at=now(), created_by="test",
                )
            )  # fmt: skip
        answer = {"headers": {}, "text": '{"customer_id":"' + WHO + '"}'}
        session.add(Answered(tenant=tenant, key="k", request="r", status=200, body=answer, created_at=now()))
        session.add(
            AuditEntry(
                id="audit_1", at=now(), tenant=tenant, actor="key:1", action="export customers", subject="000002",
                details={"where": [f"customer_id={WHO}"], "rows": 1},
            )
        )  # fmt: skip
        for who in (WHO, "c1"):
            session.add(
                VoucherOffer(
                    id=f"offer_{'1' if who == WHO else '2'}", tenant=tenant, customer_id=who, country="Peru",
                    segment_name="frequent_segment", segment="1-4", amount=2000, label="explored", explored=True,
                    probability=0.1, as_of="2023-02-01", history="000001-abc", created_at=now(), created_by="test",
                    redeemed=True, margin=1250, outcome_at=now(),
                )
            )  # fmt: skip
        session.add(
            Upload(
                id="imp_1", tenant=tenant, created_at=now(), created_by="test", state="imported", files=[],
                inspection=samples, report={"import": "imp_1"},
            )
        )  # fmt: skip


def named_in(folder: Path, *words: str) -> list[str]:
    """Every file in a folder that holds one of the words, as text or in a column of a Parquet file."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        table = pa.parquet.read_table(path) if content.startswith(b"PAR1") else None
        texts = str(table.to_pydict()) if table is not None else content.decode("utf-8", errors="replace")
        found += [path.relative_to(folder).as_posix() for word in words if word in texts]
    return found


def everything(shop: Shop) -> dict[str, Any]:
    """All tables of a shop, whatever its data sets are called."""
    found: dict[str, Any] = {}
    for kind in ("imports", "datasets", "models", "predictions"):
        for name in shop.folder.names(kind):
            folder = shop.folder.find(f"{kind}/{name}")
            assert folder is not None
            tables = sorted(folder.glob("*.parquet"))
            number = kind if kind == "datasets" else f"{kind}/{name}"
            found |= {f"{number}/{path.name}": pa.parquet.read_table(path).to_pylist() for path in tables}
    return found
