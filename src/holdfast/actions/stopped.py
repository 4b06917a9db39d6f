"""What a customer used to buy in its own rhythm and has stopped buying: categories, or products where there are none.

A thing was bought regularly if there are at least three days with an order of it. It has stopped if it has not been
bought for more than twice the median gap between those days. What it was worth a month is its net revenue over its
active span: from the first such day to the last, and one usual gap on, since n purchases cover n gaps. The span is a
month at least, so that three purchases in a week are not taken for twelve.

Everything is as of a day: orders and returns on that day and later are not known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql

FEWEST_DAYS = 3
"""Order days from which on there is a rhythm: two gaps, so that one odd gap is not taken for it."""

SILENT_GAPS = 2
"""Median gaps of silence that are taken for having stopped: where a customer's risk is called high as well."""

DAYS_A_MONTH = 365.25 / 12


class Kind(StrEnum):
    """What is looked at."""

    CATEGORY = "category"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True)
class Stopped:
    """A category or product that is bought no more.

    `order_days` with an order of it, usually `median_gap_days` apart, the last one `days_silent` days before the day of
    the question. `net_revenue` is exact, after returns; `worth_a_month` an estimate in the same currency.
    `ordered_since`: days with an order of something else after it was last bought; 0 = nothing was ordered since.
    """

    kind: Kind
    name: str
    order_days: int
    median_gap_days: float
    last_bought_on: date
    days_silent: int
    net_revenue: Decimal
    worth_a_month: float
    ordered_since: int


def stopped_buying(
    engine: DuckEngine, customer_key: int, *, as_of: date, silent_gaps: float = SILENT_GAPS
) -> tuple[Stopped, ...]:
    """What one customer has stopped buying as of a day, what was worth most a month first.

    The engine has order_lines, returns and products of a stage bound. With `silent_gaps` below 0 it is all that was
    bought regularly, stopped or not.
    """
    kind = kind_of(engine)
    scope = _scope(customer_key, as_of) | {"silent_gaps": silent_gaps}
    found = engine.rows(Query("stopped", "one thing a customer buys no more", _text(kind), scope))
    return tuple(_stopped(kind, row, as_of) for row in found.dicts())


def kind_of(engine: DuckEngine) -> Kind:
    """What is looked at in a shop: categories if any of its goods has one."""
    text = "SELECT EXISTS (SELECT 1 FROM products WHERE category IS NOT NULL AND NOT is_service)"
    ((answer,),) = engine.rows(Query("has_categories", "shop", text)).rows
    return Kind.CATEGORY if answer else Kind.PRODUCT


def _scope(customer_key: int, as_of: date) -> dict[str, object]:
    return {"customer": customer_key, "as_of": as_of, "today": (as_of - date(1970, 1, 1)).days}


def _stopped(kind: Kind, row: Mapping[str, Any], as_of: date) -> Stopped:
    return Stopped(
        kind=kind,
        name=row["name"],
        order_days=row["order_days"],
        median_gap_days=row["gap"],
        last_bought_on=as_of - timedelta(days=row["silent"]),
        days_silent=row["silent"],
        net_revenue=row["net"],
        worth_a_month=round(row["worth"], 2),
        ordered_since=row["ordered_since"],
    )


# --- the query -------------------------------------------------------------------------------------------------------

_AS_OF = sql.day_start("$as_of")
_STANDS = f"COALESCE(reversed_at >= {_AS_OF}, TRUE)"


def _text(kind: Kind) -> str:
    """One row for each thing that has stopped. Grain by grain: an order's product, a day of a thing, a thing.

    What came back is first what was reversed as a whole; only the rest lessens the lines that stand. An order that was
    called off has no returns, and is simply not there.
    """
    choice, shown = ("p.category", "p.category")
    if kind is Kind.PRODUCT:
        choice, shown = "p.product_key", "COALESCE(p.product_name, p.product_id)"
    worth = sql.ratio(f"r.net * {DAYS_A_MONTH}", f"GREATEST(r.span + r.gap, {DAYS_A_MONTH})")
    known = f"customer_key = $customer AND ordered_at < {_AS_OF} AND NOT is_service"
    return f"""
    WITH sold AS (
        SELECT order_key, product_key, {sql.day_number("MIN(ordered_at)")} AS day,
            {sql.sum_where("amount", _STANDS)} AS stands, {sql.sum_where("amount", f"NOT {_STANDS}")} AS reversed
        FROM order_lines WHERE {known} GROUP BY order_key, product_key HAVING {sql.count_where(_STANDS)} > 0
    ), undone AS (
        SELECT order_key, product_key, SUM(amount) AS amount FROM returns
        WHERE customer_key = $customer AND returned_at < {_AS_OF} GROUP BY order_key, product_key
    ), bought AS (
        SELECT {choice} AS choice, {shown} AS name, s.day,
            s.stands + LEAST(s.reversed + COALESCE(u.amount, 0), 0) AS net
        FROM sold AS s JOIN products AS p ON p.product_key = s.product_key
        LEFT JOIN undone AS u ON u.order_key = s.order_key AND u.product_key = s.product_key
        WHERE {choice} IS NOT NULL AND {shown} IS NOT NULL
    ), days AS (
        SELECT choice, MIN(name) AS name, day, SUM(net) AS net,
            day - LAG(day) OVER (PARTITION BY choice ORDER BY day) AS gap
        FROM bought GROUP BY choice, day
    ), rhythms AS (
        SELECT choice, MIN(name) AS name, COUNT(*) AS order_days, {sql.median("gap")} AS gap,
            MAX(day) AS last_day, MAX(day) - MIN(day) AS span, $today - MAX(day) AS silent, SUM(net) AS net
        FROM days GROUP BY choice HAVING COUNT(*) >= {FEWEST_DAYS}
    )
    SELECT r.name, r.order_days, r.gap, r.silent, {sql.cast("r.net", "DECIMAL(18,4)")} AS net, {worth} AS worth,
        (SELECT COUNT(DISTINCT d.day) FROM days AS d WHERE d.day > r.last_day) AS ordered_since
    FROM rhythms AS r WHERE r.silent > $silent_gaps * r.gap AND r.net > 0
    ORDER BY worth DESC, r.name"""
