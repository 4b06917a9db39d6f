"""What people see of vouchers. Imported when a command has something to show."""

import csv
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from holdfast.actions.vouchers import VoucherRules
from holdfast.actions.vouchers.rules import COLUMNS
from holdfast.cli.output import print_rows, say
from holdfast.workflows.voucher_report import HistoryReport

_MEANING = {
    "most_used": "used most in its segment",
    "fallback_country": "used most in its country: the segment has no history",
    "outside_rules": "no segment holds this customer",
}


def show_history(report: HistoryReport, segments: Mapping[str, Any]) -> None:
    """The ledger, then the answers."""
    found = report.as_dict()
    if not found["changed"]:
        say("Nothing new: the history in force says the very same.", "bold")
    rows = [(each["reason"], each["rows"], Decimal(each["amount"]), each["explanation"]) for each in found["ledger"]]
    rows.append(("in", found["rows_in"], sum((row[2] for row in rows), Decimal(0)), "= kept + all others"))
    print_rows(
        f"Ledger of {found['file']} under policy {found['policy']}", ("fate", "rows", "vouchers worth", "meaning"), rows
    )
    say(f"{found['rows_of_countries']:,} rows are of the countries asked for, {found['rows_kept']:,} count.")
    _show_notes(found["notes"])
    say(f"The layers lie {found['place']}." if found["place"] == "here" else f"The layers lie in {found['place']}.")
    show_segments(segments)


def show_segments(found: Mapping[str, Any]) -> None:
    """One table a country."""
    for country in found["countries"]:
        rows = [_row(each["segment_name"], each["segment"], each) for each in country["segments"]]
        rows.append(_row("whole country", "", country))
        outside = ", ".join(f"{n:,} by {name}" for name, n in country["outside_rules"].items())
        print_rows(
            f"{country['country']}: most used voucher",
            ("by", "segment", "voucher", "n", "of them", "share", "ties", "label"),
            rows,
            note=f"In no segment: {outside}.",
            right=("share",),
        )


def show_rules(rules: VoucherRules) -> None:
    """The rule table and what it leaves out."""
    rows = [tuple(row[column] for column in COLUMNS) for row in rules.as_rows()]
    print_rows("Rules of voucher segments; both ends included", COLUMNS, rows)
    _show_notes(rules.notes())


def write_rules(rules: VoucherRules, out: Path) -> None:
    """The rule table as CSV."""
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rules.as_rows())


def show_decision(found: Mapping[str, Any]) -> None:
    """The amount, and what it rests on."""
    if found["voucher_amount"] is None:
        say(f"No voucher: {_MEANING[found['label']]}. As of {found['as_of']}.", "bold")
        return
    say(f"{found['voucher_amount']}, {_MEANING[found['label']]}.", "bold")
    say(f"Segment {found['segment']}; {found['share']:.1%} of {found['n']:,} had it. As of {found['as_of']}.")


def show_margins(found: Mapping[str, Any]) -> None:
    """One table a segment."""
    if not found["items"]:
        say("Nothing was offered at random yet, so nothing is known of what vouchers bring.")
    for each in found["items"]:
        if not each["amounts"]:
            say(f"{each['country']}, {each['segment']}: no offer is {found['outcome_days']} days old yet.")
            continue
        names = ("voucher_amount", "n", "redeemed", "net_margin", "effect", "low", "high")
        print_rows(
            f"{each['country']}, {each['segment_name']} {each['segment']}: money a customer",
            ("voucher", "n", "redeemed", "net margin", "more than nothing", "from", "to"),
            [tuple(arm[name] for name in names) for arm in each["amounts"]],
            note=each["reason"],
            right=("voucher",),
        )


def _row(by: str, segment: str, each: Mapping[str, Any]) -> tuple[Any, ...]:
    amount = None if each["voucher_amount"] is None else Decimal(each["voucher_amount"])
    share = "-" if each["share"] is None else f"{each['share']:.1%}"
    return by, segment, amount, each["n"], each["used"], share, ", ".join(each["ties"]), each.get("label", "")


def _show_notes(notes: Sequence[str]) -> None:
    for note in notes:
        say(f"Note: {note}")
