"""The phrases that many features share, over the columns that `grains` documents."""

from holdfast.engine import dialect as sql
from holdfast.engine.dialect import Sql
from holdfast.tables import MONEY

ORDERS = Sql("COUNT(*)")
"""The number of rows; at the grain of live orders, of orders."""


def within(days: int, *, after: int = 0) -> str:
    """The row is more than `after` and at most `days` days old."""
    return f"age <= {days}" if after == 0 else f"age > {after} AND age <= {days}"


def share_where(condition: str) -> Sql:
    """Share of the rows that meet the condition."""
    return sql.ratio(sql.count_where(condition), ORDERS)


def last_given(value: str, order: str = "place") -> Sql:
    """`value` of the latest row that has one."""
    return Sql(f"{sql.last_by(value, order)} FILTER (WHERE {value} IS NOT NULL)")


def first_given(value: str, order: str = "place") -> Sql:
    """`value` of the earliest row that has one."""
    return Sql(f"{sql.first_by(value, order)} FILTER (WHERE {value} IS NOT NULL)")


def n_log_n(total: str) -> Sql:
    """n ln n of a total, rounded as `exact_sum` rounds its terms, so that one part alone leaves exactly nothing."""
    return Sql(f"(round({total} * ln({total}) * 1000000000) / 1000000000)")


def entropy(n: str) -> Sql:
    """Shannon entropy, in nats, of the parts n: ln N - sum(n ln n) / N."""
    return sql.ratio(f"{n_log_n(f'SUM({n})')} - {sql.exact_sum(f'{n} * ln({n})')}", f"SUM({n})")


def loyalty(n: str) -> Sql:
    """1 - entropy / ln N: 1 where all N rows chose the same, 0 where each chose another; NULL for a single row."""
    return sql.ratio(sql.exact_sum(f"{n} * ln({n})"), n_log_n(f"SUM({n})"))


def diversity(n: str) -> Sql:
    """Effective number of choices, e to the entropy (Hill 1973): 3 equally frequent ones count as 3."""
    return Sql(f"exp({entropy(n)})")


def faded_count(half_life: int) -> Sql:
    """Sum of the rows' weights, halved every `half_life` days; each rounded to nine decimals, so that sums are exact."""
    return Sql(f"SUM({sql.cast(_weight(half_life), 'DECIMAL(10,9)')})")


def faded_sum(amount: str, half_life: int) -> Sql:
    """Sum of an amount by the rows' weights; each product is money again, with its four decimals."""
    faded = f"{sql.cast(amount, 'DOUBLE')} * {_weight(half_life)}"
    return Sql(f"SUM({sql.cast(faded, MONEY)})")


def _weight(half_life: int) -> Sql:
    return Sql(f"pow(0.5, age / {float(half_life)})")


def slope(x: str, y: str) -> Sql:
    """Least-squares slope of integer y on integer x, from exact sums; rows where y is NULL take no part."""
    n, both = f"COUNT({y})", f"FILTER (WHERE {y} IS NOT NULL)"
    sum_x, sum_y = f"SUM({x}) {both}", f"SUM({y})"
    return sql.ratio(
        f"({n} * SUM({x} * {y}) - {sum_x} * {sum_y})", f"({n} * SUM({x} * {x}) {both} - {sum_x} * {sum_x})"
    )
