"""Every sheet of a workbook that holds rows becomes a table; its typed cells become text, times in ISO form."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from holdfast.engine import DuckEngine
from holdfast.errors import InputError
from holdfast.sources.delivered import Delivered, no_rows
from holdfast.sources.header import find_heading, notes_above, usable_names
from holdfast.sources.opened import OpenedTable
from holdfast.sources.separated import Marks, to_parquet, write_rows

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta

SAMPLE_ROWS = 1000
"""How far down a header is looked for."""

_MIDNIGHT = dt.time()


def open_workbook(
    delivered: Delivered, *, targets: Iterator[Path], scratch: Path, engine: DuckEngine
) -> list[OpenedTable]:
    """Write each sheet as Parquet to the next of `targets`; sheets without rows are left out. Raises InputError."""
    try:
        with CalamineWorkbook.from_path(delivered.path) as workbook:
            names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
            sheets = [workbook.get_sheet_by_name(name) for name in names]
    except CalamineError as error:
        raise InputError(
            f"{delivered.label} is a workbook that cannot be read.",
            seen=f"The workbook reader says: {str(error).rstrip('.')}.",
            todo="Open it in a spreadsheet program and save it again as .xlsx, without a password.",
        ) from error
    opened = [_open_sheet(delivered, sheet, targets, scratch, engine) for sheet in sheets]
    tables = [table for table in opened if table]
    if not tables:
        raise no_rows(delivered.label)
    return tables


def _open_sheet(
    delivered: Delivered, sheet: CalamineSheet, targets: Iterator[Path], scratch: Path, engine: DuckEngine
) -> OpenedTable | None:
    """One sheet as a table; None if it has no rows below its header."""
    timed, controls = _survey(sheet)
    heading = find_heading(list(islice(_texts(sheet, timed), SAMPLE_ROWS)))
    first_row = heading.above + 1 if heading.cells else 0
    filled = (row for row in islice(_texts(sheet, timed), first_row, None) if any(row))
    marks = Marks.outside(controls, file=delivered.label)
    rows = write_rows(filled, scratch / "rows", columns=sheet.width, marks=marks)
    if not rows.rows:
        return None
    names, notes = usable_names(heading.cells or [f"column_{i}" for i in range(1, sheet.width + 1)])
    target = next(targets)
    return OpenedTable(
        path=target,
        file=delivered.file,
        table=sheet.name,
        sha256=delivered.sha256,
        rows=to_parquet(rows, names, target, engine=engine),
        columns=names,
        facts=delivered.facts
        | {"format": "Excel workbook", "sheet": sheet.name, "header": "yes" if heading.cells else "none"},
        notes=(*notes_above(heading.above), *notes),
    )


def _survey(sheet: CalamineSheet) -> tuple[frozenset[int], frozenset[str]]:
    """Which columns hold times of day beside dates, and which control characters the texts hold."""
    timed: set[int] = set()
    controls: set[str] = set()
    for row in sheet.iter_rows():
        for column, cell in enumerate(row):
            if isinstance(cell, dt.datetime):
                timed.add(column)
            elif isinstance(cell, str) and not cell.isprintable():
                controls.update(cell)
    return frozenset(timed), frozenset(controls)


def _texts(sheet: CalamineSheet, timed: frozenset[int]) -> Iterator[list[str]]:
    """The rows of a sheet as text."""
    for row in sheet.iter_rows():
        yield [_text(cell, is_timed=column in timed) for column, cell in enumerate(row)]


def _text(cell: Cell, *, is_timed: bool) -> str:
    """A cell as a person would write it: no `.0` behind whole numbers, no exponents, times in ISO form.

    A spreadsheet does not tell 2 January from midnight of it, so a column with any time of day gets one in every row.
    """
    match cell:
        case bool():
            return str(cell).upper()
        case float() if cell.is_integer():
            return str(int(cell))
        case float():
            return format(Decimal(repr(cell)), "f")
        case dt.datetime():
            return cell.isoformat(" ")
        case dt.date() if is_timed:
            return dt.datetime.combine(cell, _MIDNIGHT).isoformat(" ")
        case _:
            return str(cell)
