"""Lists of customers as queries: conditions, search, order, and pages that begin where the last one ended.

A page begins after a place, which is the values of the order's columns in the last row seen. So nothing is seen twice
or left out while the order stays as it is, however far one reads, and the first page costs as much as the last.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, TypeAlias

from holdfast.engine import Query
from holdfast.engine import dialect as sql
from holdfast.errors import InputError, NotFoundError
from holdfast.segments.rules import Rule

GROUPED = "customers_grouped"
BASICS = ("days_since_last_order", "order_count", "net_revenue", "median_gap_days", "churn_ratio")
"""The columns a list shows by default, with the groups behind them."""

GROUPS = ("risk_band", "rfm_group", "archetype", "revenue_at_risk")
EVERYTHING = "*"

Types: TypeAlias = Mapping[str, str]
"""Columns of the table of customers with their SQL types."""

Place: TypeAlias = Sequence[Any]
"""The values of the order's columns in one row; None where the row has none."""

LARGEST_PLACE = 10**30
"""Far beyond any figure of a customer, and within what the engine can compare with a decimal."""

_CONDITION = re.compile(r"\s*(?P<column>\w+)\s*(?P<operator><=|>=|!=|=|<|>)\s*(?P<value>.*?)\s*", re.DOTALL)
_KEYS = ("customer_key", "customer_id")
_DEFAULT_ORDER = (("revenue_at_risk", True), ("net_revenue", True), ("customer_id", False))


class UnknownColumnError(NotFoundError):
    """Customers have no such column. To a program that asked for one, a wrong value rather than a wrong address."""

    status = 422


@dataclass(frozen=True, slots=True)
class Asked:
    """Which customers, what of them, and in which order.

    `where` are conditions such as `risk_band=high`, all of which have to hold; `search` is a part of the id, in upper
    or lower case; `sort` is a column, `-column` for falling; `columns` are names, or EVERYTHING alone. `rule` is a rule
    segment that they are in.
    """

    where: tuple[str, ...] = ()
    search: str | None = None
    sort: str | None = None
    columns: tuple[str, ...] = ()
    rule: Rule | None = None


def customers_query(types: Types, asked: Asked, *, limit: int | None, after: Place | None = None) -> Query:
    """The list as a query over `customers_grouped`, from `after` on; UnknownColumnError for a strange column."""
    listed = ", ".join(sql.name(name) for name in shown_columns(types, asked))
    conditions, parameters = _conditions(types, asked)
    order = order_of(types, asked)
    if after is not None:
        conditions.append(_beyond(order, after, parameters))
    text = f"SELECT {listed} FROM {GROUPED}{_where(conditions)} ORDER BY {_ordered(order)}"
    text += f" LIMIT {int(limit)}" if limit is not None else ""
    return Query("customers", "one customer", text, parameters)


def count_query(types: Types, asked: Asked) -> Query:
    """How many customers are asked for."""
    conditions, parameters = _conditions(types, asked)
    return Query(
        "customers_counted", "the list", f"SELECT COUNT(*) AS n FROM {GROUPED}{_where(conditions)}", parameters
    )


def shown_columns(types: Types, asked: Asked) -> tuple[str, ...]:
    """The names of the columns of a list: the id, then what was asked for, each once."""
    everything = tuple(name for name in types if name not in _KEYS)
    basics = tuple(name for name in (*BASICS, *GROUPS) if name in types)
    names = everything if asked.columns == (EVERYTHING,) else asked.columns or basics
    return tuple(dict.fromkeys(("customer_id", *(known_column(name, types) for name in names))))


def order_of(types: Types, asked: Asked) -> tuple[tuple[str, bool], ...]:
    """The columns of the order, each with whether it falls; customers without a value come last, ids decide ties."""
    if asked.sort is None:
        return _DEFAULT_ORDER
    column = known_column(asked.sort.removeprefix("-"), types)
    by_column = ((column, asked.sort.startswith("-")),)
    return by_column if column == "customer_id" else (*by_column, ("customer_id", False))


def place_from(values: Place, order: Sequence[tuple[str, bool]], types: Types) -> Place:
    """A place as it comes back from outside, checked and typed; InputError where it is none of this order."""
    if len(values) != len(order):
        raise _no_place(values)
    return [
        None if value is None else _placed(value, types[name]) for value, (name, _) in zip(values, order, strict=True)
    ]


