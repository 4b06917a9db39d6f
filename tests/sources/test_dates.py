"""One date order for the whole column, decided on all rows."""

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.sources.dates import GUESS, SURE, TimeColumn, TimeReading, read_times
from holdfast.sources.shapes import shape_of
from holdfast.sources.time_patterns import DateOrder, pattern_of, pattern_of_digits

Cells = Sequence[str | None]


def read(
    duck: DuckEngine, cells: Cells, *, given_order: DateOrder | None = None, elsewhere: DateOrder | None = None
) -> TimeReading:
    _bind(duck, cells)
    return read_times(TimeColumn(duck, "column_of_times", "written", "VARCHAR"), given=given_order, elsewhere=elsewhere)


def times(duck: DuckEngine, cells: Cells, reading: TimeReading, *, zone: str = "UTC") -> list[dt.datetime | None]:
    """The cells as cleaning will read them."""
    _bind(duck, cells)
    moment = sql.read_time("trim(written)", reading.formats, zone)
    rows = duck.rows(Query("times", "cell", f"SELECT {moment} AS t FROM column_of_times ORDER BY row_number")).rows
    return [row[0] for row in rows]


def _bind(duck: DuckEngine, cells: Cells) -> None:
    values = ", ".join(f"({i}, {sql.text(cell) if cell is not None else 'NULL'})" for i, cell in enumerate(cells))
    duck.keep(
        "column_of_times",
        Query(
            "cells",
            "cell",
            f"SELECT n AS row_number, CAST(cell AS VARCHAR) AS written FROM (VALUES {values}) AS v(n, cell)",
        ),
    )


EIGHT_26 = dt.datetime(2010, 12, 1, 8, 26)
MIDNIGHT = dt.datetime(2010, 12, 1)


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2010-12-01", MIDNIGHT),
        ("2010-12-1", MIDNIGHT),
        ("2010/12/01", MIDNIGHT),
        ("2010.12.01 08:26", EIGHT_26),
        ("2010-12-01 08:26:00", EIGHT_26),
        ("2010-12-01T08:26:00", EIGHT_26),
        ("2010-12-01T08:26:00Z", EIGHT_26),
        ("2010-12-01 08:26:00 UTC", EIGHT_26),
        ("2010-12-01T08:26:00.000Z", EIGHT_26),
        ("2010-12-01T10:26:00+02:00", EIGHT_26),
        ("2010-12-01 03:26:00 -0500", EIGHT_26),
        ("2010-12-01 10:26+02", EIGHT_26),
        ("2010-12-01 08:26:00.123456", EIGHT_26.replace(microsecond=123456)),
        ("2010-12-01 08:26:00.1234567", EIGHT_26.replace(microsecond=123456)),
        ("2010-12-01 08:26:00,5", EIGHT_26.replace(microsecond=500000)),
        ("20101201", MIDNIGHT),
        ("20101201 0826", EIGHT_26),
        ("20101201T082600", EIGHT_26),
        ("20101201082600", EIGHT_26),
        ("1 Dec 2010", MIDNIGHT),
        ("01-Dec-10", MIDNIGHT),
        ("1. December 2010 08:26", EIGHT_26),
        ("Dec 1, 2010", MIDNIGHT),
        ("December 1, 2010 8:26 AM", EIGHT_26),
        ("Wed, 01 Dec 2010 08:26:00 GMT", EIGHT_26),
        ("Wednesday, December 1, 2010", MIDNIGHT),
        ("1291191960", EIGHT_26),
        ("1291191960000", EIGHT_26),
        ("40513.3513888889", EIGHT_26),
        ("40513", MIDNIGHT),
    ],
)
def test_a_time_that_reads_one_way_is_read(duck: DuckEngine, cell: str, moment: dt.datetime) -> None:
    reading = read(duck, [cell])
    assert (reading.confidence, reading.order, reading.readable) == (SURE, None, 1)
    assert times(duck, [cell], reading) == [moment]


@pytest.mark.parametrize(
    ("cells", "order", "first"),
    [
        (["12/1/2010 8:26", "12/13/2010 8:26"], "mdy", EIGHT_26),
        (["1/12/2010 8:26", "13/12/2010 8:26"], "dmy", EIGHT_26),
        (["01.12.2010", "31.12.2010"], "dmy", MIDNIGHT),
        (["1. 12. 2010", "31. 12. 2010"], "dmy", MIDNIGHT),
        (["01-12-10", "31-12-10"], "dmy", MIDNIGHT),
        (["12/01/10 08:26 am", "12/31/10 08:26 pm"], "mdy", EIGHT_26),
        (["01/12/2010, 08:26", "31/12/2010, 08:26"], "dmy", EIGHT_26),
        (["01/12/2010 08:26:00", "31/12/2010"], "dmy", EIGHT_26),
    ],
)
def test_one_value_above_twelve_decides_the_column(
    duck: DuckEngine, cells: Cells, order: DateOrder, first: dt.datetime
) -> None:
    reading = read(duck, cells)
    assert (reading.order, reading.confidence, reading.contradicting) == (order, SURE, 0)
    assert times(duck, cells, reading)[0] == first


def test_one_row_among_many_decides(duck: DuckEngine) -> None:
    cells: Cells = ["01/02/2024"] * 5_000 + ["02/29/2024"]
    assert read(duck, cells).order == "mdy"


