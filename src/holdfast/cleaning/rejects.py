"""The rejected lines, each with its reason and, where a cell is at fault, what stood in it and what was expected."""

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.cleaning.cells import EARLIEST, LATEST, SQL_TYPES, is_blank
from holdfast.cleaning.parse import VALUE_FIELDS, raw_name, typed_cells
from holdfast.cleaning.reasons import Reason
from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.engine.dialect import Sql
from holdfast.tables import DAMAGED, FIELD, REJECTS, ROW_NUMBER, Kind, RawTable
from holdfast.units import LARGEST_AMOUNT


def rejects_query(engine: DuckEngine, tables: Sequence[RawTable], *, lines: str) -> Query:
    """All rejects in file order, in the columns of `tables.REJECTS`."""
    at_fault = [_unreadable(engine, source, table, lines) for source, table in enumerate(tables)]
    whole = f"""
        SELECT source, row_number, reason, NULL AS column_name, NULL AS seen, NULL AS expected, order_id, customer_id,
            line_amount AS amount FROM {lines} WHERE reason IS NOT NULL AND reason <> {sql.text(Reason.UNREADABLE)}"""
    columns = ", ".join(f"{sql.cast(c.name, c.type)} AS {c.name}" for c in REJECTS.columns)
    union = " UNION ALL ".join([whole, *at_fault])
    return Query("rejects", REJECTS.grain, f"SELECT {columns} FROM ({union}) AS r ORDER BY source, row_number")


@dataclass(frozen=True, slots=True)
class _Fault:
    """One way in which a row can be unreadable: its condition, the column to blame and its cell, what was expected."""

    condition: str
    column: str
    cell: str
    expected: str


def _unreadable(engine: DuckEngine, source: int, table: RawTable, lines: str) -> str:
    """The unreadable lines of one file, each with the first fault that applies."""
    faults = _faults(table, engine.types(raw_name(source)))
    column, seen, expected = (
        _first([(f.condition, value) for f, value in zip(faults, values, strict=True)])
        for values in (
            [sql.text(f.column) for f in faults],
            [f"COALESCE({sql.cast(f.cell, 'VARCHAR')}, '')" for f in faults],
            [sql.text(f.expected) for f in faults],
        )
    )
    return f"""
        SELECT CAST({source} AS INTEGER), l.row_number, l.reason, {column}, {seen}, {expected}, l.order_id,
            l.customer_id, NULL
        FROM {raw_name(source)} AS f JOIN (
            SELECT row_number, reason, order_id, customer_id FROM {lines}
            WHERE source = {source} AND reason = {sql.text(Reason.UNREADABLE)}
        ) AS l ON f.{ROW_NUMBER} = l.row_number"""


def _faults(table: RawTable, types: dict[str, str]) -> list[_Fault]:
    """A damaged row, then cells that hold something unreadable, then cells that are empty; time before value."""
    names = [name for name in ("ordered_at", *VALUE_FIELDS) if name in table.readings]
    damaged = _Fault(f"f.{DAMAGED} IS NOT NULL", "whole row", DAMAGED, f"{len(types) - 2} cells, quotes closed")
    unread, empty = [], []
    for name, value in typed_cells(table, types, names).items():
        reading = table.readings[name]
        raw, expected = sql.name(reading.column), _expected(table, name)
        filled = f"NOT {is_blank(reading, types[reading.column])}"
        unread.append(_Fault(f"({value}) IS NULL AND {filled}", reading.column, raw, expected))
        empty.append(_Fault(f"({value}) IS NULL", reading.column, raw, expected))
    return [*([damaged] if DAMAGED in types else []), *unread, *_without_rate(table), *empty]


def _without_rate(table: RawTable) -> list[_Fault]:
    """A currency that nobody gave a rate for."""
    if not table.rates or "currency" not in table.readings:
        return []
    column = table.readings["currency"].column
    known = ", ".join(sql.text(code) for code in table.rates)
    raw = sql.name(column)
    condition = f"COALESCE(upper(trim({raw})) NOT IN ({known}), FALSE)"
    return [_Fault(condition, column, raw, f"a currency with a rate: {', '.join(table.rates)}")]


def _first(cases: Sequence[tuple[str, str]]) -> Sql:
    whens = " ".join(f"WHEN {condition} THEN {value}" for condition, value in cases)
    return Sql(f"CASE {whens} END")


_LETTERS = {
    "%d": "DD", "%m": "MM", "%Y": "YYYY", "%y": "YY", "%H": "hh", "%I": "hh", "%M": "mm", "%S": "ss", "%p": "AM/PM",
    "%b": "Jan", "%B": "January", "%z": "+00:00",
}  # fmt: skip


def _as_written(pattern: str) -> str:
    """A strptime pattern as people know it: DD/MM/YYYY hh:mm."""
    for code, letters in _LETTERS.items():
        pattern = pattern.replace(code, letters)
    return pattern


def _expected(table: RawTable, name: str) -> str:
    reading = table.readings[name]
    if FIELD[name].kind is Kind.TIME:
        written = " or ".join(map(_as_written, reading.time_formats)) or SQL_TYPES[Kind.TIME].lower()
        return f"a date written as {written}, from {EARLIEST} to {LATEST}"
    grouped = f", thousands grouped by {reading.thousands!r}" if reading.thousands else ""
    return f"a number with decimal {reading.decimal!r}{grouped}, below {LARGEST_AMOUNT:,}"
