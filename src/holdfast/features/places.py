"""What the customer's city, state and region are like; all of it known at as_of."""

from holdfast.engine import dialect as sql
from holdfast.engine.dialect import Sql
from holdfast.features.expressions import n_log_n
from holdfast.features.feature import Feature, Grain, Missing, Unit
from holdfast.features.grains import CHURN_HORIZON

PRIOR_CUSTOMERS = 20
"""A city's churn rate weighs as many customers at the shop's mean as this, so that a city of two says little."""

_SHOP_RATE = sql.ratio("shop_churned", "shop_matured")
_CITY_RATE = f"(city_churned + {PRIOR_CUSTOMERS} * {_SHOP_RATE}) / (city_matured + {PRIOR_CUSTOMERS})"
_SEASON_ENTROPY = sql.ratio(f"{n_log_n('region_orders')} - region_terms", "region_orders")

PLACES: tuple[Feature, ...] = (
    Feature(
        "state_avg_order_value",
        "Mean net value of an order of the customers of the customer's state.",
        Unit.MONEY,
        Missing.MEDIAN,
        Grain.PLACES,
        Sql(f"CASE WHEN state IS NOT NULL THEN {sql.ratio('state_net', 'state_orders')} END"),
        needs=("orders.state",),
    ),
    Feature(
        "city_churn_rate",
        f"Of the customers of the city who had ordered {CHURN_HORIZON} days before as_of, the share that has not "
        f"ordered since, drawn to the shop's share as if by {PRIOR_CUSTOMERS} customers more.",
        Unit.SHARE,
        Missing.MEDIAN,
        Grain.PLACES,
        Sql(f"CASE WHEN city IS NOT NULL THEN {_CITY_RATE} END"),
        needs=("orders.city",),
    ),
    Feature(
        "regional_seasonality",
        "How unevenly the last year's orders of the customer's state (country where there is none) spread over the "
        "months: 0 evenly, 1 all in one month (1 - entropy / ln 12).",
        Unit.SHARE,
        Missing.MEDIAN,
        Grain.PLACES,
        Sql(f"1 - {_SEASON_ENTROPY} / ln(12)"),
        needs=("orders.state|orders.country",),
    ),
)
