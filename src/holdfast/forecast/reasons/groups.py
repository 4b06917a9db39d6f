"""Human reasons: every column that a forecast reads belongs to one group that a marketer would name."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import numpy as np

from holdfast.forecast.arrays import Matrix


class Group(StrEnum):
    """A kind of reason, in the words of the page."""

    QUIET = "how long it has been quiet"
    OFTEN = "how often they buy"
    HABIT = "rhythm against their own habit"
    SPEND = "what they spend"
    BASKET = "what they buy"
    SEASON = "season and calendar"
    RETURNS = "returns and service"
    PRICE = "discounts and price"
    DELIVERY = "delivery and reviews"
    WHO = "where and who they are"
    OTHER = "other"


GROUPS = tuple(Group)

QUIET_DAYS, PURCHASE_HISTORY, KNOWN_DAYS = "history.quiet_days", "history.order_days", "history.known_days"
HISTORY = (QUIET_DAYS, PURCHASE_HISTORY, KNOWN_DAYS)
"""What the purchase models know of a customer: days since the last order, order days until then, and both together."""

MEMBERS: Mapping[Group, tuple[str, ...]] = {
    Group.QUIET: (QUIET_DAYS, "days_since_last_order"),
    Group.OFTEN: (
        PURCHASE_HISTORY, KNOWN_DAYS, "order_count", "order_day_count", "days_since_first_purchase",
        "purchase_span_days", "purchase_velocity", "active_day_share", "order_count_7d", "order_count_14d",
        "order_count_30d", "order_count_60d", "order_count_90d", "order_count_180d", "order_count_365d",
        "order_day_count_30d", "order_day_count_90d", "order_day_count_180d", "order_day_count_365d",
        "order_count_decayed_30d", "order_count_decayed_90d", "order_count_decayed_365d",
    ),
    Group.HABIT: (
        "order_frequency_trend", "order_trend_90d", "order_trend_180d", "mean_gap_days", "median_gap_days",
        "std_gap_days", "min_gap_days", "max_gap_days", "last_gap_days", "gap_trend_days", "gap_variation",
        "last_gap_ratio", "churn_ratio", "silence_to_longest_gap", "days_overdue", "silence_deviation",
    ),
    Group.SPEND: (
        "purchases.value", "net_revenue", "spend_velocity", "net_revenue_7d", "net_revenue_14d", "net_revenue_30d",
        "net_revenue_60d", "net_revenue_90d", "net_revenue_180d", "net_revenue_365d", "revenue_trend_90d",
        "revenue_trend_180d", "net_revenue_decayed_30d", "net_revenue_decayed_90d", "net_revenue_decayed_365d",
        "mean_order_value", "median_order_value", "min_order_value", "max_order_value", "first_order_value",
        "last_order_value", "std_order_value", "order_value_variation", "last_order_value_ratio",
        "largest_order_share", "gross_margin", "gross_margin_share",
    ),
    Group.BASKET: (
        "units_30d", "units_90d", "units_365d", "units_bought", "units_per_order", "lines_per_order",
        "products_per_order", "max_products_per_order", "single_product_share", "unique_products",
        "unique_products_30d", "unique_products_90d", "unique_products_365d", "new_products_90d",
        "repeat_product_share", "top_product_share", "top_product_spend_share", "product_diversity", "product_loyalty",
        "category_count", "category_diversity", "category_loyalty", "top_category_share", "brand_count",
        "brand_loyalty_score", "top_brand_share", "seller_count", "seller_loyalty",
    ),
    Group.SEASON: (
        "order_count_same_season", "net_revenue_same_season", "weekend_shopper_ratio", "night_share", "morning_share",
        "afternoon_share", "evening_share", "favourite_quarter", "favourite_quarter_share", "regional_seasonality",
    ),
    Group.RETURNS: (
        "return_line_count", "returned_value", "days_since_last_return", "returned_revenue_share",
        "returned_order_share", "reversed_order_count", "service_share",
    ),
    Group.PRICE: (
        "mean_unit_price", "min_order_unit_price", "max_order_unit_price", "unit_price_variation", "price_sensitivity",
        "discount_share", "discounted_order_share", "voucher_order_share", "days_since_last_voucher",
        "mean_installments", "max_installments",
    ),
    Group.DELIVERY: (
        "freight_total", "freight_share", "mean_delivery_days", "last_delivery_days", "mean_delivery_delay",
        "last_delivery_delay", "late_delivery_share", "review_count", "review_text_count", "mean_review_score",
        "last_review_score", "low_review_share", "days_since_last_review", "review_engagement_score",
    ),
    Group.WHO: (
        "preferred_payment_share", "payment_method_count", "channel_count", "acquisition_cost",
        "state_avg_order_value", "city_churn_rate",
    ),
}  # fmt: skip
"""The columns of each group; what the purchase models say of the value of an order is what the customer spends."""

_GROUP_OF: Mapping[str, Group] = {name: group for group, names in MEMBERS.items() for name in names}


def group_of(name: str) -> Group:
    """The group of a column; a column that nobody described is "other"."""
    return _GROUP_OF.get(name, Group.OTHER)


def by_group(names: Sequence[str], values: Matrix) -> Matrix:
    """Columns added up to their groups: shape (n, number of columns) to (n, number of GROUPS)."""
    belongs = np.zeros((len(names), len(GROUPS)))
    belongs[np.arange(len(names)), [GROUPS.index(group_of(name)) for name in names]] = 1.0
    summed: Matrix = values @ belongs
    return summed
