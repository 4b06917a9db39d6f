"""What was understood of a shop's files: frozen, to be shown, corrected by a mapping, and handed on to cleaning."""

from collections.abc import Mapping
from dataclasses import dataclass

from holdfast.errors import MappingError
from holdfast.sources.grain import Grain
from holdfast.sources.mapping import Doubt, Proposal
from holdfast.sources.opened import OpenedTable
from holdfast.sources.presets import Preset
from holdfast.sources.profile import ColumnProfile
from holdfast.sources.time_patterns import DateOrder
from holdfast.tables import RawTable, Reading

LINES, CUSTOMERS, REVIEWS, IGNORED = "lines", "customers", "reviews", "ignored"
"""What a table may hold; ignored ones are reported and left alone."""


@dataclass(frozen=True, slots=True)
class InspectedTable:
    """One opened table: what it holds, its columns, the proposed mapping, and how each mapped column is read.

    `proposals` hold doubtful ones too; `readings` only what is used.
    """

    opened: OpenedTable
    content: str
    columns: tuple[ColumnProfile, ...]
    proposals: Mapping[str, Proposal]
    readings: Mapping[str, Reading]
    grain: Grain
    preset: Preset | None
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """The table as plain values."""
        return {
            "file": self.opened.file,
            "table": self.opened.table,
            "content": self.content,
            "rows": self.opened.rows,
            "format": self.opened.facts,
            "preset": self.preset.name if self.preset else None,
            "grain": self.grain.name if self.content == LINES else None,
            "columns": [
                {
                    "name": each.name,
                    "looks_like": str(each.look),
                    "distinct": each.distinct,
                    "empty": each.rows - each.filled,
                    "samples": list(each.samples),
                }
                for each in self.columns
            ],
            "mapping": [
                {
                    "field": each.field,
                    "column": each.column,
                    "confidence": each.confidence,
                    "used": each.field in self.readings,
                    "reason": each.reason,
                    "alternatives": list(each.alternatives),
                }
                for each in self.proposals.values()
            ],
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class Inspection:
    """All files of one import, understood together.

    `doubts` are what somebody has to decide before they can be cleaned. `currency` is None where nobody says; `rates`
    turn amounts of other currencies into it. `preset` is the known export, with its suggestions for the policy.
    """

    tables: tuple[InspectedTable, ...]
    doubts: tuple[Doubt, ...]
    notes: tuple[str, ...]
    preset: Preset | None
    currency: str | None
    rates: Mapping[str, str] | None
    date_order: DateOrder | None
    time_zone: str

    @property
    def grain(self) -> str | None:
        """What a row is, `orders` or `lines`; None without a table of either."""
        return next((each.grain.name for each in self.tables if each.content == LINES), None)

    def mapping(self) -> dict[str, str]:
        """The mapping (ours -> theirs) to be saved for the next file; that of the order lines where there are any."""
        used = [each for each in self.tables if each.content == LINES] or [
            each for each in self.tables if each.content != IGNORED
        ]
        merged: dict[str, str] = {}
        for table in used:
            merged = {field: reading.column for field, reading in table.readings.items()} | merged
        return merged

    def raw_tables(self) -> tuple[RawTable, ...]:
        """The tables for cleaning. Raises MappingError naming the doubtful columns while any doubt remains."""
        if self.doubts:
            raise self._doubtful()
        return tuple(self._raw(table) for table in self.tables if table.content != IGNORED)

    def as_dict(self) -> dict[str, object]:
        """The inspection as plain values, for `--json`."""
        return {
            "tables": [table.as_dict() for table in self.tables],
            "mapping": self.mapping(),
            "doubts": [
                {
                    "field": each.field,
                    "columns": list(each.columns),
                    "question": each.question,
                    "choices": list(each.choices),
                    "todo": each.todo,
                }
                for each in self.doubts
            ],
            "notes": list(self.notes),
            "preset": self.preset.name if self.preset else None,
            "suggested_policy": {
                "service_codes": list(self.preset.service_codes),
                "keep_statuses": list(self.preset.keep_statuses),
                "cancellation_prefixes": list(self.preset.cancellation_prefixes),
            }
            if self.preset
            else None,
            "currency": self.currency,
            "rates": dict(self.rates) if self.rates else None,
            "date_order": self.date_order,
            "time_zone": self.time_zone,
            "grain": self.grain,
        }

    def _raw(self, table: InspectedTable) -> RawTable:
        converts = self.rates is not None and "currency" in table.readings
        return RawTable(
            path=str(table.opened.path),
            content=table.content,
            file=table.opened.file,
            sha256=table.opened.sha256,
            rows=table.opened.rows,
            readings=dict(table.readings),
            rows_are_orders=table.grain.rows_are_orders,
            carry_down=table.grain.carry_down,
            currency=self.currency,
            time_zone=self.time_zone,
            rates=dict(self.rates) if self.rates and converts else None,
            notes=table.notes,
        )

    def _doubtful(self) -> MappingError:
        columns = list(dict.fromkeys(column for doubt in self.doubts for column in doubt.columns))
        files = ", ".join(dict.fromkeys(table.opened.file for table in self.tables if table.content == LINES))
        return MappingError(
            f"{files or 'The file'} needs {'a decision' if len(self.doubts) == 1 else f'{len(self.doubts)} decisions'} "
            "before it can be read.",
            seen=" ".join(doubt.question for doubt in self.doubts),
            todo=f"Decide with {'; '.join(dict.fromkeys(doubt.todo for doubt in self.doubts))}.",
            details={
                "columns": columns,
                "doubts": [
                    {
                        "field": each.field,
                        "columns": list(each.columns),
                        "choices": list(each.choices),
                        "todo": each.todo,
                    }
                    for each in self.doubts
                ],
            },
        )
