"""Every feature of one customer by hand, at 2024-07-01; and what stands for a customer of one order."""

from datetime import date, datetime
from decimal import Decimal
from math import exp, log, sqrt
from statistics import stdev

import pytest

from holdfast.features import CATALOGUE, FEATURE, SEVEN, Missing
from tests.features.shops import ByCustomer, Line, Review, Sale, Shop, features_of

AS_OF = date(2024, 7, 1)


def at(day: str, hour: str = "12:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}")


def place(state: str, city: str) -> dict[str, object]:
    return {"country": "UK", "state": state, "city": city}


ANN = [
    Sale(  # 377 days before as_of: 25.00
        "ann",
        "a1",
        at("2023-06-20", "10:00"),
        (Line("cup", 2, "10"), Line("mug", 1, "5", seller="sue")),
        {
            **place("N", "York"),
            "payment_type": "card",
            "channel": "web",
            "cost": 15,
            "shipping": 3,
            "installments": 1,
            "promised_at": at("2023-06-25"),
            "delivered_at": at("2023-06-24"),
        },
    ),
    Sale(  # 335 days: 10.00 and 4.00 postage
        "ann",
        "a2",
        at("2023-08-01", "20:00"),
        (Line("cup", 1, "10"), Line("post", 1, "4", service=True)),
        {**place("N", "York"), "payment_type": "card", "cost": 6},
    ),
    Sale(  # 170 days: 16.00, of which 5.00 came back
        "ann",
        "a3",
        at("2024-01-13", "09:30"),
        (Line("tin", 4, "2.50", returned=(2, at("2024-02-01"))), Line("mug", 1, "6", seller="sue")),
        {
            **place("N", "York"),
            "payment_type": "boleto",
            "voucher": "WELCOME",
            "channel": "app",
            "installments": 3,
            "promised_at": at("2024-01-20"),
            "delivered_at": at("2024-01-23"),
        },
    ),
    Sale("ann", "a4", at("2024-01-13", "18:00"), (Line("cup", 1, "12"),), {"payment_type": "card"}),  # 170 days: 12.00
    Sale(  # 58 days: 10.00
        "ann",
        "a5",
        at("2024-05-04", "13:00"),
        (Line("mug", 2, "5", seller="sue"),),
        {"payment_type": "boleto", "discount": "2.5"},
    ),
    Sale(  # 7 days: 30.00; delivered, but not by as_of
        "ann",
        "a6",
        at("2024-06-24", "03:00"),
        (Line("box", 1, "30"),),
        {
            **place("S", "Leeds"),
            "shipping": 5,
            "installments": 2,
            "promised_at": at("2024-06-28"),
            "delivered_at": at("2024-07-03"),
        },
    ),
    Sale("ann", "a7", at("2024-06-26"), (Line("cup", 1, "100", returned=(1, at("2024-06-27"))),)),  # came back whole
    Sale("ann", "a8", at("2024-06-28"), (Line("post", 1, "4", service=True),)),  # a service is no order
]
OTHERS = [
    Sale("bob", "b1", at("2023-12-14"), (Line("cup", 1, "50"),), place("S", "Leeds")),  # 200 days
    Sale("cid", "c1", at("2023-09-05"), (Line("cup", 1, "20"),), place("S", "Leeds")),  # 300 days
    Sale("cid", "c2", at("2024-03-23"), (Line("cup", 1, "40"),), place("S", "Leeds")),  # 100 days
    Sale("dan", "d1", at("2024-06-11"), (Line("cup", 1, "10"),), place("S", "Leeds")),  # 20 days
    Sale("eve", "e1", at("2024-01-02"), (Line("cup", 1, "7"),)),  # 181 days, home unknown
    Sale("fay", "f1", at("2024-07-01", "00:00"), (Line("cup", 1, "1000"),), place("S", "Leeds")),  # on as_of: unknown
    Sale(None, "g1", at("2024-06-01"), (Line("cup", 1, "1000"),), place("S", "Leeds")),  # nobody knows who
]
SHOP = Shop(
    [*ANN, *OTHERS],
    reviews=[
        Review("ann", "a1", at("2023-07-01"), 5),
        Review("ann", "a3", at("2024-01-25"), 2, "late"),
        Review("ann", "a6", at("2024-07-02"), 1, "late again"),
    ],
    products={"cup": ("china", "acme"), "mug": ("china", None), "tin": ("metal", "zed"), "box": ("metal", None)},
    customers={"ann": {"channel": "ads", "acquisition_cost": "12.5"}},
)

AGES = (377, 335, 170, 170, 58, 7)
NET = (25, 10, 11, 12, 10, 30)
CENTS_A_PIECE = (833, 1000, 320, 1200, 500, 3000)


def faded(values: tuple[float, ...], half_life: int) -> float:
    return sum(value * float(0.5 ** (age / half_life)) for value, age in zip(values, AGES, strict=True))


def d(amount: str) -> Decimal:
    return Decimal(amount)


