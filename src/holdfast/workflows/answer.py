"""The first answer in money: what is at risk, who holds it, and what it was made from."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from holdfast.engine import Query
from holdfast.reports import FirstAnswer, LedgerLine, ShopFacts, first_answer
from holdfast.store import Manifest
from holdfast.workflows.customers import Grouped, grouped_customers
from holdfast.workflows.report import ledger_of
from holdfast.workflows.shop import Progress, Shop, no_progress

UNNAMED_CURRENCY = ""
"""Where no file and no setting names one: amounts stand without a sign, rather than with a wrong or odd one."""


def answer(
    shop: Shop,
    *,
    as_of: str | date | None = None,
    rules: Mapping[str, Any] | None = None,
    progress: Progress = no_progress,
) -> FirstAnswer:
    """The first answer as of a date (default: the data set's proposal)."""
    with grouped_customers(shop, as_of=as_of, rules=rules, progress=progress) as grouped:
        return answer_of(grouped)


def answer_of(grouped: Grouped) -> FirstAnswer:
    """The first answer of customers that are already grouped."""
    orders = grouped.engine.rows(
        Query(
            "orders_before",
            "all orders before as_of",
            "SELECT COUNT(*) AS n FROM orders WHERE lines > 0 AND ordered_at < CAST($as_of AS TIMESTAMP)",
            {"as_of": grouped.as_of},
        )
    ).one()["n"]
    return first_answer(_facts(grouped.dataset.manifest, grouped.as_of, orders), grouped.groups)


def _facts(manifest: Manifest, as_of: date, orders: int) -> ShopFacts:
    ledger = ledger_of(manifest)
    return ShopFacts(
        as_of=as_of,
        currency=manifest.currency or UNNAMED_CURRENCY,
        first_order=_day(manifest.first_order),
        last_order=_day(manifest.last_order),
        orders=orders,
        lines_kept=ledger.lines_kept,
        revenue_kept=ledger.revenue_kept,
        rejected=[LedgerLine(reason, lines, revenue) for reason, lines, revenue in ledger.rejected],
    )


def _day(moment: str | None) -> date:
    return datetime.fromisoformat(moment or "1970-01-01").date()
