"""Plain facts: how a customer's own number is said in words, and how a comparison with other customers goes on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from holdfast.forecast.reasons.groups import KNOWN_DAYS, PURCHASE_HISTORY, QUIET_DAYS
from holdfast.forecast.wording import money, percent

Say: TypeAlias = Callable[[float, str | None], str]
"""A value and the currency, or None, to words."""


@dataclass(frozen=True, slots=True)
class Fact:
    """How to say a number; `more` and `fewer` compare it with other customers, empty where that says nothing."""

    say: Say
    more: str
    fewer: str


def days(number: float) -> str:
    """A number of days: 1 day, 94 days; half days only below ten."""
    near = round(number) if number >= 10 else round(number, 1)
    return "1 day" if near == 1 else f"{near:,g} days"


def chance(probability: float) -> str:
    """A probability: 41 %, with a decimal below 10 %: 1.4 %."""
    if probability >= 0.095:
        return percent(probability)
    return "under 0.1 %" if probability < 0.0005 else f"{100 * probability:.1f} %"


def _count(one: str, many: str, where: str = "") -> Fact:
    def say(value: float, _currency: str | None) -> str:
        number = round(value)
        return f"No {many}{where}" if number == 0 else f"{number:,} {one if number == 1 else many}{where}"

    return Fact(say, "more than", "fewer than")


def _days(words: str) -> Fact:
    return Fact(lambda value, _currency: words.format(days(value)), "longer than", "shorter than")


def _money(words: str) -> Fact:
    return Fact(lambda value, currency: words.format(money(value, currency)), "more than", "less than")


def _sum(words: str) -> Fact:
    """An amount that may well be nothing."""

    def say(value: float, currency: str | None) -> str:
        return words.format(money(value, currency) if value else "Nothing")

    return Fact(say, "more than", "less than")


def _yes_or_no(yes: str, no: str) -> Fact:
    """A share of one order: all or nothing."""
    return Fact(lambda value, _currency: yes if value > 0.5 else no, "", "")


def _share(words: str) -> Fact:
    return Fact(lambda value, _currency: words.format(percent(value)), "more than", "less than")


def _times(words: str) -> Fact:
    return Fact(lambda value, _currency: words.format(f"{value:,.1f}"), "more than", "less than")


def _either(at_least_zero: str, below: str) -> Fact:
    """Days that lie on one side of a date or the other."""
    return Fact(lambda value, _currency: (at_least_zero if value >= 0 else below).format(days(abs(value))), "", "")


FACTS: Mapping[str, Fact] = {
    "order_day_count": Fact(lambda value, _currency: f"Ordered on {days(value)} so far", "more than", "fewer than"),
    "order_count": _count("order", "orders", " so far"),
    "purchase_velocity": _times("{} orders per 30 days since the first"),
    "purchase_span_days": _days("{} between the first order and the last"),
    "order_count_7d": _count("order", "orders", " in the last 7 days"),
    "order_count_14d": _count("order", "orders", " in the last 14 days"),
    "order_count_30d": _count("order", "orders", " in the last 30 days"),
    "order_count_60d": _count("order", "orders", " in the last 60 days"),
    "order_count_90d": _count("order", "orders", " in the last 90 days"),
    "order_count_180d": _count("order", "orders", " in the last 180 days"),
    "order_count_365d": _count("order", "orders", " in the last year"),
    "order_trend_90d": _times("Orders in the last 90 days: {} times those of the 90 days before"),
    "order_trend_180d": _times("Orders in the last 180 days: {} times those of the 180 days before"),
    "mean_gap_days": _days("{} from one order to the next on average"),
    "median_gap_days": _days("Usually {} from one order to the next"),
    "min_gap_days": _days("{} at least from one order to the next"),
    "max_gap_days": _days("{} at most from one order to the next"),
    "last_gap_days": _days("{} between the last two orders"),
    "gap_trend_days": _either("Slowing down: each gap {} longer than the one before", "Gaps get shorter by {} each"),
    "last_gap_ratio": _times("The last gap was {} times its usual one"),
    "churn_ratio": _times("Quiet for {} times its usual gap"),
    "silence_to_longest_gap": _times("Quiet for {} times its longest gap so far"),
    "days_overdue": _either("{} past its usual gap", "Next order not due for {} by its usual gap"),
    "net_revenue": _sum("{} spent in all"),
    "spend_velocity": _money("{} per 30 days since the first order"),
    "net_revenue_7d": _sum("{} spent in the last 7 days"),
    "net_revenue_14d": _sum("{} spent in the last 14 days"),
    "net_revenue_30d": _sum("{} spent in the last 30 days"),
    "net_revenue_60d": _sum("{} spent in the last 60 days"),
    "net_revenue_90d": _sum("{} spent in the last 90 days"),
    "net_revenue_180d": _sum("{} spent in the last 180 days"),
    "net_revenue_365d": _sum("{} spent in the last year"),
    "revenue_trend_90d": _times("Spend of the last 90 days: {} times that of the 90 days before"),
    "revenue_trend_180d": _times("Spend of the last 180 days: {} times that of the 180 days before"),
    "mean_order_value": _money("{} per order"),
    "median_order_value": _money("{} for a usual order"),
    "min_order_value": _money("{} for the smallest order"),
    "max_order_value": _money("{} for the largest order"),
    "first_order_value": _money("{} for the first order"),
    "last_order_value": _money("{} for the last order"),
    "last_order_value_ratio": _times("The last order was {} times its average order"),
    "largest_order_share": _share("{} of all spend in one order"),
    "gross_margin": _money("{} of gross margin so far"),
    "gross_margin_share": _share("{} gross margin"),
    "units_30d": _count("piece", "pieces", " in the last 30 days"),
    "units_90d": _count("piece", "pieces", " in the last 90 days"),
    "units_365d": _count("piece", "pieces", " in the last year"),
    "units_bought": _count("piece", "pieces", " bought so far"),
    "units_per_order": _times("{} pieces per order"),
    "lines_per_order": _times("{} lines per order"),
    "products_per_order": _times("{} different products per order"),
    "max_products_per_order": _count("product", "different products", " in the widest order"),
    "single_product_share": _share("{} of orders with a single product"),
    "unique_products": _count("product", "different products", " so far"),
    "unique_products_30d": _count("product", "different products", " in the last 30 days"),
    "unique_products_90d": _count("product", "different products", " in the last 90 days"),
    "unique_products_365d": _count("product", "different products", " in the last year"),
    "new_products_90d": _count("new product", "new products", " in the last 90 days"),
    "repeat_product_share": _share("{} of its products bought again"),
    "top_product_share": _share("{} of lines for one product"),
    "top_product_spend_share": _share("{} of spend on one product"),
    "category_count": _count("category", "different categories", " so far"),
    "top_category_share": _share("{} of lines in one category"),
    "brand_count": _count("brand", "different brands", " so far"),
    "top_brand_share": _share("{} of lines of one brand"),
    "seller_count": _count("seller", "different sellers", " so far"),
    "order_count_same_season": _count("order", "orders", " in this season last year"),
    "net_revenue_same_season": _sum("{} spent in this season last year"),
    "weekend_shopper_ratio": _share("{} of orders on a weekend"),
    "night_share": _share("{} of orders at night"),
    "morning_share": _share("{} of orders in the morning"),
    "afternoon_share": _share("{} of orders in the afternoon"),
    "evening_share": _share("{} of orders in the evening"),
    "favourite_quarter": Fact(lambda value, _currency: f"Most orders in quarter {value:.0f} of the year", "", ""),
    "favourite_quarter_share": _share("{} of orders in one quarter of the year"),
    "regional_seasonality": Fact(
        lambda _value, _currency: "Its region buys in seasons", "more than the regions of", "less than the regions of"
    ),
    "return_line_count": _count("line", "lines", " returned so far"),
    "returned_value": _sum("{} returned so far"),
    "days_since_last_return": Fact(lambda value, _currency: f"Last return {days(value)} ago", "", ""),
    "returned_revenue_share": _share("{} of what was bought was returned"),
    "returned_order_share": _share("Something returned of {} of orders"),
    "reversed_order_count": _count("order", "orders", " returned or cancelled as a whole"),
    "service_share": _share("{} of all charges for postage and fees"),
    "mean_unit_price": _money("{} per piece"),
    "discount_share": _share("{} off through discounts"),
    "discounted_order_share": _share("{} of orders with a discount"),
    "voucher_order_share": _share("{} of orders with a voucher"),
    "days_since_last_voucher": Fact(lambda value, _currency: f"Last voucher used {days(value)} ago", "", ""),
    "mean_installments": _times("{} instalments per order"),
    "freight_total": _money("{} of freight paid so far"),
    "freight_share": _share("{} of the bill was freight"),
    "mean_delivery_days": _days("{} for a delivery on average"),
    "last_delivery_days": _days("{} for the last delivery"),
    "last_delivery_delay": _either(
        "Last delivery {} after the promised day", "Last delivery {} before the promised day"
    ),
    "mean_delivery_delay": _either("Deliveries {} after the promised day", "Deliveries {} before the promised day"),
    "late_delivery_share": _share("{} of deliveries late"),
    "review_count": _count("review", "reviews", " written"),
    "mean_review_score": _times("{} stars given on average"),
    "last_review_score": _times("{} stars in the last review"),
    "low_review_share": _share("{} of reviews with 2 stars or fewer"),
    "preferred_payment_share": _share("{} of orders paid in one way"),
    "payment_method_count": _count("way", "ways", " of paying used"),
    "channel_count": _count("channel", "channels", " used"),
    "acquisition_cost": _sum("{} spent on winning it"),
    "state_avg_order_value": _money("{} per order in its state"),
    "city_churn_rate": _share("{} of customers in its city stopped ordering"),
}
"""How the columns are said that a person can read."""

OF_ONE_ORDER: Mapping[str, Fact] = {
    "mean_order_value": _money("{} for its one order"),
    "night_share": _yes_or_no("Ordered at night", "Did not order at night"),
    "morning_share": _yes_or_no("Ordered in the morning", "Did not order in the morning"),
    "afternoon_share": _yes_or_no("Ordered in the afternoon", "Did not order in the afternoon"),
    "evening_share": _yes_or_no("Ordered in the evening", "Did not order in the evening"),
    "weekend_shopper_ratio": _yes_or_no("Ordered on a weekend", "Did not order on a weekend"),
    "single_product_share": _yes_or_no("A single product in its one order", "Several products in its one order"),
    "discounted_order_share": _yes_or_no("Its one order came with a discount", "Its one order came without a discount"),
    "voucher_order_share": _yes_or_no("Its one order came with a voucher", "Its one order came without a voucher"),
    "favourite_quarter_share": Fact(lambda _value, _currency: "One order only, so no season to be seen", "", ""),
    "preferred_payment_share": Fact(lambda _value, _currency: "Paid for one order only", "", ""),
    "favourite_quarter": Fact(lambda value, _currency: f"Ordered in quarter {value:.0f} of the year", "", ""),
}
"""How columns are said of somebody with a single order, who has no habits yet."""

VALUE_OF_ONE_ORDER = frozenset(
    {
        "median_order_value", "min_order_value", "max_order_value", "first_order_value", "last_order_value",
        "spend_velocity", "last_order_value_ratio", "largest_order_share", "net_revenue",
    }
)  # fmt: skip
"""For somebody with a single order all of these are its value."""

SAID_AS: Mapping[str, str] = {
    PURCHASE_HISTORY: "order_day_count",
    KNOWN_DAYS: "order_day_count",
    "purchases.value": "mean_order_value",
    QUIET_DAYS: "days_since_last_order",
    "active_day_share": "order_day_count",
    "days_since_first_purchase": "order_day_count",
    "order_day_count_30d": "order_count_30d",
    "order_day_count_90d": "order_count_90d",
    "order_day_count_180d": "order_count_180d",
    "order_day_count_365d": "order_count_365d",
    "order_count_decayed_30d": "order_count_30d",
    "order_count_decayed_90d": "order_count_90d",
    "order_count_decayed_365d": "order_count_365d",
    "net_revenue_decayed_30d": "net_revenue_30d",
    "net_revenue_decayed_90d": "net_revenue_90d",
    "net_revenue_decayed_365d": "net_revenue_365d",
    "order_frequency_trend": "order_trend_180d",
    "silence_deviation": "churn_ratio",
    "gap_variation": "max_gap_days",
    "std_gap_days": "max_gap_days",
    "std_order_value": "max_order_value",
    "order_value_variation": "max_order_value",
    "product_diversity": "unique_products",
    "product_loyalty": "top_product_share",
    "category_diversity": "category_count",
    "category_loyalty": "top_category_share",
    "brand_loyalty_score": "top_brand_share",
    "seller_loyalty": "seller_count",
    "min_order_unit_price": "mean_unit_price",
    "max_order_unit_price": "mean_unit_price",
    "unit_price_variation": "mean_unit_price",
    "price_sensitivity": "mean_unit_price",
    "max_installments": "mean_installments",
    "review_text_count": "review_count",
    "review_engagement_score": "review_count",
    "days_since_last_review": "review_count",
}
"""Columns that are hard to say, each with the nearest one that is easy."""
