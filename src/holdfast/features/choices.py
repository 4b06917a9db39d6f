"""What a customer chooses among: products, categories, brands, sellers, payment types; how widely and how loyally.

`n` is how many lines (or orders) went to a choice, `by_count` ranks the choices from the most frequent, `by_time` from
the first. Diversity and loyalty come from Shannon's entropy, see `expressions`.
"""

from holdfast.engine import dialect as sql
from holdfast.engine.dialect import Sql
from holdfast.features.expressions import ORDERS, diversity, loyalty, share_where
from holdfast.features.feature import DOUBLE, INTEGER, LABEL, Feature, Grain, Missing, Unit

_TOP_SHARE = sql.ratio("MAX(n)", "SUM(n)")


def _recent(day: str, days: int) -> str:
    """The date lies in the last `days` days."""
    return f"{day} >= {sql.day_date(f'$today - {days}')}"


def _the(rank: str) -> Sql:
    """The choice that ranks first."""
    return Sql(f"MAX(CASE WHEN {rank} = 1 THEN choice END)")


def _product(
    name: str, definition: str, unit: Unit, expression: Sql, missing: Missing, sql_type: str = DOUBLE
) -> Feature:
    return Feature(name, definition, unit, missing, Grain.PRODUCTS, expression, sql_type, ("order_lines.product_key",))


def _unique_products(days: int) -> Feature:
    return _product(
        f"unique_products_{days}d",
        f"Different products bought in the last {days} days.",
        Unit.PRODUCTS,
        sql.count_where(_recent("last_day", days)),
        Missing.ZERO,
        INTEGER,
    )


PRODUCTS: tuple[Feature, ...] = (
    _product("unique_products", "Different products bought.", Unit.PRODUCTS, ORDERS, Missing.ZERO, INTEGER),
    *(_unique_products(days) for days in (30, 90, 365)),
    _product(
        "new_products_90d",
        "Products bought for the first time in the last 90 days.",
        Unit.PRODUCTS,
        sql.count_where(_recent("first_day", 90)),
        Missing.ZERO,
        INTEGER,
    ),
    _product(
        "repeat_product_share",
        "Share of the customer's products that it bought on more than one day.",
        Unit.SHARE,
        share_where("last_day > first_day"),
        Missing.MEDIAN,
    ),
    _product(
        "top_product_share", "Share of lines of the most frequent product.", Unit.SHARE, _TOP_SHARE, Missing.MEDIAN
    ),
    _product(
        "top_product_spend_share",
        "Share of spend of the product with most spend, before returns.",
        Unit.SHARE,
        sql.ratio("MAX(amount)", "SUM(amount)"),
        Missing.MEDIAN,
    ),
    _product(
        "product_diversity",
        "Effective number of products: e to the entropy of the lines over products.",
        Unit.PRODUCTS,
        diversity("n"),
        Missing.MEDIAN,
    ),
    _product(
        "product_loyalty",
        "1 if all lines are of one product, 0 if each is of another (1 - entropy / ln lines); missing for one line.",
        Unit.SHARE,
        loyalty("n"),
        Missing.MEDIAN,
    ),
)


def _category(
    name: str, definition: str, unit: Unit, expression: Sql, missing: Missing, sql_type: str = DOUBLE
) -> Feature:
    return Feature(name, definition, unit, missing, Grain.CATEGORIES, expression, sql_type, ("products.category",))


CATEGORIES: tuple[Feature, ...] = (
    _category("category_count", "Different categories bought.", Unit.KINDS, ORDERS, Missing.ZERO, INTEGER),
    _category(
        "category_diversity",
        "Effective number of categories: e to the entropy of the lines over categories.",
        Unit.KINDS,
        diversity("n"),
        Missing.MEDIAN,
    ),
    _category(
        "category_loyalty",
        "1 if all lines are of one category, 0 if each is of another (1 - entropy / ln lines); missing for one line.",
        Unit.SHARE,
        loyalty("n"),
        Missing.MEDIAN,
    ),
    _category(
        "top_category_share", "Share of lines of the favourite category.", Unit.SHARE, _TOP_SHARE, Missing.MEDIAN
    ),
    _category("favourite_category", "Category of most lines.", Unit.LABEL, _the("by_count"), Missing.UNKNOWN, LABEL),
    _category(
        "first_category",
        "Category bought on the first day; of several, that of most spend since.",
        Unit.LABEL,
        _the("by_time"),
        Missing.UNKNOWN,
        LABEL,
    ),
)

_BRAND_NEEDS = ("products.brand|order_lines.seller",)

MAKERS: tuple[Feature, ...] = (
    Feature(
        "brand_count",
        "Different brands bought; sellers where the shop names no brand.",
        Unit.KINDS,
        Missing.ZERO,
        Grain.BRANDS,
        ORDERS,
        INTEGER,
        _BRAND_NEEDS,
    ),
    Feature(
        "brand_loyalty_score",
        "1 if all lines are of one brand (seller where the shop names no brand), 0 if each is of another "
        "(1 - entropy / ln lines); missing for one line.",
        Unit.SHARE,
        Missing.MEDIAN,
        Grain.BRANDS,
        loyalty("n"),
        needs=_BRAND_NEEDS,
    ),
    Feature(
        "top_brand_share",
        "Share of lines of the favourite brand (seller where the shop names no brand).",
        Unit.SHARE,
        Missing.MEDIAN,
        Grain.BRANDS,
        _TOP_SHARE,
        needs=_BRAND_NEEDS,
    ),
    Feature(
        "seller_count",
        "Different sellers bought from.",
        Unit.KINDS,
        Missing.ZERO,
        Grain.SELLERS,
        ORDERS,
        INTEGER,
        ("order_lines.seller",),
    ),
    Feature(
        "seller_loyalty",
        "1 if all lines are of one seller, 0 if each is of another (1 - entropy / ln lines); missing for one line.",
        Unit.SHARE,
        Missing.MEDIAN,
        Grain.SELLERS,
        loyalty("n"),
        needs=("order_lines.seller",),
    ),
)


def _payment(
    name: str, definition: str, unit: Unit, expression: Sql, missing: Missing, sql_type: str = DOUBLE
) -> Feature:
    return Feature(name, definition, unit, missing, Grain.PAYMENTS, expression, sql_type, ("orders.payment_type",))


PAYMENTS: tuple[Feature, ...] = (
    _payment(
        "preferred_payment_method",
        "Payment type of most orders; of equals, the first in the alphabet.",
        Unit.LABEL,
        _the("by_count"),
        Missing.UNKNOWN,
        LABEL,
    ),
    _payment(
        "preferred_payment_share",
        "Share of orders paid by the preferred payment type.",
        Unit.SHARE,
        _TOP_SHARE,
        Missing.MEDIAN,
    ),
    _payment("payment_method_count", "Different payment types used.", Unit.KINDS, ORDERS, Missing.ZERO, INTEGER),
)

CHOICES: tuple[Feature, ...] = (*PRODUCTS, *CATEGORIES, *MAKERS, *PAYMENTS)
