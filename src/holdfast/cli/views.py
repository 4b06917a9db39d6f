"""What people see of larger results. Imported when a command has something to show."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from holdfast.cleaning import EXPLANATIONS, Balance
from holdfast.cli.forecast_views import show_reasons, show_training
from holdfast.cli.output import print_report_table, print_rows, say
from holdfast.reports import FirstAnswer, counted, grid_picture
from holdfast.segments import RuleResult, SegmentResult, SegmentSummary
from holdfast.sources.inspected import Inspection
from holdfast.workflows.customers import CustomerProfile
from holdfast.workflows.report import ImportReport
from holdfast.workflows.running import RunReport

_SEGMENT_COLUMNS = (
    "segment", "customers", "revenue", "share", "days since last order", "orders", "net revenue", "churn ratio",
    "low/medium/ high/one-time", "action",
)  # fmt: skip
_MOST_ORDERS, _MOST_PRODUCTS = 15, 8


def show_import(report: ImportReport) -> None:
    """The ledger of what was imported, and what to look at."""
    files, currency = ", ".join(report.files), report.manifest.currency or ""
    if not report.changed:
        say(f"{files}: nothing new. Every line was imported before; the data set stays as it is.", "bold")
    names, rows = ledger_rows(report.balance)
    print_rows(f"Ledger of {files} under policy {report.manifest.policy['name']}", names, rows)
    reach = report.reach
    say(
        f"{reach.customers:,} customers, {reach.orders:,} orders, {_amount(report.balance.revenue_kept, currency)}, "
        f"{_day(reach.first_order)} to {_day(reach.last_order)}. As of {report.manifest.as_of}."
    )
    if report.manifest.duplicates:
        what = "dropped" if report.manifest.policy["duplicates"] == "drop" else "kept"
        say(f"{report.manifest.duplicates:,} lines repeat an earlier line of their file cell by cell and are {what}.")
    for warning in report.warnings:
        say(f"Note: {warning}")
    _show_proposals(report)


def _show_proposals(report: ImportReport) -> None:
    proposals = report.service_proposals[:10]
    if not proposals:
        return
    print_rows(
        "These products look like services. They count as goods until you confirm them",
        ("product", "name", "lines", "amount", "why"),
        [(p.product_id, p.product_name, p.lines, p.amount, p.why) for p in proposals],
        note="Name those that are: `holdfast imports rebuild --rule service_codes=CODE,CODE`.",
    )


def ledger_rows(ledger: Balance) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """The ledger as a table: what was kept, what was rejected and why, and that both make up what came in."""
    rows: list[tuple[Any, ...]] = [("kept", *_explained(entry)) for entry in ledger.kept]
    rows += [("rejected", *_explained(entry)) for entry in ledger.rejected]
    rows.append(("kept", "all", ledger.lines_kept, ledger.revenue_kept, ""))
    rows.append(("rejected", "all", ledger.lines_rejected, ledger.revenue_rejected, ""))
    rows.append(("in", "all", ledger.lines_in, ledger.revenue_in, "= kept + rejected"))
    return ("fate", "reason", "lines", "revenue", "meaning"), rows


def _explained(entry: tuple[str, int, Decimal]) -> tuple[str, int, Decimal, str]:
    reason, lines, revenue = entry
    return reason, lines, revenue, EXPLANATIONS[reason]


def show_answer(answer: FirstAnswer) -> None:
    """The first answer, headline first."""
    say(f"\n{answer.headline}", "bold")
    for sentence in answer.sentences:
        say(sentence)
    say(f"{answer.method}", "dim")
    for missing in answer.readiness.missing:
        say(f"{answer.readiness.state.value}: {missing}", "yellow")
    for table in answer.tables:
        say("")
        print_report_table(grid_picture(table) if table.name == "rfm_grid" else table, answer.currency)


def show_run(report: RunReport) -> None:
    """What was imported, the answer, then the forecast with its proof and one customer's reasons."""
    if report.imported:
        show_import(report.imported)
    if report.answer:
        show_answer(report.answer)
    if report.training:
        say("\nForecast", "bold")
        show_training(report.training)
    if report.reasons:
        say("\nWhy, for one customer: the most valuable of those more likely gone than not", "bold")
        show_reasons(report.reasons)


