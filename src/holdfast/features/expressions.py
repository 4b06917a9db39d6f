"""The phrases that many features share, over the columns that `grains` documents."""

from holdfast.engine import dialect as sql
from holdfast.engine.dialect import Sql
from holdfast.tables import MONEY

_FIXED_POINT = 10**9  # nine decimals, as `dialect.exact_sum`

ORDERS = Sql("COUNT(*)")
"""The number of rows; at the grain of live orders, of orders."""


def within(days: int, *, after: int = 0) -> str:
    """The row is more than `after` and at most `days` days old."""
    return f"age <= {days}" if after == 0 else f"age > {after} AND age <= {days}"


def share_where(condition: str) -> Sql:
    """Share of the rows that meet the condition."""
    return sql.ratio(sql.count_where(condition), ORDERS)


def where_given(given: str, value: str) -> Sql:
    """`value` in rows where `given` has one, for aggregates, which pass over NULL."""
    return Sql(f"CASE WHEN {given} IS NOT NULL THEN {value} END")


def last_given(value: str, order: str = "place") -> Sql:
    """`value` of the latest row that has one."""
    return sql.last_by(value, where_given(value, order))


def first_given(value: str, order: str = "place") -> Sql:
    """`value` of the earliest row that has one."""
    return sql.first_by(value, where_given(value, order))


def n_log_n(total: str) -> Sql:
    """A total times its logarithm, rounded as `exact_sum` rounds, so that a part alone leaves exactly nothing."""
    return Sql(f"(round({total} * ln({total}) * {_FIXED_POINT}) / {_FIXED_POINT})")


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
    """Sum of the rows' weights, halved every `half_life` days; each has nine decimals, so that the sum is exact."""
    return Sql(f"SUM({sql.cast(_weight(half_life), 'DECIMAL(10,9)')})")


def faded_sum(amount: str, half_life: int) -> Sql:
    """Sum of an amount by the rows' weights; each product is money again, with its four decimals."""
    faded = f"{sql.cast(amount, 'DOUBLE')} * {_weight(half_life)}"
    return Sql(f"SUM({sql.cast(faded, MONEY)})")


def _weight(half_life: int) -> Sql:
    return Sql(f"pow(0.5, age / {float(half_life)})")


def slope(x: str, y: str) -> Sql:
    """Least-squares slope of integer y on integer x, from exact sums; rows where y is NULL take no part."""
    n, sum_x, sum_y, sum_xy = f"COUNT({y})", f"SUM({where_given(y, x)})", f"SUM({y})", f"SUM({x} * {y})"
    sum_xx = f"SUM({where_given(y, f'{x} * {x}')})"
    return sql.ratio(f"({n} * {sum_xy} - {sum_x} * {sum_y})", f"({n} * {sum_xx} - {sum_x} * {sum_x})")
