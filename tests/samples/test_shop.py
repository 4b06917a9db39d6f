"""The sample shop: the same arguments give the same bytes, and what the truth says is what stands in the files."""

import csv
import gzip
import hashlib
import io
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from statistics import median

import pytest

from holdfast.errors import InputError
from holdfast.samples import Planted, SampleShop, make_shop

Row = dict[str, str]


@dataclass(frozen=True)
class Shop:
    """A sample read back with Python's own csv module, nothing of ours in between."""

    sample: SampleShop
    lines: list[Row]
    labels: list[str]
    undoes: dict[int, int]  # row -> row
    customers: dict[str, Row]

    def of(self, *labels: Planted) -> list[Row]:
        return [line for line, label in zip(self.lines, self.labels, strict=True) if label in labels]

    def order_days(self) -> dict[str, list[date]]:
        """The distinct days on which each customer bought something, in order, strays left out."""
        days = defaultdict(set)
        for line in self.of(Planted.SALE, Planted.BLANK_NAME):
            days[line["Customer ID"]].add(moment(line).date())
        return {customer: sorted(which) for customer, which in days.items()}

    def of_kind(self, kind: str) -> list[str]:
        return [customer for customer, truth in self.customers.items() if truth["kind"] == kind]


def moment(line: Row) -> datetime:
    return read_moment(line["InvoiceDate"])


