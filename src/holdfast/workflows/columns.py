"""Every column of a customer in words: features by their catalogue, then groups and forecasts."""

from dataclasses import dataclass
from enum import StrEnum

from holdfast.features import CATALOGUE, Missing, Unit
from holdfast.features.feature import DOUBLE, INTEGER, LABEL
from holdfast.tables import MONEY
from holdfast.workflows.view_making import BAND_COLUMN


class Kind(StrEnum):
    """Where a column comes from."""

    FEATURE = "feature"
    GROUP = "group"
    FORECAST = "forecast"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of customers; `type` is its SQL type, `needs` the columns of the file without which it is absent."""

    name: str
    kind: Kind
    definition: str
    unit: str
    type: str
    missing: str
    needs: tuple[str, ...] = ()


_NO_RHYTHM = "missing where there is no rhythm yet"
_BANDS = "low, medium, high, one_time or unknown"

GROUPS = tuple(
    Column(name, Kind.GROUP, definition, unit, kind, missing)
    for name, definition, unit, kind, missing in (
        ("risk_band", f"how late by the customer's own rhythm: {_BANDS}", Unit.LABEL, LABEL, Missing.NEVER),
        ("r_score", "RFM score of the days since the last order, 5 is best", Unit.NUMBER, INTEGER, Missing.NEVER),
        ("f_score", "RFM score of the number of orders, 5 is best", Unit.NUMBER, INTEGER, Missing.NEVER),
        ("m_score", "RFM score of net revenue, 5 is best", Unit.NUMBER, INTEGER, Missing.NEVER),
        ("fm_score", "(f_score + m_score) / 2, rounded half up", Unit.NUMBER, INTEGER, Missing.NEVER),
        ("rfm_group", "RFM group by r_score and fm_score", Unit.LABEL, LABEL, Missing.NEVER),
        ("rfm_group_eight", "RFM group among the eight in use on marketplaces", Unit.LABEL, LABEL, Missing.NEVER),
        ("archetype", "archetype found by K-Means", Unit.LABEL, LABEL, Missing.NEVER),
        ("is_gone", "left long ago, and not counted as at risk", Unit.LABEL, "BOOLEAN", Missing.NEVER),
        ("run_rate", "spend in the horizon by going on as before", Unit.MONEY, MONEY, _NO_RHYTHM),
        ("revenue_at_risk", "the part of the run rate that is likely to be lost", Unit.MONEY, MONEY, _NO_RHYTHM),
    )
)

_NO_MODEL = "absent without a model"

FORECASTS = tuple(
    Column(name, Kind.FORECAST, definition, unit, kind, _NO_MODEL)
    for name, definition, unit, kind in (
        ("p_buy", "chance of an order within the horizon", Unit.SHARE, DOUBLE),
        ("e_orders", "expected days with an order within the horizon", Unit.ORDER_DAYS, DOUBLE),
        ("e_spend", "expected spend within the horizon", Unit.MONEY, DOUBLE),
        ("spend_p10", "spend within the horizon, 10 % quantile", Unit.MONEY, DOUBLE),
        ("spend_p90", "spend within the horizon, 90 % quantile", Unit.MONEY, DOUBLE),
        ("p_alive", "chance that the customer may still order at all, by the purchase model", Unit.SHARE, DOUBLE),
        ("historic_revenue", "net revenue so far", Unit.MONEY, DOUBLE),
        ("predicted_revenue", "expected revenue of the coming years, discounted", Unit.MONEY, DOUBLE),
        ("clv_revenue", "historic and predicted revenue together", Unit.MONEY, DOUBLE),
        ("clv_margin", "the same as margin", Unit.MONEY, DOUBLE),
        ("next_order_from", "days from as_of on after which the next order is expected", Unit.DAYS, "BIGINT"),
        ("next_order_to", "days from as_of on until which the next order is expected", Unit.DAYS, "BIGINT"),
        ("p_order_within_year", "chance of an order within a year", Unit.SHARE, DOUBLE),
        (BAND_COLUMN, "p_buy in five bands", Unit.LABEL, LABEL),
    )
)


def columns() -> tuple[Column, ...]:
    """All columns there can be, in the order of the table."""
    features = tuple(
        Column(each.name, Kind.FEATURE, each.definition, str(each.unit), each.type, str(each.missing), each.needs)
        for each in CATALOGUE
    )
    return (*features, *GROUPS, *FORECASTS)
