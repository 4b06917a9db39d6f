"""What a line of the sample file is: each carries exactly one of these labels."""

from dataclasses import replace
from enum import StrEnum

import numpy as np

from holdfast.samples.arrays import Ints
from holdfast.samples.baskets import Lines


class Planted(StrEnum):
    """What a line of the sample file is."""

    SALE = "sale"
    GUEST = "guest"  # a sale without customer
    STRAY = "stray"  # a sale dated weeks after the file was written
    FREE = "free"  # a price of zero
    DUPLICATE = "duplicate"  # the second of two equal lines
    POSTAGE = "postage"
    FEE = "fee"
    RETURN = "return"  # a whole sale line, on an invoice C...
    PARTIAL_RETURN = "partial_return"  # some units of a sale line
    RETURN_WITHOUT_SALE = "return_without_sale"  # of a product this customer never bought
    MISTAKE = "mistake"  # thousands of units, cancelled minutes later
    MISTAKE_UNDONE = "mistake_undone"
    CORRECTION = "correction"  # of stock: negative quantity, price zero, no customer, no C
    BAD_DEBT = "bad_debt"  # a negative price, no customer, on an invoice A...
    UNREADABLE_DATE = "unreadable_date"
    BLANK_DATE = "blank_date"
    UNREADABLE_QUANTITY = "unreadable_quantity"
    UNREADABLE_PRICE = "unreadable_price"
    BLANK_PRICE = "blank_price"
    BLANK_NAME = "blank_name"  # of the product; nothing is lost


PLANTED = tuple(Planted)
AT = {planted: position for position, planted in enumerate(PLANTED)}


def label(lines: Lines, positions: Ints, planted: Planted) -> Lines:
    """The lines with those at `positions` labelled."""
    labels = lines.planted.copy()
    labels[positions] = AT[planted]
    return replace(lines, planted=labels)


def label_all(lines: Lines, planted: Planted) -> Lines:
    """The lines, every one labelled."""
    return replace(lines, planted=np.full(len(lines), AT[planted]))


def labelled(lines: Lines, planted: Planted) -> Ints:
    """Positions of the lines with this label."""
    return np.flatnonzero(lines.planted == AT[planted])
