"""What a run of the voucher pipeline says: the ledger, what is outside of the rules, and what was counted."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from holdfast.actions.vouchers import (
    EXPLANATIONS,
    Reason,
    Usage,
    VoucherRules,
    VoucherUse,
    outside,
    parse_voucher_rules,
)
from holdfast.actions.vouchers.reasons import KEPT
from holdfast.actions.vouchers.rules import SEGMENT_KINDS
from holdfast.store.vouchers import VoucherManifest
from holdfast.units import to_cents
from holdfast.workflows.plain import plain


@dataclass(frozen=True, slots=True)
class HistoryReport:
    """What a run made; `changed` is false where the history in force says the very same."""

    manifest: VoucherManifest
    changed: bool

    def as_dict(self) -> dict[str, Any]:
        """As JSON: the ledger with its explanations, what is outside of the rules, rules and notes."""
        made = self.manifest
        ledger = [
            {**entry, "amount": to_cents(Decimal(entry["amount"])), "explanation": EXPLANATIONS[entry["reason"]]}
            for entry in made.ledger
        ]
        rows = {entry["reason"]: entry["rows"] for entry in made.ledger}
        rows_in, kept = sum(rows.values()), rows.get(KEPT, 0)
        counts = {
            "rows_in": rows_in,
            "rows_of_countries": rows_in - rows.get(Reason.NO_COUNTRY, 0) - rows.get(Reason.OTHER_COUNTRY, 0),
            "rows_kept": kept,
            "rows_rejected": rows_in - kept,
        }
        names = ("version", "created_at", "file", "place", "policy", "rules", "duplicates", "notes")
        shown = {name: getattr(made, name) for name in names}
        told = {**shown, "changed": self.changed, **counts, "ledger": ledger, "outside_rules": _outside(made)}
        result: dict[str, Any] = plain(told)
        return result


def usage_of(manifest: VoucherManifest) -> Usage:
    """What a history counted."""
    return Usage(tuple(VoucherUse(**{**use, "amount": Decimal(use["amount"])}) for use in manifest.uses))


def rules_of(manifest: VoucherManifest) -> VoucherRules:
    """The rules that a history was made with."""
    return parse_voucher_rules(manifest.rules)


def _outside(manifest: VoucherManifest) -> dict[str, dict[str, int]]:
    """Assignments that count and are in no segment: country -> kind of segment -> how many."""
    usage = usage_of(manifest)
    return {
        country: {name: outside(usage, country, name) for name in SEGMENT_KINDS} for country in usage.countries.values()
    }
