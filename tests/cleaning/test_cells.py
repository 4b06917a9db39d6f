"""How single cells are read: literal tables of what a column's separators allow and what they do not."""

from datetime import datetime
from decimal import Decimal

import pytest

from holdfast.cleaning.cells import cell
from holdfast.engine import DuckEngine, Query
from holdfast.tables import Kind, Reading


def read(value: object, kind: Kind, reading: Reading, sql_type: str = "VARCHAR", zone: str = "UTC") -> object:
    """The cell as cleaning reads it."""
    expression = cell(reading, kind, sql_type, zone=zone)
    text = f"SELECT {expression} AS found FROM (SELECT CAST($value AS {sql_type}) AS x) AS t"
    with DuckEngine() as engine:
        return engine.rows(Query("cell", "one cell", text, {"value": value})).one()["found"]


@pytest.mark.parametrize(
    ("text", "decimal", "thousands", "expected"),
    [
        ("1234.5", ".", "", "1234.5"),
        (" 12 ", ".", "", "12"),
        ("-3", ".", "", "-3"),
        ("3-", ".", "", "-3"),
        ("(12.50)", ".", "", "-12.5"),
        ("£12.50", ".", "", "12.5"),
        ("-£12.50", ".", "", "-12.5"),
        ("R$ 12.50", ".", "", "12.5"),
        ("12.50 EUR", ".", "", "12.5"),
        (".5", ".", "", "0.5"),
        ("1,234.50", ".", ",", "1234.5"),
        ("12,34.50", ".", ",", None),
        ("1,2,3", ".", ",", None),
        ("1,234", ".", "", None),
        ("1.234,50", ",", ".", "1234.5"),
        ("1234,50", ",", ".", "1234.5"),
        ("1.5", ",", ".", None),
        ("1 234,50", ",", " ", "1234.5"),
        ("1\u00a0234,50", ",", " ", "1234.5"),
        ("1'234.50", ".", "'", "1234.5"),
        ("1e308", ".", "", None),
        ("nan", ".", "", None),
        ("inf", ".", "", None),
        ("n/a", ".", "", None),
        ("1 2", ".", "", None),
        ("--5", ".", "", None),
        ("1000000000000", ".", "", None),
        ("999999999999.9999", ".", "", "999999999999.9999"),
    ],
)
def test_numbers(text: str, decimal: str, thousands: str, expected: str | None) -> None:
    found = read(text, Kind.MONEY, Reading("x", decimal=decimal, thousands=thousands))
    assert found == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("value", "expected"), [(2.55, "2.55"), (float("nan"), None), (float("inf"), None), (1e13, None)]
)
def test_floats_become_exact(value: float, expected: str | None) -> None:
    found = read(value, Kind.MONEY, Reading("x"), "DOUBLE")
    assert found == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("value", "sql_type", "expected"),
    [
        (" 007 ", "VARCHAR", "007"),
        ("  ", "VARCHAR", None),
        (17850.0, "DOUBLE", "17850"),
        (17850.5, "DOUBLE", "17850.5"),
        (12346, "INTEGER", "12346"),
        ("🛒", "VARCHAR", "🛒"),
    ],
)
def test_ids_are_texts_as_in_the_file(value: object, sql_type: str, expected: str | None) -> None:
    assert read(value, Kind.ID, Reading("x"), sql_type) == expected


@pytest.mark.parametrize(
    ("text", "formats", "expected"),
    [
        ("12/1/2010 8:26", ("%m/%d/%Y %H:%M",), datetime(2010, 12, 1, 8, 26)),
        ("31/12/2010", ("%d/%m/%Y %H:%M", "%d/%m/%Y"), datetime(2010, 12, 31)),
        ("31/12/2010", ("%m/%d/%Y",), None),
        ("2024-07-01T10:00:00+0000", ("%Y-%m-%dT%H:%M:%S%z",), datetime(2024, 7, 1, 11)),
        ("1704103200", ("epoch",), datetime(2024, 1, 1, 10)),
        ("0001-01-01", ("%Y-%m-%d",), None),
        ("9999-12-31", ("%Y-%m-%d",), None),
    ],
)
def test_times_are_on_the_shops_clocks(text: str, formats: tuple[str, ...], expected: datetime | None) -> None:
    assert read(text, Kind.TIME, Reading("x", time_formats=formats), zone="Europe/London") == expected