@cache
def read_moment(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M")


def is_number(text: str) -> bool:
    try:
        Decimal(text)
    except InvalidOperation:
        return False
    return True


def read(path: Path) -> list[Row]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    sample = make_shop(tmp_path_factory.mktemp("shop"))
    lines, labels, undoes = read(sample.orders), ["sale"] * sample.lines, {}
    for truth in read(sample.line_truth):
        labels[int(truth["row_number"]) - 1] = truth["planted"]
        if truth["undoes_row"]:
            undoes[int(truth["row_number"])] = int(truth["undoes_row"])
    customers = {truth["customer_id"]: truth for truth in read(sample.customer_truth)}
    return Shop(sample, lines, labels, undoes, customers)


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_same_seed_same_bytes_and_another_seed_another_shop(tmp_path: Path) -> None:
    for folder, seed in (("a", 3), ("b", 3), ("c", 4)):
        make_shop(tmp_path / folder, seed=seed, customers=200)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert len(digests(tmp_path / "a")) == 5
    assert not set(digests(tmp_path / "a").values()) & set(digests(tmp_path / "c").values())


def test_size_is_near_the_promise(shop: Shop) -> None:
    assert len(shop.customers) == 5000
    assert 140_000 <= len(shop.lines) == shop.sample.lines <= 165_000
    guests = sum(line["Customer ID"] == "" for line in shop.lines)
    assert 0.07 <= guests / len(shop.lines) <= 0.09


def test_every_label_is_planted_as_often_as_promised(shop: Shop) -> None:
    assert Counter(shop.labels) == shop.sample.planted
    assert all(shop.sample.planted[label] > 0 for label in Planted)
    assert sum(shop.sample.planted.values()) == shop.sample.lines


LOOKS_LIKE: dict[Planted, Callable[[Row], bool]] = {
    Planted.GUEST: lambda line: line["Customer ID"] == "" and int(line["Quantity"]) > 0 and Decimal(line["Price"]) > 0,
    Planted.FREE: lambda line: Decimal(line["Price"]) == 0 and int(line["Quantity"]) > 0,
    Planted.POSTAGE: lambda line: line["StockCode"] == "POST" and line["Country"] != "United Kingdom",
    Planted.FEE: lambda line: line["StockCode"] == "FEE",
    Planted.RETURN: lambda line: line["Invoice"].startswith("C") and int(line["Quantity"]) < 0,
    Planted.PARTIAL_RETURN: lambda line: line["Invoice"].startswith("C") and int(line["Quantity"]) < 0,
    Planted.RETURN_WITHOUT_SALE: lambda line: line["Invoice"].startswith("C") and int(line["Quantity"]) < 0,
    Planted.MISTAKE: lambda line: int(line["Quantity"]) >= 400,
    Planted.MISTAKE_UNDONE: lambda line: line["Invoice"].startswith("C") and int(line["Quantity"]) <= -400,
    Planted.CORRECTION: lambda line: line["Customer ID"] == "" and int(line["Quantity"]) < 0 == Decimal(line["Price"]),
    Planted.BAD_DEBT: lambda line: line["Invoice"].startswith("A") and Decimal(line["Price"]) < 0,
    Planted.UNREADABLE_DATE: lambda line: line["InvoiceDate"] != "" and not is_day_first(line["InvoiceDate"]),
    Planted.BLANK_DATE: lambda line: line["InvoiceDate"] == "",
    Planted.UNREADABLE_QUANTITY: lambda line: not is_number(line["Quantity"]),
    Planted.UNREADABLE_PRICE: lambda line: line["Price"] != "" and not is_number(line["Price"]),
    Planted.BLANK_PRICE: lambda line: line["Price"] == "",
    Planted.BLANK_NAME: lambda line: line["Description"] == "",
}


def is_day_first(text: str) -> bool:
    try:
        read_moment(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("label", LOOKS_LIKE)
def test_planted_lines_look_their_part(shop: Shop, label: Planted) -> None:
    assert all(LOOKS_LIKE[label](line) for line in shop.of(label))


def test_plain_sales_are_plain(shop: Shop) -> None:
    for line in shop.of(Planted.SALE):
        assert line["Customer ID"]
        assert line["Invoice"].isdigit()
        assert int(line["Quantity"]) > 0
        assert Decimal(line["Price"]) > 0
        assert line["StockCode"][:5].isdigit()
        assert line["Description"]
        assert is_day_first(line["InvoiceDate"])


def test_equal_lines_are_the_planted_duplicates(shop: Shop) -> None:
    surplus = sum(n - 1 for n in Counter(tuple(line.values()) for line in shop.lines).values())
    assert surplus == shop.sample.planted[Planted.DUPLICATE]


def test_day_first_is_decidable_on_the_column(shop: Shop) -> None:
    readable = [line for line in shop.lines if is_day_first(line["InvoiceDate"])]
    assert any(int(line["InvoiceDate"][:2]) > 12 for line in readable)
    assert max(int(line["InvoiceDate"][3:5]) for line in readable) == 12


def test_returns_undo_the_sale_that_the_truth_names(shop: Shop) -> None:
    for row, undone in shop.undoes.items():
        back, sold = shop.lines[row - 1], shop.lines[undone - 1]
        assert all(back[column] == sold[column] for column in ("Customer ID", "StockCode", "Price"))
        assert moment(back) > moment(sold)
        is_whole = shop.labels[row - 1] != Planted.PARTIAL_RETURN
        assert (int(back["Quantity"]) == -int(sold["Quantity"])) == is_whole
        assert 0 < -int(back["Quantity"]) <= int(sold["Quantity"])
    assert len(shop.undoes) == sum(
        shop.sample.planted[label] for label in (Planted.RETURN, Planted.PARTIAL_RETURN, Planted.MISTAKE_UNDONE)
    )


def test_returns_match_one_sale_only(shop: Shop) -> None:
    bought = Counter((line["Customer ID"], line["StockCode"]) for line in shop.of(*SALES))
    for line in shop.of(Planted.RETURN, Planted.PARTIAL_RETURN):
        assert bought[line["Customer ID"], line["StockCode"]] == 1
    for line in shop.of(Planted.RETURN_WITHOUT_SALE):
        assert bought[line["Customer ID"], line["StockCode"]] == 0


SALES = (Planted.SALE, Planted.BLANK_NAME, Planted.FREE, Planted.DUPLICATE, Planted.STRAY)


def test_mistakes_are_cancelled_the_same_day(shop: Shop) -> None:
    for row, undone in shop.undoes.items():
        if shop.labels[row - 1] == Planted.MISTAKE_UNDONE:
            assert moment(shop.lines[row - 1]) - moment(shop.lines[undone - 1]) == timedelta(minutes=12)


def test_the_last_day_is_partial_and_strays_come_weeks_later(shop: Shop) -> None:
    on_last_day = [line for line in shop.of(Planted.SALE) if moment(line).date() >= shop.sample.as_of]
    assert {moment(line).date() for line in on_last_day} == {shop.sample.as_of}
    assert max(moment(line).hour for line in on_last_day) <= 10
    the_day_before = [line for line in shop.lines if line["InvoiceDate"].startswith("30/10/2025")]
    assert 0 < len(on_last_day) < len(the_day_before) / 2
    assert min(moment(line).date() for line in shop.of(Planted.STRAY)) > shop.sample.as_of + timedelta(days=14)


def test_no_trade_on_christmas(shop: Shop) -> None:
    sold_on = {moment(line).strftime("%d/%m") for line in shop.of(Planted.SALE, Planted.GUEST)}
    assert sold_on.isdisjoint({"25/12", "26/12", "01/01"})
    assert len(sold_on) == 363  # 29 February included


def test_trade_follows_the_week_and_the_year(shop: Shop) -> None:
    weekdays = Counter(moment(line).weekday() for line in shop.of(Planted.SALE))
    assert weekdays[5] < 0.85 * weekdays[0]
    months = Counter((moment(line).year, moment(line).month) for line in shop.of(Planted.SALE))
    assert months[2024, 11] > 1.5 * months[2024, 8]


def test_every_customer_has_an_order_and_the_truth_counts_its_days(shop: Shop) -> None:
    days = shop.order_days()
    assert days.keys() == shop.customers.keys()
    for customer, truth in shop.customers.items():
        known = [day for day in days[customer] if day < shop.sample.as_of]
        assert len(known) == int(truth["order_days"])
        assert days[customer][0].isoformat() == truth["first_order_on"]


def test_leavers_order_nothing_after_their_day(shop: Shop) -> None:
    days = shop.order_days()
    leavers = {customer: truth for customer, truth in shop.customers.items() if truth["churned_on"]}
    assert {truth["kind"] for truth in leavers.values()} == {"churned", "wholesale"}
    for customer, truth in leavers.items():
        assert days[customer][-1].isoformat() < truth["churned_on"] < shop.sample.as_of.isoformat()
        assert float(truth["orders_per_year"]) == int(truth["order_days_next_90_days"]) == 0


def median_gap(days: list[date]) -> float:
    return median((later - earlier).days for earlier, later in itertools.pairwise(days))


def test_kinds_differ_as_they_should(shop: Shop) -> None:
    days = shop.order_days()
    regulars = [median_gap(days[customer]) for customer in shop.of_kind("regular") if len(days[customer]) > 2]
    assert 27 <= median(regulars) <= 33
    assert all(len(days[customer]) == 1 for customer in shop.of_kind("one_time"))
    assert all(days[customer][0] >= date(2025, 8, 1) for customer in shop.of_kind("new"))
    seasonal = [day for customer in shop.of_kind("seasonal") for day in days[customer]]
    assert sum(day.month >= 9 for day in seasonal) / len(seasonal) > 0.9
    fading = [days[customer] for customer in shop.of_kind("fading") if len(days[customer]) >= 8]
    slower = [median_gap(one[-4:]) > median_gap(one[:4]) for one in fading]
    assert sum(slower) / len(slower) > 0.9


def test_wholesale_accounts_dwarf_the_others(shop: Shop) -> None:
    revenue: Counter[str] = Counter()
    for line in shop.of(Planted.SALE):
        revenue[line["Customer ID"]] += int(line["Quantity"]) * int(Decimal(line["Price"]) * 100)
    assert median(revenue[c] for c in shop.of_kind("wholesale")) > 8 * median(
        revenue[c] for c in shop.of_kind("regular")
    )
    values = sorted(revenue[customer] for customer in shop.of_kind("regular"))
    assert values[len(values) * 9 // 10] > 3 * values[len(values) // 10]


def test_companions_belong_to_the_orders(shop: Shop) -> None:
    customers = read(shop.sample.customers)
    assert [row["Customer ID"] for row in customers] == list(shop.customers)
    assert {row["Consent"] for row in customers} == {"yes", "no"}
    managed = {row["Customer ID"] for row in customers if row["Account Manager"]}
    assert managed == set(shop.of_kind("wholesale"))
    assert len({row["Email"] for row in customers}) == 5000
    ordered = {line["Invoice"]: moment(line) for line in shop.of(Planted.SALE)}
    reviews = read(shop.sample.reviews)
    assert len(reviews) > 1000
    for review in reviews:
        assert ordered[review["Invoice"]] < read_moment(review["Created"])
        assert 1 <= int(review["Score"]) <= 5


def test_the_next_90_days_were_drawn_but_are_not_in_the_file(shop: Shop) -> None:
    coming = [int(truth["order_days_next_90_days"]) for truth in shop.customers.values()]
    expected = [float(truth["orders_per_year"]) for truth in shop.customers.values()]
    returning = sum(n > 0 for n in coming) / len(coming)
    assert 0.2 < returning < 0.5
    assert all(n == 0 for n, rate in zip(coming, expected, strict=True) if rate == 0)


def test_a_small_shop_has_everything_too(tmp_path: Path) -> None:
    shop = make_shop(tmp_path, seed=1, customers=150, first_day=date(2024, 1, 1), last_day=date(2025, 6, 30))
    assert all(shop.planted[label] > 0 for label in Planted)
    assert len({truth["kind"] for truth in read(shop.customer_truth)}) == 7


def test_too_small_a_shop_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="at least 100 customers"):
        make_shop(tmp_path, customers=50)
    with pytest.raises(InputError, match="365 days"):
        make_shop(tmp_path, first_day=date(2025, 1, 1), last_day=date(2025, 6, 30))
