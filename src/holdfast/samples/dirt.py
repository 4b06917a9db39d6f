"""What is wrong with the file, on purpose and counted.

The first line of an order is never touched, so that planting takes no order away from anybody.
"""

from dataclasses import replace

import numpy as np

from holdfast.samples.arrays import Flags, Ints
from holdfast.samples.baskets import DAY, NOTHING, Lines, concatenate
from holdfast.samples.catalogue import BAD_DEBT, FEE, POSTAGE, Catalogue
from holdfast.samples.people import DOMESTIC, NAMES, People, Period
from holdfast.samples.planted import AT, Planted, label, label_all, labelled
from holdfast.samples.returns import LONGEST_RETURN, mistakes, purchases, returned, returned_without_sale
from holdfast.samples.visits import GUEST

_IN_PLACE = {  # the share of all lines that a sale line becomes
    Planted.FREE: 0.0012,
    Planted.UNREADABLE_DATE: 0.0002,
    Planted.BLANK_DATE: 0.0001,
    Planted.UNREADABLE_QUANTITY: 0.0001,
    Planted.UNREADABLE_PRICE: 0.0001,
    Planted.BLANK_PRICE: 0.0001,
    Planted.BLANK_NAME: 0.001,
}
_DUPLICATES, _RETURNS, _PARTIAL_RETURNS, _RETURNS_WITHOUT_SALE = 0.004, 0.013, 0.003, 0.0003
_CORRECTIONS, _BAD_DEBTS = 0.0015, 3
_POSTAGE_PENCE, _FEE_PENCE, _SMALL_ORDER_PENCE = 1250, 295, 800


def plant(lines: Lines, people: People, goods: Catalogue, period: Period, rng: np.random.Generator) -> Lines:
    """The clean lines of a shop with everything that goes wrong in one; lines without invoice get one of their own."""
    lines = label(lines, np.flatnonzero(lines.person == GUEST), Planted.GUEST)
    lines = label(lines, np.flatnonzero(lines.moment // DAY > period.last_day + 1), Planted.STRAY)
    is_first = np.diff(lines.document, prepend=-1) != 0
    is_trade = (lines.person != GUEST) & (people.kind[lines.person] == NAMES.index("wholesale"))
    touchable = ~is_first & ~is_trade & _bought_once(lines, goods) & (lines.planted == AT[Planted.SALE])
    pool = rng.permutation(np.flatnonzero(touchable))

    for planted, share in _IN_PLACE.items():
        chosen, pool = _draw(pool, share, len(lines))
        lines = label(lines, chosen, planted)
    lines = replace(lines, pence=np.where(lines.planted == AT[Planted.FREE], 0, lines.pence))
    chosen, pool = _draw(pool, _DUPLICATES, len(lines))
    duplicates = label_all(lines.take(chosen), Planted.DUPLICATE)
    pool = pool[lines.moment[pool] // DAY <= period.last_day - LONGEST_RETURN]
    added = [duplicates, *_returns(lines, pool, goods, rng)]
    added += [
        _postage(lines, is_first, people),
        _fees(lines, is_first),
        _corrections(lines, rng),
        _bad_debts(lines, rng),
    ]
    added += mistakes(lines, np.flatnonzero(is_first & is_trade), len(lines) + sum(map(len, added)), rng)
    return concatenate([lines, *_with_documents(added, int(lines.document.max()) + 1)])


def _returns(lines: Lines, pool: Ints, goods: Catalogue, rng: np.random.Generator) -> list[Lines]:
    whole, pool = _draw(pool, _RETURNS, len(lines))
    in_part, _ = _draw(pool[lines.quantity[pool] > 1], _PARTIAL_RETURNS, len(lines))
    number = max(1, round(_RETURNS_WITHOUT_SALE * len(lines)))
    return [
        returned(lines, whole, lines.quantity[whole], Planted.RETURN, rng),
        returned(lines, in_part, rng.integers(1, lines.quantity[in_part]), Planted.PARTIAL_RETURN, rng),
        returned_without_sale(lines, goods, number, rng),
    ]


def _bought_once(lines: Lines, goods: Catalogue) -> Flags:
    """Whether this customer bought this product on this line alone."""
    _, which, times = np.unique(purchases(lines.person, lines.product, goods), return_inverse=True, return_counts=True)
    once: Flags = times[which] == 1
    return once


def _draw(pool: Ints, share: float, lines: int) -> tuple[Ints, Ints]:
    """The next `share` of all lines from the pool (at least one), and what is left of it."""
    number = max(1, round(share * lines))
    return pool[:number], pool[number:]


def _postage(lines: Lines, is_first: Flags, people: People) -> Lines:
    """A line of postage on each order from abroad."""
    is_abroad = (lines.person != GUEST) & (people.city[lines.person] >= DOMESTIC)
    orders = lines.take(np.flatnonzero(is_first & is_abroad & (lines.planted == AT[Planted.SALE])))
    return label_all(_bill(orders, POSTAGE, _POSTAGE_PENCE), Planted.POSTAGE)


def _fees(lines: Lines, is_first: Flags) -> Lines:
    """A surcharge on each order of a customer worth less than the least order value."""
    value = np.bincount(lines.document, weights=lines.quantity * lines.pence)[lines.document]
    is_small = is_first & (value < _SMALL_ORDER_PENCE) & (lines.planted == AT[Planted.SALE])
    return label_all(_bill(lines.take(np.flatnonzero(is_small)), FEE, _FEE_PENCE), Planted.FEE)


def _bill(orders: Lines, service: int, pence: int) -> Lines:
    """One more line on each of the orders."""
    one = np.ones(len(orders), dtype=np.int64)
    return replace(orders, product=service * one, quantity=one, pence=pence * one, discount=0 * one)


def _corrections(lines: Lines, rng: np.random.Generator) -> Lines:
    """Broken or lost goods, written off at no price and to nobody."""
    number = max(1, round(_CORRECTIONS * len(lines)))
    some = _for_nobody(lines, number, rng)
    return label_all(replace(some, quantity=-rng.integers(1, 60, number), pence=0 * some.pence), Planted.CORRECTION)


def _bad_debts(lines: Lines, rng: np.random.Generator) -> Lines:
    """Claims given up, as a negative price."""
    some = _for_nobody(lines, _BAD_DEBTS, rng)
    billed = _bill(some, BAD_DEBT, -1)
    return label_all(replace(billed, pence=-rng.integers(20_000, 90_000, _BAD_DEBTS)), Planted.BAD_DEBT)


def _for_nobody(lines: Lines, number: int, rng: np.random.Generator) -> Lines:
    """Lines at the time of some sales, without customer or invoice."""
    some = lines.take(rng.choice(labelled(lines, Planted.SALE), number, replace=False))
    none = np.full(number, NOTHING)
    return replace(some, document=none, person=np.full(number, GUEST), discount=0 * none, voucher=0 * none)


def _with_documents(parts: list[Lines], first: int) -> list[Lines]:
    """Give each line without invoice one of its own, numbered from `first`."""
    numbered = []
    for part in parts:
        is_without = part.document == NOTHING
        own = first + np.cumsum(is_without) - 1
        numbered.append(replace(part, document=np.where(is_without, own, part.document)))
        first += int(is_without.sum())
    return numbered
