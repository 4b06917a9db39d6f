"""What comes back: whole lines and parts of them, things never bought here, and two orders cancelled within minutes.

Lines that a return takes back are the only ones of their product for that customer, so there is one right match.
"""

from dataclasses import replace

import numpy as np

from holdfast.samples.arrays import Ints
from holdfast.samples.baskets import DAY, NOTHING, Lines
from holdfast.samples.catalogue import Catalogue
from holdfast.samples.planted import Planted, label_all, labelled

LONGEST_RETURN = 30  # days
_OPENS, _CLOSES = 9 * 60, 17 * 60  # the minutes in which returns are booked
MISTAKES = 2
_CARTON = 400


def returned(lines: Lines, chosen: Ints, units: Ints, planted: Planted, rng: np.random.Generator) -> Lines:
    """Returns of `units` of the chosen sales, each on an invoice of its own, two days to a month later."""
    sold = lines.take(chosen)
    day = sold.moment // DAY + rng.integers(2, LONGEST_RETURN, len(sold))
    back = replace(
        sold,
        document=np.full(len(sold), NOTHING),
        moment=day * DAY + rng.integers(_OPENS, _CLOSES, len(sold)),
        quantity=-units,
        undoes=chosen,
    )
    return label_all(back, planted)


def returned_without_sale(lines: Lines, goods: Catalogue, number: int, rng: np.random.Generator) -> Lines:
    """Returns of products that the customer never bought, at the time of an order."""
    known = lines.take(rng.permutation(labelled(lines, Planted.SALE))[: 20 * number])
    product = rng.integers(0, len(goods.codes), len(known))
    never_bought = ~np.isin(purchases(known.person, product, goods), purchases(lines.person, lines.product, goods))
    known, product = known.take(np.flatnonzero(never_bought)[:number]), product[never_bought][:number]
    back = replace(
        known,
        document=np.full(len(known), NOTHING),
        product=product,
        quantity=np.full(len(known), -1),
        pence=goods.pence[product],
        discount=np.zeros(len(known), dtype=np.int64),
    )
    return label_all(back, Planted.RETURN_WITHOUT_SALE)


def mistakes(lines: Lines, first_lines_of_trade: Ints, position: int, rng: np.random.Generator) -> tuple[Lines, Lines]:
    """Cartons typed instead of units, half an hour before the right order, and cancelled twelve minutes later.

    `position` is where the first of the mistakes will stand among all lines.
    """
    right = lines.take(rng.choice(first_lines_of_trade, MISTAKES, replace=False))
    typed = replace(
        right,
        document=np.full(MISTAKES, NOTHING),
        moment=right.moment - 30,
        quantity=right.quantity * _CARTON,
    )
    undone = replace(
        typed,
        moment=typed.moment + 12,
        quantity=-typed.quantity,
        undoes=position + np.arange(MISTAKES),
    )
    return label_all(typed, Planted.MISTAKE), label_all(undone, Planted.MISTAKE_UNDONE)


def purchases(person: Ints, product: Ints, goods: Catalogue) -> Ints:
    """A number for each pair of customer and product."""
    return person * (len(goods.codes) + 1) + product
