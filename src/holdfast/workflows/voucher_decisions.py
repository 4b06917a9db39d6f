"""Voucher decisions by the history in force: read once a version, then pure arithmetic."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from holdfast.actions.vouchers import (
    Customer,
    Decision,
    SegmentAnswer,
    Usage,
    VoucherRules,
    country_answer,
    decide,
    segment_answers,
)
from holdfast.errors import InputError, NotFoundError
from holdfast.store.vouchers import VoucherManifest, history_in_force, read_history
from holdfast.workflows.clock import today
from holdfast.workflows.latest import Latest
from holdfast.workflows.shop import Shop
from holdfast.workflows.voucher_report import rules_of, usage_of


@dataclass(frozen=True, slots=True)
class OpenedHistory:
    """A history that was read: what was given how often, under which rules."""

    manifest: VoucherManifest
    usage: Usage
    rules: VoucherRules


@dataclass(frozen=True, slots=True)
class CountrySegments:
    """The answers of one country: of the whole, and of every segment in the order of the rules."""

    country: str
    whole: SegmentAnswer
    segments: tuple[SegmentAnswer, ...]


@dataclass(frozen=True, slots=True)
class VoucherQuestion:
    """What is asked of a customer; moments with an offset are read on the shop's clocks."""

    customer_id: str
    total_orders: int
    country_code: str
    segment_name: str
    last_order_ts: datetime | None = None
    first_order_ts: datetime | None = None
    as_of: date | None = None


_opened: Latest[tuple[Path, str], OpenedHistory] = Latest(128)


def opened_history(shop: Shop) -> OpenedHistory:
    """The history in force; NotFoundError where there is none. A version never changes, so each is read once."""
    version = history_in_force(shop.folder)
    if version is None:
        raise NotFoundError(
            "This shop has no voucher history yet.",
            seen=f"Tenant {shop.settings.tenant} has none.",
            todo="Import one with `holdfast vouchers import FILE`, or with POST /api/v1/vouchers/history.",
        )
    return _opened.get((shop.folder.path, version), lambda: _read(shop, version))


def _read(shop: Shop, version: str) -> OpenedHistory:
    manifest = read_history(shop.folder, version)
    return OpenedHistory(manifest, usage_of(manifest), rules_of(manifest))


def decide_voucher(shop: Shop, question: VoucherQuestion) -> Decision:
    """The most used voucher of a customer's segment, by default as of the shop's today."""
    history = opened_history(shop)
    zone = shop.settings.time_zone
    customer = Customer(
        total_orders=question.total_orders,
        country=question.country_code,
        last_order_at=_local(question.last_order_ts, zone),
        first_order_at=_local(question.first_order_ts, zone),
        segment_name=question.segment_name,
    )
    return decide(history.usage, history.rules, customer, as_of=question.as_of or today(zone))


def voucher_segments(shop: Shop, *, country: str | None = None) -> Iterator[CountrySegments]:
    """The answers of every country of the history in force, or of one; InputError for one without a history."""
    history = opened_history(shop)
    known = history.usage.countries
    if country is not None and country.strip().upper() not in known:
        raise InputError(
            f"There is no voucher history of {country[:80]!r}.",
            seen=f"There is one of {', '.join(known.values())}.",
            todo="Check the country, or import its history.",
        )
    for name in known.values() if country is None else [known[country.strip().upper()]]:
        answers = tuple(segment_answers(history.usage, history.rules, name))
        yield CountrySegments(name, country_answer(history.usage, name), answers)


def _local(moment: datetime | None, zone: str) -> datetime | None:
    """A moment on the shop's clocks, without a zone; InputError for one that no calendar there holds."""
    if moment is None or moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except OverflowError as error:
        raise InputError(
            "A time lies outside of the calendar.", seen=moment.isoformat(), todo="Check the times of the orders."
        ) from error
