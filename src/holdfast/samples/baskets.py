"""What each order holds: lines of distinct products with quantities and prices in whole pence."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from holdfast.samples.arrays import Flags, Floats, Ints
from holdfast.samples.catalogue import CHRISTMAS, Catalogue
from holdfast.samples.people import KINDS, NAMES, People
from holdfast.samples.season import day_of_year
from holdfast.samples.visits import GUEST, Visits

DAY = 24 * 60
NOTHING = -1
VOUCHERS = ("", "WELCOME10", "AUTUMN5", "COMEBACK15")
_PERCENT_OFF = np.array([0, 10, 5, 15])
CHANNELS = ("Web", "Phone", "Marketplace", "Sales desk")
_CHANNEL_SHARES = (0.72, 0.08, 0.2)
_SALES_DESK = 3
_GUEST_LINES = 5.0
_YEARLY_RISE = 1.03
_DEAR = 1600  # pence; of dear things people buy one


@dataclass(frozen=True, slots=True)
class Lines:
    """One entry a line of the file. `document` is the invoice, `moment` counts minutes from 1970-01-01 00:00.

    `discount` and `pence` are of one unit. `planted` is a position in `planted.PLANTED`; `undoes` the position of the
    sale that a return takes back, or NOTHING.
    """

    document: Ints
    moment: Ints
    person: Ints
    product: Ints
    quantity: Ints
    pence: Ints
    discount: Ints
    voucher: Ints
    channel: Ints
    planted: Ints
    undoes: Ints

    def __len__(self) -> int:
        return len(self.document)

    def take(self, positions: Ints) -> "Lines":
        """The lines at these positions."""
        return Lines(*(getattr(self, column.name)[positions] for column in fields(self)))


def concatenate(parts: Sequence[Lines]) -> Lines:
    """The parts one after the other."""
    return Lines(*(np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(Lines)))


def fill_baskets(visits: Visits, people: People, goods: Catalogue, rng: np.random.Generator) -> Lines:
    """The lines of every visit, in its order; document i is visit i."""
    is_guest = visits.person == GUEST
    generosity = np.where(is_guest, 1.0, people.generosity[visits.person])
    is_trade = ~is_guest & (people.kind[visits.person] == NAMES.index("wholesale"))
    mean_lines = np.where(is_guest, _GUEST_LINES, np.array([kind.lines for kind in KINDS])[people.kind[visits.person]])
    number = 1 + rng.poisson((mean_lines - 1) * np.sqrt(generosity))
    order = np.repeat(np.arange(len(number)), number)
    favourite = np.where(is_guest, rng.integers(0, CHRISTMAS, len(number)), people.favourite[visits.person])[order]
    product = goods.pick(favourite, day_of_year(visits.day)[order], rng)
    order, product = np.divmod(np.unique(order * len(goods.codes) + product), len(goods.codes))

    voucher = _vouchers(visits, is_trade, rng)
    channel = np.where(is_trade, _SALES_DESK, rng.choice(len(_CHANNEL_SHARES), len(number), p=_CHANNEL_SHARES))
    full = _price(goods.pence[product], (visits.day - visits.day.min())[order], is_trade[order])
    discount = full * _PERCENT_OFF[voucher][order] // 100
    return Lines(
        document=order,
        moment=(visits.day * DAY + visits.minute)[order],
        person=visits.person[order],
        product=product,
        quantity=_quantity(full, generosity[order], is_trade[order], rng),
        pence=full - discount,
        discount=discount,
        voucher=voucher[order],
        channel=channel[order],
        planted=np.zeros(len(order), dtype=np.int64),
        undoes=np.full(len(order), NOTHING),
    )


def _vouchers(visits: Visits, is_trade: Flags, rng: np.random.Generator) -> Ints:
    """Some first orders use the welcome, some in autumn that of the season, a few any time the one to come back."""
    luck, day = rng.random(len(visits.day)), day_of_year(visits.day)
    is_first = np.zeros(len(visits.day), dtype=np.bool_)
    is_first[np.unique(visits.person, return_index=True)[1]] = True
    is_autumn = (day > 244) & (day < 320)
    used = np.select([is_first & (luck < 0.4), is_autumn & (luck < 0.15), luck < 0.04], [1, 2, 3], 0)
    voucher: Ints = np.where(is_trade, 0, used).astype(np.int64)
    return voucher


def _quantity(pence: Ints, generosity: Floats, is_trade: Flags, rng: np.random.Generator) -> Ints:
    more = np.where(pence < _DEAR, np.sqrt(generosity), 0.05)
    retail = 1 + rng.poisson(more)
    trade = np.where(pence < _DEAR, 6, 2) * (1 + rng.poisson(0.6 * generosity))
    quantity: Ints = np.where(is_trade, trade, retail).astype(np.int64)
    return quantity


def _price(pence: Ints, days: Ints, is_trade: Flags) -> Ints:
    """List price, raised a little every year; trade pays three quarters."""
    raised = np.round(pence * _YEARLY_RISE ** (days // 365)).astype(np.int64)
    price: Ints = np.where(is_trade, raised * 3 // 4, raised)
    return price
