"""The rhythm of buying: gaps between order days, and the silence since."""

from holdfast.engine import dialect as sql
from holdfast.engine.dialect import Sql
from holdfast.features.expressions import last_given, slope
from holdfast.features.feature import INTEGER, Feature, Grain, Missing, Unit


def _gap(name: str, definition: str, expression: Sql, *, unit: Unit = Unit.DAYS, sql_type: str = "DOUBLE") -> Feature:
    return Feature(name, definition, unit, Missing.MEDIAN, Grain.ORDERS, expression, sql_type)


def _derived(name: str, definition: str, unit: Unit, expression: Sql, *uses: str) -> Feature:
    return Feature(name, definition, unit, Missing.MEDIAN, Grain.CUSTOMER, expression, uses=uses)


RHYTHM: tuple[Feature, ...] = (
    _gap(
        "mean_gap_days",
        "Mean days between one order day and the next; missing for customers of one day.",
        sql.mean("gap"),
    ),
    _gap("median_gap_days", "Median days between one order day and the next.", sql.median("gap")),
    _gap(
        "std_gap_days",
        "Standard deviation of the days between order days; missing below two gaps.",
        sql.std("gap"),
    ),
    _gap("min_gap_days", "Fewest days between two order days.", Sql("MIN(gap)"), sql_type=INTEGER),
    _gap("max_gap_days", "Most days between two order days.", Sql("MAX(gap)"), sql_type=INTEGER),
    _gap(
        "last_gap_days",
        "Days between the last order day and the one before.",
        last_given("gap"),
        sql_type=INTEGER,
    ),
    _gap(
        "gap_trend_days",
        "By how many days each gap is longer than the one before (least-squares slope over the customer's orders): "
        "above zero, the customer slows down.",
        slope("place", "gap"),
    ),
    _derived(
        "gap_variation",
        "Standard deviation of the gaps over their mean: 0 is clockwork, above 1 is erratic.",
        Unit.RATIO,
        sql.ratio("std_gap_days", "mean_gap_days"),
        "std_gap_days",
        "mean_gap_days",
    ),
    _derived(
        "last_gap_ratio",
        "The last gap over the customer's own median gap.",
        Unit.RATIO,
        sql.ratio("last_gap_days", "median_gap_days"),
        "last_gap_days",
        "median_gap_days",
    ),
    _derived(
        "churn_ratio",
        "Days since the last order over the customer's own median gap; missing for customers of one day.",
        Unit.RATIO,
        sql.ratio("days_since_last_order", "median_gap_days"),
        "days_since_last_order",
        "median_gap_days",
    ),
    _derived(
        "silence_to_longest_gap",
        "Days since the last order over the longest gap so far: above 1, the customer was never silent for so long.",
        Unit.RATIO,
        sql.ratio("days_since_last_order", "max_gap_days"),
        "days_since_last_order",
        "max_gap_days",
    ),
    _derived(
        "days_overdue",
        "Days since the last order less the median gap: below zero, the next order is not due yet.",
        Unit.DAYS,
        Sql("days_since_last_order - median_gap_days"),
        "days_since_last_order",
        "median_gap_days",
    ),
    _derived(
        "silence_deviation",
        "Days since the last order less the mean gap, in standard deviations of the gaps.",
        Unit.RATIO,
        sql.ratio("days_since_last_order - mean_gap_days", "std_gap_days"),
        "days_since_last_order",
        "mean_gap_days",
        "std_gap_days",
    ),
)
