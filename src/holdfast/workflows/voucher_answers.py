"""Answers about vouchers as JSON, the same at every door: amounts as text to the cent."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from holdfast.actions.vouchers import Decision, SegmentAnswer
from holdfast.actions.vouchers.decision import Label
from holdfast.actions.vouchers.margin import ArmEffect
from holdfast.units import to_cents
from holdfast.workflows.editions import VERSION, currency_of
from holdfast.workflows.shop import Shop
from holdfast.workflows.voucher_decisions import CountrySegments, opened_history, voucher_segments
from holdfast.workflows.voucher_offers import Offered, SegmentOutcomes, limits_of
from holdfast.workflows.voucher_report import HistoryReport


def money(amount: Decimal | None) -> str | None:
    """An exact amount as text, to the cent; None for none."""
    return None if amount is None else format(to_cents(amount), "f")


def decision_as_dict(found: Decision) -> dict[str, Any]:
    """A decision in the six words of its contract."""
    return {
        "voucher_amount": money(found.amount),
        "segment": found.segment,
        "n": found.n,
        "share": found.share,
        "label": found.label.value,
        "as_of": found.as_of,
    }


def segments_as_dict(shop: Shop, *, country: str | None = None) -> dict[str, Any]:
    """The history in force with its ledger and rules, and the answer of every segment of every country, or of one."""
    report = HistoryReport(opened_history(shop).manifest, changed=False).as_dict()
    outside, _ = report.pop("outside_rules"), report.pop("changed")
    countries = [_country(each, outside[each.country]) for each in voucher_segments(shop, country=country)]
    return {**report, "currency": currency_of(shop), "countries": countries}


def segments_version(shop: Shop) -> str:
    """A short name for all that the answers of the segments follow from; NotFoundError before the first history."""
    return f"{opened_history(shop).manifest.version}-{currency_of(shop)}-{VERSION}"


def offer_as_dict(found: Offered) -> dict[str, Any]:
    """An offer as it is answered."""
    return {
        "offer_id": found.record.id if found.record else None,
        "voucher_amount": money(found.offer.amount),
        "segment": found.segment,
        "label": found.offer.label.value,
        "because": found.offer.because,
        "probability": found.offer.probability,
        "as_of": found.as_of,
    }


def margins_as_dict(
    shop: Shop, found: Sequence[SegmentOutcomes], *, as_of: date, given_in_month: Decimal
) -> dict[str, Any]:
    """What offers at random showed, segment by segment; money a customer as numbers, to the cent; and the limits."""
    items = [
        {
            "country": each.country,
            "segment_name": each.segment_name,
            "segment": each.segment,
            "best": money(each.measured.best),
            "reason": each.measured.reason,
            "amounts": [_effect(arm) for arm in each.measured.arms],
        }
        for each in found
    ]
    limits = limits_of(shop.settings)
    return {
        "as_of": as_of,
        "currency": currency_of(shop),
        "outcome_days": shop.settings.voucher_outcome_days,
        "limits": {
            "budget": money(limits.budget),
            "given_in_month": money(given_in_month),
            "per_customer": limits.per_customer,
            "cool_down_days": limits.cool_down_days,
            "explore": shop.settings.voucher_explore,
        },
        "items": items,
    }


def _effect(arm: ArmEffect) -> dict[str, Any]:
    figures = {name: getattr(arm, name) for name in ("net_margin", "effect", "low", "high")}
    rounded = {name: None if value is None else round(value, 2) for name, value in figures.items()}
    return {"voucher_amount": money(arm.amount), "n": arm.n, "redeemed": arm.redeemed, **rounded}


def _country(found: CountrySegments, outside: dict[str, int]) -> dict[str, Any]:
    segments = [_segment(each, found.whole) for each in found.segments]
    return {"country": found.country, **_figures(found.whole), "outside_rules": outside, "segments": segments}


def _segment(found: SegmentAnswer, whole: SegmentAnswer) -> dict[str, Any]:
    """A segment without history answers with its country's amount, as a decision does."""
    return {
        "segment_name": found.segment_name,
        "segment": found.segment,
        **_figures(found),
        "voucher_amount": money(found.amount if found.n else whole.amount),
        "label": (Label.MOST_USED if found.n else Label.FALLBACK_COUNTRY).value,
    }


def _figures(found: SegmentAnswer) -> dict[str, Any]:
    return {
        "voucher_amount": money(found.amount),
        "n": found.n,
        "used": found.used,
        "share": found.share,
        "ties": [money(amount) for amount in found.ties],
    }
