"""Raw tables become one table of typed lines, each with its value, or marked as unreadable."""

from collections.abc import Sequence
from pathlib import Path

from holdfast.cleaning.cells import SQL_TYPES, cell, is_blank
from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.engine.dialect import Sql
from holdfast.tables import DAMAGED, FIELD, FIELDS, MONEY, ROW_NUMBER, Kind, Level, RawTable, Reading

VALUE_FIELDS = ("quantity", "unit_price", "amount", "order_total")
"""What the value of a line is made of; a cell here that holds something unreadable makes the line unreadable."""

_ALWAYS = ("customer_id", "order_id", "ordered_at", "product_id", "quantity", "unit_price")
_NOT_CARRIED = ("order_id", "order_total")  # the total counts once, on the order's first row


def raw_name(source: int) -> str:
    """Under which name the raw table of a source is bound."""
    return f"raw_{source}"


def fields_in(tables: Sequence[RawTable]) -> tuple[str, ...]:
    """The fields that any of the tables fills, with those a line always has, in the order of `tables.FIELDS`."""
    given = {name for table in tables for name in table.readings}
    return tuple(field.name for field in FIELDS if field.name in given or field.name in _ALWAYS)


def parse(engine: DuckEngine, tables: Sequence[RawTable], *, keep_as: str, read_often: bool) -> None:
    """Bind the raw line tables and keep their typed union as `keep_as`: as a table if it is read often, else a view.

    One row per row of a file: source, row_number, the fields of `fields_in`, `line_amount` (the value of the line),
    `in_total` (its value is part of the order's total, which stands on another row), `unreadable` (no usable time, or
    no usable value) and `content` (a fingerprint of all that the row says, to find equal rows).
    """
    fields = fields_in(tables)
    for source, table in enumerate(tables):
        engine.bind(raw_name(source), Path(table.path))
    lines = [_lines(source, table, fields, engine.types(raw_name(source))) for source, table in enumerate(tables)]
    content = sql.row_hash(map(sql.name, (*fields, "line_amount", "unreadable")))
    text = f"SELECT *, {content} AS content FROM ({' UNION ALL '.join(lines)}) AS all_files"
    query = Query("parsed_lines", "one row of a file", text)
    if read_often:
        engine.keep(keep_as, query)
    else:
        engine.define(keep_as, query)


def typed_cells(table: RawTable, types: dict[str, str], fields: Sequence[str]) -> dict[str, Sql]:
    """The expression of each field over the raw table; a typed NULL where the table does not fill it."""
    cells: dict[str, Sql] = {}
    for name in fields:
        kind, reading = FIELD[name].kind, table.readings.get(name)
        if reading is None:
            cells[name] = sql.cast("NULL", SQL_TYPES[kind])
            continue
        cells[name] = cell(reading, kind, types[reading.column], zone=table.time_zone)
    return cells


def _lines(source: int, table: RawTable, fields: Sequence[str], types: dict[str, str]) -> str:
    """One file, step by step: typed, order fields carried down, amounts in the shop's currency, each line valued."""
    rows = _typed(source, table, fields, types)
    if table.carry_down:
        rows = _carried_down(rows, table, fields)
    if table.rates:
        rows = _converted(rows, table, fields)
    names = ", ".join(sql.name(name) for name in fields)
    in_total = _is_later_row() if _has_only_totals(table) else "FALSE"
    valued = f"""
        SELECT {ROW_NUMBER}, {names}, {in_total} AS in_total, {_line_amount(table)} AS line_amount, bad_cell
        FROM ({rows}) AS in_currency"""
    return f"""
        SELECT CAST({source} AS INTEGER) AS source, {ROW_NUMBER}, {names}, line_amount, in_total,
            (bad_cell OR ordered_at IS NULL OR line_amount IS NULL) AS unreadable
        FROM ({valued}) AS valued"""


