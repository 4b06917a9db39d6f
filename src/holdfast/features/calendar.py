"""When the customer buys: days of the week, hours, seasons."""

from holdfast.engine import dialect as sql
from holdfast.engine.dialect import Sql
from holdfast.features.expressions import ORDERS, share_where
from holdfast.features.feature import INTEGER, Feature, Grain, Missing, Unit

_HOUR = sql.hour("ordered_at")
_QUARTERS = tuple(sql.count_where(f"{sql.month('day')} BETWEEN {first} AND {first + 2}") for first in (1, 4, 7, 10))
_BUSIEST = f"GREATEST({', '.join(_QUARTERS)})"


def _hours(name: str, first: int, last: int) -> Feature:
    """Needs hours: in a file of dates all orders would seem to come at midnight."""
    return Feature(
        f"{name}_share",
        f"Share of orders placed from {first:02d}:00 to {last:02d}:59.",
        Unit.SHARE,
        Missing.NEVER,
        Grain.ORDERS,
        share_where(f"{_HOUR} BETWEEN {first} AND {last}"),
        needs=("orders.ordered_at",),
    )


def _favourite_quarter() -> Sql:
    cases = " ".join(f"WHEN {count} = {_BUSIEST} THEN {number}" for number, count in enumerate(_QUARTERS, start=1))
    return Sql(f"CASE {cases} END")


CALENDAR: tuple[Feature, ...] = (
    Feature(
        "weekend_shopper_ratio",
        "Share of orders placed on a Saturday or Sunday.",
        Unit.SHARE,
        Missing.NEVER,
        Grain.ORDERS,
        share_where(f"{sql.weekday('day')} >= 6"),
    ),
    _hours("night", 0, 5),
    _hours("morning", 6, 11),
    _hours("afternoon", 12, 17),
    _hours("evening", 18, 23),
    Feature(
        "favourite_quarter",
        "Quarter of the year with most orders, 1 to 4; the earlier one if two are even.",
        Unit.NUMBER,
        Missing.NEVER,
        Grain.ORDERS,
        _favourite_quarter(),
        INTEGER,
    ),
    Feature(
        "favourite_quarter_share",
        "Share of orders placed in the favourite quarter.",
        Unit.SHARE,
        Missing.NEVER,
        Grain.ORDERS,
        sql.ratio(_BUSIEST, ORDERS),
    ),
)
