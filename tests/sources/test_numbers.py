"""One decimal mark for the whole column, decided on all rows."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.cleaning.cells import cell as cleaned
from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.sources.numbers import GUESS, SURE, NumberReading, looks_like_number, read_numbers
from holdfast.sources.shapes import shape_of
from holdfast.tables import Kind, Reading


def read(
    duck: DuckEngine, cells: list[str], *, given: str | None = None, elsewhere: str | None = None
) -> NumberReading:
    values = ", ".join(f"({i}, {sql.text(cell)})" for i, cell in enumerate(cells))
    duck.keep("numbers", Query("cells", "cell", f"SELECT n AS row_number, x FROM (VALUES {values}) AS v(n, x)"))
    return read_numbers(duck, "numbers", "x", "VARCHAR", given=given, elsewhere=elsewhere)


def numbers(duck: DuckEngine, reading: NumberReading) -> list[Decimal | None]:
    """The bound cells as cleaning reads them."""
    how = Reading("x", decimal=reading.decimal, thousands=reading.thousands)
    value = cleaned(how, Kind.MONEY, "VARCHAR", zone="UTC")
    return [row[0] for row in duck.rows(Query("n", "cell", f"SELECT {value} FROM numbers ORDER BY row_number")).rows]


@pytest.mark.parametrize(
    ("cells", "decimal", "thousands", "last"),
    [
        (["1", "2.55"], ".", "", "2.55"),
        (["1", "2,55"], ",", "", "2.55"),
        (["950", "1,234.50"], ".", ",", "1234.50"),
        (["950", "1.234,50"], ",", ".", "1234.50"),
        (["9,5", "1 234,50"], ",", " ", "1234.50"),
        (["9,5", "1\u202f234,50"], ",", " ", "1234.50"),
        (["9,5", "1\u00a0234,50"], ",", " ", "1234.50"),
        (["9.5", "1'234.50"], ".", "'", "1234.50"),
        (["9.50", "1,234"], ".", ",", "1234"),
        (["9,50", "1.234"], ",", ".", "1234"),
        (["1,234,567"], ".", ",", "1234567"),
        (["1.234.567"], ",", ".", "1234567"),
        (["0.125", "1.250"], ".", "", "1.25"),
        (["£2.55", "£1,000.00"], ".", ",", "1000"),
        (["2,55 €", "-1.000,00 €"], ",", ".", "-1000"),
        (["R$ 9,90", "R$ 1.234,50"], ",", ".", "1234.50"),
        (["9.50", "(5.25)"], ".", "", "-5.25"),
        (["9.50", "5.25-"], ".", "", "-5.25"),
        (["USD 9.50", "9.75 USD"], ".", "", "9.75"),
    ],
)
def test_marks_are_decided_for_the_column(
    duck: DuckEngine, cells: list[str], decimal: str, thousands: str, last: str
) -> None:
    reading = read(duck, cells)
    assert (reading.decimal, reading.thousands, reading.confidence) == (decimal, thousands, SURE)
    assert reading.readable == len(cells)
    assert numbers(duck, reading)[-1] == Decimal(last)


@pytest.mark.parametrize("cells", [["1,234"], ["1.234", "950"]])
def test_three_digits_behind_one_mark_are_ambiguous(duck: DuckEngine, cells: list[str]) -> None:
    assert read(duck, cells).confidence == GUESS
    assert read(duck, cells, elsewhere=".").confidence > GUESS


def test_others_decide_what_one_column_cannot(duck: DuckEngine) -> None:
    thousands = read(duck, ["1,234"], elsewhere=".")
    assert numbers(duck, thousands) == [Decimal(1234)]
    decimals = read(duck, ["1,234"], given=",")
    assert numbers(duck, decimals) == [Decimal("1.234")]


def test_a_contradiction_goes_by_the_majority(duck: DuckEngine) -> None:
    reading = read(duck, ["1.50", "2.50", "3,50"])
    assert (reading.decimal, reading.readable) == (".", 2)
    assert "1 contradict it" in reading.reason
    assert numbers(duck, reading)[2] is None


def test_a_tie_is_nobodys_guess(duck: DuckEngine) -> None:
    assert read(duck, ["1.50", "3,50"]).confidence < GUESS


@pytest.mark.parametrize("text", ["abc", "nan", "inf", "1,2,3", "12 34", "1.2.3", "5 kg", "#REF!"])
def test_what_is_no_number_is_not_taken_for_one(duck: DuckEngine, text: str) -> None:
    assert not looks_like_number(shape_of(text))
    assert read(duck, [text]).confidence == 0


def test_numbers_of_a_typed_column_need_no_reading(duck: DuckEngine) -> None:
    duck.keep("typed", Query("t", "row", "SELECT 1 AS row_number, CAST(1.5 AS DOUBLE) AS x"))
    assert read_numbers(duck, "typed", "x", "DOUBLE").confidence == SURE


def test_signs_of_currencies_are_counted(duck: DuckEngine) -> None:
    assert read(duck, ["£2.55", "£3", "4"]).symbols == {"£": 2}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([(".", ","), (".", ""), (",", "."), (",", ""), (",", " "), (".", "'")]),
    st.lists(st.decimals(-999_999, 999_999, places=2), min_size=1, max_size=10),
)
def test_any_notation_with_decimals_is_found_and_read_back(
    duck: DuckEngine, marks: tuple[str, str], values: list[Decimal]
) -> None:
    decimal, thousands = marks
    cells = [f"{value:,.2f}".translate({ord(","): thousands, ord("."): decimal}) for value in values]
    reading = read(duck, cells)
    assert (reading.decimal, reading.confidence, reading.readable) == (decimal, SURE, len(cells))
    assert numbers(duck, reading) == values
