"""Imports: the raw tables of each file, untouched, with how they were read. A data set is made of them."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from holdfast.errors import NotFoundError
from holdfast.store.folder import ShopFolder, read_json
from holdfast.tables import RawTable, Reading

RECORD = "import.json"


@dataclass(frozen=True, slots=True)
class Import:
    """One import: when, which files, and their raw tables (paths relative to the import's folder)."""

    id: str
    created_at: str
    files: tuple[str, ...]
    tables: tuple[RawTable, ...]
    mapping: Mapping[str, str]
    notes: tuple[str, ...] = ()

    @property
    def currency(self) -> str | None:
        """The currency of its amounts, where the file or the person named one."""
        return next((table.currency for table in self.tables if table.content == "lines"), None)


def add_import(folder: ShopFolder, work: Path, record: Import) -> Import:
    """Publish the raw tables in `work` as an import; it counts only once a data set names it."""
    relative = _relative(record)
    (work / RECORD).write_text(_as_json(relative), encoding="utf-8")
    target = folder.path / "imports" / record.id
    folder.remove(f"imports/{record.id}")  # a process that was killed left it, and no data set names it
    folder.publish(work, target=target)
    return _absolute(relative, target)


def read_import(folder: ShopFolder, import_id: str) -> Import:
    """An import by its id, with absolute paths."""
    target = folder.find(f"imports/{import_id}")
    if target is None:
        raise NotFoundError(
            f"There is no import {import_id!r}.",
            seen=f"{folder.path / 'imports'} does not hold it.",
            todo="List the imports with `holdfast imports`.",
        )
    return _absolute(_from_json(read_json(target / RECORD)), target)


def recounted(record: Import, rows: Mapping[str, int], *, note: str = "") -> Import:
    """The import with other numbers of rows in some tables (by path), and a note on why."""
    tables = tuple(replace(table, rows=rows.get(table.path, table.rows)) for table in record.tables)
    return replace(record, tables=tables, notes=(*record.notes, note) if note else record.notes)


def replace_tables(folder: ShopFolder, work: Path, record: Import) -> None:
    """Put the tables in `work` in the place of those of a stored import, which is now as `record` says."""
    (work / RECORD).write_text(_as_json(_relative(record)), encoding="utf-8")
    folder.replace_files(work, f"imports/{record.id}")


def _relative(record: Import) -> Import:
    return replace(record, tables=tuple(replace(t, path=Path(t.path).name) for t in record.tables))


def _absolute(record: Import, target: Path) -> Import:
    return replace(record, tables=tuple(replace(t, path=str(target / t.path)) for t in record.tables))


def _as_json(record: Import) -> str:
    return json.dumps(asdict(record), indent=2, ensure_ascii=False) + "\n"


def _from_json(value: dict[str, Any]) -> Import:
    tables = []
    for table in value["tables"]:
        readings = {
            name: Reading(**(reading | {"time_formats": tuple(reading["time_formats"])}))
            for name, reading in table["readings"].items()
        }
        tables.append(RawTable(**(table | {"readings": readings, "notes": tuple(table["notes"])})))
    return Import(
        id=value["id"],
        created_at=value["created_at"],
        files=tuple(value["files"]),
        tables=tuple(tables),
        mapping=value["mapping"],
        notes=tuple(value["notes"]),
    )
