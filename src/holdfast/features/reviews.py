"""What a customer says of its orders; a review is known from the day it was written."""

from holdfast.engine import dialect as sql
from holdfast.engine.dialect import Sql
from holdfast.features.expressions import ORDERS, last_given
from holdfast.features.feature import DOUBLE, INTEGER, Feature, Grain, Missing, Unit

LOW_SCORE = 2
"""Stars up to which a review counts as a complaint."""


def _review(
    name: str,
    definition: str,
    unit: Unit,
    expression: Sql,
    missing: Missing = Missing.MEDIAN,
    sql_type: str = DOUBLE,
) -> Feature:
    return Feature(name, definition, unit, missing, Grain.REVIEWS, expression, sql_type, ("reviews.score",))


REVIEWS: tuple[Feature, ...] = (
    _review("review_count", "Reviews written.", Unit.REVIEWS, ORDERS, Missing.ZERO, INTEGER),
    _review(
        "review_text_count",
        "Reviews with a text.",
        Unit.REVIEWS,
        sql.count_where("text IS NOT NULL"),
        Missing.ZERO,
        INTEGER,
    ),
    _review("mean_review_score", "Mean stars given.", Unit.STARS, sql.mean("score")),
    _review(
        "last_review_score",
        "Stars of the latest review; the fewer if two came at once.",
        Unit.STARS,
        last_given("score", f"{sql.epoch_seconds('created_at')} * 100 - score"),
        sql_type=INTEGER,
    ),
    _review(
        "low_review_share",
        f"Share of reviews of {LOW_SCORE} stars or fewer.",
        Unit.SHARE,
        sql.ratio(sql.count_where(f"score <= {LOW_SCORE}"), "COUNT(score)"),
    ),
    _review(
        "days_since_last_review",
        "Days since the last review.",
        Unit.DAYS,
        Sql(f"$today - MAX({sql.day_number('created_at')})"),
        sql_type=INTEGER,
    ),
    Feature(
        "review_engagement_score",
        "How much the customer says: half a point per order reviewed and half for a text, over its orders, at most 1.",
        Unit.SHARE,
        Missing.NEVER,
        Grain.CUSTOMER,
        Sql(f"LEAST({sql.ratio('review_count + review_text_count', '2 * order_count')}, 1)"),
        needs=("reviews.score",),
        uses=("review_count", "review_text_count", "order_count"),
    ),
)
