"""A text of any encoding and layout becomes one Parquet file, every cell as it was written."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from holdfast.engine import DuckEngine
from holdfast.errors import InputError
from holdfast.sources.delivered import Delivered, Progress, no_rows
from holdfast.sources.encoding import Utf8Text, as_utf8
from holdfast.sources.header import notes_above, usable_names
from holdfast.sources.layout import DELIMITERS, Layout, detect
from holdfast.sources.opened import OpenedTable
from holdfast.sources.records import Lines, records
from holdfast.sources.separated import Marks, Row, SeparatedText, to_parquet, write_rows


@dataclass(slots=True)
class _Fit:
    """Brings cells to the width of the table where nothing is lost by it, and counts how often that was needed."""

    width: int
    optional: int
    empty: int = 0
    shortened: int = 0
    filled: int = 0

    def __call__(self, cells: list[str]) -> list[str] | None:
        """The cells of a row; [] for a row of nothing but separators, None for one of another shape."""
        if not any(cells):
            self.empty += 1
            return []
        surplus = len(cells) - self.width
        if surplus == 0:
            return cells
        if surplus > 0 and not any(cells[self.width :]):
            self.shortened += 1
            return cells[: self.width]
        if -self.optional <= surplus < 0:
            self.filled += 1
            return cells + [""] * -surplus
        return None

    def notes(self) -> Iterator[str]:
        """What a person should know of it."""
        if self.empty:
            yield f"{_rows(self.empty)} without any content left out."
        if self.shortened:
            yield f"{_rows(self.shortened)} with more separators than columns, and nothing between them."
        if self.filled:
            yield f"{_rows(self.filled)} that end before the last columns, which are mostly empty."


def open_text(
    delivered: Delivered, *, target: Path, scratch: Path, engine: DuckEngine, progress: Progress
) -> OpenedTable:
    """Write the text as Parquet to `target`; temporary files go into `scratch`. Raises InputError."""
    file = delivered.label
    text = as_utf8(delivered.path, file=file, scratch=scratch)
    progress(0.2)
    layout = detect(text.path, file=file)
    fit = _Fit(layout.width, layout.optional)
    rows = _separated(text, layout, fit, scratch=scratch, file=file)
    progress(0.7)
    if not rows.rows:
        raise no_rows(file)
    if 2 * rows.damaged > rows.rows:
        raise InputError(
            f"{file} is more damage than table.",
            seen=f"{rows.damaged:,} of {rows.rows:,} rows do not fit the {layout.width} columns of its beginning.",
            todo="Export it again; quote cells that hold the separator or line breaks.",
        )
    header = layout.header or [f"column_{i}" for i in range(1, layout.width + 1)]
    names, name_notes = usable_names([*header, *[""] * layout.width][: layout.width])
    count = to_parquet(rows, names, target, engine=engine)
    return OpenedTable(
        path=target,
        file=delivered.file,
        table=delivered.table,
        sha256=delivered.sha256,
        rows=count,
        columns=names,
        facts=delivered.facts | _facts(text, layout),
        notes=(*_notes(text, layout, rows), *name_notes, *fit.notes()),
    )


def _separated(text: Utf8Text, layout: Layout, fit: _Fit, *, scratch: Path, file: str) -> SeparatedText:
    marks = Marks.outside(text.controls, file=file)
    with text.path.open(encoding="utf-8", newline="") as stream:
        return write_rows(_data_rows(Lines(stream), layout, fit), scratch / "rows", columns=layout.width, marks=marks)


def _data_rows(lines: Lines, layout: Layout, fit: _Fit) -> Iterator[Row]:
    """The rows below the header; those without any content are left out."""
    if layout.is_declared:
        next(lines)
    heading = layout.above + 1 if layout.header else 0
    for _ in islice(records(lines, layout.dialect), heading):
        pass
    for row in records(lines, layout.dialect, fit=fit):
        if row:
            yield row


def _facts(text: Utf8Text, layout: Layout) -> dict[str, str]:
    dialect = layout.dialect
    separator = DELIMITERS.get(dialect.delimiter, repr(dialect.delimiter)) if dialect.delimiter else "blanks"
    quote = f"{dialect.quote} escaped by \\" if dialect.backslash else dialect.quote or "none"
    return {
        "format": "text",
        "encoding": text.encoding,
        "separator": separator,
        "quote": quote,
        "header": "yes" if layout.header else "none",
    }


def _notes(text: Utf8Text, layout: Layout, rows: SeparatedText) -> Iterator[str]:
    yield from notes_above(layout.above)
    if text.misread:
        yield (
            f"{text.misread:,} places look like UTF-8, but the file as a whole is not. "
            "If names come out with characters such as Ã©, export it again as UTF-8."
        )
    if rows.damaged:
        yield f"{_rows(rows.damaged)} damaged: too many or too few cells, or a quote out of place."


def _rows(count: int) -> str:
    return f"{count:,} row" if count == 1 else f"{count:,} rows"
