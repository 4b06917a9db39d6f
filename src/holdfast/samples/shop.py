"""A believable shop with known truth: what the demo shows, and what tests can check answers against.

About 5,000 customers of seven kinds buy gifts and household goods over two and a half years, in GBP. The orders file
is as dirty as a real one; every planted defect is counted, and the truth about every customer is written beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from holdfast.errors import InputError
from holdfast.samples.arrays import Ints
from holdfast.samples.baskets import Lines, fill_baskets
from holdfast.samples.catalogue import Catalogue, catalogue
from holdfast.samples.companions import CUSTOMER_COLUMNS, REVIEW_COLUMNS, customer_rows, review_rows
from holdfast.samples.dirt import plant
from holdfast.samples.export import ORDER_COLUMNS, order_cells, write_csv, write_csv_gz
from holdfast.samples.people import People, Period, draw_people
from holdfast.samples.planted import PLANTED, Planted
from holdfast.samples.reviews import draw_reviews
from holdfast.samples.season import christmas_clock, day_number, shop_clock
from holdfast.samples.truth import CUSTOMER_TRUTH, HORIZON, LINE_TRUTH, customer_truth_rows, line_truth_rows
from holdfast.samples.visits import Visits, draw_guests, draw_visits, join

FIRST_DAY, LAST_DAY = date(2023, 5, 2), date(2025, 10, 30)
_FEWEST_CUSTOMERS, _FEWEST_DAYS = 100, 365
_GUEST_ORDERS = 0.083  # for each order of a customer
_EXPORTED_AT = 10 * 60 + 40  # the minute of the day after the last complete one at which the file was written
_STRAY_DAYS = (20, 34)  # days after the file was written: somebody mistyped a delivery date


@dataclass(frozen=True, slots=True)
class SampleShop:
    """Where the files are and what is true of them.

    `customer_truth` has a row per customer (columns `truth.CUSTOMER_TRUTH`), `line_truth` one per line that is not a
    plain sale (columns `truth.LINE_TRUTH`); `planted` counts the lines of every label, and adds up to `lines`.
    """

    orders: Path
    customers: Path
    reviews: Path
    customer_truth: Path
    line_truth: Path
    currency: str
    as_of: date
    lines: int
    planted: Mapping[Planted, int]


def make_shop(
    into: Path,
    *,
    seed: int = 7,
    customers: int = 5000,
    first_day: date = FIRST_DAY,
    last_day: date = LAST_DAY,
) -> SampleShop:
    """Write a shop's files into the folder `into`; the same arguments give the same bytes.

    `last_day` is the last complete day; the morning after it is in the file too. Raises InputError for fewer than 100
    customers or less than a year, which cannot hold all kinds.
    """
    _check(customers, first_day, last_day)
    streams = np.random.default_rng(seed).spawn(7)
    period = Period(day_number(first_day), day_number(last_day))
    until = period.last_day + HORIZON
    clocks = shop_clock(period.first_day, until), christmas_clock(period.first_day, until)
    goods = catalogue()
    people = draw_people(customers, period, clocks, streams[0])
    visits = draw_visits(people, clocks, streams[1])
    known = _known(visits, period)
    guests = draw_guests(round(_GUEST_ORDERS * len(known.day)), period.last_day, clocks[0], streams[2])
    filled = join(join(known, guests), _strays(people, period))
    lines = plant(fill_baskets(filled, people, goods, streams[3]), people, goods, period, streams[4])
    position = np.lexsort((lines.document, lines.moment))
    in_file = lines.take(position)

    (into / "truth").mkdir(parents=True, exist_ok=True)
    shop = _shop(into, in_file, last_day)
    invoices = _write_orders(shop.orders, in_file, people, goods)
    write_csv(shop.customers, CUSTOMER_COLUMNS, customer_rows(people, streams[5]))
    reviews = draw_reviews(filled, people, period, streams[6])
    write_csv(shop.reviews, REVIEW_COLUMNS, review_rows(reviews, invoices))
    write_csv(shop.customer_truth, CUSTOMER_TRUTH, customer_truth_rows(people, visits, period))
    write_csv(shop.line_truth, LINE_TRUTH, line_truth_rows(in_file, position))
    return shop


def _check(customers: int, first_day: date, last_day: date) -> None:
    days = (last_day - first_day).days
    if customers < _FEWEST_CUSTOMERS or days < _FEWEST_DAYS:
        raise InputError(
            "The sample shop would be too small to hold all kinds of customers.",
            seen=f"{customers} customers over {days} days.",
            todo=f"Ask for at least {_FEWEST_CUSTOMERS} customers and {_FEWEST_DAYS} days.",
        )


def _known(visits: Visits, period: Period) -> Visits:
    """What has happened when the file is written, on the morning after the last complete day."""
    is_this_morning = (visits.day == period.last_day + 1) & (visits.minute < _EXPORTED_AT)
    return visits.where((visits.day <= period.last_day) | is_this_morning)


def _strays(people: People, period: Period) -> Visits:
    person = people.of_kind("regular")[: len(_STRAY_DAYS)]
    day = period.last_day + 1 + np.array(_STRAY_DAYS)
    return Visits(person, day, np.full(len(day), _EXPORTED_AT))


def _shop(into: Path, lines: Lines, last_day: date) -> SampleShop:
    counts = np.bincount(lines.planted, minlength=len(PLANTED)).tolist()
    return SampleShop(
        orders=into / "orders.csv.gz",
        customers=into / "customers.csv",
        reviews=into / "reviews.csv",
        customer_truth=into / "truth" / "customers.csv",
        line_truth=into / "truth" / "lines.csv",
        currency="GBP",
        as_of=last_day + timedelta(days=1),
        lines=len(lines),
        planted=dict(zip(PLANTED, counts, strict=True)),
    )


def _write_orders(path: Path, lines: Lines, people: People, goods: Catalogue) -> dict[int, str]:
    """Write the orders file; returns the invoice number of every document."""
    cells = order_cells(lines, people, goods)
    write_csv_gz(path, ORDER_COLUMNS, zip(*(cells[column] for column in ORDER_COLUMNS), strict=True))
    documents: Ints = lines.document
    return dict(zip(documents.tolist(), cells["Invoice"], strict=True))
