"""How the command line shows things: tables or JSON on stdout, progress and problems on stderr."""

import json
import math
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from holdfast.errors import HoldfastError
from holdfast.workflows.plain import plain

if TYPE_CHECKING:
    from holdfast.reports import ReportTable

_LONGEST_WORD = 32  # a column is at least as wide as its longest word, up to this
_WORD = re.compile(r"[^ _]+[ _]*")

stdout = Console(highlight=False, soft_wrap=False)
stderr = Console(stderr=True, highlight=False)


def print_json(value: object) -> None:
    """One JSON object on stdout: money and dates as text, NaN as null."""
    sys.stdout.write(json.dumps(plain(value), indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def print_problem(error: HoldfastError, *, as_json: bool) -> None:
    """What happened, what was there, what to do next; on stderr."""
    if as_json:
        sys.stderr.write(json.dumps(plain(error.problem()), ensure_ascii=False) + "\n")
        return
    stderr.print(f"[bold red]{_safe(error.what)}[/]")
    stderr.print(f"  {_safe(error.seen)}")
    stderr.print(f"  [bold]{_safe(error.todo)}[/]")


@contextmanager
def progress_bar(*, hidden: bool) -> Iterator[Callable[[str, float], None]]:
    """A bar on stderr while something takes long, if somebody is watching; yields what the work reports to."""
    if hidden or not stderr.is_terminal:
        yield lambda step, done: None  # noqa: ARG005 - nobody watches
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=stderr, transient=True) as bar:
        task = bar.add_task("Starting", total=1.0)
        yield lambda step, done: bar.update(task, description=step, completed=done)


def print_rows(
    title: str, names: Sequence[str], rows: Sequence[Sequence[Any]], *, note: str = "", right: Sequence[str] = ()
) -> None:
    """A table: numbers to the right and never broken, texts broken between words, a dash where there is nothing."""
    table = Table(
        title=title or None, title_justify="left", title_style="bold", header_style="bold", box=None, pad_edge=False
    )
    numeric = {i for i in range(len(names)) if any(isinstance(row[i], int | float | Decimal) for row in rows)}
    cells = [[_text(value) for value in row] for row in rows]
    widest = [max(map(len, (name, *(row[i] for row in cells)))) for i, name in enumerate(names)]
    has_room = sum(widest) + 2 * (len(widest) - 1) <= stdout.width
    for i, name in enumerate(names):
        column = [row[i] for row in cells]
        if i in numeric or name in right:
            width = max(len(word.rstrip()) for word in [*_WORD.findall(name), *column])
            heading = name if has_room else _broken(name, width)
            table.add_column(_safe(heading), justify="right", no_wrap=True, min_width=width)
        else:
            width = min(max(map(len, " ".join([name, *column]).split())), _LONGEST_WORD)
            table.add_column(_safe(name), min_width=width, overflow="fold")
    narrowest = sum((column.min_width or 0) + 2 for column in table.columns) - 2
    table.width = narrowest if narrowest > stdout.width else None  # rather too wide than with columns left out
    for row in cells:
        table.add_row(*map(_safe, row))
    stdout.print(table, crop=False)
    if note:
        stdout.print(f"[dim]{_safe(note)}[/]")


def print_report_table(table: "ReportTable", currency: str) -> None:
    """A table of the reports room, whose cells know what they are."""
    headings = [column.heading for column in table.columns]
    figures = [column.heading for column in table.columns if column.kind != "text"]
    print_rows(table.title, headings, table.texts(currency), note=table.note, right=figures)


def say(text: str, style: str = "") -> None:
    """A sentence on stdout."""
    stdout.print(_safe(text), style=style or None)


def _broken(heading: str, width: int) -> str:
    """The heading in lines of at most `width`, broken after blanks and underscores."""
    lines = [""]
    for word in _WORD.findall(heading):
        if lines[-1] and len((lines[-1] + word).rstrip()) > width:
            lines.append("")
        lines[-1] += word
    return "\n".join(line.rstrip() for line in lines)


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Decimal | float):
        return f"{value:,.2f}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return str(value)


def _safe(text: str) -> str:
    """Text as it is: square brackets are no markup, control characters do nothing to the terminal."""
    printable = "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)
    return printable.replace("[", "\\[")
