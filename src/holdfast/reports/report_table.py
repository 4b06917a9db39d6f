"""A table for any page: values a program can read, with columns that say how a person reads them."""

from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from holdfast.reports import figures

Value = str | int | float | None


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    """Exact amounts as text, such as "48210.35"; the report names the currency once."""
    SHARE = "share"
    NUMBER = "number"
    """A mean or ratio, shown with one decimal."""


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """One column: its heading, with the unit, and its kind."""

    heading: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class ReportTable:
    """Rows of values in the order of the columns; `note` is the sentence below the table."""

    name: str
    title: str
    columns: tuple[ReportColumn, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""

    def texts(self, currency: str) -> tuple[tuple[str, ...], ...]:
        """The rows as a person reads them."""
        kinds = [column.kind for column in self.columns]
        return tuple(tuple(_text(v, kind, currency) for v, kind in zip(row, kinds, strict=True)) for row in self.rows)

    def as_json(self) -> dict[str, Any]:
        """The table as one JSON object."""
        return asdict(self)


def _text(value: Value, kind: Kind, currency: str) -> str:
    if value is None:
        return figures.NOTHING
    if kind is Kind.COUNT:
        return figures.count(int(value))
    if kind is Kind.MONEY:
        return figures.exact_money(Decimal(str(value)), currency)
    if kind is Kind.SHARE:
        return figures.percent(float(value))
    return f"{float(value):,.1f}" if kind is Kind.NUMBER else str(value)