def known_column(column: str, types: Types) -> str:
    """The column, if customers have it; UnknownColumnError with the nearest names otherwise."""
    if column in types:
        return column
    near = get_close_matches(column, types, n=3)
    raise UnknownColumnError(
        f"Customers have no column {column[:80]!r}.",
        seen=f"There are {len(types)} columns; the nearest are {', '.join(near) or 'none like it'}.",
        todo="List them with `holdfast features`.",
    )


# --- conditions ------------------------------------------------------------------------------------------------------


def _conditions(types: Types, asked: Asked) -> tuple[list[str], dict[str, object]]:
    parameters: dict[str, object] = {}
    tests = [_condition(text, types, parameters, nth) for nth, text in enumerate(asked.where)]
    if asked.search:
        parameters["search"] = asked.search
        tests.append("contains(lower(customer_id), lower($search))")
    if asked.rule:
        test, values = asked.rule.sql("rule")
        tests.append(test)
        parameters |= values
    return tests, parameters


def _where(conditions: Sequence[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _condition(text: str, types: Types, parameters: dict[str, object], nth: int) -> str:
    found = _CONDITION.fullmatch(text)
    if not found:
        raise InputError(
            f"{text[:80]!r} is no condition.",
            seen="Expected a column, one of = != < <= > >=, and a value.",
            todo="Write it like risk_band=high or net_revenue>=100.",
        )
    column, parameter = known_column(found["column"], types), f"value_{nth}"
    operator = "<>" if found["operator"] == "!=" else found["operator"]
    parameters[parameter] = _typed_value(column, found["value"], types[column])
    return f"{sql.name(column)} {operator} ${parameter}"


def _typed_value(column: str, value: str, sql_type: str) -> str | bool | float:
    """The value as what the column holds; one that is none of it is refused here, not in the engine."""
    if sql_type == "VARCHAR":
        return value
    if sql_type == "BOOLEAN":
        if value.lower() in ("true", "false"):
            return value.lower() == "true"
        raise InputError(
            f"{column} cannot be compared with {value[:80]!r}.",
            seen=f"{column} is true or false.",
            todo=f"Write {column}=true.",
        )
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InputError(
            f"{column} cannot be compared with {value[:80]!r}.",
            seen=f"{column} is a number ({sql_type}).",
            todo=f"Write it like {column}>=100.",
        )
    return number


# --- order and places ------------------------------------------------------------------------------------------------


def _ordered(order: Sequence[tuple[str, bool]]) -> str:
    return ", ".join(f"{sql.name(name)} {'DESC' if falls else 'ASC'} NULLS LAST" for name, falls in order)


def _beyond(order: Sequence[tuple[str, bool]], place: Place, parameters: dict[str, object]) -> str:
    """TRUE for rows that come after the place: level with it in some columns, and beyond it in the next."""
    level, ways = list[str](), list[str]()
    for nth, ((name, falls), value) in enumerate(zip(order, place, strict=True)):
        column, parameter = sql.name(name), f"place_{nth}"
        if value is None:  # nothing comes after nothing
            level.append(f"{column} IS NULL")
            continue
        parameters[parameter] = value
        further = f"({column} {'<' if falls else '>'} ${parameter} OR {column} IS NULL)"
        ways.append(" AND ".join([*level, further]))
        level.append(f"{column} = ${parameter}")
    return f"({' OR '.join(ways)})" if ways else "FALSE"


def _placed(value: object, sql_type: str) -> str | bool | float | Decimal:
    """A value of a place as what the column holds; money travels as text, so that it comes back exact."""
    if sql_type == "VARCHAR" and isinstance(value, str):
        return value
    if sql_type == "BOOLEAN" and isinstance(value, bool):
        return value
    if sql_type in ("VARCHAR", "BOOLEAN") or isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _no_place(value)
    try:
        number: Decimal | float = Decimal(value) if sql_type.startswith("DECIMAL") else float(value)
        fits = -LARGEST_PLACE < number < LARGEST_PLACE
    except (ValueError, ArithmeticError) as error:
        raise _no_place(value) from error
    if not fits:
        raise _no_place(value)
    return number


def _no_place(value: object) -> InputError:
    return InputError(
        "The cursor does not fit this list.",
        seen=f"It says {str(value)[:80]!r}.",
        todo="Use `next_cursor` of the page before with the same order, or begin without a cursor.",
    )