def show_segments(groups: SegmentResult, as_of: date) -> None:
    """Every grouping with its figures and action."""
    words = {str(band): cutoff for band, cutoff in groups.risk_cutoffs.words().items()}
    _show_summary(f"Risk bands as of {as_of}", groups.bands, note="; ".join(f"{b}: {c}" for b, c in words.items()))
    _show_summary("RFM groups", groups.rfm_groups)
    _show_summary("RFM groups, eight", groups.rfm_groups_eight)
    _show_summary("Archetypes", groups.archetypes, note=groups.fitted_archetypes.reason)
    if groups.rules:
        _show_rules(groups.rules)
    say("share: of the revenue of all customers. Days, orders, net revenue and churn ratio are medians.", "dim")


def _show_summary(title: str, segments: tuple[SegmentSummary, ...], note: str = "") -> None:
    rows = [
        (
            s.segment,
            s.customers,
            s.revenue,
            _percent(s.revenue_share),
            _one_decimal(s.median_days_since_last_order),
            _one_decimal(s.median_order_count),
            s.median_net_revenue,
            _one_decimal(s.median_churn_ratio),
            "/".join(str(s.bands.get(band, 0)) for band in ("low", "medium", "high", "one_time")),
            str(s.action),
        )
        for s in segments
    ]
    print_rows(title, _SEGMENT_COLUMNS, rows, note=note, right=_SEGMENT_COLUMNS[1:9])
    say("")


def _show_rules(result: RuleResult) -> None:
    rows = [(s.name, s.customers, s.revenue, _percent(s.revenue_share), s.sentence) for s in result.segments]
    print_rows(
        "Rule segments",
        ("segment", "customers", "revenue", "share", "rule"),
        rows,
        right=("share",),
    )
    say(f"{result.outside:,} customers are outside every rule.")
    for note in result.notes:
        say(f"Note: {note}")


def show_customer(profile: CustomerProfile) -> None:
    """One customer on one screen."""
    facts, currency = profile.facts, profile.currency or ""
    say(f"Customer {profile.customer_id} as of {profile.as_of}", "bold")
    say(
        f"{_amount(facts['net_revenue'], currency)} in {counted(facts['order_count'], 'order')}; "
        f"last order {facts['days_since_last_order']:,} days ago; {_rhythm(facts)}"
    )
    say(f"Risk {facts['risk_band']} · {facts['rfm_group']} · {facts['archetype']}")
    orders = profile.orders
    note = f"The latest {_MOST_ORDERS} of {len(orders.rows):,}." if len(orders.rows) > _MOST_ORDERS else ""
    say("")
    print_rows("Orders, latest first", orders.names, orders.rows[:_MOST_ORDERS], note=note)
    say("")
    print_rows("Bought most", profile.products.names, profile.products.rows[:_MOST_PRODUCTS])


def _rhythm(facts: Mapping[str, Any]) -> str:
    gap = facts.get("median_gap_days")
    return f"usually orders every {gap:,.0f} days." if gap is not None else "one order day, no rhythm yet."


def show_inspection(inspection: Inspection) -> None:
    """What a file is, and how its columns would be read."""
    for table in inspection.tables:
        facts = ", ".join(f"{name} {value}" for name, value in table.opened.facts.items())
        say(f"{table.opened.file} · {table.opened.table}: {table.opened.rows:,} rows, read as {table.content}", "bold")
        say(f"  {facts}", "dim")
        rows = [
            (p.field, p.column, f"{p.confidence:.0%}", p.reason, ", ".join(p.alternatives))
            for p in table.proposals.values()
        ]
        if rows:
            print_rows("", ("our field", "column", "sure", "why", "or"), rows)
        say("")
    for note in inspection.notes:
        say(f"Note: {note}")
    for doubt in inspection.doubts:
        say(f"? {doubt.question} {doubt.todo}", "yellow")
    say("Nothing was imported. Answer the questions above first." if inspection.doubts else "Nothing was imported yet.")


def _amount(amount: Decimal, currency: str) -> str:
    """To the cent, with the code of its currency where one is named."""
    return f"{amount:,.2f} {currency}".rstrip()


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _one_decimal(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f}"


def _day(moment: str | None) -> str:
    return (moment or "–")[:10]
