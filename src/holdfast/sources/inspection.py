"""From opened tables to what they mean: one mapping for each family of tables, decided on all rows of all files."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from holdfast.engine import DuckEngine
from holdfast.errors import InputError, SettingsError
from holdfast.sources import currency as money
from holdfast.sources import olist
from holdfast.sources.content import refuse_without_essentials
from holdfast.sources.families import columns_of, families_of
from holdfast.sources.grain import Grain
from holdfast.sources.inspected import IGNORED, LINES, InspectedTable, Inspection
from holdfast.sources.mapping import checked
from holdfast.sources.opened import OpenedTable
from holdfast.sources.profile import ColumnProfile
from holdfast.sources.readings import Decisions
from holdfast.sources.time_patterns import DATE_ORDERS, DateOrder
from holdfast.sources.understanding import Understood, understand

_DECIMAL_MARKS = {"point": ".", ".": ".", "comma": ",", ",": ","}
_MONEY = ("unit_price", "amount", "order_total")


def inspect(
    opened: Sequence[OpenedTable],
    *,
    engine: DuckEngine,
    into: Path,
    mapping: Mapping[str, str] | None = None,
    preset: str | None = None,
    currency: str | None = None,
    time_zone: str = "UTC",
    date_order: str | None = None,
    decimal: str | None = None,
    rates: Mapping[str, str] | None = None,
    ask: bool = False,
) -> Inspection:
    """Understand opened tables: what they hold, which column is which field, how each is read, and what is doubtful.

    `into` is a folder for tables that have to be joined first (Olist). `mapping` (ours -> theirs, "" = leave out),
    `preset`, `currency`, `date_order` (dmy, mdy, ymd), `decimal` (point, comma) and `rates` (into the shop's currency)
    are a person's decisions and win over what is proposed; `time_zone` is the shop's. Doubts are in the result, not
    raised. With `ask` so is a file in which nobody would know the customer, the time or the value: whoever sees its
    columns may. Raises InputError for files that hold no orders or several currencies, MappingError for a mapping or
    preset that does not fit, SettingsError for a decision that is none of the possible ones.
    """
    decisions = _decisions(time_zone, date_order, decimal)
    tables, ignored = _joined(opened, engine, into) if preset in (None, "olist") else (tuple(opened), ())
    families = families_of(tables, engine, checked(mapping or {}, columns_of(tables)), preset)
    understood = [understand(family, decisions) for family in families if family.content != IGNORED]
    lacking = [what for each in understood if each.family.content == LINES if (what := _lacks(each, ask=ask))]
    money_of = _currency(understood, currency, rates)
    lines = [each for each in understood if each.family.content == LINES]
    inspected = [table for each in understood for table in _inspected(each)]
    for family in families:
        if family.content == IGNORED:
            inspected += [_ignored(table, family.profiles) for table in family.tables]
    inspected.sort(key=lambda each: tables.index(each.opened))
    return Inspection(
        tables=(*inspected, *(_ignored(table, ()) for table in ignored)),
        doubts=tuple(doubt for each in understood for doubt in each.doubts),
        notes=tuple(dict.fromkeys([*lacking, *(note for each in inspected for note in each.notes), *money_of.notes])),
        preset=next((each.family.preset for each in lines if each.family.preset), None),
        currency=money_of.code,
        rates=money_of.rates,
        date_order=next((each.readings.date_order for each in lines if each.readings.date_order), None),
        time_zone=time_zone,
    )


def _decisions(time_zone: str, date_order: str | None, decimal: str | None) -> Decisions:
    """A person's decisions, checked against what is possible."""
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsError(
            f"{time_zone!r} is no time zone.",
            seen="It has no entry in the IANA list.",
            todo="Name one, such as Europe/Berlin.",
        ) from error
    order: DateOrder | None = next((each for each in DATE_ORDERS if each == date_order), None)
    if date_order is not None and order is None:
        raise SettingsError(
            f"{date_order!r} is no date order.", seen=f"There are {', '.join(DATE_ORDERS)}.", todo="Choose one of them."
        )
    if decimal is not None and decimal not in _DECIMAL_MARKS:
        raise SettingsError(f"{decimal!r} is no decimal mark.", seen="There are point and comma.", todo="Choose one.")
    return Decisions(order, _DECIMAL_MARKS[decimal] if decimal else None)


def _joined(
    opened: Sequence[OpenedTable], engine: DuckEngine, into: Path
) -> tuple[tuple[OpenedTable, ...], tuple[OpenedTable, ...]]:
    """The tables with Olist's joined into lines and reviews, and those that the join did not need."""
    roles = olist.roles_of(opened)
    if roles is None:
        return tuple(opened), ()
    joined = olist.join(roles, engine=engine, into=into)
    tables = (joined.lines,) if joined.reviews is None else (joined.lines, joined.reviews)
    return tables, tuple(table for table in opened if table not in joined.used)


def _currency(understood: Sequence[Understood], given: str | None, rates: Mapping[str, str] | None) -> money.Currency:
    """The currency of all amounts of all order lines."""
    lines = [each for each in understood if each.family.content == LINES]
    in_column: Counter[str] = Counter()
    symbols: Counter[str] = Counter()
    headers: list[str] = []
    for each in lines:
        readings, columns = each.readings.readings, each.family.columns
        symbols.update(each.readings.symbols)
        headers += [readings[field].column for field in _MONEY if field in readings]
        if "currency" in readings:
            in_column.update(money.codes_in(columns.engine, columns.table, readings["currency"].column))
    return money.decide(
        in_column=dict(in_column.most_common()),
        symbols=symbols,
        in_headers=money.codes_in_headers(headers),
        preset=next((each.family.preset.currency for each in lines if each.family.preset), None),
        given=given,
        rates=money.checked_rates(rates),
        file=", ".join(table.file for each in lines for table in each.family.tables),
    )


def _inspected(understood: Understood) -> Iterable[InspectedTable]:
    family, found = understood.family, understood.readings
    proposals = {
        field: replace(each, reason=f"{each.reason}; {found.reasons[field]}") if field in found.reasons else each
        for field, each in family.proposals.items()
    }
    for table, grain in zip(family.tables, understood.grains, strict=True):
        notes = (*table.notes, *understood.notes)
        yield InspectedTable(
            table, family.content, family.profiles, proposals, found.readings, grain, family.preset, notes
        )


def _ignored(table: OpenedTable, columns: tuple[ColumnProfile, ...]) -> InspectedTable:
    name = table.file if table.table in table.file else f"{table.file}, {table.table}"
    note = f"{name} is ignored: it holds neither orders nor customers nor reviews that could be recognised."
    return InspectedTable(table, IGNORED, columns, {}, {}, Grain(table.rows), None, (*table.notes, note))


def _lacks(each: Understood, *, ask: bool) -> str | None:
    """What the rows of a family seem to be instead of orders; None where they may be. Raises it unless told to ask."""
    try:
        refuse_without_essentials(each.family.tables[0], each.family.proposals, each.family.profiles)
    except InputError as error:
        if not ask:
            raise
        return f"{error.what} {error.seen}"
    return None
