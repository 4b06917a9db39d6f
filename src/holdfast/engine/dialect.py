"""The primitives all our SQL is made of, in DuckDB's words; another engine brings a file with the same functions.

They exist where engines disagree silently (weekdays, date differences, medians) or where floats would make two runs
differ: a parallel float sum depends on the order in which threads finish, so sums here are of integers or decimals and
are divided once, at the end. Arguments are SQL expressions; text from outside never becomes one.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NewType

Sql = NewType("Sql", str)

_FIXED_POINT = 10**9

_FORMULA = r"[=+\-@\t\r](?s:.*)"
"""A text that spreadsheets evaluate."""

_SIGNED_NUMBER = r"[+-][0-9][0-9.,]*"
"""Begins like a formula, and is worth what it says: -1, or a telephone number."""


def text(value: str) -> Sql:
    """A text literal, quoted. Only for constants of the program; a person's values travel as parameters."""
    return Sql("'" + value.replace("'", "''") + "'")


def name(identifier: str) -> Sql:
    """A column or table name, quoted, whatever characters it holds."""
    return Sql('"' + identifier.replace('"', '""') + '"')


def cast(value: str, sql_type: str) -> Sql:
    """`value` as `sql_type`; an impossible cast is an error."""
    return Sql(f"CAST({value} AS {sql_type})")


def try_cast(value: str, sql_type: str) -> Sql:
    """`value` as `sql_type`, or NULL where that is impossible."""
    return Sql(f"TRY_CAST({value} AS {sql_type})")


def ratio(numerator: str, denominator: str) -> Sql:
    """A DOUBLE, or NULL where the denominator is zero or NULL: a zero baseline has no rate."""
    return Sql(f"(CAST({numerator} AS DOUBLE) / NULLIF(CAST({denominator} AS DOUBLE), 0))")


def money_product(left: str, right: str) -> Sql:
    """Two decimals multiplied and rounded to money, NULL beyond its digits.

    The product of two numbers of 18 digits would be an error where it is large; 38 digits hold it, ten times slower.
    """
    is_small = f"abs(CAST({left} AS DOUBLE) * CAST({right} AS DOUBLE)) < 1e9"
    small = f"CAST({left} * {right} AS DECIMAL(18,4))"
    large = f"TRY_CAST(CAST({left} AS DECIMAL(38,4)) * {right} AS DECIMAL(18,4))"
    return Sql(f"CASE WHEN {is_small} THEN {small} ELSE {large} END")


def harmless(column: str) -> Sql:
    """A text in which nothing is a formula: `=1+1` becomes `'=1+1`."""
    is_formula = f"regexp_full_match({column}, {text(_FORMULA)})"
    is_number = f"regexp_full_match({column}, {text(_SIGNED_NUMBER)})"
    return Sql(f"CASE WHEN {is_formula} AND NOT {is_number} THEN concat(chr(39), {column}) ELSE {column} END")


def harmless_name(identifier: str) -> Sql:
    """The name of a column, which stands in a cell as well."""
    return name(f"'{identifier}" if re.fullmatch(_FORMULA, identifier) else identifier)


# --- time: days are whole calendar days, counted from 1970-01-01 -----------------------------------------------------


def day_number(moment: str) -> Sql:
    """Calendar day of a DATE or TIMESTAMP as an INTEGER, days since 1970-01-01."""
    return Sql(f"CAST(date_diff('day', DATE '1970-01-01', CAST({moment} AS DATE)) AS INTEGER)")


def day_start(day: str) -> Sql:
    """Midnight at the start of a DATE, as a TIMESTAMP."""
    return Sql(f"CAST({day} AS TIMESTAMP)")


def day_date(number: str) -> Sql:
    """The DATE of a day number."""
    return Sql(f"(DATE '1970-01-01' + CAST({number} AS INTEGER))")


def epoch_seconds(moment: str) -> Sql:
    """Whole seconds since 1970-01-01 00:00 as a BIGINT."""
    return Sql(f"CAST(floor(epoch({moment})) AS BIGINT)")


def hour(moment: str) -> Sql:
    """Hour of the day, 0-23."""
    return Sql(f"CAST(extract('hour' FROM {moment}) AS INTEGER)")


def weekday(day: str) -> Sql:
    """Weekday of a day number: 1 = Monday ... 7 = Sunday (day 0 was a Thursday)."""
    return Sql(f"((({day} + 3) % 7 + 7) % 7 + 1)")


def month(day: str) -> Sql:
    """Month of a day number, 1-12."""
    return Sql(f"CAST(extract('month' FROM {day_date(day)}) AS INTEGER)")


# --- aggregates ------------------------------------------------------------------------------------------------------


def count_where(condition: str) -> Sql:
    """How many rows meet the condition."""
    return Sql(f"COUNT(CASE WHEN {condition} THEN 1 END)")


def sum_where(value: str, condition: str) -> Sql:
    """Sum over the rows that meet the condition; 0 where none does. `value` is an integer or a decimal."""
    return Sql(f"COALESCE(SUM(CASE WHEN {condition} THEN {value} END), 0)")