def _typed(source: int, table: RawTable, fields: Sequence[str], types: dict[str, str]) -> str:
    """The fields as typed values, and whether a cell that makes the value holds something unreadable."""
    cells = typed_cells(table, types, fields)
    typed = ", ".join(f"{expression} AS {sql.name(name)}" for name, expression in cells.items())
    bad = [f"({cells[n]} IS NULL AND NOT {is_blank(r, types[r.column])})" for n, r in _value_readings(table)]
    if DAMAGED in types:
        bad.append(f"{DAMAGED} IS NOT NULL")
    blanks = _blanks(table, types) if table.carry_down else ""
    row, is_bad = sql.cast(ROW_NUMBER, "BIGINT"), " OR ".join(bad) or "FALSE"
    return f"SELECT {row} AS {ROW_NUMBER}, {typed}{blanks}, {is_bad} AS bad_cell FROM {raw_name(source)}"


def _value_readings(table: RawTable) -> list[tuple[str, Reading]]:
    return [(name, table.readings[name]) for name in VALUE_FIELDS if name in table.readings]


def _has_only_totals(table: RawTable) -> bool:
    """Lines of the file have no value of their own; the order's total counts once."""
    own = "amount" in table.readings or {"quantity", "unit_price"} <= table.readings.keys()
    return "order_total" in table.readings and not own and not table.rows_are_orders


def _is_later_row() -> Sql:
    return Sql(f"(order_id IS NOT NULL AND row_number() OVER (PARTITION BY order_id ORDER BY {ROW_NUMBER}) > 1)")


def _line_amount(table: RawTable) -> Sql:
    """The amount as given, else quantity x unit price, else the order's total on its first row and 0 on the others."""
    values = []
    if "amount" in table.readings:
        values.append("amount")
    if {"quantity", "unit_price"} <= table.readings.keys():
        values.append(sql.money_product("quantity", "unit_price"))
    if _has_only_totals(table):
        values.append(f"CASE WHEN {_is_later_row()} THEN 0 ELSE order_total END")
    elif "order_total" in table.readings and table.rows_are_orders:
        values.append("order_total")
    return sql.cast(f"COALESCE({', '.join(values)})", MONEY)


def _carries(name: str, table: RawTable) -> bool:
    return FIELD[name].level is Level.ORDER and name not in _NOT_CARRIED and name in table.readings


def _blanks(table: RawTable, types: dict[str, str]) -> str:
    """A flag for each field that is carried down: only an empty cell is filled, never one that cannot be read."""
    carried = [name for name in table.readings if _carries(name, table)]
    readings = [(name, table.readings[name]) for name in carried]
    return "".join(f", {is_blank(reading, types[reading.column])} AS blank_{name}" for name, reading in readings)


def _carried_down(inner: str, table: RawTable, fields: Sequence[str]) -> str:
    """Order fields from the first row of the order that fills them, for exports that write them only once."""
    order = f"PARTITION BY order_id ORDER BY {ROW_NUMBER} ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
    columns = [
        f"CASE WHEN blank_{name} THEN first_value({name} IGNORE NULLS) OVER ({order}) ELSE {name} END AS {name}"
        if _carries(name, table)
        else name
        for name in fields
    ]
    return f"SELECT {ROW_NUMBER}, {', '.join(columns)}, bad_cell FROM ({inner}) AS once_an_order"


def _converted(inner: str, table: RawTable, fields: Sequence[str]) -> str:
    """Amounts by the rate of the row's currency; NULL, so unreadable, for a currency without a rate."""
    cases = " ".join(
        f"WHEN {sql.text(code)} THEN {sql.cast(sql.text(rate), 'DECIMAL(18,8)')}"
        for code, rate in (table.rates or {}).items()
    )
    rated = f"SELECT *, CASE upper(currency) {cases} END AS rate FROM ({inner}) AS once_an_order"
    columns = [
        f"{sql.money_product(name, 'rate')} AS {name}" if FIELD[name].kind is Kind.MONEY else name for name in fields
    ]
    return f"SELECT {ROW_NUMBER}, {', '.join(columns)}, bad_cell FROM ({rated}) AS rated"