EXPECTED: dict[str, object] = {
    # recency, frequency, money and time
    "days_since_last_order": 7,
    "order_count": 6,
    "net_revenue": d("98"),
    "order_day_count": 5,
    "days_since_first_purchase": 377,
    "purchase_span_days": 370,
    "purchase_velocity": 30 * 6 / 377,
    "spend_velocity": 30 * 98 / 377,
    "active_day_share": 5 / 377,
    "order_frequency_trend": 1 - 2 * (335 + 170 + 170 + 58 + 7) / 5 / 377,
    # windows
    "order_count_7d": 1,
    "order_count_14d": 1,
    "order_count_30d": 1,
    "order_count_60d": 2,
    "order_count_90d": 2,
    "order_count_180d": 4,
    "order_count_365d": 5,
    "net_revenue_7d": d("30"),
    "net_revenue_14d": d("30"),
    "net_revenue_30d": d("30"),
    "net_revenue_60d": d("40"),
    "net_revenue_90d": d("40"),
    "net_revenue_180d": d("63"),
    "net_revenue_365d": d("73"),
    "order_day_count_30d": 1,
    "order_day_count_90d": 2,
    "order_day_count_180d": 3,
    "order_day_count_365d": 4,
    "units_30d": d("1"),
    "units_90d": d("3"),
    "units_365d": d("10"),
    "order_trend_90d": 2 / 2,
    "order_trend_180d": 4 / 1,
    "revenue_trend_90d": 40 / 23,
    "revenue_trend_180d": 63 / 10,
    "order_count_decayed_30d": faded((1,) * 6, 30),
    "order_count_decayed_90d": faded((1,) * 6, 90),
    "order_count_decayed_365d": faded((1,) * 6, 365),
    "net_revenue_decayed_30d": faded(NET, 30),
    "net_revenue_decayed_90d": faded(NET, 90),
    "net_revenue_decayed_365d": faded(NET, 365),
    "order_count_same_season": 1,
    "net_revenue_same_season": d("10"),
    # rhythm: gaps 42, 165, 112, 51 before the orders 2, 3, 5, 6
    "mean_gap_days": 92.5,
    "median_gap_days": 81.5,
    "std_gap_days": sqrt(3303),
    "min_gap_days": 42,
    "max_gap_days": 165,
    "last_gap_days": 51,
    "gap_trend_days": -3.5,
    "gap_variation": sqrt(3303) / 92.5,
    "last_gap_ratio": 51 / 81.5,
    "churn_ratio": 7 / 81.5,
    "silence_to_longest_gap": 7 / 165,
    "days_overdue": 7 - 81.5,
    "silence_deviation": (7 - 92.5) / sqrt(3303),
    # basket
    "mean_order_value": 98 / 6,
    "median_order_value": 11.5,
    "min_order_value": d("10"),
    "max_order_value": d("30"),
    "first_order_value": d("25"),
    "last_order_value": d("30"),
    "std_order_value": stdev(NET),
    "order_value_variation": stdev(NET) / (98 / 6),
    "last_order_value_ratio": 30 / (98 / 6),
    "largest_order_share": 30 / 98,
    "units_bought": d("13"),
    "units_per_order": 13 / 6,
    "lines_per_order": 8 / 6,
    "products_per_order": 8 / 6,
    "max_products_per_order": 2,
    "single_product_share": 4 / 6,
    "service_share": 4 / (103 + 4),
    "mean_unit_price": 103 / 13,
    "min_order_unit_price": 3.2,
    "max_order_unit_price": 30.0,
    "unit_price_variation": stdev(CENTS_A_PIECE) / (sum(CENTS_A_PIECE) / 6),
    "price_sensitivity": (3000 - sum(CENTS_A_PIECE) / 6) / (3000 - 320),
    "discount_share": 2.5 / (103 + 2.5),
    "discounted_order_share": 1 / 6,
    # products: cup 3 lines, mug 3, tin 1, box 1
    "unique_products": 4,
    "unique_products_30d": 1,
    "unique_products_90d": 2,
    "unique_products_365d": 4,
    "new_products_90d": 1,
    "repeat_product_share": 2 / 4,
    "top_product_share": 3 / 8,
    "top_product_spend_share": 42 / 103,
    "product_diversity": exp(log(8) - 6 * log(3) / 8),
    "product_loyalty": 6 * log(3) / (8 * log(8)),
    # categories: china 6 lines, metal 2; brands: acme 3, sue (the seller) 3, zed 1
    "category_count": 2,
    "category_diversity": exp(log(8) - (6 * log(6) + 2 * log(2)) / 8),
    "category_loyalty": (6 * log(6) + 2 * log(2)) / (8 * log(8)),
    "top_category_share": 6 / 8,
    "favourite_category": "china",
    "first_category": "china",
    "brand_count": 3,
    "brand_loyalty_score": 6 * log(3) / (7 * log(7)),
    "top_brand_share": 3 / 7,
    "seller_count": 1,
    "seller_loyalty": 1.0,
    "preferred_payment_method": "card",
    "preferred_payment_share": 3 / 5,
    "payment_method_count": 2,
    # calendar
    "weekend_shopper_ratio": 3 / 6,
    "night_share": 1 / 6,
    "morning_share": 2 / 6,
    "afternoon_share": 1 / 6,
    "evening_share": 2 / 6,
    "favourite_quarter": 2,
    "favourite_quarter_share": 3 / 6,
    # returns
    "return_line_count": 2,
    "returned_value": d("105"),
    "days_since_last_return": 4,
    "returned_revenue_share": 105 / 203,
    "returned_order_share": 1 / 6,
    "reversed_order_count": 1,
    # paying, shipping, origin
    "mean_installments": 2.0,
    "max_installments": 3.0,
    "voucher_order_share": 1 / 6,
    "days_since_last_voucher": 170,
    "gross_margin": d("14"),
    "gross_margin_share": 14 / 35,
    "freight_total": d("8"),
    "freight_share": 8 / (25 + 30 + 8),
    "mean_delivery_days": (4 + 10) / 2,
    "last_delivery_days": 10,
    "mean_delivery_delay": (-1 + 3) / 2,
    "last_delivery_delay": 3,
    "late_delivery_share": 1 / 2,
    "first_channel": "web",
    "last_channel": "app",
    "channel_count": 2,
    "country": "UK",
    "state": "S",
    "city": "Leeds",
    "acquisition_channel": "ads",
    "acquisition_cost": d("12.5"),
    # places: in S live ann (98 in 6 orders), bob (50), cid (20, 40), dan (10)
    "state_avg_order_value": 218 / 10,
    "city_churn_rate": (1 + 20 * 2 / 4) / (3 + 20),  # bob of ann, bob, cid; in the shop bob, eve of these and eve
    "regional_seasonality": 1 - (log(5) - 2 * log(2) / 5) / log(12),  # June 2, March, September, December
    # reviews
    "review_count": 2,
    "review_text_count": 1,
    "mean_review_score": 3.5,
    "last_review_score": 2,
    "low_review_share": 1 / 2,
    "days_since_last_review": 158,
    "review_engagement_score": (2 + 1) / 12,
}


