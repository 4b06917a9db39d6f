"""The files a shop would export: orders and their companions as CSV, every cell as text, the same bytes every time."""

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from holdfast.samples.arrays import Ints
from holdfast.samples.baskets import CHANNELS, DAY, VOUCHERS, Lines
from holdfast.samples.catalogue import SERVICES, Catalogue
from holdfast.samples.people import CITIES, People
from holdfast.samples.planted import PLANTED, Planted, labelled
from holdfast.samples.visits import GUEST

ORDER_COLUMNS = (
    "Invoice", "StockCode", "Description", "Category", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country",
    "City", "Channel", "Voucher", "Discount", "Cost",
)  # fmt: skip
_SHARE_OF_COST = 55  # per cent of the list price
_FIRST_INVOICE = 400_001
_UNREADABLE_DATES = ("31/02/2025", "n/a", "00/00/0000 00:00", "12/25/2024 10:15", "soon")
_UNREADABLE_QUANTITIES = ("n/a", "six", "1 box")
_UNREADABLE_PRICES = ("n/a", "#REF!", "tbc")
_SPOILT = {  # label -> column, what stands there instead
    Planted.UNREADABLE_DATE: ("InvoiceDate", _UNREADABLE_DATES),
    Planted.BLANK_DATE: ("InvoiceDate", ("",)),
    Planted.UNREADABLE_QUANTITY: ("Quantity", _UNREADABLE_QUANTITIES),
    Planted.UNREADABLE_PRICE: ("Price", _UNREADABLE_PRICES),
    Planted.BLANK_PRICE: ("Price", ("",)),
    Planted.BLANK_NAME: ("Description", ("",)),
}
_COMPRESSION = 6


def write_csv_gz(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A gzipped CSV in UTF-8 whose bytes depend on the rows alone: no time, no file name in its header."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", _COMPRESSION, raw, mtime=0) as packed:
        text = io.TextIOWrapper(packed, encoding="utf-8", newline="")
        csv.writer(text).writerows([header, *rows])
        text.close()


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A plain CSV in UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text).writerows([header, *rows])


def order_cells(lines: Lines, people: People, goods: Catalogue) -> dict[str, list[str]]:
    """The columns of the orders file, spoilt cells and all; `lines` are in the order of the file."""
    codes = (*goods.codes, *(code for code, _ in SERVICES))
    names = (*goods.names, *(name for _, name in SERVICES))
    categories = (*goods.categories, *("" for _ in SERVICES))
    cost = np.append(goods.pence * _SHARE_OF_COST // 100, [0] * len(SERVICES))[lines.product] * lines.quantity
    is_guest = lines.person == GUEST
    ids = np.where(is_guest, 0, people.customer_id[lines.person])
    city = np.where(is_guest, 0, people.city[lines.person])
    columns = {
        "Invoice": invoice_numbers(lines),
        "StockCode": _looked_up(codes, lines.product),
        "Description": _looked_up(names, lines.product),
        "Category": _looked_up(categories, lines.product),
        "Quantity": [str(quantity) for quantity in lines.quantity.tolist()],
        "InvoiceDate": moments(lines.moment),
        "Price": money(lines.pence),
        "Customer ID": [str(customer) if customer else "" for customer in ids.tolist()],
        "Country": _looked_up([country for country, _ in CITIES], city),
        "City": ["" if guest else CITIES[c][1] for guest, c in zip(is_guest.tolist(), city.tolist(), strict=True)],
        "Channel": _looked_up(CHANNELS, lines.channel),
        "Voucher": _looked_up(VOUCHERS, lines.voucher),
        "Discount": money(lines.discount * lines.quantity),
        "Cost": money(cost),
    }
    for planted, (column, cells) in _SPOILT.items():
        for i, position in enumerate(labelled(lines, planted).tolist()):
            columns[column][position] = cells[i % len(cells)]
    return columns


def invoice_numbers(lines: Lines) -> list[str]:
    """Consecutive numbers in the order of the file; C marks cancellations and returns, A adjustments."""
    is_new = np.diff(lines.document, prepend=-1) != 0
    prefixes = [_prefix(planted) for planted in PLANTED]
    number = _FIRST_INVOICE - 1 + np.cumsum(is_new)
    return [f"{prefixes[p]}{n}" for p, n in zip(lines.planted.tolist(), number.tolist(), strict=True)]


def moments(moment: Ints) -> list[str]:
    """Minutes since 1970-01-01 as `31/12/2024 09:05`."""
    day, minute = np.divmod(moment, DAY)
    first = int(day.min())
    dates = np.arange(first, int(day.max()) + 1).astype("datetime64[D]").astype(str).tolist()
    days = [f"{text[8:]}/{text[5:7]}/{text[:4]}" for text in dates]
    times = [f"{m // 60:02}:{m % 60:02}" for m in range(DAY)]
    return [f"{days[d]} {times[m]}" for d, m in zip((day - first).tolist(), minute.tolist(), strict=True)]


def money(pence: Ints) -> list[str]:
    """Pence as pounds with two decimals."""
    signs = ("", "-")
    return [f"{signs[p < 0]}{abs(p) // 100}.{abs(p) % 100:02}" for p in pence.tolist()]


def _prefix(planted: Planted) -> str:
    match planted:
        case Planted.RETURN | Planted.PARTIAL_RETURN | Planted.RETURN_WITHOUT_SALE | Planted.MISTAKE_UNDONE:
            return "C"
        case Planted.BAD_DEBT:
            return "A"
        case _:
            return ""


def _looked_up(texts: Sequence[str], positions: Ints) -> list[str]:
    return [texts[position] for position in positions.tolist()]
