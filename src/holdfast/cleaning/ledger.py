"""The ledger: every line in is kept or rejected, with its reason and its revenue, and both sides add up to the cent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from holdfast.cleaning.reasons import Kept, Reason
from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.units import share_out, to_cents

_ORDER_OF_REASONS = {str(reason): i for i, reason in enumerate([*Kept, *Reason])}


@dataclass(frozen=True, slots=True)
class Entry:
    """The lines of one file with one fate; `revenue` is exact, not rounded."""

    source: int
    reason: str
    lines: int
    orders: int
    customers: int
    revenue: Decimal

    @property
    def is_kept(self) -> bool:
        """These lines are in the stage."""
        return self.reason in set(Kept)


@dataclass(frozen=True, slots=True)
class Balance:
    """The ledger of some files in cents: kept + rejected = in, and the reasons add up to the side they are on."""

    lines_in: int
    lines_kept: int
    lines_rejected: int
    revenue_in: Decimal
    revenue_kept: Decimal
    revenue_rejected: Decimal
    kept: tuple[tuple[str, int, Decimal], ...]
    rejected: tuple[tuple[str, int, Decimal], ...]


def entries(engine: DuckEngine, *, lines: str) -> tuple[Entry, ...]:
    """Count the classified lines by file and fate; by order first, for texts are dear to tell apart line by line."""
    fate = f"""CASE WHEN reason IS NOT NULL THEN reason WHEN is_return THEN {sql.text(Kept.RETURN)}
        WHEN is_service THEN {sql.text(Kept.SERVICE)}
        WHEN customer_id IS NULL THEN {sql.text(Kept.SALE_WITHOUT_CUSTOMER)} ELSE {sql.text(Kept.SALE)} END"""
    query = Query(
        "ledger",
        "one file and fate",
        f"""
        SELECT source, reason, CAST(SUM(lines) AS BIGINT) AS lines, COUNT(DISTINCT order_id) AS orders,
            COUNT(DISTINCT customer_id) AS customers, COALESCE(SUM(revenue), 0) AS revenue
        FROM (
            SELECT source, {fate} AS reason, order_id, customer_id, COUNT(*) AS lines, SUM(line_amount) AS revenue
            FROM {lines} GROUP BY ALL
        ) AS by_order GROUP BY source, reason""",
    )
    found = [Entry(*row) for row in engine.rows(query).rows]
    return tuple(sorted(found, key=lambda entry: (entry.source, _ORDER_OF_REASONS[entry.reason])))


def balance(ledger: Iterable[Entry], *, sources: Sequence[int] | None = None) -> Balance:
    """Add up the entries (of some files), rounding once: in and kept are rounded sums, rejected is their difference."""
    counted = [entry for entry in ledger if sources is None or entry.source in sources]
    kept, rejected = _by_reason(e for e in counted if e.is_kept), _by_reason(e for e in counted if not e.is_kept)
    revenue_in = to_cents(sum((entry.revenue for entry in counted), Decimal(0)))
    revenue_kept = to_cents(sum((revenue for _, revenue in kept.values()), Decimal(0)))
    lines_kept, lines_rejected = (sum(lines for lines, _ in side.values()) for side in (kept, rejected))
    return Balance(
        lines_in=lines_kept + lines_rejected,
        lines_kept=lines_kept,
        lines_rejected=lines_rejected,
        revenue_in=revenue_in,
        revenue_kept=revenue_kept,
        revenue_rejected=revenue_in - revenue_kept,
        kept=_in_cents(kept, revenue_kept),
        rejected=_in_cents(rejected, revenue_in - revenue_kept),
    )


def _by_reason(side: Iterable[Entry]) -> dict[str, tuple[int, Decimal]]:
    sums: dict[str, tuple[int, Decimal]] = {}
    for entry in side:
        lines, revenue = sums.get(entry.reason, (0, Decimal(0)))
        sums[entry.reason] = (lines + entry.lines, revenue + entry.revenue)
    return dict(sorted(sums.items(), key=lambda item: _ORDER_OF_REASONS[item[0]]))


def _in_cents(side: dict[str, tuple[int, Decimal]], total: Decimal) -> tuple[tuple[str, int, Decimal], ...]:
    shares = share_out(total, [revenue for _, revenue in side.values()])
    return tuple((reason, lines, cents) for (reason, (lines, _)), cents in zip(side.items(), shares, strict=True))
