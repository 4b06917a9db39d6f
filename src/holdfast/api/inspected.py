"""What was found in the files of an import, as its answer describes it: tables, columns, mapping, doubts."""

from typing import Literal, TypeAlias

from pydantic import BaseModel, Field

Fact: TypeAlias = str | int | float | bool | None


class InspectedColumn(BaseModel):
    """A column of a table, as looked at on all of its rows."""

    name: str
    looks_like: str
    distinct: int
    empty: int
    samples: list[str]


class MappedField(BaseModel):
    """One of our fields, and the column it would be read from."""

    field: str
    column: str | None
    confidence: float = Field(description="0 to 1.")
    used: bool = Field(description="False where it is too doubtful to be read without being asked about.")
    reason: str
    alternatives: list[str]


class InspectedTable(BaseModel):
    """A table of a file."""

    file: str
    table: str
    content: Literal["lines", "customers", "reviews", "ignored"]
    rows: int
    format: dict[str, Fact] = Field(description="Encoding, separator and whatever else it is written in.")
    preset: str | None
    grain: str | None
    columns: list[InspectedColumn]
    mapping: list[MappedField]
    notes: list[str]


class Doubt(BaseModel):
    """Something a person has to decide before the files can be taken in."""

    field: str
    columns: list[str]
    question: str
    choices: list[str]
    todo: str


class Inspection(BaseModel, extra="allow"):
    """All files of an import, understood together."""

    tables: list[InspectedTable]
    mapping: dict[str, str] = Field(description="Our field -> column of the file.")
    doubts: list[Doubt]
    notes: list[str]
    preset: str | None
    currency: str | None = Field(description="Null where nobody says.")
    date_order: Literal["dmy", "mdy", "ymd"] | None
    time_zone: str
    grain: str | None
