"""What an import did: one object about the file, and one about the shop after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from holdfast.cleaning import EXPLANATIONS, Balance, Entry, balance
from holdfast.cleaning.services import ServiceProposal
from holdfast.engine import DuckEngine, Query
from holdfast.store import Manifest


@dataclass(frozen=True, slots=True)
class Reach:
    """How far some kept lines reach: distinct customers and orders, first and last moment as ISO text."""

    customers: int
    orders: int
    first_order: str | None
    last_order: str | None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The ledger of the imported files and of the whole shop after them."""

    import_id: str
    files: tuple[str, ...]
    balance: Balance
    reach: Reach
    manifest: Manifest
    shop_balance: Balance
    shop_reach: Reach
    changed: bool
    warnings: tuple[str, ...]
    service_proposals: tuple[ServiceProposal, ...]

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON: money as text, reasons with their explanation."""
        return {
            "import": self.import_id,
            "files": list(self.files),
            "changed": self.changed,
            **_figures(self.balance, self.reach),
            "currency": self.manifest.currency,
            "as_of": self.manifest.as_of,
            "policy": self.manifest.policy["name"],
            "duplicates": self.manifest.duplicates,
            "warnings": list(self.warnings),
            "service_proposals": [
                {"product_id": p.product_id, "name": p.product_name, "lines": p.lines, "why": p.why}
                for p in self.service_proposals
            ],
            "dataset": {
                "version": self.manifest.version,
                **_figures(self.shop_balance, self.shop_reach),
                "currency": self.manifest.currency,
                "as_of": self.manifest.as_of,
                "imports": list(self.manifest.imports),
            },
        }


def ledger_of(manifest: Manifest, *, import_id: str | None = None) -> Balance:
    """The ledger of a data set, or of one of its imports."""
    sources = [i for i, source in enumerate(manifest.sources) if import_id in (None, source.import_id)]
    entries = [Entry(e.source, e.reason, e.lines, e.orders, e.customers, Decimal(e.revenue)) for e in manifest.ledger]
    return balance(entries, sources=sources)


def reach_of(engine: DuckEngine, sources: Sequence[int]) -> Reach:
    """How far the kept sale lines of some sources reach, from the stage bound in the engine."""
    query = Query("reach", "some files", """
        SELECT COUNT(DISTINCT customer_key) AS customers, COUNT(DISTINCT order_key) AS orders,
            MIN(ordered_at) AS first_order, MAX(ordered_at) AS last_order
        FROM order_lines WHERE list_contains($sources, source)""", {"sources": list(sources)})  # fmt: skip
    found = engine.rows(query).one()
    first, last = (moment.isoformat() if moment else None for moment in (found["first_order"], found["last_order"]))
    return Reach(found["customers"], found["orders"], first, last)


def _figures(ledger: Balance, reach: Reach) -> dict[str, Any]:
    return {
        "lines_in": ledger.lines_in,
        "lines_kept": ledger.lines_kept,
        "lines_rejected": ledger.lines_rejected,
        "revenue_in": str(ledger.revenue_in),
        "revenue_kept": str(ledger.revenue_kept),
        "revenue_rejected": str(ledger.revenue_rejected),
        "customers": reach.customers,
        "orders": reach.orders,
        "first_order": reach.first_order,
        "last_order": reach.last_order,
        "reasons": _reasons(ledger.rejected),
        "kept": _reasons(ledger.kept),
    }


def _reasons(side: Sequence[tuple[str, int, Decimal]]) -> list[dict[str, Any]]:
    return [
        {"reason": reason, "lines": lines, "revenue": str(revenue), "meaning": EXPLANATIONS[reason]}
        for reason, lines, revenue in side
    ]
