"""Files of vouchers: the history of assignments, and the table of rules that people edit."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from holdfast.engine import DuckEngine, Query
from holdfast.engine import dialect as sql
from holdfast.errors import InputError, MappingError
from holdfast.sources.opened import OpenedTable
from holdfast.sources.opening import open_files
from holdfast.tables import ROW_NUMBER

MOST_RULES = 1000


def open_voucher_history(
    paths: Sequence[Path],
    *,
    fields: Sequence[str],
    mapping: Mapping[str, str],
    engine: DuckEngine,
    scratch: Path,
    target: Path,
    most_bytes: int | None = None,
) -> OpenedTable:
    """Write the `fields` of the one table in `paths` to `target`, untouched, with `row_number`.

    A field stands in the column that `mapping` names, else in that of its own name. Other columns are left out: they
    may hold what nobody needs here, such as names of people. MappingError where a column is missing.
    """
    tables = open_files(paths, into=scratch, engine=engine, most_bytes=most_bytes)
    if len(tables) != 1:
        raise InputError(
            "A voucher history is one table.",
            seen=f"{len(tables)} tables: {', '.join(table.table for table in tables)[:200]}.",
            todo="Send one file with one table.",
        )
    table = tables[0]
    columns = _columns(table, fields, mapping)
    listed = ", ".join(f"{sql.name(column)} AS {sql.name(field)}" for field, column in columns.items())
    engine.bind("opened_history", table.path)
    text = f"SELECT {ROW_NUMBER}, {listed} FROM opened_history ORDER BY {ROW_NUMBER}"
    engine.write(Query("voucher_raw", "one row of the file", text), target)
    return table


def _columns(table: OpenedTable, fields: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    known = {column.strip().lower(): column for column in table.columns}
    unknown = sorted(mapping.keys() - set(fields))
    found = {field: known.get(mapping.get(field, field).strip().lower()) for field in fields}
    missing = [field for field, column in found.items() if column is None]
    if unknown or missing:
        raise MappingError(
            f"There is no field {unknown[0]!r}."
            if unknown
            else f"{table.file} has no column for {', '.join(missing)}.",
            seen=f"Its columns are {', '.join(table.columns)[:500]}.",
            todo=f"Say which columns stand for {', '.join(fields)} (on the command line: --map OURS=THEIRS).",
            details={"columns": missing or unknown},
        )
    return {field: column for field, column in found.items() if column is not None}


def read_rule_table(path: Path) -> list[dict[str, Any]]:
    """The rows of a rule table: CSV as a spreadsheet saves it, or JSON or YAML with a list of rows; or InputError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name} cannot be read.", seen=str(error), todo="Save it as CSV in UTF-8.") from error
    return parse_rule_table(text, is_csv=path.suffix.lower() in (".csv", ".txt", ".tsv"), name=path.name)


def parse_rule_table(text: str, *, is_csv: bool, name: str) -> list[dict[str, Any]]:
    """The rows in the text of a rule table."""
    try:
        value: Any = _csv_rows(text) if is_csv else yaml.safe_load(text)
    except (csv.Error, yaml.YAMLError) as error:
        raise InputError(f"{name} cannot be read.", seen=str(error).splitlines()[0], todo="Check it.") from error
    rows = value.get("rules") if isinstance(value, dict) else value
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows) or len(rows) > MOST_RULES:
        raise InputError(
            f"{name} is no table of rules.",
            seen=f"{str(value)[:100]!r}.",
            todo=f"Give up to {MOST_RULES} rows with kind, segment, from and to.",
        )
    return [{str(column).strip().lower(): each for column, each in row.items()} for row in rows]


def _csv_rows(text: str) -> list[dict[str, Any]]:
    """Rows with commas, semicolons or tabs between cells, whichever the header has most of."""
    header = text.partition("\n")[0]
    separator = max(",;\t", key=header.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=separator, restkey="cells without a heading")
    return [dict(row) for row in reader]