def exact_sum(value: str) -> Sql:
    """Sum of a DOUBLE in fixed point (nine decimals), so that the order of the rows cannot change it."""
    return Sql(f"(CAST(SUM(CAST(round(({value}) * {_FIXED_POINT}) AS BIGINT)) AS DOUBLE) / {_FIXED_POINT})")


def mean(value: str) -> Sql:
    """Mean of an integer or decimal, divided once."""
    return ratio(f"SUM({value})", f"COUNT({value})")


def std(value: str) -> Sql:
    """Sample standard deviation of an INTEGER, from exact sums; NULL below two values."""
    n, total, squares = f"COUNT({value})", f"SUM(CAST({value} AS HUGEINT))", f"SUM(CAST({value} AS HUGEINT) * {value})"
    variance = ratio(f"({n} * {squares} - {total} * {total})", f"({n} * ({n} - 1))")
    return Sql(f"sqrt({variance})")


def median(value: str) -> Sql:
    """Median, halfway between the two middle values where their number is even, as a DOUBLE."""
    return Sql(f"CAST(quantile_cont({value}, 0.5) AS DOUBLE)")


def first_by(value: str, order: str) -> Sql:
    """`value` in the row where `order` is least."""
    return Sql(f"arg_min({value}, {order})")


def last_by(value: str, order: str) -> Sql:
    """`value` in the row where `order` is greatest."""
    return Sql(f"arg_max({value}, {order})")


# --- rows ------------------------------------------------------------------------------------------------------------


def row_hash(values: Iterable[str]) -> Sql:
    """A 64-bit fingerprint of a row: equal rows have equal ones, others by a chance of 1 in 2^64. Add up as HUGEINT."""
    return Sql(f"hash({', '.join(values)})")


def starts_with_any(value: str, prefixes: Sequence[str]) -> Sql:
    """TRUE where the text begins with one of the prefixes, as given or in upper or lower case."""
    written = [way for prefix in prefixes for way in dict.fromkeys((prefix, prefix.upper(), prefix.lower()))]
    tests = [f"starts_with({value}, {text(way)})" for way in written]
    return Sql("(" + " OR ".join(tests) + ")") if tests else Sql("FALSE")


def matches(value: str, pattern: str) -> Sql:
    """TRUE where the regular expression (RE2) is found in the text."""
    return Sql(f"regexp_matches({value}, {text(pattern)})")


def without(value: str, pattern: str) -> Sql:
    """The text without everything the regular expression finds."""
    return Sql(f"regexp_replace({value}, {text(pattern)}, '', 'g')")


def parse_time(value: str, patterns: Sequence[str]) -> Sql:
    """A text as TIMESTAMP by the first strptime pattern that fits, NULL where none does."""
    return Sql(f"try_strptime({value}, [{', '.join(text(pattern) for pattern in patterns)}])")


def local_time(moment: str, zone: str) -> Sql:
    """A TIMESTAMP WITH TIME ZONE as the TIMESTAMP that the clocks of `zone` (an IANA name) showed."""
    return Sql(f"timezone({text(zone)}, {moment})")


EPOCH, EPOCH_MS, EXCEL = "epoch", "epoch_ms", "excel"
"""Times written as numbers: seconds or milliseconds since 1970 in UTC, or days since 1899-12-30 on local clocks."""


def read_time(value: str, formats: Sequence[str], zone: str) -> Sql:
    """A text as the TIMESTAMP that the clocks of `zone` (an IANA name) showed, by the first format to fit, or NULL.

    A format is a strptime pattern, or EPOCH, EPOCH_MS or EXCEL. Under a pattern with %z the text may end in an offset
    or in Z, UTC or GMT, and is converted; without one it is taken as it stands.
    """
    plain = [each for each in formats if "%" in each and "%z" not in each]
    zoned = [each for each in formats if "%z" in each]
    tries = [parse_time(value, plain)] if plain else []
    if zoned:
        tries.append(local_time(parse_time(f"regexp_replace({value}, ' ?(Z|UTC|GMT)$', '+00')", zoned), zone))
    number = try_cast(value, "DOUBLE")
    for form, per_second in ((EPOCH, 1), (EPOCH_MS, 1000)):
        if form in formats:
            utc = local_time(_since_1970(f"{number} / {per_second}"), "UTC")
            tries.append(local_time(utc, zone))
    if EXCEL in formats:
        tries.append(_since_1970(f"round(({number} - 25569) * 86400)"))  # 1970-01-01 is day 25569; whole seconds
    return Sql(f"COALESCE({', '.join(tries)})") if tries else cast("NULL", "TIMESTAMP")


def _since_1970(seconds: str) -> Sql:
    """A TIMESTAMP; NULL beyond the years a timestamp holds."""
    within = f"abs({seconds}) < 1e11"
    return Sql(f"CASE WHEN {within} THEN make_timestamp(CAST(round({seconds} * 1e6) AS BIGINT)) END")
