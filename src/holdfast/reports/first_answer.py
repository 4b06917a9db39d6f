"""The first answer: what is at risk in money, who holds it, and the groups a shop's customers fall into."""

from dataclasses import dataclass
from typing import Any

from holdfast.reports import answer_tables
from holdfast.reports.facts import AtRisk, Groupings, ShopFacts
from holdfast.reports.figures import count, counted, money, percent
from holdfast.reports.readiness import Readiness, readiness
from holdfast.reports.report_table import ReportTable


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """What a shop is told first, ready for JSON and for any page.

    `headline` is the answer in one sentence, `sentences` the evidence. Amounts are exact decimals as text, in
    `currency`; `amount_at_risk` is None where it cannot be told. `tables` are, by name: holders, risk_bands, rfm_grid,
    rfm_groups, archetypes, ledger.
    """

    as_of: str
    currency: str
    horizon_days: int
    headline: str
    sentences: tuple[str, ...]
    amount_at_risk: str | None
    customers_at_risk: int
    run_rate_at_risk: str
    top_share: float | None
    method: str
    readiness: Readiness
    tables: tuple[ReportTable, ...]

    def table(self, name: str) -> ReportTable:
        """One of the tables."""
        return next(table for table in self.tables if table.name == name)

    def as_json(self) -> dict[str, Any]:
        """The answer as one JSON object, tables by name."""
        return {
            "as_of": self.as_of,
            "currency": self.currency,
            "horizon_days": self.horizon_days,
            "headline": self.headline,
            "sentences": list(self.sentences),
            "amount_at_risk": self.amount_at_risk,
            "customers_at_risk": self.customers_at_risk,
            "run_rate_at_risk": self.run_rate_at_risk,
            "top_share": self.top_share,
            "method": self.method,
            "readiness": {"state": self.readiness.state.value, "missing": list(self.readiness.missing)},
            "tables": {table.name: table.as_json() for table in self.tables},
        }


def first_answer(shop: ShopFacts, groupings: Groupings) -> FirstAnswer:
    """The first answer for a shop with at least one customer."""
    at_risk = groupings.at_risk
    return FirstAnswer(
        as_of=shop.as_of.isoformat(),
        currency=shop.currency,
        horizon_days=at_risk.horizon,
        headline=headline(at_risk, shop.currency),
        sentences=_sentences(shop, groupings),
        amount_at_risk=None if at_risk.amount is None else str(at_risk.amount),
        customers_at_risk=at_risk.customers,
        run_rate_at_risk=str(at_risk.run_rate),
        top_share=at_risk.top_share,
        method=method(at_risk, shop.currency),
        readiness=readiness(shop, groupings),
        tables=answer_tables.tables(shop, groupings),
    )


def headline(at_risk: AtRisk, currency: str) -> str:
    """The answer in one sentence with the number in it."""
    window, customers = f"the next {at_risk.horizon} days", counted(at_risk.customers, "customer")
    if at_risk.amount is None:
        late = f"{customers} past the usual gap would spend {money(at_risk.run_rate, currency)} by going on as before"
        return (
            f"How much of {window}' revenue is at risk cannot be told yet; "
            f"{late if at_risk.customers else 'no repeat customer is late now'}."
        )
    if not at_risk.customers:
        return f"No revenue is at risk in {window}: no repeat customer is late by the usual gap."
    if not at_risk.amount:
        return f"No revenue is at risk in {window}: {customers} are late, and such customers came back so far."
    return f"{money(at_risk.amount, currency)} of {window}' revenue is at risk, in {customers}{_held(at_risk)}."


def _held(at_risk: AtRisk) -> str:
    """Who holds it, where that says anything."""
    if at_risk.customers > len(at_risk.top):
        return f"; {len(at_risk.top)} of them hold {percent(at_risk.top_share)}"
    largest = at_risk.top[0].revenue_at_risk
    if at_risk.customers == 1 or largest is None or not at_risk.amount:
        return ""
    return f"; the largest holds {percent(float(largest / at_risk.amount))}"


def method(at_risk: AtRisk, currency: str) -> str:
    """How the amount was found, in one sentence."""
    if at_risk.amount is None:
        return f"{at_risk.method.capitalize()}; cannot be applied: {at_risk.missing}."
    shares = ", ".join(f"{lapse.band} risk {percent(lapse.share)}" for lapse in at_risk.lapse_shares)
    return (
        f"{at_risk.method.capitalize()}: the {money(at_risk.run_rate, currency)} these customers would spend in "
        f"{at_risk.horizon} days by going on as before, times the share of such spending that was lost in the last "
        f"{at_risk.horizon} days ({shares})."
    )


def _sentences(shop: ShopFacts, groupings: Groupings) -> tuple[str, ...]:
    told = (
        _largest(groupings.at_risk, shop.currency),
        _late(groupings),
        _gone(groupings.at_risk, shop.currency),
        _best_group(groupings),
        _archetypes(groupings),
        _kept(shop),
    )
    return tuple(sentence for sentence in told if sentence)


def _largest(at_risk: AtRisk, currency: str) -> str | None:
    if not at_risk.top:
        return None
    first = at_risk.top[0]
    held = (
        f"would spend {money(first.run_rate, currency)} in {at_risk.horizon} days"
        if first.revenue_at_risk is None
        else f"holds {money(first.revenue_at_risk, currency)} of it"
    )
    return (
        f"Customer {first.customer_id} {held}: last order {counted(first.days_since_last_order, 'day')} ago, "
        f"usually every {'day' if first.median_gap_days == 1 else f'{first.median_gap_days:g} days'}."
    )


def _late(groupings: Groupings) -> str:
    customers = {band.segment: band.customers for band in groupings.bands}
    words = groupings.risk_cutoffs.words()
    bands = ", ".join(f"{count(customers.get(band, 0))} {band} ({words[band]})" for band in ("low", "medium", "high"))
    return f"By risk: {bands}; {count(groupings.one_time_customers)} bought on one day only and have no churn ratio."


def _gone(at_risk: AtRisk, currency: str) -> str | None:
    if not at_risk.gone_customers:
        return None
    customers, spent = counted(at_risk.gone_customers, "repeat customer"), money(at_risk.gone_run_rate, currency)
    return f"{customers} left long ago; the {spent} they used to spend in {at_risk.horizon} days is not counted."


def _best_group(groupings: Groupings) -> str | None:
    best = groupings.rfm_groups[0]
    if best.revenue_share is None:
        return None
    return (
        f"The RFM group with most revenue is {best.segment}: {counted(best.customers, 'customer')}, "
        f"{percent(best.customer_share)} of all, with {percent(best.revenue_share)} of revenue."
    )


def _archetypes(groupings: Groupings) -> str:
    clusters = groupings.fitted_archetypes
    if not clusters.clear:
        return f"The customers fall into no clear clusters: {clusters.reason}."
    named = "; ".join(
        f"{found.segment}, {counted(found.customers, 'customer')} with {percent(found.revenue_share)} of revenue"
        for found in groupings.archetypes
    )
    return f"Archetypes: {named}."


def _kept(shop: ShopFacts) -> str:
    rejected = sum(line.lines for line in shop.rejected)
    lines = shop.lines_kept + rejected
    if not rejected:
        return f"All {count(lines)} lines count."
    return f"{count(shop.lines_kept)} of {count(lines)} lines count; {count(rejected)} do not, each with its reason."