@pytest.fixture(scope="module")
def customers() -> ByCustomer:
    return features_of(SHOP, AS_OF)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_feature_has_the_value_computed_by_hand(customers: ByCustomer, name: str) -> None:
    expected, seen = EXPECTED[name], customers["ann"][name]
    tolerance = len(AGES) * 0.00005 if "decayed" in name else 1e-9  # each order's share is rounded as money is
    assert type(seen) is type(expected)
    assert seen == (pytest.approx(expected, rel=1e-9, abs=tolerance) if isinstance(expected, float) else expected)


def test_every_feature_has_been_computed_by_hand() -> None:
    assert list(EXPECTED) == [feature.name for feature in CATALOGUE]


def test_a_customer_is_who_has_a_live_order_before_as_of(customers: ByCustomer) -> None:
    assert list(customers) == ["ann", "bob", "cid", "dan", "eve"]


def test_a_customer_of_one_order_has_no_rhythm_and_no_invented_one(customers: ByCustomer) -> None:
    bob = customers["bob"]
    assert bob["order_count"] == bob["order_day_count"] == 1
    assert bob["net_revenue"] == 50
    assert {
        name for name in bob if "gap" in name or name in {"churn_ratio", "days_overdue", "order_frequency_trend"}
    } <= {name for name, value in bob.items() if value is None}


def test_nothing_happened_is_zero_and_not_missing(customers: ByCustomer) -> None:
    zeros = {feature.name for feature in CATALOGUE if feature.missing is Missing.ZERO}
    assert {name: customers["eve"][name] for name in ("return_line_count", "returned_value", "review_count")} == {
        "return_line_count": 0,
        "returned_value": 0,
        "review_count": 0,
    }
    assert all(row[name] is not None for row in customers.values() for name in zeros)


def test_only_what_may_be_missing_is(customers: ByCustomer) -> None:
    missing = {name for row in customers.values() for name, value in row.items() if value is None}
    assert all(FEATURE[name].missing in {Missing.MEDIAN, Missing.UNKNOWN} for name in missing)


def test_a_zero_baseline_has_no_trend(customers: ByCustomer) -> None:
    assert customers["dan"]["order_trend_90d"] is None
    assert customers["cid"]["order_trend_90d"] == 0


def test_a_small_city_is_drawn_to_the_shop_and_an_unknown_one_has_no_rate(customers: ByCustomer) -> None:
    assert customers["eve"]["city_churn_rate"] is None
    assert customers["eve"]["state_avg_order_value"] is None


def test_the_seven_features_come_from_ours(customers: ByCustomer) -> None:
    assert {theirs: customers["ann"][ours] for theirs, ours in SEVEN.items()} == {
        "recency_days": 7,
        "frequency": 6,
        "monetary": 98,
        "avg_basket_value": pytest.approx(98 / 6),
        "unique_products": 4,
        "avg_interpurchase_days": 92.5,
        "purchase_span_days": 370,
    }
