"""How one cell of a file becomes a typed value, or NULL where it is empty or cannot be read."""

from holdfast.engine import dialect as sql
from holdfast.engine.dialect import Sql
from holdfast.tables import MONEY, Kind, Reading
from holdfast.units import LARGEST_AMOUNT

EARLIEST, LATEST = "1970-01-01", "2100-01-01"
"""Orders outside these years are damage: a zero date, a typing error, a spreadsheet's overflow."""

SQL_TYPES = {
    Kind.ID: "VARCHAR",
    Kind.TEXT: "VARCHAR",
    Kind.TIME: "TIMESTAMP",
    Kind.NUMBER: MONEY,
    Kind.MONEY: MONEY,
}

_SIGN = r"(?:[A-Z]{2,3}|[A-Z]{0,2}[$£€¥₹₺₽])?"  # a currency before or after the digits: GBP, £, R$, US$


def cell(reading: Reading, kind: Kind, column_type: str, *, zone: str) -> Sql:
    """The typed value of the cell in `reading.column` of SQL type `column_type`; times are in the shop's zone."""
    raw = sql.name(reading.column)
    if kind is Kind.TIME:
        return _within_years(_time(raw, column_type, reading, zone))
    if kind in (Kind.NUMBER, Kind.MONEY):
        return _within_reason(_number(raw, column_type, reading))
    return _text(raw, column_type)


def is_blank(reading: Reading, column_type: str) -> Sql:
    """TRUE where the cell holds nothing."""
    raw = sql.name(reading.column)
    return Sql(f"({raw} IS NULL OR trim({raw}) = '')" if column_type == "VARCHAR" else f"({raw} IS NULL)")


def _text(raw: Sql, column_type: str) -> Sql:
    """Text without blanks around it; a whole number that a tool stored as DOUBLE loses its .0 again."""
    if column_type in ("DOUBLE", "FLOAT"):
        whole = sql.cast(sql.cast(raw, "BIGINT"), "VARCHAR")
        return Sql(f"CASE WHEN {raw} = floor({raw}) AND abs({raw}) < 1e15 THEN {whole} ELSE CAST({raw} AS VARCHAR) END")
    if column_type == "VARCHAR":
        return Sql(f"NULLIF(trim({raw}), '')")
    return sql.cast(raw, "VARCHAR")


def _time(raw: Sql, column_type: str, reading: Reading, zone: str) -> Sql:
    if column_type == "TIMESTAMP WITH TIME ZONE":
        return sql.local_time(raw, zone)
    if column_type == "DATE" or column_type.startswith("TIMESTAMP"):
        return sql.cast(raw, "TIMESTAMP")
    text = sql.cast(raw, "VARCHAR") if column_type != "VARCHAR" else raw
    return sql.read_time(f"trim({text})", reading.time_formats, zone)


def _number(raw: Sql, column_type: str, reading: Reading) -> Sql:
    """An exact decimal. Text has to fit the column's separators as a whole: `1,2,3` is no number, whatever they are."""
    if column_type != "VARCHAR":
        return sql.try_cast(raw, MONEY)
    point = rf"(?:\{reading.decimal}\d+)?"
    group = {"": "", " ": "[ \u00a0\u202f]"}.get(reading.thousands, rf"\{reading.thousands}")
    digits = rf"(?:\d{{1,3}}(?:{group}\d{{3}})+|\d+)" if group else r"\d+"
    before, after = rf"(?:[(+-]?\s*{_SIGN}|{_SIGN}\s*[+-])", rf"{_SIGN}\s*[)-]?"
    shape = rf"^\s*{before}\s*(?:{digits}{point}|\{reading.decimal}\d+)\s*{after}\s*$"
    bare = sql.without(raw, rf"[^0-9\{reading.decimal}]")
    value = sql.try_cast(f"replace({bare}, {sql.text(reading.decimal)}, '.')", MONEY)
    negative = sql.matches(raw, r"^\s*\(|-")
    shaped = f"CASE WHEN {sql.matches(raw, shape)} THEN CASE WHEN {negative} THEN -{value} ELSE {value} END END"
    plain = f"{sql.try_cast(raw, MONEY)}, " if reading.decimal == "." and reading.thousands != "." else ""
    return Sql(f"COALESCE({plain}{shaped})")


def _within_years(moment: Sql) -> Sql:
    inside = f"{moment} >= TIMESTAMP '{EARLIEST}' AND {moment} < TIMESTAMP '{LATEST}'"
    return Sql(f"CASE WHEN {inside} THEN {moment} END")


def _within_reason(number: Sql) -> Sql:
    return Sql(f"CASE WHEN abs({number}) < {LARGEST_AMOUNT} THEN {number} END")