def test_a_column_that_never_says_is_a_guess(duck: DuckEngine) -> None:
    cells: Cells = ["11/12/2010", "12/1/2010", "12/2/2010", "1/4/2011"]
    reading = read(duck, cells)
    assert (reading.order, reading.confidence) == ("mdy", GUESS)
    assert "run forward in time" in reading.reason


def test_a_guess_without_order_of_rows_prefers_the_shorter_span(duck: DuckEngine) -> None:
    reading = read(duck, ["3/2/2010", "3/1/2010", "3/3/2010", "3/2/2010"])
    assert (reading.order, reading.confidence) == ("mdy", GUESS)
    assert read(duck, ["1/2/2010"]).confidence == GUESS


def test_another_column_or_a_person_settles_it(duck: DuckEngine) -> None:
    cells: Cells = ["12/1/2010", "12/2/2010"]
    by_other = read(duck, cells, elsewhere="dmy")
    assert by_other.order == "dmy"
    assert GUESS < by_other.confidence < SURE
    assert times(duck, cells, read(duck, cells, given_order="dmy"))[0] == dt.datetime(2010, 1, 12)
    assert read(duck, cells, given_order="mdy").confidence == SURE


def test_a_contradiction_goes_by_the_majority_and_is_counted(duck: DuckEngine) -> None:
    cells: Cells = ["13/01/2010", "14/01/2010", "01/13/2010", "02/03/2010"]
    reading = read(duck, cells)
    assert (reading.order, reading.contradicting, reading.readable, reading.filled) == ("dmy", 1, 3, 4)
    assert "01/13/2010" in reading.reason
    assert times(duck, cells, reading)[2] is None


def test_a_tied_contradiction_is_nobodys_guess(duck: DuckEngine) -> None:
    assert read(duck, ["13/01/2010", "01/13/2010"]).confidence < GUESS


def test_equal_day_and_month_need_no_decision(duck: DuckEngine) -> None:
    reading = read(duck, ["5/5/2010", "6/6/2010"])
    assert (reading.order, reading.confidence) == (None, SURE)


def test_two_digit_years_are_years_of_our_time(duck: DuckEngine) -> None:
    cells: Cells = ["31/12/10", "31/12/2010"]
    assert times(duck, cells, read(duck, cells)) == [dt.datetime(2010, 12, 31)] * 2


def test_two_digit_years_may_come_first_if_somebody_says_so(duck: DuckEngine) -> None:
    cells: Cells = ["10/12/31"]
    assert times(duck, cells, read(duck, cells, given_order="ymd")) == [dt.datetime(2010, 12, 31)]
    assert read(duck, ["31/12/2010"], given_order="ymd").confidence == 0


def test_years_out_of_reach_are_counted(duck: DuckEngine) -> None:
    reading = read(duck, ["0001-01-01", "9999-12-31", "2010-12-01", None, "n/a"])
    assert (reading.filled, reading.readable, reading.implausible) == (4, 3, 2)


def test_offsets_become_the_clock_of_the_shop(duck: DuckEngine) -> None:
    cells: Cells = ["2010-12-01T08:26:00Z", "2010-12-01 03:26:00 -0500"]
    assert times(duck, cells, read(duck, cells), zone="Europe/Berlin") == [EIGHT_26.replace(hour=9)] * 2


@pytest.mark.parametrize("cell", ["hello", "1.234,50", "12/2010", "2010-13-45", "3. März 2010", "99/99/2010", "2010"])
def test_what_is_no_date_is_not_taken_for_one(duck: DuckEngine, cell: str) -> None:
    reading = read(duck, [cell])
    assert (reading.formats, reading.confidence) == ((), 0)
    assert cell in reading.reason


def test_stray_digits_among_dates_are_damage(duck: DuckEngine) -> None:
    reading = read(duck, ["2010-12-01", "2010-12-02", "40513"])
    assert (reading.readable, reading.filled) == (2, 3)


def test_ids_are_not_taken_for_dates_of_text() -> None:
    assert pattern_of(shape_of("536365")) is None
    assert pattern_of_digits(shape_of("536365")) is None


FORMATS = {
    "dmy": ["%d/%m/%Y", "%d.%m.%Y %H:%M", "%d-%m-%y %H:%M:%S", "%d/%m/%Y, %I:%M %p"],
    "mdy": ["%m/%d/%Y", "%m/%d/%Y %H:%M", "%m-%d-%y", "%m/%d/%Y %I:%M:%S %p"],
    None: ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%d %b %Y", "%B %d, %Y %H:%M", "%Y%m%d"],
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([(order, written) for order, all_written in FORMATS.items() for written in all_written]),
    st.lists(st.datetimes(dt.datetime(1971, 1, 1), dt.datetime(2068, 1, 1)), min_size=1, max_size=12),
    st.dates(dt.date(1971, 1, 1), dt.date(2068, 1, 1)).filter(lambda day: day.day > 12),
)
@example(("dmy", "%d/%m/%Y"), [dt.datetime(2020, 1, 2)], dt.date(2020, 2, 13))
def test_any_single_format_is_found_when_one_value_decides(
    duck: DuckEngine, how: tuple[DateOrder | None, str], moments: list[dt.datetime], decisive: dt.date
) -> None:
    order, written = how
    moments = [*moments, dt.datetime.combine(decisive, dt.time(9, 30))]
    cells: Cells = [moment.strftime(written) for moment in moments]
    reading = read(duck, cells)
    assert (reading.order, reading.confidence, reading.readable) == (order, SURE, len(cells))
    back = [moment.strftime(written) if moment else None for moment in times(duck, cells, reading)]
    assert back == cells
