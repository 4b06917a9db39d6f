"""What happened in the last days, against the days before, and with a weight that fades."""

from holdfast.engine import dialect as sql
from holdfast.engine.dialect import Sql
from holdfast.features.expressions import faded_count, faded_sum, within
from holdfast.features.feature import DECIMAL, INTEGER, Feature, Grain, Missing, Unit

WINDOWS = (7, 14, 30, 60, 90, 180, 365)
HALF_LIVES = (30, 90, 365)
TRENDS = (90, 180)
YEAR, SEASON = 365, 90


def _orders(days: int) -> Feature:
    return Feature(
        f"order_count_{days}d",
        f"Orders in the last {days} days.",
        Unit.ORDERS,
        Missing.ZERO,
        Grain.ORDERS,
        sql.count_where(within(days)),
        INTEGER,
    )


def _revenue(days: int) -> Feature:
    return Feature(
        f"net_revenue_{days}d",
        f"Net revenue of the orders of the last {days} days.",
        Unit.MONEY,
        Missing.ZERO,
        Grain.ORDERS,
        sql.sum_where("net", within(days)),
        DECIMAL,
    )


def _order_days(days: int) -> Feature:
    return Feature(
        f"order_day_count_{days}d",
        f"Different days with an order in the last {days} days.",
        Unit.ORDER_DAYS,
        Missing.ZERO,
        Grain.ORDERS,
        sql.count_where(f"new_day_age <= {days}"),
        INTEGER,
    )


def _units(days: int) -> Feature:
    return Feature(
        f"units_{days}d",
        f"Pieces bought in the last {days} days.",
        Unit.PIECES,
        Missing.ZERO,
        Grain.ORDERS,
        sql.sum_where("units", within(days)),
        DECIMAL,
        ("orders.units",),
    )


def _order_trend(days: int) -> Feature:
    return Feature(
        f"order_trend_{days}d",
        f"Orders in the last {days} days over orders in the {days} days before; missing if there were none before.",
        Unit.RATIO,
        Missing.MEDIAN,
        Grain.ORDERS,
        sql.ratio(sql.count_where(within(days)), sql.count_where(within(2 * days, after=days))),
    )


def _revenue_trend(days: int) -> Feature:
    return Feature(
        f"revenue_trend_{days}d",
        f"Net revenue of the last {days} days over that of the {days} days before; missing if that was zero.",
        Unit.RATIO,
        Missing.MEDIAN,
        Grain.ORDERS,
        sql.ratio(sql.sum_where("net", within(days)), sql.sum_where("net", within(2 * days, after=days))),
    )


def _decayed_orders(half_life: int) -> Feature:
    return Feature(
        f"order_count_decayed_{half_life}d",
        f"Orders, each counting half after {half_life} days, a quarter after {2 * half_life}, and so on.",
        Unit.ORDERS,
        Missing.NEVER,
        Grain.ORDERS,
        faded_count(half_life),
    )


def _decayed_revenue(half_life: int) -> Feature:
    return Feature(
        f"net_revenue_decayed_{half_life}d",
        f"Net revenue, each order counting half after {half_life} days, a quarter after {2 * half_life}, and so on.",
        Unit.MONEY,
        Missing.NEVER,
        Grain.ORDERS,
        faded_sum("net", half_life),
    )


def _same_season(value: str) -> Sql:
    """Only for who was a customer then: nobody orders before the first order."""
    return Sql(f"CASE WHEN MAX(age) >= {YEAR} THEN {value} END")


_LAST_YEAR = within(YEAR, after=YEAR - SEASON)

_SEASON: tuple[Feature, ...] = (
    Feature(
        "order_count_same_season",
        f"Orders in the {SEASON} days that began a year before as_of; missing if the first order came later.",
        Unit.ORDERS,
        Missing.MEDIAN,
        Grain.ORDERS,
        _same_season(sql.count_where(_LAST_YEAR)),
        INTEGER,
    ),
    Feature(
        "net_revenue_same_season",
        f"Net revenue of the {SEASON} days that began a year before as_of; missing if the first order came later.",
        Unit.MONEY,
        Missing.MEDIAN,
        Grain.ORDERS,
        _same_season(sql.sum_where("net", _LAST_YEAR)),
        DECIMAL,
    ),
)

RECENT: tuple[Feature, ...] = (
    *(_orders(days) for days in WINDOWS),
    *(_revenue(days) for days in WINDOWS),
    *(_order_days(days) for days in (30, 90, 180, 365)),
    *(_units(days) for days in (30, 90, 365)),
    *(_order_trend(days) for days in TRENDS),
    *(_revenue_trend(days) for days in TRENDS),
    *(_decayed_orders(days) for days in HALF_LIVES),
    *(_decayed_revenue(days) for days in HALF_LIVES),
    *_SEASON,
)
