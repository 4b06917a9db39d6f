"""Holdfast in a notebook: the documented example runs, and the verbs answer as those of the command line do."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

import holdfast
from holdfast.errors import HoldfastError, NotFoundError
from holdfast.samples import SampleShop, make_shop
from tests.cli.command import Command

PAGE = Path(__file__).parent.parent / "docs" / "python.md"
CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleShop:
    return make_shop(tmp_path_factory.mktemp("sample"), seed=11, customers=200)


@pytest.fixture(scope="module")
def home(sample: SampleShop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    holdfast.open_shop(folder).import_files(str(sample.orders), how=holdfast.HowToRead(currency="GBP"))
    return folder


@pytest.fixture
def shop(home: Path) -> holdfast.Shop:
    return holdfast.open_shop(home)


@pytest.mark.usefixtures("holdfast")
def test_the_documented_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    blocks = CODE.findall(PAGE.read_text(encoding="utf-8"))
    for block in blocks:
        exec(compile(block, PAGE.name, "exec"), names)
    printed = capsys.readouterr().out
    assert "is at risk" in printed
    assert "Regulars" in printed
    assert "This shop has no orders yet." in printed, "the import was taken back"
    assert pd.read_parquet("customers.parquet")["customer_id"].is_unique


def test_customers_are_those_of_the_command_line(home: Path, shop: holdfast.Shop, holdfast: Command) -> None:
    ours = shop.customers(as_of=date(2025, 6, 1), where=["order_count>1"], sort="customer_id", limit=5)
    command = Command(home, holdfast.capture)
    options = ("--as-of", "2025-06-01", "--filter", "order_count>1", "--sort", "customer_id", "--limit", "5")
    theirs = command("customers", *options).json
    assert ours.as_of == date.fromisoformat(theirs["as_of"])
    assert [row["customer_id"] for row in ours.dicts()] == [row["customer_id"] for row in theirs["items"]]
    assert [str(row["net_revenue"]) for row in ours.dicts()] == [row["net_revenue"] for row in theirs["items"]]
    assert len(ours) == 5
    assert shop.answer().headline == command("answer").json["headline"]


def test_a_table_becomes_a_frame(shop: holdfast.Shop) -> None:
    table = shop.customers(limit=3, columns=["net_revenue", "order_count"])
    frame = table.to_pandas()
    assert list(frame.columns) == ["customer_id", "net_revenue", "order_count"]
    assert frame["net_revenue"].dtype == "float64"
    assert frame["net_revenue"].tolist() == [float(row["net_revenue"]) for row in table.dicts()]
    assert all(isinstance(value, Decimal) for value in table.to_pandas(exact=True)["net_revenue"])


def test_the_catalogue_is_a_table(shop: holdfast.Shop) -> None:
    names = [row["name"] for row in holdfast.catalogue().dicts()]
    assert len(names) == len(set(names)) >= 80
    everything = shop.customers(columns=["*"], limit=1).names
    assert set(names) & set(everything) >= {"churn_ratio", "order_count", "net_revenue"}


def test_rejects_and_segments(shop: holdfast.Shop) -> None:
    assert {row["reason"] for row in shop.rejects(reason="free_goods").dicts()} == {"free_goods"}
    groups = shop.segments()
    assert sum(band.customers for band in groups.bands) == groups.customers == len(shop.customers())


def test_refusals_are_errors_that_say_what_to_do(shop: holdfast.Shop, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError) as unknown:
        shop.customer("nobody")
    assert unknown.value.todo
    with pytest.raises(HoldfastError, match="no orders yet"):
        holdfast.open_shop(tmp_path / "elsewhere").answer()
    with pytest.raises(AttributeError, match="nothing"):
        holdfast.nothing  # noqa: B018 - the name is what is asked for
